// What the desk looks at: a county's coverage of a month, and a village's hours against what is required.
import { countLive } from '../server/requirement/count'
import { coverage } from '../server/requirement/coverage'
import { hoursOfVillage } from '../server/requirement/hours'
import { coverageDrift, rollMonth } from '../server/requirement/rollup'
import { analyze, type Context, closeAll, config, type Database, medianOf, newDatabases, thousands } from './context'
import { addCounty, addElders } from './village'

const MONTH = '2026-10'
const TURNS = 9

export async function measureReports(context: Context): Promise<void> {
  const { say, elders } = context
  const databases = await newDatabases(context, 'county')
  say(`${thousands(elders)} elders and a month of visits; median of ${TURNS}, on live rows.\n`)
  say(
    '| database | visits | coverage from live rows ms | judging the month once ms | coverage board ms | hours against requirement of a village ms |\n|---|---|---|---|---|---|',
  )
  for (const one of databases) await measureCounty(context, one)
  await closeAll(databases)
}

async function measureCounty({ say, aim, elders }: Context, database: Database): Promise<void> {
  const { db, name } = database
  const { county, villages, serviceId } = await addCounty(db, 16, 45)
  const { visits } = await addElders(db, villages, serviceId, elders, MONTH)
  await analyze(database)
  const region = { id: county.id, path: county.path, name: '县', kind: 'county' }
  const [village] = villages as [(typeof villages)[number]]
  const live = await medianOf(TURNS, () => countLive(db, county.path, MONTH))
  const begun = performance.now()
  await rollMonth(db, { countyId: county.id, path: county.path }, MONTH, new Date('2026-10-31T15:00:00Z'))
  await db.coverageStale.deleteMany()
  const judging = performance.now() - begun
  await analyze(database)
  if ((await coverageDrift(db, county.path, MONTH))?.length !== 0)
    throw new Error('the judged month is not the live one')
  const board = await medianOf(TURNS, () => coverage(db, region, MONTH))
  const hours = await medianOf(TURNS, () =>
    hoursOfVillage(db, config.keys, { id: village.id, path: village.path, name: '村' }, MONTH),
  )
  say(
    `| ${name} | ${thousands(visits)} | ${live.toFixed(1)} | ${judging.toFixed(0)} | ${board.toFixed(1)} | ${hours.toFixed(1)} |`,
  )
  aim(`${name}: coverage of a county, 100 ms`, `${board.toFixed(0)} ms`, board < 100)
  aim(`${name}: coverage of a county from live rows, 100 ms`, `${live.toFixed(0)} ms`, live < 100)
}
