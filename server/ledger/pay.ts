import type { Tx } from '../core/db'
import { type Ask, type HoldAsk, hold, holdEach, postHoldEach, type WhyNot } from './post'

/**
 * Keeps somebody's points for the helper who is asked for, until the hold is over.
 *
 * HOLD: nothing moves; who pays has x less to spend
 */
export function book(tx: Tx, ask: HoldAsk, at: Date): Promise<void> {
  return hold(tx, ask, at)
}

/** The same again, when a payment was taken back and is due after all. Answers why not, or null. */
export async function bookAgain(tx: Tx, ask: HoldAsk, at: Date): Promise<WhyNot> {
  return (await holdEach(tx, [ask], at))[0] ?? null
}

type PayAsk = Ask & {
  holdId: string
  to: string
  milliPoints: bigint
  /** what it pays: one visit has one net award */
  visitId: string
  revision?: number
  expiresAt?: Date | null
}

/**
 * Pays a helper what the visit was worth, at most what was held; the rest is free again.
 *
 * PAY: who asked −x, helper +x
 *
 * @returns why not, or null: HOLD_RESOLVED, HOLD_EXPIRED, AMOUNT
 */
export async function pay(tx: Tx, ask: PayAsk, at: Date): Promise<WhyNot> {
  const { visitId, revision = 0, ...rest } = ask
  const ref = { refType: 'visit', refId: visitId, revision }
  return (await postHoldEach(tx, [{ ...rest, kind: 'PAY', ref }], at))[0] ?? null
}
