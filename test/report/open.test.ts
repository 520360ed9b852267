import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contentOf } from '../../shared/report/content'
import { HIDDEN, openFigures } from '../../shared/report/open'
import { noFacts } from '../../shared/report/templates'
import type { Supply } from '../../shared/report/view'
import { times } from '../support/long'
import { MONTH, newMonth } from './month'

const figuresOf = (sizes: readonly number[], least: number) => {
  const villages = sizes.map(
    (size, place) => [`/1/${place + 2}/`, { ...noFacts(), elders: BigInt(size), due: BigInt(size) }] as const,
  )
  const content = contentOf({
    ...{ kind: 'month', period: MONTH, version: 1, months: [MONTH], kindName: '镇', agency: '民政', at: new Date(0) },
    places: [
      { id: 'town', name: '镇', path: '/1/', gone: false },
      ...villages.map(([path], place) => ({ id: `v${place}`, name: `村${place}`, path, gone: false })),
    ],
    byMonth: [new Map(villages)],
    ...{ sources: [], elders: null, before: null },
  })
  return openFigures(content, least)
}

test('no number of fewer people than may be told is told, nor can the one left out be reckoned from the others', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(30), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 5, max: 20 }),
      (sizes, least) => {
        const { total, rows } = figuresOf(sizes, least)
        const shown = rows.map((one) => one.values[0])
        for (const value of shown)
          if (value !== HIDDEN) expect(Number(value) === 0 || Number(value) >= least).toBe(true)
        const hidden = shown.filter((value) => value === HIDDEN).length
        const people = sizes.filter((size) => size > 0).length
        if (total[0] !== HIDDEN && people > 1) expect(hidden).not.toBe(1)
      },
    ),
    { numRuns: times(200, 20_000) },
  )
})

test('the page opens without a login, shows signed months only, and may be kept', async () => {
  const { made, signed, maker, signer, world, base, ask } = await newMonth()
  const address = `${base}/open/${world.places.town.id}`
  expect((await fetch(address)).status).toBe(404)
  const { body: draft } = await made(maker, 'month', world.places.town, MONTH)
  expect((await fetch(address)).status).toBe(404)
  await signed(signer, draft.id)
  const page = await fetch(address)
  const html = await page.text()
  expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'public, max-age=600'])
  expect(html).toContain('泽头镇 2026 年 10 月为老服务公示')
  expect(html).toContain(HIDDEN) // three elders are few
  expect(html).toContain('需求单（个）')
  expect(html).toContain('<h2>人工补录占比</h2>')
  for (const secret of ['王秀英', '王*英', '张兰']) expect(html).not.toContain(secret)
  const tag = page.headers.get('etag') ?? ''
  expect((await fetch(address, { headers: { 'if-none-match': tag, 'cache-control': 'max-age=0' } })).status).toBe(304)
  expect((await fetch(`${base}/open/${world.places.town.id}/2026-09`)).status).toBe(404)
  // where to go is told with the numbers; what was closed isn't
  const { village, town } = world.places
  const site = (name: string, more: object) => ({
    ...{ id: randomUUID(), kind: 'mutualAidPoint', regionId: village.id, regionPath: village.path, name, code: '' },
    ...{ countyId: village.countyId as string, address: '', phone: '', openingHours: '8:00–17:00', active: true },
    ...{ needs: 'living,culture', source: 'desk', byPersonId: maker.personId, recordedAt: world.clock.now, ...more },
  })
  const sites = [site('北庄<互助点>', {}), site('关了的', { active: false }), site('某公司', { kind: 'company' })]
  await world.db.organisation.createMany({ data: sites })
  const told = await (await fetch(address)).text()
  expect(told).toContain('<td>北庄&lt;互助点&gt;</td><td>睦邻互助点</td><td>生活交往、文化娱乐</td><td>8:00–17:00</td>')
  for (const hidden of ['关了的', '某公司']) expect(told).not.toContain(hidden)
  expect((await fetch(address, { headers: { 'if-none-match': tag, 'cache-control': 'max-age=0' } })).status).toBe(200)
  const { body: supply } = await ask<Supply>(maker, 'GET', `/supply?regionId=${town.id}&month=${MONTH}`)
  expect([supply.isOpen, supply.total.due, supply.total.missing, supply.total.members > 0]).toEqual([true, 3, 1, true])
  expect(supply.rows.map((one) => [one.regionName, one.sites.map(({ name }) => name)])).toEqual([
    ['北庄村', ['北庄<互助点>']],
    ['西庄村', []],
  ])
  expect((await fetch(`${base}/open/${world.places.town.id}/../../etc`)).status).not.toBe(500)
})
