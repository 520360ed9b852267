import { pointsText } from '../../shared/core/amounts'
import { refuse } from '../../shared/core/refusals'
import { addSeconds, type Day } from '../../shared/core/time'
import { payOf } from '../../shared/order/rules'
import type { Judgement, VisitFacts } from '../../shared/scheme/document'
import { expiresAt } from '../../shared/scheme/expiry'
import { ZERO } from '../../shared/scheme/fraction'
import { explained, whyNothing } from '../../shared/scheme/rules'
import { findBy, type RowOf } from '../core/bulk'
import { execute, type Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { bookAgain, pay } from '../ledger/pay'
import { freePayment } from '../order/payment'
import type { SchemeInForce } from '../scheme/queries'

type Payment = RowOf<'OrderPayment'>
type Promised = { id: string; orderId: string | null }
type Due = {
  visit: { id: string; orderId: string | null; day: Day; checkInAt: Date; awardRevision: number }
  scheme: SchemeInForce
  accountId: string
  payment: Payment
  worth: Judgement
}

/** A payment that was taken back and is due after all is held again for a moment. */
const AGAIN_SECONDS = 86_400

/** Points that were promised for visits; of most there are none, and then nothing is read. */
export async function findPromises(
  tx: Tx,
  visits: readonly { visit: Promised }[],
): Promise<(visit: Promised) => Payment | undefined> {
  const rows = await findBy(
    tx,
    'OrderPayment',
    'orderId',
    visits.map(({ visit }) => visit.orderId),
  )
  const byOrder = new Map(rows.map((row) => [row.orderId, row]))
  return ({ id, orderId }) => {
    const payment = byOrder.get(orderId ?? '')
    // One that was freed for another reason is over: then the visit earns as if nothing was promised.
    return payment?.state === 'held' || (payment?.state === 'freed' && payment.visitId === id) ? payment : undefined
  }
}

/** What a visit is worth that somebody's points pay. Caps are of what is issued: here nothing is. */
export function judgePaid(scheme: SchemeInForce, facts: VisitFacts, payment: Payment): Judgement {
  const whyNot = whyNothing(scheme.document, facts)
  const milliPoints = whyNot === null ? payOf(payment, facts.servedSeconds) : 0n
  const minutes = Math.floor(facts.servedSeconds / 60)
  const share = payment.plannedSeconds === null ? '' : `，说好 ${payment.plannedSeconds / 60} 分钟`
  const formula = `说好 ${pointsText(payment.heldMilliPoints)} 分${share}，做了 ${minutes} 分钟 = ${pointsText(milliPoints)} 分`
  const zeroReason = milliPoints > 0n ? null : (whyNot ?? '时间太短，不付积分')
  return {
    ...{ milliPoints, poolMilliPoints: 0n, honourMilliPoints: 0n, carry: ZERO },
    explanation: { ...explained(scheme, 'redeem', formula), zeroReason },
  }
}

/**
 * Pays a visit with what was promised for it, or frees that where the visit is worth nothing.
 *
 * PAY: who asked −x, helper +x
 *
 * @returns the milli-points that were paid, and why none
 */
export async function payPromised(
  tx: Tx,
  due: Due,
  by: { id: string; byId: string },
  at: Date,
): Promise<{ milliPoints: bigint; zeroReason: string | null }> {
  const { visit, scheme, accountId, payment, worth } = due
  const { milliPoints, explanation } = worth
  const nothing = async (zeroReason: string) => {
    await freePayment(tx, payment.orderId, by.byId, 'nothing', at)
    return { milliPoints: 0n, zeroReason }
  }
  if (milliPoints === 0n) return nothing(explanation.zeroReason ?? '')
  if (payment.accountId === accountId) return nothing('请人的和帮忙的是同一个人，不用付')
  const holdId = payment.state === 'held' ? payment.holdId : await heldAgain(tx, due, by.byId, at)
  if (holdId === null) return { milliPoints: 0n, zeroReason: '留出来的积分退回以后用掉了，这次没有付成，请问社区' }
  const paying = {
    ...{ id: by.id, byId: by.byId, holdId, to: accountId, milliPoints, explanation },
    ...{ visitId: visit.id, revision: visit.awardRevision, happenedAt: visit.checkInAt },
    expiresAt: expiresAt(scheme.document, visit.day),
  }
  refuse(await pay(tx, paying, at))
  await tx.orderPayment.update({
    where: { orderId: payment.orderId },
    data: { state: 'paid', paidMilliPoints: milliPoints, visitId: visit.id, holdId },
  })
  return { milliPoints, zeroReason: null }
}

async function heldAgain(tx: Tx, { payment, visit }: Due, byId: string, at: Date): Promise<string | null> {
  const { programmeId, accountId, heldMilliPoints: milliPoints, orderId } = payment
  const id = idFrom('HOLD', 'order', orderId, String(visit.awardRevision))
  const whyNot = await bookAgain(
    tx,
    {
      ...{ id, programmeId, accountId, milliPoints, refType: 'orderAgain', refId: id },
      ...{ until: addSeconds(at, AGAIN_SECONDS), byId, happenedAt: at, explanation: { orderId } },
    },
    at,
  )
  if (whyNot !== null && whyNot !== 'POINTS_NOT_ENOUGH') refuse(whyNot)
  return whyNot === null ? id : null
}

/** Payments of visits that were taken back: the points are where they were before, and may be due again. */
export async function freePaid(tx: Tx, visitIds: readonly string[]): Promise<void> {
  if (visitIds.length === 0) return
  await execute(
    tx,
    `UPDATE order_payment SET "state" = 'freed', "paidMilliPoints" = 0 WHERE "state" = 'paid' AND "visitId" IN LIST($1)`,
    [...visitIds],
  )
}
