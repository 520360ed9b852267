import { expect, test } from 'vitest'
import { openDb } from '../../server/core/db'
import { readDivision } from '../../server/region/division'
import { importRegions } from '../../server/region/import'
import { instantOf } from '../../shared/core/time'
import { freshDatabase } from '../support/database'

const at = instantOf('2026-11-22', '09:00')

test('the real tree of Wendeng: its villages belong to the county, and importing again adds nothing', async () => {
  const db = openDb(await freshDatabase())
  const nodes = await readDivision('371003')
  const steps: number[] = []

  const first = await importRegions(db, nodes, at, (done, all) => steps.push(done / all))
  const again = await importRegions(db, nodes, at)

  expect(first).toEqual({ added: nodes.length, kept: 0 })
  expect(again).toEqual({ added: 0, kept: nodes.length })
  expect(steps.at(-1)).toBe(1)
  const county = await db.region.findFirstOrThrow({ where: { code: '371003' } })
  expect(county.countyId).toBe(county.id)
  expect(await db.region.count({ where: { countyId: county.id } })).toBe(nodes.length - 2)
  expect(await db.region.count({ where: { kind: { in: ['village', 'community'] }, countyId: county.id } })).toBe(721)
  const village = await db.region.findFirstOrThrow({ where: { kind: 'village' } })
  expect(village.path.startsWith(county.path)).toBe(true)
  expect(await db.regionVersion.count()).toBe(nodes.length)
  await db.$disconnect()
})

test('what the staff renamed stays renamed, and a missing village is added', async () => {
  const db = openDb(await freshDatabase())
  const nodes = await readDivision('371003')
  const last = nodes.at(-1)
  await importRegions(db, nodes.slice(0, -1), at)
  await db.region.updateMany({ where: { code: '371003' }, data: { name: '文登' } })

  const { added } = await importRegions(db, nodes, at)

  expect(added).toBe(1)
  expect(await db.region.count({ where: { code: last?.code ?? '' } })).toBe(1)
  expect(await db.region.findFirstOrThrow({ where: { code: '371003' } })).toMatchObject({ name: '文登' })
  await db.$disconnect()
})

test('a child before its parent is a mistake of the caller, and nothing is added', async () => {
  const db = openDb(await freshDatabase())
  const nodes = await readDivision('371003')

  await expect(importRegions(db, [...nodes].reverse(), at)).rejects.toThrow('comes before its parent')

  expect(await db.region.count()).toBe(0)
  await db.$disconnect()
})
