// What the desk looks at: a county’s coverage of a month, a village’s hours against what is required, the reports; on books that
// grow from size to size: npm run bench -- reports --entries 1000000,5000000,10000000
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
import {
  analyze,
  type Context,
  closeAll,
  config,
  type Database,
  newDatabases,
  TURNS,
  thousands,
  timed,
  wordsOf,
} from './context'
import { growBooks } from './grow'
import { openBooks } from './ledger'
import { addPlaces, fillElders, fillVisits } from './sets'

const MONTH = '2026-10'
/** A visit that counts is posted as one transaction with two entries. */
const ENTRIES_A_VISIT = 2

export async function measureReports(context: Context): Promise<void> {
  const { say, elders } = context
  const databases = await newDatabases(context, 'county')
  say(
    `${thousands(elders)} elders; books that grow to so many entries, with the visits that earn them; median of ${TURNS}, in brackets the processor time of one.\n`,
  )
  say(
    '| database | entries | visits | written in s | coverage from live rows ms | judging the month once s | coverage board ms | dashboard’s points ms | hours of a village ms | report of a month, quarter, year s |\n|---|---|---|---|---|---|---|---|---|---|',
  )
  for (const one of databases) await measureOne(context, one)
  await closeAll(databases)
}

async function measureOne(context: Context, database: Database): Promise<void> {
  const { counties, programmeId } = await placesWithProgramme(database.db)
  const [county] = counties as [(typeof counties)[number]]
  const serviceId = await fillElders(database, context.elders, MONTH)
  const books = await openBooks(database.db, programmeId)
  let back = 0
  for (const [place, entries] of context.sizes.entries()) {
    const begun = performance.now()
    for (let visits = await database.db.visit.count(); visits < entries / ENTRIES_A_VISIT; ) {
      back += 1
      await fillVisits(database, context.elders, nextMonth(MONTH, -back), serviceId)
      visits = await database.db.visit.count()
    }
    await growBooks(database, books, entries, context.sizes[place - 1])
    await analyze(database)
    await measureSize(context, database, county, (performance.now() - begun) / 1000)
  }
}

async function measureSize(
  { say, aim }: Context,
  database: Database,
  county: { id: string; path: string },
  written: number,
): Promise<void> {
  const { db, name } = database
  const [visits, entries] = [await db.visit.count(), await db.ledgerEntry.count()]
  const live = await timed(database, () => countLive(db, county.path, MONTH))
  await db.coverageRoll.deleteMany()
  await db.elderMonth.deleteMany()
  const rolling = performance.now()
  await rollMonth(db, { countyId: county.id, path: county.path }, MONTH, new Date('2026-10-31T15:00:00Z'))
  const judged = (performance.now() - rolling) / 1000
  await db.coverageStale.deleteMany()
  await analyze(database)
  if ((await coverageDrift(db, county.path, MONTH))?.length !== 0)
    throw new Error('the judged month is not the live one')
  const board = await timed(database, () => coverage(db, { ...county, name: '县', kind: 'county' }, MONTH))
  const span = { from: startOfDay(firstDayOf(MONTH)), to: startOfDay(firstDayOf(nextMonth(MONTH))) }
  const points = await timed(database, () => findAwarded(db, county.path, span))
  const village = await db.region.findFirstOrThrow({ where: { kind: 'village' }, orderBy: { no: 'asc' } })
  const hours = await timed(database, () => hoursOfVillage(db, config.keys, village, MONTH))
  const made = await makeEach(db, county)
  const figures = [
    ...[name, thousands(entries), thousands(visits), written.toFixed(0), wordsOf(live), judged.toFixed(1)],
    ...[wordsOf(board), wordsOf(points), wordsOf(hours), made.map((one) => one.toFixed(1)).join(', ')],
  ]
  say(`| ${figures.join(' | ')} |`)
  const of = `${name}, ${thousands(entries)} entries`
  aim(`${of}: coverage board of a county, 100 ms`, `${wordsOf(board)} ms`, board.ms < 100)
  for (const [place, [kind]] of PERIODS.entries()) {
    const seconds = made[place] ?? 0
    aim(`${of}: a ${kind} report, a minute`, `${seconds.toFixed(1)} s`, seconds < 60)
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
  ['quarter', '2026-Q3'],
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
    await db.$transaction([
      db.reportElder.deleteMany({ where: { reportId: id } }),
      db.report.deleteMany({ where: { id } }),
    ])
  }
  return seconds
}
