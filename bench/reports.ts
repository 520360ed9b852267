// What the desk looks at: a county's coverage of a month, a village's hours against what is required, the reports; on books of so
// many entries: npm run bench -- reports --entries 1000000
import { randomUUID } from 'node:crypto'
import type { Db } from '../server/core/db'
import { newLog } from '../server/core/log'
import { findAwarded } from '../server/report/awarded'
import { makeReports } from '../server/report/make'
import { countLive } from '../server/requirement/count'
import { coverage } from '../server/requirement/coverage'
import { hoursOfVillage } from '../server/requirement/hours'
import { coverageDrift, rollMonth } from '../server/requirement/rollup'
import { firstDayOf, nextMonth, startOfDay } from '../shared/core/time'
import { analyze, type Context, closeAll, config, type Database, medianOf, newDatabases, thousands } from './context'
import { growBooks } from './grow'
import { openBooks } from './ledger'
import { addPlaces, fillElders, fillVisits } from './sets'

const MONTH = '2026-10'
const TURNS = 9
const MONTHS_MOST = 240
/** A visit that counts is posted as one transaction with two entries. */
const ENTRIES_A_VISIT = 2

export async function measureReports(context: Context): Promise<void> {
  const { say, elders } = context
  const databases = await newDatabases(context, 'county')
  say(
    `${thousands(elders)} elders; books of ${thousands(context.entries)} entries, and so many visits as earn them; median of ${TURNS}.\n`,
  )
  say(
    '| database | entries | visits | written in s | coverage from live rows ms | judging the month once s | coverage board ms | dashboard’s points ms | hours of a village ms | report of a month, quarter, year s |\n|---|---|---|---|---|---|---|---|---|---|',
  )
  for (const one of databases) await measureOne(context, one)
  await closeAll(databases)
}

async function measureOne({ say, aim, elders, entries }: Context, database: Database): Promise<void> {
  const { db, name } = database
  const begun = performance.now()
  const { counties, programmeId } = await placesWithProgramme(db)
  const [county] = counties as [(typeof counties)[number]]
  const helper = await fillElders(database, elders, MONTH)
  for (let back = 1; back <= MONTHS_MOST; back++) {
    const most = Math.ceil(entries / ENTRIES_A_VISIT) - (await db.visit.count())
    if (most <= 0) break
    await fillVisits(database, elders, nextMonth(MONTH, -back), helper, { isCounted: false, most })
  }
  await growBooks(database, await openBooks(db, programmeId), entries)
  await analyze(database)
  const written = (performance.now() - begun) / 1000
  const live = await medianOf(TURNS, () => countLive(db, county.path, MONTH))
  const rolling = performance.now()
  await rollMonth(db, { countyId: county.id, path: county.path }, MONTH, new Date('2026-10-31T15:00:00Z'))
  await db.coverageStale.deleteMany()
  const judged = (performance.now() - rolling) / 1000
  await analyze(database)
  if ((await coverageDrift(db, county.path, MONTH))?.length !== 0)
    throw new Error('the judged month is not the live one')
  const board = await medianOf(TURNS, () => coverage(db, { ...county, name: '县', kind: 'county' }, MONTH))
  const span = { from: startOfDay(firstDayOf(MONTH)), to: startOfDay(firstDayOf(nextMonth(MONTH))) }
  const points = await medianOf(TURNS, () => findAwarded(db, county.path, span))
  const village = await db.region.findFirstOrThrow({ where: { kind: 'village' }, orderBy: { no: 'asc' } })
  const hours = await medianOf(TURNS, () => hoursOfVillage(db, config.keys, village, MONTH))
  const made = await makeEach(db, county)
  const [visits, held] = [await db.visit.count(), await db.ledgerEntry.count()]
  say(
    `| ${name} | ${thousands(held)} | ${thousands(visits)} | ${written.toFixed(0)} | ${live.toFixed(0)} | ${judged.toFixed(1)} | ${board.toFixed(0)} | ${points.toFixed(0)} | ${hours.toFixed(0)} | ${made.map((one) => one.toFixed(1)).join(', ')} |`,
  )
  aim(`${name}: coverage of a county, 100 ms`, `${board.toFixed(0)} ms`, board < 100)
  for (const [place, [kind]] of PERIODS.entries()) {
    const seconds = made[place] ?? 0
    aim(`${name}: a ${kind} report over ${thousands(visits)} visits, a minute`, `${seconds.toFixed(1)} s`, seconds < 60)
  }
}

async function placesWithProgramme(db: Db) {
  const places = await addPlaces(db, 1, 16, 45)
  const programmeId = randomUUID()
  const regionId = places.counties[0]?.id ?? ''
  await db.programme.create({ data: { id: programmeId, regionId, code: 'bench', name: '测量' } })
  await db.meta.create({ data: { key: 'kind', value: 'demo' } })
  return { ...places, programmeId }
}

const PERIODS = [
  ['month', MONTH],
  ['quarter', '2026-Q4'],
  ['year', '2026'],
] as const

/** Seconds of each, from asking to the finished content. */
async function makeEach(db: Db, county: { id: string; path: string }): Promise<number[]> {
  const at = new Date('2026-12-31T15:00:00Z')
  const seconds: number[] = []
  for (const [kind, period] of PERIODS) {
    const id = randomUUID()
    const place = { regionId: county.id, regionPath: county.path, countyId: county.id }
    await db.report.create({
      data: { id, kind, period, version: 1, state: 'waiting', ...place, askedByPersonId: 'bench', askedAt: at },
    })
    const begun = performance.now()
    await makeReports({ db, now: () => at, log: newLog('silent') })
    const { state } = await db.report.findUniqueOrThrow({ where: { id }, select: { state: true } })
    if (state !== 'ready') throw new Error(`a ${kind} report is ${state}`)
    seconds.push((performance.now() - begun) / 1000)
  }
  return seconds
}
