import { Refusal } from '../../shared/core/refusals'
import { can } from '../../shared/session/permissions'
import type { Role } from '../../shared/session/view'
import { type Actor, inScope } from '../core/actor'
import type { Db, Tx } from '../core/db'

export type Elder = Awaited<ReturnType<Db['elder']['findUniqueOrThrow']>>

/**
 * An elder who is to be changed; the row stays locked until the commit, so that of two who write tags, exits or proxies at
 * once the second sees what the first wrote.
 *
 * @throws Refusal NOT_FOUND outside the actor's regions
 */
export async function findElderToChange(
  tx: Tx,
  actor: Actor,
  elderId: string,
  roles: readonly Role[] = can('elder.keep'),
): Promise<Elder> {
  await tx.$executeRaw`UPDATE elder SET "ownPhone" = "ownPhone" WHERE "id" = ${elderId}`
  const elder = await tx.elder.findFirst({ where: { id: elderId, ...inScope(actor, roles) } })
  if (elder === null) throw new Refusal('NOT_FOUND')
  return elder
}

/**
 * The household of an elder somebody lives with: one of the same village, still served.
 * @throws Refusal ELDERS_NOT_TOGETHER
 */
export async function householdOf(tx: Tx, elderId: string, regionId: string): Promise<string> {
  const other = await tx.elder.findUnique({ where: { id: elderId } })
  if (other === null || other.regionId !== regionId || other.endedDay !== null)
    throw new Refusal('ELDERS_NOT_TOGETHER', { field: 'householdOf' })
  return other.householdId
}
