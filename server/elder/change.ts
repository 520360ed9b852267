import type { z } from 'zod'
import { refuse } from '../../shared/core/refusals'
import type { changeElderInput } from '../../shared/elder/input'
import { whyNotName, whyNotPhone } from '../../shared/person/rules'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'
import { changePerson } from '../person/vault'
import { findElderToChange } from './find'

/** Corrects the name or phone, or whether the elder has a phone to confirm with; what isn't named stays. */
export async function changeElder(
  db: Db,
  keys: Keys,
  actor: Actor,
  elderId: string,
  input: z.infer<typeof changeElderInput>,
  at: Date,
): Promise<{ id: string }> {
  if (input.name !== undefined) refuse(whyNotName(input.name), { field: 'name' })
  if (typeof input.phone === 'string') refuse(whyNotPhone(input.phone), { field: 'phone' })
  return db.$transaction(async (tx) => {
    const elder = await findElderToChange(tx, actor, elderId)
    const { name, phone, ownPhone } = input
    if (name !== undefined || phone !== undefined) await changePerson(tx, keys, elder.personId, { name, phone })
    if (ownPhone !== undefined) await tx.elder.update({ where: { id: elderId }, data: { ownPhone } })
    await logOperation(tx, actor, {
      at,
      action: 'change',
      resource: 'elder',
      resourceId: elderId,
      regionPath: elder.regionPath,
      after: { fields: Object.keys(input) },
    })
    return { id: elderId }
  })
}
