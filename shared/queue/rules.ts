import type { RefusalCode } from '../core/refusals'

/** What may be done without a network and uploaded later. */
export const QUEUE_KINDS = ['fulfil', 'meal'] as const
export type QueueKind = (typeof QUEUE_KINDS)[number]

/** done: it counts · conflict: somebody was first, or it can't be any more; kept and shown · gap: come again with what is missing */
export type Outcome = 'done' | 'conflict' | 'gap'

type Link = { id: string; seq: number; previousId: string | null }

/**
 * Why an event doesn't follow what the server has of its chain, or null: a gap, a fork, or a number that is used.
 *
 * @param last the last event of the chain; null before the first
 */
export function whyNotFollows(event: Link, last: { id: string; seq: number } | null): RefusalCode | null {
  if (event.seq <= (last?.seq ?? 0)) return 'QUEUE_REPLAY'
  return event.seq === (last?.seq ?? 0) + 1 && event.previousId === (last?.id ?? null) ? null : 'QUEUE_GAP'
}
