/** A point in degrees. Points are compared and stored in WGS-84; WeChat measures in GCJ-02, browsers in WGS-84. */
export type Point = { lat: number; lon: number }
export type Datum = 'GCJ-02' | 'WGS-84'

// The Krasovsky 1940 ellipsoid, on which the published GCJ-02 formula works.
const SEMI_MAJOR_METRES = 6_378_245
const ECCENTRICITY_SQUARED = 0.006693421622965943
const EARTH_RADIUS_METRES = 6_371_008.8
const wave = (metres: number, halfTurns: number) => (2 / 3) * metres * Math.sin(Math.PI * halfTurns)
const radians = (degrees: number) => (degrees * Math.PI) / 180

/** The point in WGS-84, whatever it was measured in; exact to less than a centimetre. */
export function wgs84Of(point: Point & { datum: Datum }): Point {
  return point.datum === 'WGS-84' ? { lat: point.lat, lon: point.lon } : wgs84FromGcj02(point)
}

/** WGS-84 → GCJ-02, as maps in China show it. Outside China nothing is shifted. */
export function gcj02FromWgs84({ lat, lon }: Point): Point {
  const shift = shiftAt({ lat, lon })
  return { lat: lat + shift.lat, lon: lon + shift.lon }
}

/** GCJ-02 → WGS-84. The shift has no closed inverse; it changes so slowly that a few steps find it. */
export function wgs84FromGcj02({ lat, lon }: Point): Point {
  let guess = { lat, lon }
  for (let step = 0; step < 5; step++) {
    const shift = shiftAt(guess)
    guess = { lat: lat - shift.lat, lon: lon - shift.lon }
  }
  return guess
}

/** The distance over the ground between two points of the same datum (haversine on a sphere; right to 0.5 %). */
export function distanceMetres(a: Point, b: Point): number {
  const [latHalf, lonHalf] = [radians(b.lat - a.lat) / 2, radians(b.lon - a.lon) / 2]
  const chord = Math.sin(latHalf) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(lonHalf) ** 2
  return 2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(chord)))
}

/** How far GCJ-02 moves a WGS-84 point, in degrees: a sum of waves around 35° N 105° E, scaled by the ellipsoid. */
function shiftAt({ lat, lon }: Point): Point {
  if (lat < 0.8293 || lat > 55.8271 || lon < 72.004 || lon > 137.8347) return { lat: 0, lon: 0 }
  const [x, y] = [lon - 105, lat - 35]
  const root = Math.sqrt(Math.abs(x))
  const ripple = wave(20, 6 * x) + wave(20, 2 * x)
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
  const northMetres = north + ripple + wave(20, y) + wave(40, y / 3) + wave(160, y / 12) + wave(320, y / 30)
  const eastMetres = east + ripple + wave(20, x) + wave(40, x / 3) + wave(150, x / 12) + wave(300, x / 30)
  const bend = 1 - ECCENTRICITY_SQUARED * Math.sin(radians(lat)) ** 2
  const metresPerRadianNorth = (SEMI_MAJOR_METRES * (1 - ECCENTRICITY_SQUARED)) / bend ** 1.5
  const metresPerRadianEast = (SEMI_MAJOR_METRES / Math.sqrt(bend)) * Math.cos(radians(lat))
  return {
    lat: ((northMetres / metresPerRadianNorth) * 180) / Math.PI,
    lon: ((eastMetres / metresPerRadianEast) * 180) / Math.PI,
  }
}
