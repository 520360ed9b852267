import { Refusal } from '../../shared/core/refusals'
import type { Day } from '../../shared/core/time'
import { ageOn } from '../../shared/person/rules'
import { isForTier } from '../../shared/service/rules'
import type { ServiceView } from '../../shared/service/view'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver, pathsOf } from '../core/actor'
import { type Db, type Reader, underPath } from '../core/db'
import { pathsAbove } from '../region/queries'
import { presentService } from './present'

export type Service = Awaited<ReturnType<Db['service']['findUniqueOrThrow']>>

/** The catalogue of a place: what its own regions and those above it offer. Widest first, then by number. */
export async function servicesAt(
  db: Reader,
  regionPath: string,
  more: { inactiveToo?: boolean } = {},
): Promise<Service[]> {
  return db.service.findMany({
    where: { regionPath: { in: pathsAbove(regionPath) }, ...(more.inactiveToo ? {} : { active: true }) },
    orderBy: [{ sortNo: 'asc' }, { id: 'asc' }],
  })
}

/**
 * A service that is offered at a place.
 * @throws Refusal SERVICE_UNKNOWN
 */
export async function findServiceAt(db: Reader, serviceId: string, regionPath: string): Promise<Service> {
  const service = await db.service.findUnique({ where: { id: serviceId } })
  if (service === null || !service.active || !regionPath.startsWith(service.regionPath))
    throw new Refusal('SERVICE_UNKNOWN', { field: 'serviceId' })
  return service
}

/** The order menu: for an elder, what his or her age is offered comes first. @param age null sorts by number only */
export function menuOf(services: readonly Service[], age: number | null): ServiceView[] {
  const shown = services.map((one) => presentService(one, isForTier(one, age)))
  return [...shown.filter((one) => one.forTier), ...shown.filter((one) => !one.forTier)]
}

/** GET /services: of the elder named, else of the places the actor belongs to. */
export async function listServices(
  db: Db,
  actor: Actor,
  query: { elderId?: string | undefined; all?: '1' | undefined },
  today: Day,
): Promise<ServiceView[]> {
  if (query.elderId !== undefined) return servicesForElder(db, actor, query.elderId, today)
  const inactiveToo = query.all === '1' && actor.roles.length > 0
  const below = pathsOf(actor, can('service.read'))
  const homes = [actor.member, actor.elder, ...actor.proxyOf, ...actor.roles].flatMap((one) =>
    one === null ? [] : [one.regionPath],
  )
  const services = await db.service.findMany({
    where: {
      OR: [
        { regionPath: { in: [...new Set(homes.flatMap(pathsAbove))] } },
        ...below.map((path) => ({ regionPath: underPath(path) })),
      ],
      ...(inactiveToo ? {} : { active: true }),
    },
    orderBy: [{ sortNo: 'asc' }, { id: 'asc' }],
  })
  const age = actor.elder === null ? null : await ageOfPerson(db, actor.personId, today)
  return menuOf(services, age)
}

async function servicesForElder(db: Db, actor: Actor, elderId: string, today: Day): Promise<ServiceView[]> {
  const elder = await db.elder.findUnique({ where: { id: elderId } })
  const isNear =
    elder !== null && (elder.personId === actor.personId || actor.proxyOf.some((one) => one.elderId === elderId))
  if (
    elder === null ||
    !(isNear || mayOver(actor, can('service.read'), elder.regionPath) || actor.member?.countyId === elder.countyId)
  )
    throw new Refusal('NOT_FOUND')
  return menuOf(await servicesAt(db, elder.regionPath), await ageOfPerson(db, elder.personId, today))
}

async function ageOfPerson(db: Reader, personId: string, today: Day): Promise<number | null> {
  const person = await db.person.findUnique({ where: { id: personId }, select: { birthDate: true } })
  return person?.birthDate ? ageOn(person.birthDate, today) : null
}
