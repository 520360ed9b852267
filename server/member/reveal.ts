import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import type { revealInput } from '../../shared/person/input'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { reveal } from '../person/reveal'

/** One field of a helper, whose address nobody asked for. */
export async function revealMemberField(
  db: Db,
  keys: Keys,
  actor: Actor,
  memberId: string,
  input: z.infer<typeof revealInput>,
  at: Date,
): Promise<{ value: string; seconds: number }> {
  const member = await db.member.findUnique({ where: { id: memberId } })
  if (member === null) throw new Refusal('NOT_FOUND')
  const { personId, regionPath } = member
  const shown = { resource: 'member', resourceId: memberId, regionPath, personId, address: async () => null } as const
  return reveal(db, keys, actor, shown, input, at)
}
