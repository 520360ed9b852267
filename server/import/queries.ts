import type { ElderRow } from '../../shared/import/elder-row'
import { normaliseIdNumber, normaliseName, normalisePhone } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import { findBy, groupBy, type RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import { blindIndex } from '../core/crypto'
import { query, type Reader } from '../core/db'
import { openPersons, phoneIndexOf } from '../person/vault'
import { isInForce } from '../region/queries'

/** The villages and communities in which this clerk may register, by name. */
export async function placesByName(
  db: Reader,
  actor: Actor,
  today: string,
): Promise<(row: { townName: string | null; villageName: string }) => Place[]> {
  const mine = inScope(actor, can('import.keep')).OR.map(({ regionPath }) => ({ path: regionPath }))
  const regions = (await db.region.findMany({ where: { OR: mine } })).filter(
    (one) => one.countyId !== null && isInForce(one, today),
  )
  const above = new Map(regions.map((one) => [one.id, one.name]))
  const byName = groupBy(regions, ({ name }) => name)
  return ({ townName, villageName }) =>
    byName(villageName)
      .filter((one) => townName === null || above.get(one.parentId ?? '') === townName)
      .map(({ id, path, countyId }) => ({ id, path, countyId: countyId ?? '' }))
}
export type Place = { id: string; path: string; countyId: string }

/** What of a line finds its elder. */
type Named = Pick<ElderRow, 'person'>

/** An elder of the register as a line is compared with. */
export type KnownElder = {
  id: string
  personId: string
  regionId: string
  regionPath: string
  name: string
  birthDate: string | null
  phone: string | null
  idNumberIndex: string | null
  ended: boolean
  categories: ReadonlySet<string>
  consents: ReadonlySet<string>
}

/**
 * Who of these lines is in the register already: by ID number; else by name and phone; else by name and birth date in the
 * same village, where nothing else tells them apart.
 */
export async function knownElders(
  db: Reader,
  keys: Keys,
  rows: readonly { row: Named; regionId: string }[],
): Promise<(row: Named, regionId: string) => KnownElder | null> {
  const numberOf = ({ person: { idNumber } }: Named) =>
    idNumber === undefined ? null : blindIndex(keys.index, 'idNumber', normaliseIdNumber(idNumber))
  const phoneOf = ({ person: { phone } }: Named) => (phone === undefined ? null : phoneIndexOf(keys, phone))
  const persons = [
    ...(await findBy(
      db,
      'Person',
      'idNumberIndex',
      rows.flatMap(({ row }) => numberOf(row) ?? []),
    )),
    ...(await findBy(
      db,
      'Person',
      'phoneIndex',
      rows.flatMap(({ row }) => phoneOf(row) ?? []),
    )),
  ]
  const found = await findBy(db, 'Elder', 'personId', [...new Set(persons.map(({ id }) => id))])
  const alike = await query<RowOf<'Elder'>>(
    db,
    `SELECT e.* FROM elder AS e JOIN person AS p ON p."id" = e."personId"
     WHERE e."regionId" IN LIST($1) AND e."endedDay" IS NULL AND p."birthDate" IN LIST($2)`,
    [...new Set(rows.map(({ regionId }) => regionId))],
    [...new Set(rows.flatMap(({ row }) => row.person.birthDate ?? []))],
  )
  const elders = [...new Map([...found, ...alike].map((one) => [one.id, one])).values()]
  const of = await detailsOf(db, keys, elders)
  const byNumber = new Map(of.flatMap((one) => (one.idNumberIndex === null ? [] : [[one.idNumberIndex, one]])))
  const byName = groupBy(of, ({ name }) => name)
  return (row, regionId) => {
    const sameNumber = byNumber.get(numberOf(row) ?? '')
    if (sameNumber !== undefined) return sameNumber
    const { birthDate, phone } = row.person
    const number = numberOf(row)
    const same = byName(normaliseName(row.person.name)).filter((one) => number === null || one.idNumberIndex === null)
    return (
      same.find((one) => phone !== undefined && one.phone === normalisePhone(phone)) ??
      same.find((one) => birthDate !== undefined && one.birthDate === birthDate && one.regionId === regionId) ??
      null
    )
  }
}

async function detailsOf(
  db: Reader,
  keys: Keys,
  elders: readonly { id: string; personId: string; regionId: string; regionPath: string; endedDay: string | null }[],
): Promise<KnownElder[]> {
  const personIds = elders.map(({ personId }) => personId)
  const opened = await openPersons(db, keys, personIds)
  const persons = new Map((await findBy(db, 'Person', 'id', personIds)).map((one) => [one.id, one]))
  const tags = groupBy(
    await findBy(
      db,
      'ElderCategory',
      'elderId',
      elders.map(({ id }) => id),
    ),
    ({ elderId }) => elderId,
  )
  const consents = groupBy(await findBy(db, 'Consent', 'personId', personIds), ({ personId }) => personId)
  return elders.map(({ id, personId, regionId, regionPath, endedDay }) => ({
    id,
    personId,
    regionId,
    regionPath,
    name: opened.get(personId)?.name ?? '',
    birthDate: opened.get(personId)?.birthDate ?? null,
    phone: opened.get(personId)?.phone ?? null,
    idNumberIndex: persons.get(personId)?.idNumberIndex ?? null,
    ended: endedDay !== null,
    categories: new Set(
      tags(id)
        .filter(({ validTo }) => validTo === null)
        .map(({ category }) => category),
    ),
    consents: new Set(
      consents(personId)
        .filter(({ withdrawnAt }) => withdrawnAt === null)
        .map(({ kind }) => kind),
    ),
  }))
}
