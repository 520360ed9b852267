import type { z } from 'zod'
import { refuse } from '../../shared/core/refusals'
import { addDays, dayOf } from '../../shared/core/time'
import type { moveElderInput } from '../../shared/elder/input'
import { whyNotMove } from '../../shared/elder/rules'
import { can } from '../../shared/session/permissions'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { newId } from '../core/ids'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { sealForPerson } from '../person/vault'
import { revokeDoorPlates } from '../plate/revoke'
import { findPlaceInScope } from '../region/queries'
import { findElderToChange, householdOf } from './find'

/**
 * The elder lives elsewhere from a day on: another residence begins, the card comes along, the plate stays on the old door
 * and opens nothing any more, and the point on the map is to be set again.
 */
export async function moveElder(
  db: Db,
  keys: Keys,
  actor: Actor,
  elderId: string,
  input: z.infer<typeof moveElderInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'moveElder', input: { elderId, ...input }, at },
      async () => {
        const elder = await findElderToChange(tx, actor, elderId)
        const place = await findPlaceInScope(tx, actor, can('elder.keep'), input.regionId, dayOf(at))
        const [current = null] = await tx.elderResidence.findMany({
          where: { elderId },
          orderBy: { validFrom: 'desc' },
          take: 1,
        })
        refuse(whyNotMove(current, input.validFrom, dayOf(at)), { field: 'validFrom' })
        const addressSealed = await sealForPerson(tx, keys, elder.personId, 'elder', 'address', input.address)
        const where = { regionId: place.id, regionPath: place.path, addressSealed }
        // A fresh one: the old household may be named after this elder, and somebody may still live there.
        const householdId =
          input.householdOf === undefined ? newId(at) : await householdOf(tx, input.householdOf, place.id)
        await tx.elderResidence.updateMany({
          where: { elderId, validTo: null },
          data: { validTo: addDays(input.validFrom, -1) },
        })
        await tx.elderResidence.create({
          data: { id: input.id, elderId, validFrom: input.validFrom, validTo: null, ...where },
        })
        await tx.elder.update({
          where: { id: elderId },
          data: { ...where, countyId: place.countyId, householdId, homePointSealed: null },
        })
        await revokeDoorPlates(tx, actor, elderId, '搬家', at)
        await tx.plate.updateMany({
          where: { elderId, revokedAt: null },
          data: { regionId: place.id, regionPath: place.path },
        })
        await logOperation(tx, actor, {
          at,
          action: 'move',
          resource: 'elder',
          resourceId: elderId,
          regionPath: place.path,
          before: { regionId: elder.regionId },
          after: { regionId: place.id, validFrom: input.validFrom },
        })
        return { id: elderId }
      },
    ),
  )
}
