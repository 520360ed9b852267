import { expect, test } from 'vitest'
import { joined, type Settled, settled } from '../../server/core/batch'
import { insertAll } from '../../server/core/bulk'
import { type Db, openDb, transact } from '../../server/core/db'
import { onceEach } from '../../server/core/once'
import { Refusal } from '../../shared/core/refusals'
import { freshDatabase } from '../support/database'

const at = new Date('2026-11-22T01:02:03.004Z')
type Ask = { key: string; id: string; whatever?: string }

/** A verb that adds a job: refuses "refused", and breaks the list that holds "broken". */
function verb(lists: string[][], { doneFirst = async () => {} } = {}) {
  const work = async (db: Db, asks: readonly Ask[]): Promise<Settled<{ id: string }>[]> => {
    lists.push(asks.map(({ id }) => id))
    await doneFirst()
    const onceOf = ({ key, id }: Ask) => ({ key, personId: 'somebody', input: { id }, at })
    return transact(db, (tx) =>
      onceEach(tx, 'add', asks, onceOf, async (fresh) => {
        const good = fresh.filter(({ id }) => id !== 'refused')
        await insertAll(tx, 'job', good.map(rowOf))
        if (fresh.some(({ id }) => id === 'broken')) throw new Error('a bug')
        return fresh.map(({ id }) =>
          id === 'refused' ? { answer: null, refusal: new Refusal('NOT_FOUND') } : settled({ id }),
        )
      }),
    )
  }
  return joined<Ask, { id: string }>({ apart: ({ key }) => [key], work })
}

function rowOf({ id }: Ask) {
  return { id, kind: 'test', key: id, dueAt: at, tries: 0 }
}

function resultsOf(asks: readonly Promise<{ id: string }>[]) {
  return Promise.all(
    asks.map((ask) =>
      ask.then(
        ({ id }) => id,
        (error) => (error as { code?: string }).code ?? 'bug',
      ),
    ),
  )
}

async function ids(db: Db) {
  return (await db.job.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id)
}

test('what comes at the same time is one list, what comes meanwhile is the next', async () => {
  const db = openDb(await freshDatabase())
  const lists: string[][] = []
  const add = verb(lists)

  const first = ['a', 'b', 'c'].map((id) => add(db, { key: id, id }))
  while (lists.length === 0) await new Promise(setImmediate)
  const second = ['d', 'e'].map((id) => add(db, { key: id, id }))

  expect(await resultsOf([...first, ...second])).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(lists[0]).toEqual(['a', 'b', 'c'])
  expect(lists.flat()).toEqual(['a', 'b', 'c', 'd', 'e'])
  await db.$disconnect()
})

test('one that is refused refuses itself only, leaves no key, and is judged anew', async () => {
  const db = openDb(await freshDatabase())
  const lists: string[][] = []
  const add = verb(lists)

  expect(await resultsOf(['a', 'refused', 'b'].map((id) => add(db, { key: id, id })))).toEqual(['a', 'NOT_FOUND', 'b'])

  expect(lists).toHaveLength(1)
  expect(await ids(db)).toEqual(['a', 'b'])
  expect((await db.idempotency.findMany()).map(({ key }) => key).sort()).toEqual(['add:a', 'add:b'])
  expect(await resultsOf([add(db, { key: 'refused', id: 'c' })])).toEqual(['c'])
  await db.$disconnect()
})

test('the same key twice at once is done once and answered twice; with another wish it is refused', async () => {
  const db = openDb(await freshDatabase())
  const add = verb([])

  const asks = [add(db, { key: 'k', id: 'a' }), add(db, { key: 'k', id: 'a' }), add(db, { key: 'k', id: 'b' })]

  expect(await resultsOf(asks)).toEqual(['a', 'a', 'IDEMPOTENCY_CONFLICT'])
  expect(await ids(db)).toEqual(['a'])
  await db.$disconnect()
})

test('a list that fails is done again one by one: only who is at fault fails, and nothing of it stays', async () => {
  const db = openDb(await freshDatabase())
  const lists: string[][] = []
  const add = verb(lists)

  expect(await resultsOf(['a', 'broken', 'b'].map((id) => add(db, { key: id, id })))).toEqual(['a', 'bug', 'b'])

  expect(lists).toEqual([['a', 'broken', 'b'], ['a'], ['broken'], ['b']])
  expect(await ids(db)).toEqual(['a', 'b'])
  expect(await db.idempotency.count()).toBe(2)
  await db.$disconnect()
})

test('two processes with the same keys at once do each of them once', async () => {
  const url = await freshDatabase()
  const [one, other] = [openDb(url), openDb(url)]
  const names = Array.from({ length: 20 }, (_, place) => `n${String(place).padStart(2, '0')}`)
  const [addHere, addThere] = [verb([]), verb([])]

  const asks = names.flatMap((id) => [addHere(one, { key: id, id }), addThere(other, { key: id, id })])

  expect(await resultsOf(asks)).toEqual(names.flatMap((id) => [id, id]))
  expect(await ids(one)).toEqual(names)
  await Promise.all([one.$disconnect(), other.$disconnect()])
})

test('a list closes when a turn of the event loop brought nobody more', async () => {
  const db = openDb(await freshDatabase())
  const lists: string[][] = []
  const add = verb(lists)
  const asks: Promise<{ id: string }>[] = []
  const comes = (id: string) => asks.push(add(db, { key: id, id }))

  setImmediate(() => {
    setImmediate(comes, 'b')
    comes('a')
  })
  while (lists.length === 0) await new Promise(setImmediate)
  comes('c')

  expect(await resultsOf(asks)).toEqual(['a', 'b', 'c'])
  expect(lists).toEqual([['a', 'b'], ['c']])
  await db.$disconnect()
})

test('those whom one list answered are the next list, without those who come in between', async () => {
  const db = openDb(await freshDatabase())
  const lists: string[][] = []
  const listing = (name: string) =>
    joined<string, string>({
      apart: () => [],
      work: async (_, ids) => {
        lists.push([name, ...ids])
        return ids.map((id) => settled(id))
      },
    })
  const [recognise, write] = [listing('who'), listing('what')]
  const ask = async (id: string) => write(db, await recognise(db, id))

  const asks = ['a', 'b'].map(ask)
  while (lists.length === 0) await new Promise(setImmediate)
  asks.push(write(db, 'c'))

  expect(await Promise.all(asks)).toEqual(['a', 'b', 'c'])
  expect(lists).toEqual([
    ['who', 'a', 'b'],
    ['what', 'a', 'b'],
    ['what', 'c'],
  ])
  await db.$disconnect()
})
