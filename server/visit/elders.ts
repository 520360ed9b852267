import type { Point } from '../../shared/core/geo'
import { type Day, holdsOn } from '../../shared/core/time'
import { normalisePhone } from '../../shared/person/rules'
import type { SettingValues } from '../../shared/region/settings'
import { raisedByExit } from '../../shared/visit/raise'
import { findBy, groupBy } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Reader } from '../core/db'
import { homePointsOf } from '../elder/queries'
import { openForPersons } from '../person/vault'
import type { Door } from './end'

type Exit = { kind: string; validFrom: Day; validTo: Day | null }
export type ElderServed = Awaited<ReturnType<typeof findElders>>[number] & { homePoint: Point | null }

/** Elders with what judging a visit to them takes; who isn't there is left out. */
export async function readEldersServed(
  db: Reader,
  keys: Keys,
  elderIds: readonly string[],
): Promise<Map<string, ElderServed>> {
  const found = await findElders(db, elderIds)
  const points = await homePointsOf(db, keys, found)
  return new Map(found.map((elder) => [elder.id, { ...elder, homePoint: points.get(elder.id) ?? null }]))
}

/** Who lives behind a door, as far as its plates and its place go. */
type Housemate = { id: string; householdId: string; homePoint: Point | null }

/** Everybody behind the doors of visits, by household: any plate of a household proves its door. */
async function readHouseholds(
  db: Reader,
  keys: Keys,
  visits: readonly { elders: readonly { householdId: string }[] }[],
): Promise<(householdId: string) => Housemate[]> {
  const found = await findBy(
    db,
    'Elder',
    'householdId',
    visits.flatMap(({ elders }) => elders.map(({ householdId }) => householdId)),
  )
  const points = await homePointsOf(db, keys, found)
  const housemates = found.map(({ id, householdId }) => ({ id, householdId, homePoint: points.get(id) ?? null }))
  return groupBy(housemates, ({ householdId }) => householdId)
}

/** Those who live behind the door of one visit. */
function householdOf(
  visit: { elders: readonly { householdId: string }[] },
  housematesOf: (householdId: string) => Housemate[],
): Housemate[] {
  return housematesOf(visit.elders[0]?.householdId ?? '')
}

type DoorLimits = Pick<SettingValues, 'nearMetres' | 'placeDecimals'>

/** The door of a household; a point set for one of them is the point of all. */
export function doorOf(
  household: readonly Pick<Housemate, 'id' | 'homePoint'>[],
  { nearMetres, placeDecimals }: DoorLimits,
): Door {
  return {
    householdElderIds: new Set(household.map((elder) => elder.id)),
    siteId: null,
    homePoint: household.find((elder) => elder.homePoint !== null)?.homePoint ?? null,
    nearMetres,
    placeDecimals,
  }
}

/** A place where people come together, as far as a visit to it goes. */
export type Site = { id: string; countyId: string; regionId: string; regionPath: string; point: string | null }

/** The sites with these ids; asks nothing where none is named. */
export async function readSites(db: Reader, siteIds: readonly (string | null)[]): Promise<Map<string, Site>> {
  const ids = siteIds.flatMap((id) => id ?? [])
  if (ids.length === 0) return new Map()
  return new Map((await findBy(db, 'Organisation', 'id', ids)).map((site) => [site.id, site]))
}

/** The door of a site: open to everybody, so that its place isn't sealed. */
export function siteDoor({ id, point }: Pick<Site, 'id' | 'point'>, { nearMetres, placeDecimals }: DoorLimits): Door {
  return { householdElderIds: new Set(), siteId: id, homePoint: sitePoint(point), nearMetres, placeDecimals }
}

function sitePoint(text: string | null): Point | null {
  const [lat, lon] = (text ?? '').split(',').map(Number)
  return lat === undefined || lon === undefined ? null : { lat, lon }
}

/** The doors of visits that run or have ended, each by where it is. */
export async function readDoors(
  db: Reader,
  keys: Keys,
  visits: readonly { siteId: string | null; elders: readonly { householdId: string }[] }[],
): Promise<(visit: { siteId: string | null; elders: readonly { householdId: string }[] }, limits: DoorLimits) => Door> {
  const housemates = await readHouseholds(db, keys, visits)
  const sites = await readSites(
    db,
    visits.map(({ siteId }) => siteId),
  )
  return (visit, limits) => {
    const site = sites.get(visit.siteId ?? '')
    return site === undefined ? doorOf(householdOf(visit, housemates), limits) : siteDoor(site, limits)
  }
}

/** What the register says against a visit on a day: in hospital, dead, moved; the first that applies to any of them. */
export function exitKindOf(exits: readonly Exit[], day: Day): string | null {
  return exits.find((exit) => holdsOn(exit, day) && raisedByExit(exit.kind).length > 0)?.kind ?? null
}

/** The same for visits that happened already: what became known later counts too. By visit id. */
export async function exitKindsOf(
  db: Reader,
  visits: readonly { id: string; day: Day; elders: readonly { elderId: string }[] }[],
): Promise<Map<string, string>> {
  const exits = await findBy(
    db,
    'ElderExit',
    'elderId',
    visits.flatMap(({ elders }) => elders.map(({ elderId }) => elderId)),
  )
  const exitsOf = groupBy(exits, ({ elderId }) => elderId)
  return new Map(
    visits.flatMap(({ id, day, elders }) => {
      const kind = exitKindOf(
        elders.flatMap(({ elderId }) => exitsOf(elderId)),
        day,
      )
      return kind === null ? [] : [[id, kind]]
    }),
  )
}

/**
 * Who of these helpers belongs to the family of which elder: acts for them, is telephoned for them, or lives behind the
 * same door. As "person id elder id".
 */
export async function relativesOf(
  db: Reader,
  keys: Keys,
  helperPersonIds: readonly string[],
  elders: readonly ElderServed[],
): Promise<Set<string>> {
  const homes = new Map((await findBy(db, 'Elder', 'personId', helperPersonIds)).map((home) => [home.personId, home]))
  const telephoned = await telephonedOf(db, keys, helperPersonIds, elders)
  const family = new Set<string>()
  for (const personId of new Set(helperPersonIds)) {
    for (const elder of elders) {
      const livesThere = elder.personId !== personId && homes.get(personId)?.householdId === elder.householdId
      const pair = `${personId} ${elder.id}`
      if (livesThere || telephoned.has(pair) || elder.proxies.some((proxy) => proxy.personId === personId))
        family.add(pair)
    }
  }
  return family
}

/** Whose number is one of those the elder's family is telephoned at. As "person id elder id". */
async function telephonedOf(
  db: Reader,
  keys: Keys,
  personIds: readonly string[],
  elders: readonly ElderServed[],
): Promise<Set<string>> {
  const contacts = elders.flatMap((elder) =>
    elder.contacts.map(({ phoneSealed }) => ({
      elderId: elder.id,
      personId: elder.personId,
      table: 'elder_contact',
      column: 'phone',
      sealed: phoneSealed,
    })),
  )
  if (contacts.length === 0) return new Set()
  const own = (await findBy(db, 'Person', 'id', personIds)).flatMap(({ id, phoneSealed }) =>
    phoneSealed === null ? [] : [{ personId: id, table: 'person', column: 'phone', sealed: phoneSealed }],
  )
  const opened = (await openForPersons(db, keys, [...own, ...contacts])).map((phone) =>
    phone === null ? null : normalisePhone(phone),
  )
  return new Set(
    own.flatMap(({ personId }, place) =>
      contacts.flatMap(({ elderId }, index) =>
        opened[place] !== null && opened[place] === opened[own.length + index] ? [`${personId} ${elderId}`] : [],
      ),
    ),
  )
}

async function findElders(db: Reader, elderIds: readonly string[]) {
  const elders = await findBy(db, 'Elder', 'id', elderIds)
  const ids = elders.map(({ id }) => id)
  const exitsOf = groupBy(await findBy(db, 'ElderExit', 'elderId', ids), ({ elderId }) => elderId)
  const proxiesOf = groupBy(await findBy(db, 'Proxy', 'elderId', ids), ({ elderId }) => elderId)
  const contactsOf = groupBy(await findBy(db, 'ElderContact', 'elderId', ids), ({ elderId }) => elderId)
  return elders.map((elder) =>
    Object.assign(elder, {
      exits: exitsOf(elder.id),
      proxies: proxiesOf(elder.id).filter(({ revokedAt }) => revokedAt === null),
      contacts: contactsOf(elder.id),
    }),
  )
}
