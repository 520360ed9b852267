import { dayOf } from '../../shared/core/time'
import type { Me } from '../../shared/session/view'
import type { Actor } from '../core/actor'
import type { Parts } from '../core/route'
import { openPersons } from '../person/vault'
import { regionNames } from '../region/queries'
import { settingsAt } from '../region/settings'
import { programmeOf } from '../scheme/queries'

/** Who I am, what I may be here, and what this place calls things. */
export async function findMe({ db, config }: Parts, actor: Actor, at: Date): Promise<Me> {
  const elders = await db.elder.findMany({ where: { id: { in: actor.proxyOf.map((one) => one.elderId) } } })
  const proxies = await db.proxy.findMany({
    where: { personId: actor.personId, revokedAt: null, elderId: { in: elders.map((one) => one.id) } },
  })
  const persons = await openPersons(db, config.keys, [actor.personId, ...elders.map((one) => one.personId)])
  const home = actor.member ?? actor.elder ?? actor.roles[0] ?? elders[0] ?? null
  const regionIds = [actor.member, actor.elder, ...actor.roles].flatMap((one) => (one === null ? [] : [one.regionId]))
  const regions = await regionNames(db, regionIds)
  const settings = await settingsAt(db, home?.regionPath ?? '/', dayOf(at))
  const countyId =
    actor.member?.countyId ?? actor.elder?.countyId ?? elders[0]?.countyId ?? (await countyOf(db, home?.regionId))
  const programme = countyId === null ? null : await programmeOf(db, countyId)
  const placeOf = (regionId: string) => ({
    regionId,
    regionName: regions.get(regionId)?.name ?? '',
    townName: regions.get(regionId)?.townName ?? '',
  })
  return {
    personId: actor.personId,
    name: persons.get(actor.personId)?.name ?? '',
    roles: actor.roles.map(({ role, regionId, redemptionPointId, standsInFor }) => ({
      role,
      regionId,
      regionName: placeOf(regionId).regionName,
      redemptionPointId,
      standsInUntil: standsInFor?.until.toISOString() ?? null,
    })),
    member:
      actor.member === null
        ? null
        : {
            id: actor.member.id,
            kind: actor.member.kind,
            state: actor.member.state,
            ...placeOf(actor.member.regionId),
          },
    elder: actor.elder === null ? null : { id: actor.elder.id, ...placeOf(actor.elder.regionId) },
    proxyOf: actor.proxyOf.map(({ elderId, scopes }) => ({
      elderId,
      name: persons.get(elders.find((one) => one.id === elderId)?.personId ?? '')?.name ?? '',
      relation: proxies.find((one) => one.elderId === elderId)?.relation ?? '',
      scopes: [...scopes],
    })),
    agencyName: settings.agencyName,
    hotline: settings.hotline,
    pointsWord: settings.pointsWord,
    programmeName: programme?.name ?? '',
    demo: config.demo,
    device: await deviceOf(db, actor),
    now: at.toISOString(),
  }
}

async function deviceOf(db: Parts['db'], { deviceId, personId }: Actor): Promise<Me['device']> {
  if (deviceId === null) return 'none'
  const bound = await db.device.findFirst({ where: { personId, unboundAt: null } })
  return bound?.deviceId === deviceId ? 'bound' : 'other'
}

async function countyOf(db: Parts['db'], regionId: string | undefined): Promise<string | null> {
  if (regionId === undefined) return null
  return (await db.region.findUnique({ where: { id: regionId } }))?.countyId ?? null
}
