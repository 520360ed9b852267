import { Refusal, type RefusalCode } from '../../shared/core/refusals'
import type { Day } from '../../shared/core/time'
import type { Role } from '../../shared/session/view'
import { type Actor, mayOver } from '../core/actor'
import { findBy } from '../core/bulk'
import { type Db, query, type Reader } from '../core/db'

export type Region = Awaited<ReturnType<Db['region']['findUniqueOrThrow']>>
export type RegionName = { name: string; townName: string; path: string }

/**
 * The region a staff member names in a path or query.
 * @throws Refusal NOT_FOUND for one that isn't there or lies outside
 */
export async function findRegionInScope(
  db: Reader,
  actor: Actor,
  roles: readonly Role[],
  regionId: string,
): Promise<Region> {
  const region = await db.region.findUnique({ where: { id: regionId } })
  if (region === null || !mayOver(actor, roles, region.path)) throw new Refusal('NOT_FOUND')
  return region
}

/**
 * The place people are registered at: in scope, in force, and part of a county.
 * @throws Refusal REGION_UNKNOWN or REGION_OUTSIDE, with the field
 */
export async function findPlaceInScope(
  db: Reader,
  actor: Actor,
  roles: readonly Role[],
  regionId: string,
  day: Day,
  field = 'regionId',
): Promise<Region & { countyId: string }> {
  const region = await db.region.findUnique({ where: { id: regionId } })
  const refuseWith = (code: RefusalCode) => new Refusal(code, { field })
  if (region === null) throw refuseWith('REGION_UNKNOWN')
  if (!mayOver(actor, roles, region.path)) throw refuseWith('REGION_OUTSIDE')
  if (!isInForce(region, day) || region.countyId === null) throw refuseWith('REGION_UNKNOWN')
  return { ...region, countyId: region.countyId }
}

export function isInForce(region: Pick<Region, 'validFrom' | 'validTo'>, day: Day): boolean {
  return region.validFrom <= day && (region.validTo === null || day <= region.validTo)
}

/** Names by id; `townName` is the part of the county a place belongs to, '' for counties and above. */
export async function regionNames(db: Reader, ids: readonly string[]): Promise<Map<string, RegionName>> {
  const regions = await findBy(db, 'Region', 'id', ids)
  const numbers = [...new Set(regions.flatMap((one) => numbersOf(one.path)))]
  const above = await query<Region>(db, `SELECT * FROM region WHERE "no" IN LIST($1)`, numbers.map(String))
  const byNo = new Map(above.map((one) => [one.no, one]))
  return new Map(
    regions.map((one) => {
      const town = numbersOf(one.path)
        .map((no) => byNo.get(no))
        .find((each) => each !== undefined && each.parentId !== null && each.parentId === one.countyId)
      return [one.id, { name: one.name, townName: town?.name ?? '', path: one.path }]
    }),
  )
}

/** The regions along a path, the widest first. Numbers stay when a region moves, so old paths work too. */
export async function regionsOfPath(db: Reader, path: string): Promise<Region[]> {
  const numbers = numbersOf(path)
  const regions = await query<Region>(db, `SELECT * FROM region WHERE "no" IN LIST($1)`, numbers.map(String))
  return regions.sort((a, b) => numbers.indexOf(a.no) - numbers.indexOf(b.no))
}

/** "/1/4/20/" → [1, 4, 20] */
export function numbersOf(path: string): number[] {
  return path.split('/').flatMap((one) => (one === '' ? [] : [Number(one)]))
}

/** "/1/4/20/" → ["/1/", "/1/4/", "/1/4/20/"]: what a row's path may be to hold for this place too. */
export function pathsAbove(path: string): string[] {
  return numbersOf(path).map((_, place, numbers) => `/${numbers.slice(0, place + 1).join('/')}/`)
}

/** Counties own programmes: they are the regions that are their own county. */
export async function countyPaths(db: Reader): Promise<{ id: string; path: string }[]> {
  const found = await db.region.findMany({
    where: { countyId: { not: null } },
    select: { id: true, countyId: true, path: true },
  })
  return found.filter((one) => one.id === one.countyId)
}
