import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { marketInput } from '../../shared/order/input'
import { type OrderState, whyNotMarket } from '../../shared/order/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import type { Db } from '../core/db'
import { idFrom } from '../core/ids'
import { logOperation } from '../core/operation-log'
import { systemAccount } from '../ledger/accounts'
import { postHold } from '../ledger/post'
import { schemeOn } from '../scheme/queries'
import { noteOrder } from './find'

/**
 * Nobody took it in time, and the rules of the place let a business come instead: staff note who and what it costs. Points
 * that were promised for it go to what is due to businesses. Asked again for the same, nothing changes.
 *
 * POST: who asked −x, redemptionDue +x
 *
 * @throws Refusal NOT_FOUND, MARKET_CLOSED, MARKET_EARLY, ORDER_NOT_OPEN, ORDER_CLOSED
 */
export async function sendMarket(
  db: Db,
  actor: Actor,
  orderId: string,
  { provider, costFen }: z.infer<typeof marketInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const order = await tx.order.findFirst({
      where: { id: orderId, ...inScope(actor, can('order.keep')) },
      include: { payment: true, market: true },
    })
    if (order === null) throw new Refusal('NOT_FOUND')
    if (order.market?.provider === provider && order.market.costFen === costFen) return { id: orderId }
    const scheme = await schemeOn(tx, order.regionPath, dayOf(order.createdAt))
    const whenNobodyTakes = scheme?.document.redeem?.whenNobodyTakes
    refuse(whyNotMarket({ ...order, state: order.state as OrderState, whenNobodyTakes }, at))
    const { count } = await tx.order.updateMany({
      where: { id: orderId, state: 'open' },
      data: { state: 'done', closedAt: at },
    })
    if (count === 0) throw new Refusal('CHANGED_MEANWHILE')
    await tx.orderMarket.create({ data: { orderId, provider, costFen, byPersonId: actor.personId, at } })
    await logOperation(tx, actor, {
      ...{ at, action: 'market', resource: 'orderMarket', resourceId: orderId, regionPath: order.regionPath },
      ...{ after: { costFen }, purpose: provider },
    })
    const { payment } = order
    const paid = await tx.orderPayment.updateMany({
      where: { orderId, state: 'held', heldUntil: { gte: at } },
      data: { state: 'paid', paidMilliPoints: payment?.heldMilliPoints ?? 0n },
    })
    if (payment !== null && paid.count > 0)
      await postHold(
        tx,
        {
          ...{ id: idFrom('POST', payment.holdId), holdId: payment.holdId, byId: actor.personId, happenedAt: at },
          to: await systemAccount(tx, payment.programmeId, 'redemptionDue'),
          explanation: { provider: 'market' },
        },
        at,
      )
    await noteOrder(tx, actor, order, { kind: 'market', memberId: null }, at)
    return { id: orderId }
  })
}
