import { Refusal, refuse } from '../../shared/core/refusals'
import { type OrderState, whyNotCancel } from '../../shared/order/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import type { Db } from '../core/db'
import { refuseUnfit, take } from './accept'
import { findOrder, noteOrder } from './find'
import { mayAssign } from './policy'

/**
 * Staff give an order to a helper, also one that another had taken. Asked again for the same helper, nothing changes.
 * @throws Refusal NOT_FOUND, NOT_ALLOWED, ORDER_CLOSED, ORDER_NOT_OPEN, and why the helper can't
 */
export async function assign(
  db: Db,
  actor: Actor,
  orderId: string,
  memberId: string,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const order = await findOrder(tx, actor, orderId)
    if (!mayAssign(actor, order)) throw new Refusal('NOT_ALLOWED')
    if (order.state === 'accepted' && order.memberId === memberId) return { id: orderId }
    refuse(whyNotCancel({ state: order.state as OrderState }))
    const member = await tx.member.findFirst({ where: { id: memberId, ...inScope(actor, can('order.keep')) } })
    if (member === null) throw new Refusal('NOT_FOUND', { field: 'memberId' })
    const trainings = member.trainings === '' ? [] : member.trainings.split(',')
    await refuseUnfit(tx, { ...member, kind: member.kind as 'volunteer' | 'neighbourHelper', trainings }, order, at)
    await take(tx, order, memberId, at)
    await noteOrder(tx, actor, order, { kind: 'assigned', memberId }, at)
    return { id: orderId }
  })
}
