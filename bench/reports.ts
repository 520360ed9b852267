// What the desk looks at: a county's coverage of a month, a village's hours against what is required, and the reports.
import { randomUUID } from 'node:crypto'
import { insertAll } from '../server/core/bulk'
import { transact } from '../server/core/db'
import { newLog } from '../server/core/log'
import { makeReports } from '../server/report/make'
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
  const counties = []
  for (const one of databases) counties.push(await measureCounty(context, one))
  say(
    `\nA county's reports over ${thousands(context.visits)} visits, from asking to the finished content.\n\n| database | visits | elders written down | month s | quarter s | year s |\n|---|---|---|---|---|---|`,
  )
  for (const [place, one] of databases.entries())
    await measureMaking(context, one, counties[place] as Awaited<ReturnType<typeof measureCounty>>)
  await closeAll(databases)
}

async function measureCounty({ say, aim, elders }: Context, database: Database) {
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
  return { regionId: county.id, regionPath: county.path, countyId: county.id }
}

type County = Awaited<ReturnType<typeof measureCounty>>
const PERIODS = [
  ['month', MONTH],
  ['quarter', '2026-Q4'],
  ['year', '2026'],
] as const

async function measureMaking({ say, aim, visits }: Context, database: Database, county: County): Promise<void> {
  const { db, name } = database
  const there = await addOlder(database, visits)
  const at = new Date('2026-12-31T15:00:00Z')
  const seconds: string[] = []
  let elders = 0
  for (const [kind, period] of PERIODS) {
    const id = randomUUID()
    await db.report.create({
      data: { id, kind, period, version: 1, state: 'waiting', ...county, askedByPersonId: 'bench', askedAt: at },
    })
    const begun = performance.now()
    await makeReports({ db, now: () => at, log: newLog('silent') })
    const took = (performance.now() - begun) / 1000
    const { state } = await db.report.findUniqueOrThrow({ where: { id }, select: { state: true } })
    if (state !== 'ready') throw new Error(`a ${kind} report is ${state}`)
    if (kind === 'month') elders = await db.reportElder.count({ where: { reportId: id, category: '', interval: '' } })
    seconds.push(took.toFixed(1))
    aim(`${name}: a ${kind} report over ${thousands(there)} visits, a minute`, `${took.toFixed(1)} s`, took < 60)
  }
  say(`| ${name} | ${thousands(there)} | ${thousands(elders)} | ${seconds.join(' | ')} |`)
}

/** Months that are past, copied from the one there is, until the table is as long as asked for. */
async function addOlder(database: Database, wanted: number): Promise<number> {
  const { db } = database
  const page = 5000
  const month = await db.visit.findMany({ where: { month: MONTH } })
  let count = month.length
  for (let back = 1; count < wanted && back <= 120; back++) {
    const [year, number] = [2026 - Math.floor((back + 2) / 12), ((((9 - back) % 12) + 12) % 12) + 1]
    const label = `${year}-${String(number).padStart(2, '0')}`
    const shifted = (one: Date | null) => (one === null ? null : new Date(one.getTime() - back * 30 * 86_400_000))
    for (let from = 0; from < month.length && count < wanted; from += page) {
      const rows = month.slice(from, from + page).map((one) => ({
        ...one,
        ...{ id: randomUUID(), month: label, day: `${label}${one.day.slice(7)}` },
        ...{ checkInAt: shifted(one.checkInAt) as Date, checkOutAt: shifted(one.checkOutAt) },
      }))
      await transact(db, (tx) => insertAll(tx, 'visit', rows))
      count += rows.length
    }
  }
  await analyze(database)
  return count
}
