import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import type { revealInput } from '../../shared/person/input'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, mayOver } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'
import { openPersons } from '../person/vault'
import { addressesOf } from './queries'

/** How long the page shows it. */
const SECONDS = 60

/**
 * Opens one sealed field for staff who say why; the log keeps who, when, what for. An ID number is class C3: not for a
 * village.
 */
export async function revealField(
  db: Db,
  keys: Keys,
  actor: Actor,
  elderId: string,
  { field, purpose }: z.infer<typeof revealInput>,
  at: Date,
): Promise<{ value: string; seconds: number }> {
  const elder = await db.elder.findFirst({ where: { id: elderId, ...inScope(actor, can('elder.keep')) } })
  if (elder === null) throw new Refusal('NOT_FOUND')
  if (field === 'idNumber' && !mayOver(actor, can('person.class3'), elder.regionPath)) throw new Refusal('NOT_ALLOWED')
  await db.$transaction((tx) =>
    logOperation(tx, actor, {
      at,
      action: 'reveal',
      resource: 'elder',
      resourceId: elderId,
      regionPath: elder.regionPath,
      after: { field },
      purpose,
    }),
  )
  const person = (await openPersons(db, keys, [elder.personId])).get(elder.personId)
  const value = field === 'address' ? (await addressesOf(db, keys, [elder])).get(elderId) : person?.[field]
  if (value === undefined || value === null) throw new Refusal('NOT_FOUND', { field })
  return { value, seconds: SECONDS }
}
