// What only the whole visit shows: how often this pair meets, and whether the helper could be at all these places in time.
import { distanceMetres } from '../../shared/core/geo'
import { addSeconds, firstDayOf, nextMonth } from '../../shared/core/time'
import { secondsBetween } from '../../shared/visit/rules'
import { groupBy } from '../core/bulk'
import type { Keys } from '../core/config'
import { query, type Tx } from '../core/db'
import { openForPersons } from '../person/vault'
import { SEEN_WITHIN_SECONDS } from './travel'

type Running = {
  id: string
  memberId: string
  month: string
  checkInAt: Date
  elders: readonly { elderId: string }[]
  evidence: readonly { placeSealed: string | null }[]
}
type Seen = { visitId: string; at: Date; point: { lat: number; lon: number } }
type Leg = { metres: number; seconds: number }

/** Visits of each helper to each elder in a month, by `member elder month`; those that run are counted too. */
export async function pairCounts(
  tx: Tx,
  memberIds: readonly string[],
  elderIds: readonly string[],
  months: readonly string[],
): Promise<Map<string, number>> {
  const inOrder = [...months].sort()
  if (memberIds.length === 0) return new Map()
  const rows = await query<{ memberId: string; elderId: string; month: string; times: bigint }>(
    tx,
    `SELECT v."memberId", e."elderId", e."month", COUNT(*) AS "times"
     FROM visit_elder AS e JOIN visit AS v ON v."id" = e."visitId"
     WHERE e."elderId" IN LIST($1) AND e."day" >= $2 AND e."day" < $3 AND v."memberId" IN LIST($4)
     GROUP BY v."memberId", e."elderId", e."month"`,
    [...elderIds],
    firstDayOf(inOrder[0] as string),
    firstDayOf(nextMonth(inOrder.at(-1) as string)),
    [...memberIds],
  )
  return new Map(rows.map((row) => [`${row.memberId} ${row.elderId} ${row.month}`, Number(row.times)]))
}

/** The how-manyth visit of its pair in its month each of these is, by when it began; of several elders the most. */
export async function pairVisitsOf(tx: Tx, visits: readonly Running[]): Promise<(visit: Running) => number> {
  const months = visits.map(({ month }) => month).sort()
  if (months.length === 0) return () => 1
  const rows = await query<{ memberId: string; elderId: string; month: string; checkInAt: Date }>(
    tx,
    `SELECT v."memberId", v."checkInAt", e."elderId", e."month"
     FROM visit_elder AS e JOIN visit AS v ON v."id" = e."visitId"
     WHERE e."elderId" IN LIST($1) AND e."day" >= $2 AND e."day" < $3 AND v."memberId" IN LIST($4)`,
    visits.flatMap(({ elders }) => elders.map(({ elderId }) => elderId)),
    firstDayOf(months[0] as string),
    firstDayOf(nextMonth(months.at(-1) as string)),
    visits.map(({ memberId }) => memberId),
  )
  const metOf = groupBy(rows, ({ memberId, elderId, month }) => `${memberId} ${elderId} ${month}`)
  return ({ memberId, month, elders, checkInAt }) =>
    Math.max(
      1,
      ...elders.map(
        ({ elderId }) => metOf(`${memberId} ${elderId} ${month}`).filter((one) => one.checkInAt <= checkInAt).length,
      ),
    )
}

/**
 * The ways a helper made to these visits, in them and from them, of all that is known by now: what was uploaded late lies
 * between what is known already. Write the evidence of their ends first.
 */
export async function legsOf(
  tx: Tx,
  keys: Keys,
  visits: readonly { visit: Running; endAt: Date; isPlaced: boolean }[],
): Promise<(visitId: string) => Leg[]> {
  const placed = visits.filter(({ visit, isPlaced }) => isPlaced || visit.evidence.some((row) => row.placeSealed))
  const traces = await readTraces(tx, keys, placed)
  return (visitId) => {
    const memberId = placed.find(({ visit }) => visit.id === visitId)?.visit.memberId
    const seen = memberId === undefined ? [] : (traces.get(memberId) ?? [])
    return seen.slice(1).flatMap((to, index) => {
      const from = seen[index] as Seen
      if (from.visitId !== visitId && to.visitId !== visitId) return []
      return [{ metres: distanceMetres(from.point, to.point), seconds: secondsBetween(from.at, to.at) }]
    })
  }
}

async function readTraces(
  tx: Tx,
  keys: Keys,
  placed: readonly { visit: Running; endAt: Date }[],
): Promise<Map<string, Seen[]>> {
  if (placed.length === 0) return new Map()
  const first = Math.min(...placed.map(({ visit }) => visit.checkInAt.getTime()))
  const last = Math.max(...placed.map(({ endAt }) => endAt.getTime()))
  const rows = await query<{
    visitId: string
    at: Date
    placeSealed: string
    memberId: string
    memberPersonId: string
  }>(
    tx,
    `SELECT e."visitId", e."at", e."placeSealed", v."memberId", v."memberPersonId"
     FROM visit AS v JOIN visit_evidence AS e ON e."visitId" = v."id"
     WHERE v."memberId" IN LIST($1) AND v."checkInAt" >= $2 AND v."checkInAt" <= $3 AND e."placeSealed" IS NOT NULL
     ORDER BY e."at", e."id"`,
    placed.map(({ visit }) => visit.memberId),
    addSeconds(new Date(first), -SEEN_WITHIN_SECONDS),
    addSeconds(new Date(last), SEEN_WITHIN_SECONDS),
  )
  const opened = await openForPersons(
    tx,
    keys,
    rows.map(({ memberPersonId, placeSealed }) => ({
      ...{ personId: memberPersonId, table: 'visit_evidence', column: 'place', sealed: placeSealed },
    })),
  )
  const traces = new Map<string, Seen[]>()
  for (const [index, { memberId, visitId, at }] of rows.entries()) {
    const [lat, lon] = (opened[index] ?? '').split(',').map(Number)
    if (lat === undefined || lon === undefined) continue
    traces.set(memberId, [...(traces.get(memberId) ?? []), { visitId, at, point: { lat, lon } }])
  }
  return traces
}
