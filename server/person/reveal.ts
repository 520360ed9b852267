import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import type { revealInput } from '../../shared/person/input'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'
import { openPersons } from './vault'

/** How long the page shows it. */
const SECONDS = 60

/** Whose field: the record it is looked up in, and what else than the person's own fields that has. */
type Shown = {
  resource: 'elder' | 'member'
  resourceId: string
  regionPath: string
  personId: string
  address: () => Promise<string | null>
}

/**
 * Opens one sealed field of a record that was found within `person.class2`, for staff who say why; the log keeps who, when,
 * what for. An ID number is class C3: not for a village.
 *
 * @throws Refusal NOT_FOUND where there is none, NOT_ALLOWED above the actor's class
 */
export async function reveal(
  db: Db,
  keys: Keys,
  actor: Actor,
  { personId, address, ...of }: Shown,
  { field, purpose }: z.infer<typeof revealInput>,
  at: Date,
): Promise<{ value: string; seconds: number }> {
  if (field === 'idNumber' && !mayOver(actor, can('person.class3'), of.regionPath)) throw new Refusal('NOT_ALLOWED')
  await db.$transaction((tx) => logOperation(tx, actor, { ...of, at, action: 'reveal', after: { field }, purpose }))
  const value = field === 'address' ? await address() : (await openPersons(db, keys, [personId])).get(personId)?.[field]
  if (value === undefined || value === null) throw new Refusal('NOT_FOUND', { field })
  return { value, seconds: SECONDS }
}
