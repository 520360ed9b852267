import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { giveBackInput } from '../../shared/order/input'
import { type OrderState, staffFromOf, whyNotGiveBack } from '../../shared/order/rules'
import type { Actor } from '../core/actor'
import type { Db, Tx } from '../core/db'
import { settingsAt } from '../region/settings'
import { noteOrder, type OrderRow } from './find'

/**
 * 去不了: a helper gives an order back, and it is open to all again. Asked again, nothing changes.
 * @throws Refusal NOT_FOUND, ORDER_NOT_YOURS, ORDER_CLOSED
 */
export async function giveBack(
  db: Db,
  actor: Actor,
  orderId: string,
  { reason }: z.infer<typeof giveBackInput>,
  at: Date,
): Promise<{ id: string }> {
  const memberId = actor.member?.id
  if (memberId === undefined) throw new Refusal('NOT_A_MEMBER')
  return db.$transaction(async (tx) => {
    const order = await tx.order.findUnique({ where: { id: orderId } })
    if (order === null || order.countyId !== actor.member?.countyId) throw new Refusal('NOT_FOUND')
    if (await gaveBack(tx, order, memberId)) return { id: orderId }
    refuse(whyNotGiveBack({ state: order.state as OrderState, memberId: order.memberId }, memberId))
    const { orderStaffHours } = await settingsAt(tx, order.regionPath, dayOf(at))
    const { count } = await tx.order.updateMany({
      where: { id: orderId, state: 'accepted', memberId },
      data: { state: 'open', memberId: null, acceptedAt: null, staffFrom: staffFromOf(order, at, orderStaffHours) },
    })
    if (count === 0) throw new Refusal('CHANGED_MEANWHILE')
    await noteOrder(tx, actor, order, { kind: 'givenBack', memberId, reason }, at)
    return { id: orderId }
  })
}

async function gaveBack(tx: Tx, order: OrderRow, memberId: string): Promise<boolean> {
  if (order.state !== 'open') return false
  const last = await tx.orderEvent.findFirst({
    where: { orderId: order.id },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
  })
  return last?.kind === 'givenBack' && last.memberId === memberId
}
