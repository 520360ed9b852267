import { type Canonical, canonicalJson } from '../core/canonical'
import type { RefusalCode } from '../core/refusals'

/** What may be done without a network and uploaded later. */
export const QUEUE_KINDS = ['checkIn', 'scan', 'checkOut', 'fieldCheck', 'confirm', 'fulfil', 'meal'] as const
export type QueueKind = (typeof QUEUE_KINDS)[number]

/** done: it counts · conflict: somebody was first, or it can't be any more; kept and shown · gap: come again with what is missing */
export type Outcome = 'done' | 'conflict' | 'gap'

/** One thing a phone did, before it is signed. */
export type Link = {
  id: string
  kind: string
  deviceId: string
  seq: number
  /** the hash of the event before it; null for the first */
  previousHash: string | null
  wallAt: string
  monotonicMs: number
  boot: string
  body: Readonly<Record<string, string>>
}

/**
 * The text whose SHA-256 is the event's hash: the next event names it, and the phone's key signs it. The same on the phone
 * and on the server, whatever order the fields came in.
 */
export function eventText(chainId: string, event: Link): string {
  const { id, kind, deviceId, seq, previousHash, wallAt, monotonicMs, boot, body } = event
  const text: Canonical = {
    ...{ chainId, id, kind, deviceId, previousHash, wallAt, boot, body },
    ...{ seq: String(seq), monotonicMs: String(monotonicMs) },
  }
  return canonicalJson(text)
}

/**
 * Why an event doesn't follow what the server has of its chain, or null: a number that is used, a gap, or another past.
 *
 * @param last the last event of the chain; null before the first
 */
export function whyNotFollows(
  event: Pick<Link, 'seq' | 'previousHash'>,
  last: { seq: number; hash: string } | null,
): RefusalCode | null {
  const before = last?.seq ?? 0
  if (event.seq <= before) return 'QUEUE_REPLAY'
  if (event.seq > before + 1) return 'QUEUE_GAP'
  return event.previousHash === (last?.hash ?? null) ? null : 'QUEUE_FORK'
}

/** Refusals of the chain itself: the phone begins another chain with what still waits, and nothing is lost. */
export const CHAIN_REFUSALS: readonly string[] = [
  'QUEUE_REPLAY',
  'QUEUE_GAP',
  'QUEUE_FORK',
] satisfies readonly RefusalCode[]

/** The clocks of a phone: the one people set, and the one that only grows until the app is opened again. */
export type Clocks = { wallAt: string; monotonicMs: number; boot: string }

/**
 * When it happened, on the server's clock: as long before the upload as the phone's clock says, so that a clock that is
 * simply wrong does no harm. What the growing clock or the order of the chain contradicts is put right, and told.
 *
 * @param notBefore the event before it in the chain
 * @returns how far the phone's clock is off, or was moved, in seconds
 */
export function momentOf(
  event: Clocks,
  sent: Clocks,
  receivedAt: Date,
  notBefore: Date | null,
): { at: Date; clockSeconds: number } {
  const sentMs = Date.parse(sent.wallAt)
  const passedMs = sentMs - Date.parse(event.wallAt)
  // A phone that sleeps may stop its growing clock: it tells the least that has passed, never the most.
  const leastMs = event.boot === sent.boot ? Math.max(0, sent.monotonicMs - event.monotonicMs) : 0
  const claimed = receivedAt.getTime() - Math.max(passedMs, leastMs)
  const at = Math.max(claimed, notBefore?.getTime() ?? claimed)
  const offMs = Math.max(Math.abs(sentMs - receivedAt.getTime()), leastMs - passedMs, at - claimed)
  return { at: new Date(at), clockSeconds: Math.round(offMs / 1000) }
}
