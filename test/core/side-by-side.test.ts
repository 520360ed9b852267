import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertAll } from '../../server/core/bulk'
import { type Db, inOrder, openDb, query, readTogether, transact } from '../../server/core/db'
import { freshDatabase } from '../support/database'

const at = new Date('2026-11-22T01:02:03.004Z')
const job = (id: string) => ({ id, kind: 'test', key: id, dueAt: at, leasedUntil: null, tries: 0 })
const idsIn = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)
const jobs = (db: Parameters<typeof query>[0]) => query<{ id: string }>(db, 'SELECT "id" FROM job ORDER BY "id"')

let db: Db
beforeAll(async () => {
  db = openDb(await freshDatabase())
})
afterAll(() => db.$disconnect())

test('steps sent together are done in their order, each seeing what the one before wrote', async () => {
  const [, between, , after] = await transact(db, (tx) =>
    inOrder(
      tx,
      () => insertAll(tx, 'job', [job('first')]),
      () => jobs(tx),
      () => insertAll(tx, 'job', [job('second')]),
      () => jobs(tx),
    ),
  )
  expect(idsIn(between)).toEqual(['first'])
  expect(idsIn(after)).toEqual(['first', 'second'])
})

test('where one of them fails nothing stays, neither what came before nor what was sent behind it', async () => {
  const before = idsIn(await jobs(db))
  await expect(
    transact(db, (tx) =>
      inOrder(
        tx,
        () => insertAll(tx, 'job', [job('good')]),
        () => query(tx, 'SELECT 1 FROM no_such_table'),
        () => insertAll(tx, 'job', [job('behind')]),
      ),
    ),
  ).rejects.toThrow('no_such_table')
  expect(idsIn(await jobs(db))).toEqual(before)
  await transact(db, (tx) => insertAll(tx, 'job', [job('next')]))
  expect(idsIn(await jobs(db))).toEqual([...before, 'next'].sort())
})

test('questions of one list get each their own answer, also when one of them is refused', async () => {
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8]
  const ask = (reader: Parameters<typeof query>[0], number: number) =>
    query<{ said: string }>(reader, 'SELECT CAST($1 AS TEXT) AS "said"', String(number))
  const answers = await readTogether(db, (reader) => Promise.all(numbers.map((number) => ask(reader, number))))
  expect(answers.map(([one]) => one?.said)).toEqual(numbers.map(String))
  await expect(
    readTogether(db, (reader) => Promise.all([ask(reader, 1), query(reader, 'SELECT nonsense'), ask(reader, 2)])),
  ).rejects.toThrow('nonsense')
  expect(await readTogether(db, (reader) => ask(reader, 9))).toEqual([{ said: '9' }])
})

test('what somebody has written and not committed is read by nobody beside, and by everybody after', async () => {
  const seen = await transact(db, async (tx) => {
    await insertAll(tx, 'job', [job('unseen')])
    const inside = idsIn(await jobs(tx))
    const beside = idsIn(await jobs(db))
    const together = idsIn(await readTogether(db, jobs))
    const byPrisma = idsIn(await db.job.findMany({ where: { id: 'unseen' } }))
    return { inside, beside, together, byPrisma }
  })
  expect(seen.inside).toContain('unseen')
  expect(seen.beside).not.toContain('unseen')
  expect(seen.together).not.toContain('unseen')
  expect(seen.byPrisma).toEqual([])
  expect(idsIn(await jobs(db))).toContain('unseen')
})
