import { Refusal } from '../../shared/core/refusals'
import type { Actor } from '../core/actor'
import type { Reader } from '../core/db'

/** Whose points are spent, and where that person is at home; `forElderId`: somebody acts for this elder. */
export type Holder = {
  personId: string
  regionId: string
  regionPath: string
  countyId: string
  forElderId: string | null
}

/**
 * The person an actor may redeem for: himself as helper or elder, or an elder he is proxy of with the power to redeem. A
 * proxy of one elder needs not say which.
 *
 * @throws Refusal NOT_FOUND for an elder who is not his, REQUIRED when he must say which
 */
export async function findHolder(db: Reader, actor: Actor, elderId: string | undefined): Promise<Holder> {
  const asked = elderId ?? (actor.member === null && actor.elder === null ? onlyElderOf(actor) : undefined)
  if (asked === undefined || asked === actor.elder?.id) {
    const home = asked === undefined ? (actor.member ?? actor.elder) : actor.elder
    if (home === null) throw new Refusal('REQUIRED', { field: 'elderId' })
    const { regionId, regionPath, countyId } = home
    return { personId: actor.personId, regionId, regionPath, countyId, forElderId: null }
  }
  if (!mayRedeemFor(actor, asked)) throw new Refusal('NOT_FOUND')
  const { personId, regionId, regionPath, countyId } = await db.elder.findUniqueOrThrow({ where: { id: asked } })
  return { personId, regionId, regionPath, countyId, forElderId: asked }
}

export function mayRedeemFor(actor: Actor, elderId: string): boolean {
  return actor.proxyOf.some((one) => one.elderId === elderId && one.scopes.includes('redeem'))
}

/** The points an actor hands over at. */
export function ownPoints(actor: Actor): string[] {
  return actor.roles.flatMap((one) =>
    one.role === 'redemptionPoint' && one.redemptionPointId !== null ? [one.redemptionPointId] : [],
  )
}

function onlyElderOf(actor: Actor): string | undefined {
  const elders = actor.proxyOf.filter((one) => one.scopes.includes('redeem'))
  return elders.length === 1 ? elders[0]?.elderId : undefined
}
