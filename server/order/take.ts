import type { Actor } from '../core/actor'
import type { Tx } from '../core/db'
import { newId } from '../core/ids'

type Take = { orderId: string; actor: Actor; at: Date }

/** A helper who begins at the door takes an order that nobody had accepted; one's own stays accepted. */
export async function takeForVisits(tx: Tx, takes: readonly Take[]): Promise<void> {
  for (const { orderId, actor, at } of takes) {
    const memberId = actor.member?.id ?? null
    const { count } = await tx.order.updateMany({
      where: { id: orderId, state: 'open' },
      data: { state: 'accepted', memberId, acceptedAt: at },
    })
    if (count === 1)
      await tx.orderEvent.create({
        data: { id: newId(at), orderId, kind: 'accepted', byPersonId: actor.personId, memberId, at },
      })
  }
}

/** The visit that an order was for has ended: so is the order. */
export async function finishForVisits(
  tx: Tx,
  ended: readonly { orderId: string; byPersonId: string; memberId: string; at: Date }[],
): Promise<void> {
  for (const { orderId, byPersonId, memberId, at } of ended) {
    const { count } = await tx.order.updateMany({
      where: { id: orderId, state: 'accepted', memberId },
      data: { state: 'done', closedAt: at },
    })
    if (count === 1)
      await tx.orderEvent.create({ data: { id: newId(at), orderId, kind: 'done', byPersonId, memberId, at } })
  }
}
