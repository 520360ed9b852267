import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { isProblem, MAP_BYTES_MAX, readMap } from '../../shared/region/map'
import type { RegionMapView } from '../../shared/region/view'
import { newWorld, serveWorld } from '../support/world'

const SQUARE = [
  [122, 37],
  [122.1, 37],
  [122.1, 37.1],
  [122, 37],
]
const feature = (code: unknown, geometry: unknown = { type: 'Polygon', coordinates: [SQUARE] }) => ({
  ...{ type: 'Feature', properties: { code, name: '<script>alert(1)</script>', onload: 'x' }, geometry },
})
const collection = (...features: unknown[]) => JSON.stringify({ type: 'FeatureCollection', crs: 'x', features })
const TOWNS = [
  { id: 'a', code: '371003101000', name: '泽头镇' },
  { id: 'b', code: '371003102000', name: '泽库镇' },
]
const codeOf = (text: string) => {
  const read = readMap(text, TOWNS)
  return isProblem(read) ? [read.code, read.detail.feature] : 'fine'
}

test('of a map nothing is kept but shapes, our ids and our names', () => {
  const read = readMap(collection(feature('371003101'), feature(371003102000)), TOWNS)
  expect(read).toEqual({
    type: 'FeatureCollection',
    features: TOWNS.map(({ id, name }) => ({
      ...{ type: 'Feature', properties: { id, name }, geometry: { type: 'Polygon', coordinates: [SQUARE] } },
    })),
  })
  expect(JSON.stringify(read)).not.toContain('script')
})

test('what isn’t a map of the places below is refused, with the shape that is wrong', () => {
  const line = { type: 'LineString', coordinates: SQUARE }
  const open = { type: 'Polygon', coordinates: [SQUARE.slice(0, 3).concat([[122.05, 37.3]])] }
  const metres = { type: 'Polygon', coordinates: [SQUARE.map(([x = 0, y = 0]) => [x * 1e5, y * 1e5])] }
  const words = { type: 'Polygon', coordinates: [SQUARE.map(() => ['122', '37'])] }
  const many = { type: 'Polygon', coordinates: [[...Array.from({ length: 200_001 }, () => [122, 37])]] }
  expect([
    codeOf('<svg onload="alert(1)">'),
    codeOf('[]'),
    codeOf(collection()),
    codeOf(JSON.stringify({ type: 'Topology', objects: {} })),
    codeOf(collection(feature('371003101'), feature('371002101'))),
    codeOf(collection(feature('371003101'), feature(undefined))),
    codeOf(collection(feature('371003101'), feature('371003101000'))),
    codeOf(collection(feature('371003101', line))),
    codeOf(collection(feature('371003101', open))),
    codeOf(collection(feature('371003101', metres))),
    codeOf(collection(feature('371003101', words))),
    codeOf(collection(feature('371003101', null))),
    codeOf(collection(feature('371003101', many))),
    codeOf(collection(...Array.from({ length: 501 }, () => feature('371003101')))),
  ]).toEqual([
    ['MAP_FORMAT', undefined],
    ['MAP_FORMAT', undefined],
    ['MAP_FORMAT', undefined],
    ['MAP_FORMAT', undefined],
    ['MAP_CODE', 2],
    ['MAP_CODE', 2],
    ['MAP_TWICE', 2],
    ['MAP_GEOMETRY', 1],
    ['MAP_GEOMETRY', 1],
    ['MAP_GEOMETRY', 1],
    ['MAP_GEOMETRY', 1],
    ['MAP_GEOMETRY', 1],
    ['MAP_LARGE', 1],
    ['MAP_LARGE', 501],
  ])
})

test('the county uploads its map with its 审图号; without one, or taken back, there is none', async () => {
  const world = await newWorld()
  const { county } = world.places
  const { ask } = await serveWorld(world)
  const admin = await world.staff('countyAdmin', county)
  const path = `/regions/${county.id}/map`
  const shown = async () => (await ask<RegionMapView>(admin, 'GET', path)).body.map
  const send = (more: object) => {
    const file = Buffer.from(collection(feature('371003101'), feature('371003102'))).toString('base64')
    const body = { id: randomUUID(), regionId: county.id, approvalNo: '鲁S(2026)012号', file, ...more }
    return ask<{ id: string; code: string; field?: string }>(admin, 'POST', '/region-maps', body)
  }
  expect(await shown()).toBeNull()
  for (const approvalNo of ['', '没有', '鲁S2026-012', '鲁S(2026)012号<b>'])
    expect((await send({ approvalNo })).body).toMatchObject({ code: 'MAP_APPROVAL', field: 'approvalNo' })
  const heavy = Buffer.alloc(MAP_BYTES_MAX + 3, 32).toString('base64')
  expect((await send({ file: heavy })).body.code).toBe('MAP_LARGE')
  expect(await world.db.regionMap.count()).toBe(0)

  const { status, body } = await send({})
  expect(status).toBe(201)
  expect(await shown()).toMatchObject({ approvalNo: '鲁S(2026)012号', places: 2 })
  world.later(60)
  const next = await send({ approvalNo: 'GS鲁（2026）0123号' })
  expect((await shown())?.approvalNo).toBe('GS鲁（2026）0123号')
  await ask(admin, 'POST', `/region-maps/${next.body.id}/withdrawal`)
  expect((await shown())?.id).toBe(body.id)
  await ask(admin, 'POST', `/region-maps/${body.id}/withdrawal`)
  expect(await shown()).toBeNull()
})
