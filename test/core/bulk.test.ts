import { expect, test } from 'vitest'
import { insertRows } from '../../server/core/bulk'
import { openDb } from '../../server/core/db'
import { freshDatabase } from '../support/database'

const at = new Date('2026-11-22T01:02:03.004Z')
const job = (id: string, more: { dueAt?: Date } = {}) => ({
  id,
  kind: 'test',
  key: id,
  dueAt: at,
  leasedUntil: null,
  tries: 2,
  ...more,
})

test('what is written in bulk reads and compares like what Prisma writes', async () => {
  const db = openDb(await freshDatabase())
  await db.job.create({ data: job('prisma') })

  await db.$transaction((tx) =>
    insertRows(tx, 'job', [job('bulk'), job('later', { dueAt: new Date(at.getTime() + 1) })]),
  )

  const rows = await db.job.findMany({ orderBy: { id: 'asc' } })
  expect({ ...rows[0], id: '', key: '' }).toEqual({ ...rows[2], id: '', key: '' })
  expect(
    (await db.job.findMany({ where: { dueAt: { lte: at } }, orderBy: { id: 'asc' } })).map((row) => row.id),
  ).toEqual(['bulk', 'prisma'])
  expect((await db.job.findMany({ where: { dueAt: { gt: at } } })).map((row) => row.id)).toEqual(['later'])
  await db.$disconnect()
})

test('a key that is taken is left out, and the count says so; also of two at once', async () => {
  const db = openDb(await freshDatabase())
  const both = await Promise.all([1, 2].map(() => db.$transaction((tx) => insertRows(tx, 'job', [job('a'), job('b')]))))

  expect(both.sort()).toEqual([0, 2])
  expect(await db.$transaction((tx) => insertRows(tx, 'job', [job('b'), job('c')]))).toBe(1)
  expect(await db.job.count()).toBe(3)
  await db.$disconnect()
})

test('thousands go in several statements, and none at all in none', async () => {
  const db = openDb(await freshDatabase())
  const many = Array.from({ length: 5000 }, (_, index) => job(`job ${index}`))

  expect(await db.$transaction((tx) => insertRows(tx, 'job', many))).toBe(5000)
  expect(await db.$transaction((tx) => insertRows(tx, 'job', []))).toBe(0)
  await db.$disconnect()
})
