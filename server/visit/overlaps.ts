import type { Reader } from '../core/db'

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
  const rows = await db.visit.findMany({
    where: {
      memberId: { in: [...new Set(spans.map((span) => span.memberId))] },
      counted: true,
      checkInAt: { lt: new Date(Math.max(...spans.map((span) => span.to.getTime()))) },
      checkOutAt: { gt: new Date(Math.min(...spans.map((span) => span.from.getTime()))) },
      id: { notIn: spans.map((span) => span.id) },
    },
    select: { memberId: true, checkInAt: true, checkOutAt: true },
  })
  const counted = rows.map((row) => ({ memberId: row.memberId, from: row.checkInAt, to: row.checkOutAt as Date }))
  const overlapping = new Set<string>()
  for (const span of spans) {
    if (counted.some((other) => other.memberId === span.memberId && other.from < span.to && other.to > span.from))
      overlapping.add(span.id)
    else if (span.countsAlone) counted.push(span)
  }
  return overlapping
}
