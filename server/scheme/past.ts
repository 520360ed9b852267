// What past visits would have brought: no Prisma, so that a thread can walk through a million of them.
import { addSeconds, type Day, startOfDay } from '../../shared/core/time'
import type { Nature, VisitFacts } from '../../shared/scheme/document'
import { type Earner, newEarner, weighPast } from '../../shared/scheme/past'
import type { Weighed } from '../../shared/scheme/rules'
import { inForce, type SchemeVersion } from '../../shared/scheme/versions'
import { ask, type Driver } from '../core/driver'
import { type MoreFacts, newFactsReader } from './facts'
import { newTally, type Tally, tallyVisit } from './tally'

/** What begins in so long is read whole: no page has to be sorted twice, and nobody's county is too much for it. */
const WINDOW_SECONDS = 4 * 3600
const WINDOWS_A_DAY = 86_400 / WINDOW_SECONDS

/** Which visits, and by which rules. */
export type PastAsk = { versions: SchemeVersion[]; regionPath: string; fromDay: Day; days: number }

type PastVisit = {
  id: string
  memberPersonId: string
  serviceId: string
  siteId: string | null
  channel: string
  day: Day
  checkInAt: Date
  regionPath: string
  servedSeconds: number | null
  nature: string
  level: number | null
  awardedMilliPoints: bigint | null
}

/** Judges the visits of the span, day after day, and says how many days are done. */
export async function judgePast(
  driver: Driver,
  { versions, regionPath, fromDay, days }: PastAsk,
  onDays: (done: number) => void,
): Promise<Tally> {
  const documents = versions.map(({ document }) => document)
  const readFacts = newFactsReader(driver, documents)
  const earners = new Map<string, Earner>()
  const tally = newTally()
  const versionOf = newVersionFinder(versions)
  const windows = days * WINDOWS_A_DAY
  const first = startOfDay(fromDay)
  const read = (no: number) =>
    no < windows ? readWindow(driver, regionPath, addSeconds(first, no * WINDOW_SECONDS)) : Promise.resolve([])
  let ahead = read(0)
  for (let no = 0; no < windows; no++) {
    const visits = await ahead
    const factsOf = await readFacts(visits)
    // The database looks for the next while these are judged.
    ahead = read(no + 1)
    ahead.catch(() => {}) // heard when its turn comes
    for (const visit of visits) tallyVisit(tally, visit, weigh(visit, factsOf))
    if (no % WINDOWS_A_DAY === WINDOWS_A_DAY - 1) onDays((no + 1) / WINDOWS_A_DAY)
  }
  return tally

  function weigh(visit: PastVisit, factsOf: (visit: PastVisit) => MoreFacts): Weighed | null {
    const version = versionOf(visit.regionPath, visit.day)
    if (version === null) return null
    let earner = earners.get(visit.memberPersonId)
    if (earner === undefined) {
      earner = newEarner()
      earners.set(visit.memberPersonId, earner)
    }
    const facts = factsOf(visit) as VisitFacts
    facts.servedSeconds = visit.servedSeconds ?? 0
    facts.nature = visit.nature as Nature
    facts.level = visit.level ?? 0
    facts.day = visit.day
    return weighPast(version, earner, facts)
  }
}

/** What counts and is settled, of those that began in a window: paid, or past where it would have been. In the order they began. */
function readWindow(driver: Driver, regionPath: string, from: Date): Promise<PastVisit[]> {
  return ask<PastVisit>(driver)`
    SELECT "id", "memberPersonId", "serviceId", "siteId", "channel", "day", "checkInAt", "regionPath", "servedSeconds", "nature",
      "level", "awardedMilliPoints"
    FROM visit INDEXED BY visit_state_checkInAt_idx
    WHERE "state" IN ('finished', 'confirmed', 'approved') AND "checkInAt" >= ${from}
      AND "checkInAt" < ${addSeconds(from, WINDOW_SECONDS)}
      AND "regionPath" >= ${regionPath} AND "regionPath" < ${`${regionPath.slice(0, -1)}0`} AND "counted"
      AND ("awardedMilliPoints" IS NOT NULL OR "state" <> 'finished')
    ORDER BY "checkInAt", "id"`
}

/** Which rules hold in a place on a day: the same few are asked for a million times. */
function newVersionFinder(versions: readonly SchemeVersion[]) {
  const found = new Map<string, SchemeVersion | null>()
  let of: Day = ''
  return (regionPath: string, day: Day): SchemeVersion | null => {
    if (day !== of) found.clear()
    of = day
    const known = found.get(regionPath)
    if (known !== undefined) return known
    const version = inForce(versions, regionPath, day)
    found.set(regionPath, version)
    return version
  }
}
