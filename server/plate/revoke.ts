import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import type { revokePlateInput } from '../../shared/plate/input'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import type { Db, Tx } from '../core/db'
import { logOperation } from '../core/operation-log'
import type { Plate } from './queries'

/** Takes a plate out of use: lost, broken, copied. The same again is no other revocation. */
export async function revokePlate(
  db: Db,
  actor: Actor,
  plateId: string,
  input: z.infer<typeof revokePlateInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const plate = await findPlateToChange(tx, actor, plateId)
    if (plate.revokedByPersonId === actor.personId && plate.revokeReason === input.reason) return { id: plateId }
    const revoked = await tx.plate.updateMany({
      where: { id: plateId, revokedAt: null },
      data: { revokedAt: at, revokedByPersonId: actor.personId, revokeReason: input.reason },
    })
    if (revoked.count === 0) throw new Refusal('PLATE_STATE')
    await logOperation(tx, actor, {
      at,
      action: 'revoke',
      resource: 'plate',
      resourceId: plateId,
      regionPath: plate.regionPath,
      purpose: input.reason,
    })
    return { id: plateId }
  })
}

/** @throws Refusal NOT_FOUND outside the actor's regions */
export async function findPlateToChange(tx: Tx, actor: Actor, plateId: string): Promise<Plate> {
  const plate = await tx.plate.findFirst({ where: { id: plateId, ...inScope(actor, can('plate.keep')) } })
  if (plate === null) throw new Refusal('NOT_FOUND')
  return plate
}

/** The plates on a door the elder no longer lives behind. */
export async function revokeDoorPlates(tx: Tx, actor: Actor, elderId: string, reason: string, at: Date): Promise<void> {
  await tx.plate.updateMany({
    where: { elderId, kind: 'door', revokedAt: null },
    data: { revokedAt: at, revokedByPersonId: actor.personId, revokeReason: reason },
  })
}
