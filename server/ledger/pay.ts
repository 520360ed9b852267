import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { rowsAs } from '../core/rows'
import { type Ask, type HoldAsk, hold, postHold, voidHoldEach } from './post'

/**
 * Keeps an elder's points for the helper he books, until the hold is over.
 *
 * HOLD: nothing moves; the elder has x less to spend
 */
export function book(tx: Tx, ask: HoldAsk, at: Date): Promise<void> {
  return hold(tx, ask, at)
}

/**
 * Pays the helper what the visit was worth, at most what was held; the rest is free again.
 *
 * PAY: elder −x, helper +x
 *
 * @param ask.visitId what it pays: one visit has one net award
 * @throws Refusal HOLD_RESOLVED, HOLD_EXPIRED, AMOUNT
 */
export async function pay(
  tx: Tx,
  ask: Ask & {
    holdId: string
    to: string
    milliPoints: bigint
    visitId: string
    revision?: number
    expiresAt?: Date | null
  },
  at: Date,
): Promise<void> {
  const { visitId, revision = 0, ...rest } = ask
  await postHold(tx, { ...rest, kind: 'PAY', ref: { refType: 'visit', refId: visitId, revision } }, at)
}

/**
 * Frees what was held too long, by the server's clock. Redemptions have a state of their own and are released by it.
 *
 * VOID: nothing moves
 *
 * @returns how many
 */
export async function voidOverdue(tx: Tx, refTypes: readonly string[], at: Date): Promise<number> {
  const wanted = refTypes.map((refType) => ({ refType }))
  const overdue = await tx.$queryRaw<{ id: string }[]>`
    SELECT h."id" FROM ledger_transaction AS h JOIN ${rowsAs(tx, 'w', { refType: 'text' }, wanted)} ON w."refType" = h."refType"
    WHERE h."heldUntil" < ${at} AND NOT EXISTS (SELECT 1 FROM ledger_transaction AS r WHERE r."resolves" = h."id")
    ORDER BY h."heldUntil" LIMIT 500`
  const asks = overdue.map(({ id }) => ({
    id: idFrom('VOID', id),
    holdId: id,
    byId: 'clock',
    happenedAt: at,
    explanation: { reason: 'timeout' },
  }))
  return (await voidHoldEach(tx, asks, at)).filter((whyNot) => whyNot === null).length
}
