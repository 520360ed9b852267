import { addSeconds, dayOf, type Month } from '../../shared/core/time'
import { contentOf, contentText, factsIn, type Place, readContent, type Source } from '../../shared/report/content'
import { type Facts, monthsOf, noFacts, type ReportKind } from '../../shared/report/templates'
import type { CoverageCounts } from '../../shared/requirement/rules'
import { type Db, type Reader, underPath } from '../core/db'
import { bugOf } from '../core/log'
import type { Parts } from '../core/route'
import { regionsOfPath } from '../region/queries'
import { settingsAt } from '../region/settings'
import { countUnsigned } from '../requirement/rollup'
import { countChanged, keepElders } from './elders'
import { contentOfSigned, countReport, overlay, type SignedMonth, signedMonths } from './frozen'
import { workByVillage } from './work'

const LEASE_SECONDS = 300
const TRIES_MAX = 3
/** Progress is told in so many steps a month. */
const STEPS = 20

type Report = Awaited<ReturnType<Db['report']['findUniqueOrThrow']>>
type Work = Pick<Parts, 'db' | 'now' | 'log'>

/** Makes what was asked for, one after the other; one that lost its maker is begun again when its lease is over. */
export async function makeReports({ db, now, log }: Work): Promise<number> {
  let made = 0
  for (;;) {
    const report = await takeNext(db, now())
    if (report === null) return made
    try {
      await makeReport(db, report, now)
      made += 1
    } catch (error) {
      log.error({ report: report.id, bug: bugOf(error) })
      const state = report.tries + 1 < TRIES_MAX ? 'waiting' : 'failed'
      await db.report.updateMany({ where: { id: report.id, state: 'running' }, data: { state, leasedUntil: null } })
    }
  }
}

async function takeNext(db: Db, at: Date): Promise<Report | null> {
  const free = { OR: [{ state: 'waiting' }, { state: 'running', leasedUntil: { lt: at } }] }
  const found = await db.report.findFirst({ where: free, orderBy: [{ askedAt: 'asc' }, { id: 'asc' }] })
  if (found === null) return null
  const { count } = await db.report.updateMany({
    where: { AND: [{ id: found.id, tries: found.tries }, free] },
    data: { state: 'running', leasedUntil: addSeconds(at, LEASE_SECONDS), tries: { increment: 1 }, stepsDone: 0 },
  })
  return count === 0 ? takeNext(db, at) : found
}

async function makeReport(db: Db, report: Report, now: () => Date): Promise<void> {
  const months = monthsOf(report.kind as ReportKind, report.period) ?? []
  const stepsAll = months.length * STEPS + STEPS
  const tell = async (steps: number) => {
    const data = { stepsAll, stepsDone: Math.floor(steps), leasedUntil: addSeconds(now(), LEASE_SECONDS) }
    await db.report.updateMany({ where: { id: report.id, state: 'running' }, data })
  }
  const regions = await db.region.findMany({
    where: { path: underPath(report.regionPath) },
    orderBy: [{ path: 'asc' }],
  })
  const home = regions.find((one) => one.id === report.regionId)
  if (home === undefined) throw new Error('a report of no region')
  const isMonth = report.kind === 'month'
  const [month = ''] = months
  // a corrected month is made of the records again, but for places below that were signed by themselves
  const only = isMonth && report.version > 1 ? 'below' : 'all'
  // above counties nobody's name is kept: the counties' own reports have them
  const keepsElders = isMonth && home.countyId !== null
  const elders = keepsElders
    ? await keepElders(db, report, month, await signedMonths(db, home.path, month, only), (share) =>
        tell(share * STEPS),
      )
    : null

  const byMonth: Map<string, Facts>[] = []
  const sources: Source[] = []
  for (const [place, one] of months.entries()) {
    const signed = await signedMonths(db, home.path, one, only)
    const owed = keepsElders
      ? await countReport(db, report.id, home.path)
      : await countUnsigned(db, home.path, one).then((live) =>
          overlay(live, home.path, signed, (from) => countReport(db, from.id, home.path)),
        )
    byMonth.push(withOwed(await workOf(db, home.path, one, signed), owed))
    sources.push(...(await sourcesOf(db, one, signed)))
    await tell((place + 1) * STEPS)
  }
  const at = now()
  const before = await db.report.findFirst({
    where: { regionId: home.id, kind: report.kind, period: report.period, version: report.version - 1 },
  })
  const kind = await db.regionKind.findUnique({ where: { code: home.kind } })
  const { agencyName } = await settingsAt(db, home.path, dayOf(at))
  const content = contentOf({
    kind: report.kind as ReportKind,
    period: report.period,
    version: report.version,
    months,
    places: inOrder(regions, home.id),
    kindName: kind?.name ?? '',
    agency: agencyName,
    at,
    byMonth,
    sources,
    elders,
    before:
      before?.content == null
        ? null
        : {
            content: readContent(before.content),
            eldersChanged: keepsElders ? await countChanged(db, report.id, before.id) : 0,
          },
  })
  await db.report.updateMany({
    where: { id: report.id, state: 'running' },
    data: {
      state: 'ready',
      content: contentText(content),
      madeAt: at,
      stepsAll,
      stepsDone: stepsAll,
      leasedUntil: null,
    },
  })
}

/** The tree from the place itself downwards: a town, then its villages, in the order of their codes. */
function inOrder(
  regions: readonly {
    id: string
    name: string
    path: string
    code: string
    parentId: string | null
    validTo: string | null
  }[],
  homeId: string,
): Place[] {
  const placesUnder = (id: string): Place[] =>
    regions
      .filter((one) => one.parentId === id)
      .sort((a, b) => (a.code < b.code ? -1 : 1))
      .flatMap((one) => [placeOf(one), ...placesUnder(one.id)])
  const placeOf = ({ id, name, path, validTo }: (typeof regions)[number]): Place => ({
    ...{ id, name, path },
    gone: validTo !== null,
  })
  return [...regions.filter((one) => one.id === homeId).map(placeOf), ...placesUnder(homeId)]
}

async function workOf(
  db: Reader,
  path: string,
  month: Month,
  signed: readonly SignedMonth[],
): Promise<Map<string, Facts>> {
  return overlay(await workByVillage(db, path, month), path, signed, async ({ id }) =>
    factsIn(await contentOfSigned(db, id)),
  )
}

/** Both halves of a village's month: what was done and what was owed. */
function withOwed(work: ReadonlyMap<string, Facts>, owed: ReadonlyMap<string, CoverageCounts>): Map<string, Facts> {
  const facts = new Map(work)
  for (const village of new Set([...work.keys(), ...owed.keys()])) {
    const own = work.get(village) ?? noFacts()
    const counts = owed.get(village)
    const number = (value: number | undefined) => BigInt(value ?? 0)
    facts.set(village, {
      ...own,
      due: number(counts?.due),
      visited: number(counts?.visited),
      requirementsDue: number(counts?.requirementsDue),
      requirementsMet: number(counts?.requirementsMet),
      hospital: number(counts?.exits.hospital),
      away: number(counts?.exits.away),
      died: number(counts?.exits.died),
      moved: number(counts?.exits.moved),
      refused: number(counts?.exits.refused),
      unserved: (counts?.due ?? 0) > 0 && own.visits === 0n ? 1n : 0n,
    })
  }
  return facts
}

async function sourcesOf(db: Reader, month: Month, signed: readonly SignedMonth[]): Promise<Source[]> {
  const live: Source = { month, place: '', report: null, version: null }
  const named = await Promise.all(
    signed.map(async ({ id, regionPath, version }): Promise<Source> => {
      const place = (await regionsOfPath(db, regionPath)).at(-1)?.name ?? ''
      return { month, place, report: id, version: String(version) }
    }),
  )
  return named.length === 0 ? [live] : named
}
