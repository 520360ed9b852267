import { anomaliesIn, type Fact } from '../../shared/anomaly/rules'
import { addDays, dayOf, monthOf, startOfDay } from '../../shared/core/time'
import { groupBy, insertNew } from '../core/bulk'
import { type Db, query, type Reader, transact } from '../core/db'
import { newId } from '../core/ids'
import { settingsAt } from '../region/settings'

/** Rules about shares need some visits to be fair. */
const DAYS = 35

/**
 * Looks at each county's records of the last weeks and opens cases for staff. The same finding of a month is one case; one
 * that was closed stays closed. Nothing is debited.
 *
 * @returns how many cases were opened
 */
export async function findAnomalies(db: Db, at: Date): Promise<number> {
  const regions = await db.region.findMany({
    where: { countyId: { not: null } },
    select: { id: true, countyId: true, path: true },
  })
  let opened = 0
  for (const { id, path, countyId } of regions) if (id === countyId) opened += await ofCounty(db, id, path, at)
  return opened
}

async function ofCounty(db: Db, countyId: string, path: string, at: Date): Promise<number> {
  const since = addDays(dayOf(at), -DAYS)
  const facts = await readFacts(db, countyId, since)
  if (facts.length === 0) return 0
  const limits = await settingsAt(db, path, dayOf(at))
  const month = monthOf(at)
  const rows = anomaliesIn(facts, limits, await firstDays(db, facts, since)).map(
    ({ kind, subjects, regionPath, score, detail }) => ({
      ...{ id: newId(at), kind, month, regionPath, score, foundAt: at, state: 'open' },
      key: [month, kind, ...[...subjects].sort()].join('|'),
      subjects: JSON.stringify(subjects),
      detail: JSON.stringify(detail),
    }),
  )
  return transact(db, async (tx) => (await insertNew(tx, 'anomaly', rows, 'key')).length)
}

type Visit = Pick<
  Fact,
  'memberId' | 'memberPersonId' | 'day' | 'servedSeconds' | 'regionPath' | 'enteredByPersonId'
> & { id: string }

/** What the rules need of a county's ended visits since a day. */
async function readFacts(db: Reader, countyId: string, since: string): Promise<Fact[]> {
  const visits = await query<Visit>(
    db,
    `SELECT "id", "memberId", "memberPersonId", "day", "servedSeconds", "regionPath", "enteredByPersonId"
     FROM visit WHERE "state" IN ('finished', 'confirmed', 'approved', 'disputed') AND "checkInAt" >= $2 AND "countyId" = $1`,
    countyId,
    startOfDay(since),
  )
  const ids = visits.map(({ id }) => id)
  const own = ({ visitId }: { visitId: string }) => visitId
  const eldersOf = groupBy(
    await query<{ visitId: string; elderId: string; personId: string }>(
      db,
      `SELECT e."visitId", e."elderId", o."personId" FROM visit_elder AS e JOIN elder AS o ON o."id" = e."elderId"
       WHERE e."visitId" IN LIST($1)`,
      ids,
    ),
    own,
  )
  const evidenceOf = groupBy(
    await query<{ visitId: string; placeHmac: string | null; deviceId: string | null; plateId: string | null }>(
      db,
      `SELECT "visitId", "placeHmac", "deviceId", "plateId" FROM visit_evidence WHERE "visitId" IN LIST($1)`,
      ids,
    ),
    own,
  )
  return visits.map(({ id, ...visit }) => ({
    ...visit,
    elderIds: eldersOf(id).map(({ elderId }) => elderId),
    elderPersonIds: eldersOf(id).map(({ personId }) => personId),
    marks: evidenceOf(id).flatMap(({ placeHmac }) => placeHmac ?? []),
    deviceIds: evidenceOf(id).flatMap(({ deviceId }) => deviceId ?? []),
    plateIds: evidenceOf(id).flatMap(({ plateId }) => plateId ?? []),
  }))
}

/** The day each phone that is new since then was bound. */
async function firstDays(db: Reader, facts: readonly Fact[], since: string): Promise<Map<string, string>> {
  const devices = await query<{ id: string; boundAt: Date }>(
    db,
    `SELECT "id", "boundAt" FROM device WHERE "id" IN LIST($1)`,
    [...new Set(facts.flatMap(({ deviceIds }) => deviceIds))],
  )
  return new Map(devices.map(({ id, boundAt }) => [id, dayOf(boundAt)] as const).filter(([, day]) => day >= since))
}
