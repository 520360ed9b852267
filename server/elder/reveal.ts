import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import type { revealInput } from '../../shared/person/input'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { reveal } from '../person/reveal'
import { addressesOf } from './queries'

/** One field of an elder; the address is the elder's, not the person's. */
export async function revealField(
  db: Db,
  keys: Keys,
  actor: Actor,
  elderId: string,
  input: z.infer<typeof revealInput>,
  at: Date,
): Promise<{ value: string; seconds: number }> {
  const elder = await db.elder.findUnique({ where: { id: elderId } })
  if (elder === null) throw new Refusal('NOT_FOUND')
  const { personId, regionPath } = elder
  const address = async () => (await addressesOf(db, keys, [elder])).get(elderId) ?? null
  return reveal(db, keys, actor, { resource: 'elder', resourceId: elderId, regionPath, personId, address }, input, at)
}
