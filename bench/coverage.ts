// Coverage of a month: of a county on both databases, added up and from live rows; of a city of 1.2 million on PostgreSQL from live
// rows. One in nine elders has a category; of these one in ten had no visit, the others two, one in a hundred is in hospital and
// one in fifty has it since the 10th.
import type { Db } from '../server/core/db'
import { countLive } from '../server/requirement/count'
import { coverage } from '../server/requirement/coverage'
import { coverageDrift, rollMonth } from '../server/requirement/rollup'
import {
  analyze,
  type Context,
  closeAll,
  type Database,
  newDatabases,
  newPostgres,
  TURNS,
  thousands,
  timed,
  wordsOf,
} from './context'
import { addPlaces, fillElders } from './sets'

const MONTH = '2026-10'
/** Xuzhou: 11 counties, 186 towns, 2,812 villages. */
const [COUNTIES, TOWNS, VILLAGES] = [11, 17, 15]
/** Elders of a city for one of the county that the option names. */
const TIMES = 1_200_000 / 171_000

export async function measureCoverage(context: Context): Promise<void> {
  const { say, elders } = context
  say(
    `A county of ${thousands(elders)} elders; median of ${TURNS} by the clock, in brackets the processor time of one.\n`,
  )
  say('| database | due | visits | written in s | from live rows ms | added up ms |\n|---|---|---|---|---|---|')
  const databases = await newDatabases(context, 'coverage')
  for (const one of databases) await measureCounty(context, one)
  await closeAll(databases)
  await measureCity(context)
}

async function measureCounty({ say, aim, elders }: Context, database: Database): Promise<void> {
  const { db, name } = database
  const { counties } = await addPlaces(db, 1, 16, 45)
  const [county] = counties as [(typeof counties)[number]]
  const filled = await fill(database, elders)
  const live = await timed(database, () => countLive(db, county.path, MONTH))
  await rollMonth(db, { countyId: county.id, path: county.path }, MONTH, new Date('2026-10-31T15:00:00Z'))
  await db.coverageStale.deleteMany()
  await analyze(database)
  if ((await coverageDrift(db, county.path, MONTH))?.length !== 0)
    throw new Error('the judged month is not the live one')
  const region = { id: county.id, path: county.path, name: '县', kind: 'county' }
  const board = await timed(database, () => coverage(db, region, MONTH))
  const due = await dueOf(db, county.path)
  say(
    `| ${name} | ${thousands(due)} | ${thousands(await db.visitElder.count())} | ${filled} | ${wordsOf(live)} | ${wordsOf(board)} |`,
  )
  aim(`${name}: coverage of a county, 100 ms`, `${wordsOf(board)} ms`, board.ms < 100)
  aim(`${name}: coverage of a county from live rows, 100 ms`, `${wordsOf(live)} ms`, live.ms < 100)
}

async function measureCity(context: Context): Promise<void> {
  const { say, aim } = context
  const elders = Math.round(context.elders * TIMES)
  const database = await newPostgres(context)
  const { db } = database
  const city = await addPlaces(db, COUNTIES, TOWNS, VILLAGES)
  const filled = await fill(database, elders)
  const live = await timed(database, () => countLive(db, city.path, MONTH))
  say(
    `\nA city of ${thousands(elders)} elders in ${COUNTIES} counties, ${thousands(await dueOf(db, city.path))} of them due, ${thousands(await db.visitElder.count())} visits of the month; written in ${filled} s. From live rows on PostgreSQL: ${wordsOf(live)} ms.`,
  )
  aim('PostgreSQL: coverage of a city of 1.2 million from live rows, 1 s', `${wordsOf(live)} ms`, live.ms < 1000)
  await closeAll([database])
}

async function fill(database: Database, elders: number): Promise<string> {
  const begun = performance.now()
  await fillElders(database, elders, MONTH)
  await analyze(database)
  return ((performance.now() - begun) / 1000).toFixed(0)
}

const dueOf = async (db: Db, path: string) =>
  [...(await countLive(db, path, MONTH)).values()].reduce((sum, one) => sum + one.due, 0)
