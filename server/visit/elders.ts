import type { Point } from '../../shared/core/geo'
import { type Day, holdsOn } from '../../shared/core/time'
import { normalisePhone } from '../../shared/person/rules'
import type { SettingValues } from '../../shared/region/settings'
import { raisedByExit } from '../../shared/visit/raise'
import type { Keys } from '../core/config'
import type { Reader } from '../core/db'
import { homePointsOf } from '../elder/queries'
import { openForPersons, openPersons } from '../person/vault'
import type { Door } from './end'

type Exit = { kind: string; validFrom: Day; validTo: Day | null }
export type ElderServed = Awaited<ReturnType<typeof findElders>>[number] & { homePoint: Point | null }

const RELATIONS = {
  exits: true,
  proxies: { where: { revokedAt: null } },
  contacts: { select: { phoneSealed: true } },
} as const

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

/** Everybody behind the doors of these elders: any plate of a household proves its door. */
export async function readHouseholds(
  db: Reader,
  keys: Keys,
  elderIds: readonly string[],
): Promise<Map<string, ElderServed>> {
  const own = await db.elder.findMany({ where: { id: { in: [...new Set(elderIds)] } }, select: { householdId: true } })
  const all = await db.elder.findMany({
    where: { householdId: { in: [...new Set(own.map((elder) => elder.householdId))] } },
    select: { id: true },
  })
  return readEldersServed(
    db,
    keys,
    all.map((elder) => elder.id),
  )
}

/** Those of them who live behind the door of a visit. */
export function householdsOf(
  visit: { elders: readonly { elderId: string }[] },
  elders: ReadonlyMap<string, ElderServed>,
): ElderServed[] {
  const households = new Set(visit.elders.map(({ elderId }) => elders.get(elderId)?.householdId))
  return [...elders.values()].filter((elder) => households.has(elder.householdId))
}

/** The door of a household; a point set for one of them is the point of all. */
export function doorOf(household: readonly ElderServed[], { nearMetres }: Pick<SettingValues, 'nearMetres'>): Door {
  return {
    householdElderIds: new Set(household.map((elder) => elder.id)),
    homePoint: household.find((elder) => elder.homePoint !== null)?.homePoint ?? null,
    nearMetres,
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
  const exits = await db.elderExit.findMany({
    where: { elderId: { in: [...new Set(visits.flatMap(({ elders }) => elders.map(({ elderId }) => elderId)))] } },
  })
  return new Map(
    visits.flatMap(({ id, day, elders }) => {
      const kind = exitKindOf(
        exits.filter((exit) => elders.some(({ elderId }) => elderId === exit.elderId)),
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
  const helpers = await openPersons(db, keys, helperPersonIds)
  const homes = await db.elder.findMany({
    where: { personId: { in: [...helpers.keys()] } },
    select: { personId: true, householdId: true },
  })
  const contacts = elders.flatMap((elder) =>
    elder.contacts.map(({ phoneSealed }) => ({
      elderId: elder.id,
      personId: elder.personId,
      table: 'elder_contact',
      column: 'phone',
      sealed: phoneSealed,
    })),
  )
  const phones = contacts.length === 0 ? [] : await openForPersons(db, keys, contacts)
  const family = new Set<string>()
  for (const [personId, { phone }] of helpers) {
    for (const elder of elders) {
      const livesThere =
        elder.personId !== personId &&
        homes.some((home) => home.personId === personId && home.householdId === elder.householdId)
      const isTelephoned =
        phone !== null &&
        contacts.some(
          ({ elderId }, index) => elderId === elder.id && normalisePhone(phones[index] ?? '') === normalisePhone(phone),
        )
      if (livesThere || isTelephoned || elder.proxies.some((proxy) => proxy.personId === personId))
        family.add(`${personId} ${elder.id}`)
    }
  }
  return family
}

function findElders(db: Reader, elderIds: readonly string[]) {
  return db.elder.findMany({ where: { id: { in: [...new Set(elderIds)] } }, include: RELATIONS })
}
