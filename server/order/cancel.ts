import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import type { cancelOrderInput } from '../../shared/order/input'
import { type OrderState, whyNotCancel } from '../../shared/order/rules'
import type { Actor } from '../core/actor'
import type { Db } from '../core/db'
import { findOrder, noteOrder } from './find'
import { freePayment } from './payment'
import { originOf } from './policy'

/**
 * Who may ask may also cancel. Asked again, nothing changes.
 * @throws Refusal NOT_FOUND, NOT_ALLOWED, ORDER_CLOSED when it is done
 */
export async function cancel(
  db: Db,
  actor: Actor,
  orderId: string,
  { reason }: z.infer<typeof cancelOrderInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const order = await findOrder(tx, actor, orderId)
    if (originOf(actor, { id: order.elderId, regionPath: order.regionPath }) === null) throw new Refusal('NOT_ALLOWED')
    if (order.state === 'cancelled') return { id: orderId }
    refuse(whyNotCancel({ state: order.state as OrderState }))
    const { count } = await tx.order.updateMany({
      where: { id: orderId, state: order.state, memberId: order.memberId },
      data: { state: 'cancelled', closedAt: at },
    })
    if (count === 0) throw new Refusal('CHANGED_MEANWHILE')
    await freePayment(tx, orderId, actor.personId, 'cancelled', at)
    await noteOrder(tx, actor, order, { kind: 'cancelled', memberId: order.memberId, reason }, at)
    return { id: orderId }
  })
}
