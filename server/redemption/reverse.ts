import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { reversalInput } from '../../shared/redemption/input'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import { type Db, driverOf } from '../core/db'
import { idFrom } from '../core/ids'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { giveBackEach } from '../fund/draw'
import { reverse } from '../ledger/post'
import { putBack } from './stock'

/**
 * Takes a wrong handing-over back: points to the holder, the piece to the shelf, the money to its line. As long as the point
 * wasn't paid for it, and by somebody who neither gave nor got it.
 *
 * @throws Refusal NOT_FOUND, REDEMPTION_NOT_FULFILLED, REDEMPTION_SETTLED, REVERSE_OWN
 */
export async function reverseFulfilment(
  db: Db,
  actor: Actor,
  redemptionId: string,
  input: z.infer<typeof reversalInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'reverseFulfilment', input: { redemptionId, ...input }, at },
      async () => {
        if (driverOf(tx).provider === 'postgresql')
          await tx.$queryRaw`SELECT "id" FROM redemption WHERE "id" = ${redemptionId} FOR NO KEY UPDATE`
        const one = await tx.redemption.findFirst({
          where: { id: redemptionId, ...inScope(actor, can('redemption.undo')) },
        })
        if (one === null) throw new Refusal('NOT_FOUND')
        if (one.state !== 'fulfilled') throw new Refusal('REDEMPTION_NOT_FULFILLED')
        if (one.settlementId !== null) throw new Refusal('REDEMPTION_SETTLED')
        if ([one.personId, one.fulfilledByPersonId].includes(actor.personId)) throw new Refusal('REVERSE_OWN')
        await tx.redemption.update({
          where: { id: one.id },
          data: {
            state: 'reversed',
            reversedAt: at,
            reversedByPersonId: actor.personId,
            reverseReason: input.reason,
          },
        })
        const { id, productId, pointId, quantity, heldAt, priceMilliPoints } = one
        await putBack(tx, { productId, pointId, pieces: quantity, heldAt }, dayOf(at))
        if (priceMilliPoints > 0n)
          await reverse(
            tx,
            {
              id: idFrom('REVERSE', id),
              transactionId: idFrom('POST', id),
              byId: actor.personId,
              explanation: { reason: input.reason },
            },
            at,
          )
        await giveBackEach(tx, [id], at)
        await logOperation(tx, actor, {
          ...{ at, action: 'reverse', resource: 'redemption', resourceId: id, regionPath: one.regionPath },
          after: { reason: input.reason },
        })
        return { id }
      },
    ),
  )
}
