import { dayOf } from '../../shared/core/time'
import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { giveBackEach } from '../fund/draw'
import { voidHold } from '../ledger/post'
import { holdIdOf } from './redeem'
import { putBack } from './stock'

/**
 * Closes a held redemption without handing it over: the piece goes back to the shelf, the points are free again, and
 * so is the money.
 *
 * @returns false when somebody else closed it first
 */
export async function release(
  tx: Tx,
  redemption: {
    id: string
    productId: string
    pointId: string
    quantity: number
    priceMilliPoints: bigint
    heldAt: Date
  },
  how: { state: 'cancelled' | 'expired'; byId: string },
  at: Date,
): Promise<boolean> {
  const { id, productId, pointId, quantity, priceMilliPoints, heldAt } = redemption
  const closed = await tx.redemption.updateMany({
    where: { id, state: 'held' },
    data: { state: how.state, resolvedAt: at },
  })
  if (closed.count === 0) return false
  await putBack(tx, { productId, pointId, pieces: quantity, heldAt }, dayOf(at))
  if (priceMilliPoints > 0n)
    await voidHold(
      tx,
      {
        id: idFrom('VOID', id),
        holdId: holdIdOf(id),
        byId: how.byId,
        happenedAt: at,
        explanation: { reason: how.state },
      },
      at,
    )
  await giveBackEach(tx, [id], at)
  return true
}
