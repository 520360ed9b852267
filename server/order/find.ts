import { Refusal } from '../../shared/core/refusals'
import type { Actor } from '../core/actor'
import type { Tx } from '../core/db'
import { newId } from '../core/ids'
import { logOperation } from '../core/operation-log'
import { mayRead } from './policy'

export type OrderRow = Awaited<ReturnType<Tx['order']['findUniqueOrThrow']>>

/** @throws Refusal NOT_FOUND for what the actor may not know of */
export async function findOrder(tx: Tx, actor: Actor, id: string): Promise<OrderRow> {
  const order = await tx.order.findUnique({ where: { id } })
  if (order === null || !mayRead(actor, order)) throw new Refusal('NOT_FOUND')
  return order
}

/** Notes what became of an order: once for its own history, once for the operations of the place. */
export async function noteOrder(
  tx: Tx,
  actor: Actor,
  order: Pick<OrderRow, 'id' | 'regionPath'>,
  event: { kind: string; memberId: string | null; reason?: string },
  at: Date,
): Promise<void> {
  const { kind, memberId, reason } = event
  await tx.orderEvent.create({
    data: { id: newId(at), orderId: order.id, kind, byPersonId: actor.personId, memberId, reason: reason ?? null, at },
  })
  await logOperation(tx, actor, {
    at,
    action: kind,
    resource: 'order',
    resourceId: order.id,
    regionPath: order.regionPath,
    after: { memberId, reason },
  })
}
