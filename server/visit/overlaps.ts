import { query, type Reader } from '../core/db'
import { helperRecords } from '../person/former'

export type Span = {
  id: string
  memberId: string
  from: Date
  to: Date /** it would count if nothing overlapped */
  countsAlone: boolean
}

/**
 * Which of these visits overlap another one of the same helper that counts, in the books or earlier in this list. One may
 * begin the moment the other ends. Exact only while the helpers are locked.
 */
export async function findOverlaps(db: Reader, spans: readonly Span[]): Promise<Set<string>> {
  if (spans.length === 0) return new Set()
  const own = new Set(spans.map((span) => span.id))
  const { all, ownerOf } = await helperRecords(
    db,
    spans.map((span) => span.memberId),
  )
  const counted = (await countedAround(db, spans, all)).filter(({ id }) => !own.has(id))
  const overlapping = new Set<string>()
  for (const span of spans) {
    if (
      counted.some(
        (other) => ownerOf(other.memberId) === ownerOf(span.memberId) && other.from < span.to && other.to > span.from,
      )
    )
      overlapping.add(span.id)
    else if (span.countsAlone) counted.push(span)
  }
  return overlapping
}

/**
 * What counts of these helpers in the time of these visits. No two that count overlap, so that of all that began before only
 * the last one can reach into it: a long history is not read.
 */
async function countedAround(
  db: Reader,
  spans: readonly Span[],
  memberIds: readonly string[],
): Promise<{ id: string; memberId: string; from: Date; to: Date }[]> {
  const first = new Date(Math.min(...spans.map((span) => span.from.getTime())))
  const last = new Date(Math.max(...spans.map((span) => span.to.getTime())))
  return query(
    db,
    `WITH since AS (
       SELECT m."value" AS "memberId", COALESCE((
         SELECT v."checkInAt" FROM visit AS v
         WHERE v."memberId" = m."value" AND v."counted" AND v."checkInAt" < $2
         ORDER BY v."checkInAt" DESC LIMIT 1), $2) AS "first"
       FROM EACH($1) AS m)
     SELECT v."id", v."memberId", v."checkInAt" AS "from", v."checkOutAt" AS "to"
     FROM since JOIN visit AS v ON v."memberId" = since."memberId" AND v."checkInAt" >= since."first"
     WHERE v."counted" AND v."checkInAt" < $3 AND v."checkOutAt" > $2`,
    [...memberIds],
    first,
    last,
  )
}
