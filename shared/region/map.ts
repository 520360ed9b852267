import type { RefusalCode } from '../core/refusals'

/** A map is drawn on a page that many open: more would only be slow. */
export const MAP_BYTES_MAX = 2_000_000
const PLACES_MAX = 500
const POINTS_MAX = 200_000
/** China, with its sea. */
const BOUNDS = { west: 73, east: 136, south: 3, north: 54 }

type Point = [number, number]
type Ring = Point[]
type Geometry = { type: 'Polygon'; coordinates: Ring[] } | { type: 'MultiPolygon'; coordinates: Ring[][] }
export type MapPlace = { id: string; code: string; name: string }
/** What is kept and drawn: of the file nothing but codes and shapes. */
export type PlaceMap = {
  type: 'FeatureCollection'
  features: { type: 'Feature'; properties: { id: string; name: string }; geometry: Geometry }[]
}
export type MapProblem = { code: RefusalCode; detail: { feature?: number; region?: string } }

/** 鲁S(2026)012号, GS(2023)2767号, GS鲁（2024）0123号 */
export function whyNotApproval(text: string): RefusalCode | null {
  return /^[A-Z\u4e00-\u9fa5]{1,10}[（(]\d{4}[)）]\d{1,6}号$/.test(text) ? null : 'MAP_APPROVAL'
}

/**
 * Reads a county's GeoJSON: polygons whose codes are those of the places below it, each at most once. It is drawn anew from
 * numbers and our own names, so nothing else that stands in the file comes along.
 */
export function readMap(text: string, places: readonly MapPlace[]): PlaceMap | MapProblem {
  const said = parse(text)
  if (!isObject(said) || said.type !== 'FeatureCollection' || !Array.isArray(said.features))
    return problem('MAP_FORMAT')
  if (said.features.length === 0) return problem('MAP_FORMAT')
  if (said.features.length > PLACES_MAX) return problem('MAP_LARGE', { feature: said.features.length })
  const byCode = new Map(places.map((one) => [bare(one.code), one]))
  const features: PlaceMap['features'] = []
  const budget = { points: POINTS_MAX }
  for (const [at, feature] of said.features.entries()) {
    const no = at + 1
    const properties = isObject(feature) && isObject(feature.properties) ? feature.properties : {}
    const code = codeOf(properties)
    const place = code === null ? undefined : byCode.get(bare(code))
    if (place === undefined) return problem('MAP_CODE', { feature: no, region: code ?? '' })
    if (features.some((one) => one.properties.id === place.id))
      return problem('MAP_TWICE', { feature: no, region: place.code })
    const geometry = isObject(feature) ? geometryOf(feature.geometry, budget) : null
    if (budget.points < 0) return problem('MAP_LARGE', { feature: no })
    if (geometry === null) return problem('MAP_GEOMETRY', { feature: no, region: place.code })
    features.push({ type: 'Feature', properties: { id: place.id, name: place.name }, geometry })
  }
  return { type: 'FeatureCollection', features }
}

export const isProblem = (read: PlaceMap | MapProblem): read is MapProblem => 'code' in read
const problem = (code: RefusalCode, detail: MapProblem['detail'] = {}): MapProblem => ({ code, detail })

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return null
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The property that publishers write a division's code in; digits only. */
function codeOf(properties: Record<string, unknown>): string | null {
  const found = ['code', 'adcode', '区划代码', '代码'].map((key) => properties[key]).find((one) => one !== undefined)
  const text = typeof found === 'number' ? String(found) : found
  return typeof text === 'string' && /^\d{2,18}$/.test(text) ? text : null
}

/** 371003101000 and 371003101 are one town. */
const bare = (code: string) => code.replace(/(0{3})+$/, '')

function geometryOf(said: unknown, budget: { points: number }): Geometry | null {
  if (!isObject(said)) return null
  if (said.type === 'Polygon') {
    const rings = listOf(said.coordinates, (one) => ringOf(one, budget))
    return rings === null ? null : { type: 'Polygon', coordinates: rings }
  }
  if (said.type !== 'MultiPolygon') return null
  const polygons = listOf(said.coordinates, (one) => listOf(one, (ring) => ringOf(ring, budget)))
  return polygons === null ? null : { type: 'MultiPolygon', coordinates: polygons }
}

/** Every one of a list that isn't empty, or none. */
function listOf<T>(said: unknown, read: (one: unknown) => T | null): T[] | null {
  if (!Array.isArray(said) || said.length === 0) return null
  const found: T[] = []
  for (const one of said) {
    const each = read(one)
    if (each === null) return null
    found.push(each)
  }
  return found
}

/** A ring ends where it begins. */
function ringOf(said: unknown, budget: { points: number }): Ring | null {
  if (!Array.isArray(said) || said.length < 4) return null
  budget.points -= said.length
  if (budget.points < 0) return null
  const points = listOf(said, pointOf)
  if (points === null) return null
  const [first, last] = [points[0] as Point, points.at(-1) as Point]
  return first[0] === last[0] && first[1] === last[1] ? points : null
}

function pointOf(said: unknown): Point | null {
  if (!Array.isArray(said) || said.length < 2 || said.length > 3) return null
  const [lon, lat] = said as unknown[]
  if (typeof lon !== 'number' || typeof lat !== 'number') return null
  const isIn = lon >= BOUNDS.west && lon <= BOUNDS.east && lat >= BOUNDS.south && lat <= BOUNDS.north
  // a metre is enough on a board
  return isIn ? [Math.round(lon * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5] : null
}
