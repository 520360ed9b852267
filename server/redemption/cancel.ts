import { Refusal, refuse } from '../../shared/core/refusals'
import { type RedemptionState, whyNotCancel } from '../../shared/redemption/rules'
import type { Actor } from '../core/actor'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'
import { findOwnRedemption } from './queries'
import { release } from './release'

/**
 * The holder, or who may redeem for him, gives it back. Pressed again on what is cancelled already, nothing changes.
 *
 * @throws Refusal NOT_FOUND, REDEMPTION_FULFILLED, REDEMPTION_EXPIRED
 */
export async function cancelRedemption(db: Db, actor: Actor, redemptionId: string, at: Date): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const redemption = await findOwnRedemption(tx, actor, redemptionId)
    if (redemption.state === 'cancelled') return { id: redemption.id }
    refuse(whyNotCancel({ state: redemption.state as RedemptionState }))
    const released = await release(tx, redemption, { state: 'cancelled', byId: actor.personId }, at)
    if (!released) throw new Refusal('CHANGED_MEANWHILE')
    await logOperation(tx, actor, {
      at,
      action: 'cancel',
      resource: 'redemption',
      resourceId: redemption.id,
      regionPath: redemption.regionPath,
    })
    return { id: redemption.id }
  })
}
