import fc from 'fast-check'
import { expect, test } from 'vitest'
import { distanceMetres, gcj02FromWgs84, wgs84FromGcj02, wgs84Of } from '../../shared/core/geo'

const WENDENG = { lat: 37.1939, lon: 122.0581 }

// Pairs published with the formula.
test.each([
  ['Beijing', { lat: 39.911954, lon: 116.377817 }, { lat: 39.91334545536069, lon: 116.38404722455657 }],
  ['Shanghai', { lat: 31.1774276, lon: 121.5272106 }, { lat: 31.17530398364597, lon: 121.531541859215 }],
  ['Shenzhen', { lat: 22.543847, lon: 113.912316 }, { lat: 22.540796131694766, lon: 113.9171764808363 }],
])('in %s GCJ-02 is where the published pair says, and back', (_city, wgs84, gcj02) => {
  expect(distanceMetres(gcj02FromWgs84(wgs84), gcj02)).toBeLessThan(0.01)
  expect(distanceMetres(wgs84FromGcj02(gcj02), wgs84)).toBeLessThan(0.01)
})

test('in Wendeng the two differ by 300 to 500 m, so a place is never compared across them', () => {
  const shiftMetres = distanceMetres(WENDENG, gcj02FromWgs84(WENDENG))
  expect(shiftMetres).toBeGreaterThan(300)
  expect(shiftMetres).toBeLessThan(500)
})

test('there and back is the same place anywhere in China', () => {
  const china = fc.record({
    lat: fc.double({ min: 18, max: 53, noNaN: true }),
    lon: fc.double({ min: 74, max: 135, noNaN: true }),
  })
  fc.assert(fc.property(china, (at) => distanceMetres(wgs84FromGcj02(gcj02FromWgs84(at)), at) < 0.01))
})

test('outside China nothing is shifted', () => {
  const paris = { lat: 48.8566, lon: 2.3522 }
  expect(gcj02FromWgs84(paris)).toEqual(paris)
})

test('a place measured by a browser stays as it is, one measured by WeChat is brought to WGS-84', () => {
  expect(wgs84Of({ ...WENDENG, datum: 'WGS-84' })).toEqual(WENDENG)
  expect(distanceMetres(wgs84Of({ ...gcj02FromWgs84(WENDENG), datum: 'GCJ-02' }), WENDENG)).toBeLessThan(0.01)
})

test.each([
  ['the same point', WENDENG, WENDENG, 0, 0],
  ['one degree of latitude', { lat: 37, lon: 122 }, { lat: 38, lon: 122 }, 111_195, 1],
  ['a village lane, 200 m north', WENDENG, { lat: WENDENG.lat + 0.0018, lon: WENDENG.lon }, 200, 1],
  ['Weihai to Jinan', { lat: 37.5131, lon: 122.1204 }, { lat: 36.6512, lon: 117.12 }, 453_000, 2_000],
  ['across the date line', { lat: 0, lon: 179.9995 }, { lat: 0, lon: -179.9995 }, 111, 1],
  ['to the other side of the earth', { lat: 0, lon: 0 }, { lat: 0, lon: 180 }, 20_015_115, 1],
])('%s', (_name, from, to, metres, tolerance) => {
  expect(Math.abs(distanceMetres(from, to) - metres)).toBeLessThanOrEqual(tolerance)
})
