import type { Point } from '../../shared/core/geo'
import { findBy } from '../core/bulk'
import type { Keys } from '../core/config'
import { query, type Reader } from '../core/db'
import { homePointsOf, readPoint } from '../elder/queries'

/** Of so many homes the middle of a village is found; more of them would not move it far. */
const HOMES_A_VILLAGE = 5

type Where = {
  /** the home, else the middle of its village; null where neither is known */
  elder: (elderId: string) => Point | null
  /** the middle of a village; null where nobody measured a place in it */
  village: (path: string) => Point | null
}

/**
 * Where these elders and these helpers are, to choose whom to send. Of helpers only the village is asked, never where they live.
 * What is found stays here: a plan says whole kilometres.
 */
export async function placesOf(
  db: Reader,
  keys: Keys,
  elders: readonly { elderId: string; regionPath: string }[],
  hands: readonly { regionPath: string }[],
): Promise<Where> {
  const rows = await findBy(
    db,
    'Elder',
    'id',
    elders.map(({ elderId }) => elderId),
  )
  const homes = await homePointsOf(db, keys, rows)
  const paths = [...new Set([...elders, ...hands].map(({ regionPath }) => regionPath))]
  const middles = await middlesOf(db, keys, paths)
  const villageOf = new Map(elders.map(({ elderId, regionPath }) => [elderId, regionPath]))
  const village = (path: string) => middles.get(path) ?? null
  return { village, elder: (elderId) => homes.get(elderId) ?? village(villageOf.get(elderId) ?? '') }
}

/** The middle of the sites of each village, which are open to everybody; where there is none, of a few homes. */
async function middlesOf(db: Reader, keys: Keys, paths: readonly string[]): Promise<Map<string, Point>> {
  const sites = await query<{ path: string; point: string }>(
    db,
    `SELECT "regionPath" AS "path", "point" FROM organisation WHERE "regionPath" IN LIST($1) AND "point" IS NOT NULL AND "active"`,
    [...paths],
  )
  const open = middles(sites.map(({ path, point }) => ({ path, point: readPoint(point) })))
  const homes = await query<{ id: string; personId: string; path: string; homePointSealed: string }>(
    db,
    `SELECT * FROM (SELECT "id", "personId", "regionPath" AS "path", "homePointSealed",
         ROW_NUMBER() OVER (PARTITION BY "regionPath" ORDER BY "id") AS "no"
       FROM elder WHERE "regionPath" IN LIST($1) AND "homePointSealed" IS NOT NULL AND "endedDay" IS NULL) AS h
     WHERE h."no" <= ${HOMES_A_VILLAGE}`,
    paths.filter((path) => !open.has(path)),
  )
  const points = await homePointsOf(db, keys, homes)
  return new Map([...middles(homes.map(({ id, path }) => ({ path, point: points.get(id) ?? null }))), ...open])
}

function middles(places: readonly { path: string; point: Point | null }[]): Map<string, Point> {
  const sums = new Map<string, Point & { count: number }>()
  for (const { path, point } of places) {
    if (point === null) continue
    const { lat, lon, count } = sums.get(path) ?? { lat: 0, lon: 0, count: 0 }
    sums.set(path, { lat: lat + point.lat, lon: lon + point.lon, count: count + 1 })
  }
  return new Map([...sums].map(([path, { lat, lon, count }]) => [path, { lat: lat / count, lon: lon / count }]))
}
