import type { Day } from '../../shared/core/time'
import type { SchemeDocument } from '../../shared/scheme/document'
import { findBy } from '../core/bulk'
import { databaseOf, isTransaction, query, type Reader } from '../core/db'

export type SchemeInForce = { id: string; version: number; programmeId: string; document: SchemeDocument }
type Row = { id: string; version: number; programmeId: string; document: string }

type PlaceAndDay = { regionPath: string; day: Day }
type Version = { id: string; regionPath: string; validFrom: Day; version: number }

/**
 * The rules in force at a place on a day: of the regions along its path the most specific that published any, there the
 * latest that had begun. null where nothing was published yet.
 */
export async function schemeOn(db: Reader, regionPath: string, day: Day): Promise<SchemeInForce | null> {
  return (await schemesOn(db, [{ regionPath, day }]))({ regionPath, day })
}

/** The same for many places and days: which version is in force is read fresh, what it says only once. */
export async function schemesOn(
  db: Reader,
  places: readonly PlaceAndDay[],
): Promise<(place: PlaceAndDay) => SchemeInForce | null> {
  const paths = [...new Set(places.flatMap(({ regionPath }) => pathsAbove(regionPath)))]
  const versions = await query<Version>(
    db,
    `SELECT "id", "regionPath", "validFrom", "version" FROM scheme WHERE "regionPath" IN LIST($1)`,
    paths,
  )
  versions.sort(
    (a, b) =>
      b.regionPath.length - a.regionPath.length || b.validFrom.localeCompare(a.validFrom) || b.version - a.version,
  )
  const versionOf = ({ regionPath, day }: PlaceAndDay) =>
    versions.find((one) => regionPath.startsWith(one.regionPath) && one.validFrom <= day)
  const documents = await schemesById(
    db,
    places.flatMap((place) => versionOf(place)?.id ?? []),
  )
  return (place) => documents.get(versionOf(place)?.id ?? '') ?? null
}

/** Published rules by their ids: what a visit was judged by stays what it is judged by. */
export async function schemesById(db: Reader, ids: readonly string[]): Promise<Map<string, SchemeInForce>> {
  const known = rememberedOf(db)
  const unknown = ids.filter((id) => !known.has(id))
  for (const row of await findBy(db, 'Scheme', 'id', unknown)) known.set(row.id, read(row))
  return new Map(ids.flatMap((id) => entryOf(id, known.get(id))))
}

/** A published version never changes, so that it is read once. */
const remembered = new WeakMap<Reader, Map<string, SchemeInForce>>()

/** Where somebody else's transaction reads, what it reads may be taken back: nothing is remembered. */
function rememberedOf(db: Reader): Map<string, SchemeInForce> {
  if (isTransaction(db)) return new Map()
  const home = databaseOf(db)
  const known = remembered.get(home)
  if (known !== undefined) return known
  const made = new Map<string, SchemeInForce>()
  remembered.set(home, made)
  return made
}

function entryOf(id: string, scheme: SchemeInForce | undefined): [string, SchemeInForce][] {
  return scheme === undefined ? [] : [[id, scheme]]
}

/** The programme of a county (or zone); null where none was opened. */
export async function programmeOf(db: Reader, countyId: string): Promise<{ id: string; name: string } | null> {
  return db.programme.findFirst({
    where: { regionId: countyId },
    orderBy: { code: 'asc' },
    select: { id: true, name: true },
  })
}

/** "/1/4/20/" → "/1/", "/1/4/", "/1/4/20/". */
function pathsAbove(path: string): string[] {
  const steps = path.split('/').filter((step) => step !== '')
  return steps.map((_, place) => `/${steps.slice(0, place + 1).join('/')}/`)
}

function read({ id, version, programmeId, document }: Row): SchemeInForce {
  return { id, version, programmeId, document: JSON.parse(document) as SchemeDocument }
}
