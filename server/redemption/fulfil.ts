import { Refusal } from '../../shared/core/refusals'
import { type RedemptionState, whyNotFulfil } from '../../shared/redemption/rules'
import type { Actor } from '../core/actor'
import type { Db, Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { systemAccount } from '../ledger/accounts'
import { postHold } from '../ledger/post'
import { ownPoints } from './policy'
import { holdIdOf } from './redeem'

/**
 * Hands it over at the actor's own point; from here on the points are owed to the point.
 *
 * @param input.id the press, not the redemption
 * @throws Refusal NOT_ALLOWED, NOT_FOUND, REDEMPTION_FULFILLED (with when and where), …_EXPIRED, …_CANCELLED, …_OTHER_POINT
 */
export async function fulfil(
  db: Db,
  actor: Actor,
  redemptionId: string,
  input: { id: string; pointId: string },
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'fulfil', input: { redemptionId, ...input }, at },
      async () => {
        if (!ownPoints(actor).includes(input.pointId)) throw new Refusal('NOT_ALLOWED')
        await refuseUnlessHeld(tx, redemptionId, input.pointId, at)
        const handed = await tx.redemption.updateMany({
          where: { id: redemptionId, state: 'held', pointId: input.pointId },
          data: { state: 'fulfilled', resolvedAt: at, fulfilledByPersonId: actor.personId },
        })
        if (handed.count === 0) {
          await refuseUnlessHeld(tx, redemptionId, input.pointId, at)
          throw new Refusal('CHANGED_MEANWHILE')
        }
        const { programmeId, regionPath } = await tx.redemption.findUniqueOrThrow({ where: { id: redemptionId } })
        await postHold(
          tx,
          {
            id: idFrom('POST', redemptionId),
            holdId: holdIdOf(redemptionId),
            to: await systemAccount(tx, programmeId, 'redemptionDue'),
            byId: actor.personId,
            happenedAt: at,
            explanation: { pointId: input.pointId },
          },
          at,
        )
        await logOperation(tx, actor, {
          at,
          action: 'fulfil',
          resource: 'redemption',
          resourceId: redemptionId,
          regionPath,
          after: { pointId: input.pointId },
        })
        return { id: redemptionId }
      },
    ),
  )
}

async function refuseUnlessHeld(tx: Tx, redemptionId: string, pointId: string, at: Date): Promise<void> {
  const redemption = await tx.redemption.findUnique({ where: { id: redemptionId } })
  if (redemption === null) throw new Refusal('NOT_FOUND')
  const code = whyNotFulfil({ ...redemption, state: redemption.state as RedemptionState }, pointId, at)
  if (code === null) return
  const point = await tx.redemptionPoint.findUnique({ where: { id: redemption.pointId } })
  throw new Refusal(code, { resolvedAt: redemption.resolvedAt?.toISOString() ?? null, pointName: point?.name ?? '' })
}
