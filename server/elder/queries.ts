import type { Point } from '../../shared/core/geo'
import { Refusal } from '../../shared/core/refusals'
import type { Day } from '../../shared/core/time'
import { ageOn, calledName, maskName } from '../../shared/person/rules'
import type { Keys } from '../core/config'
import type { Reader } from '../core/db'
import { openForPersons, openPersons } from '../person/vault'

export type ElderForVisit = Awaited<ReturnType<typeof findEldersForVisit>>[number]
export type ElderName = {
  elderId: string
  personId: string
  name: string
  maskedName: string
  calledName: string
  sex: string
  age: number | null
}

/**
 * The elders of a visit with what judging it takes: age and sex, exits, proxies in force. In the order asked.
 * @throws Refusal NOT_FOUND when one isn't there
 */
export async function findEldersForVisit(db: Reader, elderIds: readonly string[]) {
  const found = await db.elder.findMany({
    where: { id: { in: [...elderIds] } },
    include: {
      person: { select: { sex: true, birthDate: true } },
      exits: true,
      proxies: { where: { revokedAt: null } },
    },
  })
  return elderIds.map((id) => {
    const elder = found.find((one) => one.id === id)
    if (elder === undefined) throw new Refusal('NOT_FOUND')
    return elder
  })
}

/** Everybody who lives behind the door of a plate and is still served; the plate's own elder first. */
export async function eldersBehind(db: Reader, elderId: string) {
  const own = await db.elder.findUniqueOrThrow({ where: { id: elderId }, include: { person: true } })
  const others = await db.elder.findMany({
    where: { householdId: own.householdId, id: { not: own.id }, endedDay: null },
    include: { person: true },
    orderBy: { id: 'asc' },
  })
  return [own, ...others]
}

/** Those of a list who are still there. */
export function eldersById(db: Reader, ids: readonly string[]) {
  return db.elder.findMany({
    where: { id: { in: [...ids] }, endedDay: null },
    include: { person: true },
    orderBy: { id: 'asc' },
  })
}

/** Names in full, masked and as neighbours say them. @param day the day ages are of; without it everybody is called as old */
export async function elderNames(
  db: Reader,
  keys: Keys,
  elderIds: readonly string[],
  day?: Day,
): Promise<Map<string, ElderName>> {
  const elders = await db.elder.findMany({
    where: { id: { in: [...new Set(elderIds)] } },
    select: { id: true, personId: true },
  })
  const persons = await openPersons(
    db,
    keys,
    elders.map((one) => one.personId),
  )
  return new Map(
    elders.map(({ id, personId }) => {
      const { name = '', sex = 'unknown', birthDate = null } = persons.get(personId) ?? {}
      const age = birthDate === null || day === undefined ? null : ageOn(birthDate, day)
      return [
        id,
        { elderId: id, personId, name, maskedName: maskName(name), calledName: calledName(name, sex, age), sex, age },
      ]
    }),
  )
}

/** Where elders live, WGS-84; null where no plate was fixed yet. */
export async function homePointsOf(
  db: Reader,
  keys: Keys,
  elders: readonly { id: string; personId: string; homePointSealed: string | null }[],
): Promise<Map<string, Point | null>> {
  const known = elders.flatMap((one) =>
    one.homePointSealed === null
      ? []
      : [{ id: one.id, personId: one.personId, table: 'elder', column: 'homePoint', sealed: one.homePointSealed }],
  )
  const opened = await openForPersons(db, keys, known)
  const points = new Map(known.map((one, place) => [one.id, readPoint(opened[place] ?? null)]))
  return new Map(elders.map((one) => [one.id, points.get(one.id) ?? null]))
}

/** Addresses of elders in full, by id. */
export async function addressesOf(
  db: Reader,
  keys: Keys,
  elders: readonly { id: string; personId: string; addressSealed: string }[],
): Promise<Map<string, string>> {
  const opened = await openForPersons(
    db,
    keys,
    elders.map(({ personId, addressSealed }) => ({
      personId,
      table: 'elder',
      column: 'address',
      sealed: addressSealed,
    })),
  )
  return new Map(elders.map((one, place) => [one.id, opened[place] ?? '']))
}

/** The last day each elder was served by a visit that counts. */
export async function lastVisitDays(db: Reader, elderIds: readonly string[]): Promise<Map<string, Day>> {
  const rows = await db.visitElder.groupBy({
    by: ['elderId'],
    where: { elderId: { in: [...new Set(elderIds)] }, counted: true },
    _max: { day: true },
  })
  return new Map(rows.flatMap((row) => (row._max.day === null ? [] : [[row.elderId, row._max.day] as const])))
}

/** "lat,lon" as it is kept */
export function readPoint(text: string | null): Point | null {
  if (text === null) return null
  const [lat = Number.NaN, lon = Number.NaN] = text.split(',').map(Number)
  return { lat, lon }
}
