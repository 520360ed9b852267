// Points come in lots, and go from the oldest: what expires, and what a reversal puts back, depends on it.
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Tx } from '../../server/core/db'
import { letOverdraw } from '../../server/ledger/overdraft'
import { post, postEach, reverseEach } from '../../server/ledger/post'
import { instantOf } from '../../shared/core/time'
import { type Books, NOON, newBooks } from './books'

/** The open lots of an account, the oldest first: what is left of each. */
async function openLots({ db }: Books, accountId: string): Promise<bigint[]> {
  const lots = await db.$queryRaw<{ left: bigint }[]>`
    SELECT COALESCE(u."leftMilliPoints", e."lotMilliPoints") AS "left"
    FROM ledger_entry AS e LEFT JOIN ledger_lot_use AS u ON u."lotTransactionId" = e."transactionId" AND u."lotNo" = e."no"
      AND u."useNo" = (SELECT MAX("useNo") FROM ledger_lot_use WHERE "lotTransactionId" = e."transactionId" AND "lotNo" = e."no")
    WHERE e."accountId" = ${accountId} ORDER BY e."accountSeq"`
  return lots.map((lot) => BigInt(lot.left)).filter((left) => left !== 0n)
}

const spend = (books: Books, from: string, milliPoints: bigint) =>
  books.draft({
    kind: 'PAY',
    refType: 'test',
    postings: [
      { accountId: from, milliPoints: -milliPoints },
      { accountId: books.due, milliPoints },
    ],
  })

test('each credit opens a lot, and a debit takes from the oldest', async () => {
  const books = await newBooks()
  const li = await books.open()
  await books.post(books.earn(li, 1000n), books.earn(li, 2000n), books.earn(li, 3000n))
  expect(await openLots(books, li)).toEqual([1000n, 2000n, 3000n])

  await books.post(spend(books, li, 1500n))
  expect(await openLots(books, li)).toEqual([1500n, 3000n])
  await books.post(spend(books, li, 1500n), spend(books, li, 500n))
  expect(await openLots(books, li)).toEqual([2500n])
})

test('a lot keeps when it is over', async () => {
  const books = await newBooks()
  const li = await books.open()
  const expiresAt = instantOf('2027-01-01', '00:00')
  const earned = books.earn(li, 1000n)
  await books.post({ ...earned, postings: earned.postings.map((one) => ({ ...one, expiresAt })) })
  const entry = await books.db.ledgerEntry.findFirstOrThrow({ where: { accountId: li } })
  expect(entry.lotExpiresAt).toEqual(expiresAt)
})

test('undoing a spend puts back the lots it took from', async () => {
  const books = await newBooks()
  const li = await books.open()
  await books.post(books.earn(li, 1000n), books.earn(li, 2000n))
  const spent = spend(books, li, 1500n)
  await books.post(spent)
  await books.post(books.earn(li, 700n))

  await books.reverse(spent.id)

  expect(await openLots(books, li)).toEqual([1000n, 2000n, 700n])
  expect((await books.balance(li)).posted).toBe(3700n)
})

test('undoing an award takes its own lot first, and then the oldest', async () => {
  const books = await newBooks()
  const li = await books.open()
  const [first, second] = [books.earn(li, 1000n), books.earn(li, 2000n)]
  await books.post(first, second)

  await books.reverse(second.id)
  expect(await openLots(books, li)).toEqual([1000n])

  await books.post(spend(books, li, 400n), books.earn(li, 5000n))
  await books.reverse(first.id)
  expect(await openLots(books, li)).toEqual([4600n])
})

test('who may overdraw opens a lot below zero, and what comes next fills it', async () => {
  const books = await newBooks()
  const li = await books.member(300n)
  await books.db.ledgerAccount.update({ where: { id: li }, data: { lowestMilliPoints: -1000n } })
  await books.post(spend(books, li, 800n))
  expect(await openLots(books, li)).toEqual([-500n])

  await books.post(books.earn(li, 200n))
  expect(await openLots(books, li)).toEqual([-300n])
  await books.post(books.earn(li, 1000n))
  expect(await openLots(books, li)).toEqual([700n])
})

test('how far a member may overdraw grows and never shrinks; a pool may not at all, and nothing is asked for nothing', async () => {
  const books = await newBooks()
  const [li, wang, pool] = [await books.open(), await books.open(), await books.open('pool')]
  const lowest = async (id: string) =>
    (await books.db.ledgerAccount.findUniqueOrThrow({ where: { id } })).lowestMilliPoints
  const allow = (id: string, milliPoints: bigint) => books.db.$transaction((tx) => letOverdraw(tx, id, milliPoints))

  for (const milliPoints of [1000n, 400n, 0n]) await allow(li, milliPoints)
  await allow(pool, 1000n)
  expect(await Promise.all([li, wang, pool].map(lowest))).toEqual([-1000n, 0n, 0n])
  await allow(li, 1500n)
  expect(await lowest(li)).toBe(-1500n)

  await letOverdraw({} as Tx, li, 0n) // most places allow nothing: a redemption there waits for one statement less
})

test('the oldest of many hundred lots is found, and the search begins where the last one ended', async () => {
  const books = await newBooks()
  const li = await books.open()
  await books.post(...Array.from({ length: 600 }, () => books.earn(li, 10n)))

  await books.post(spend(books, li, 5005n))

  expect(await openLots(books, li)).toEqual([5n, ...Array.from({ length: 99 }, () => 10n)])
  const { lotsFrom } = await books.db.ledgerAccount.findUniqueOrThrow({ where: { id: li } })
  expect(lotsFrom).toBe(501)
})

test('in a list a refused one refuses itself only, and the next is judged as if it had not been asked', async () => {
  const books = await newBooks()
  const [li, wang] = [await books.member(1000n), await books.open()]
  const visit = randomUUID()
  const drafts = [
    spend(books, li, 600n),
    spend(books, li, 500n),
    books.earn(wang, 300n, { refId: visit }),
    books.earn(wang, 300n, { refId: visit }),
    spend(books, wang, 300n),
    spend(books, li, 400n),
    books.draft({ postings: [] }),
    books.earn(randomUUID(), 1n),
  ]

  const outcomes = await books.db.$transaction((tx) => postEach(tx, drafts, NOON))

  expect(outcomes).toEqual([null, 'POINTS_NOT_ENOUGH', null, 'ALREADY_POSTED', null, null, 'AMOUNT', 'ACCOUNT_UNKNOWN'])
  expect([(await books.balance(li)).posted, (await books.balance(wang)).posted]).toEqual([0n, 0n])
  expect(await books.db.ledgerTransaction.count()).toBe(5)
})

test('many are reversed at once, each as if alone: what one advanced the other does not advance again', async () => {
  const books = await newBooks()
  const li = await books.open()
  const [first, second] = [books.earn(li, 1000n), books.earn(li, 1000n)]
  await books.post(first, second, spend(books, li, 1500n))
  const ask = (transactionId: string) => ({ id: randomUUID(), transactionId, byId: 'test', explanation: {} })

  const outcomes = await books.db.$transaction((tx) =>
    reverseEach(tx, [ask(first.id), ask(second.id), ask(second.id)], NOON),
  )

  expect(outcomes).toEqual([null, null, 'ALREADY_REVERSED'])
  expect((await books.balance(li)).posted).toBe(0n)
  const recovery = await books.db.ledgerAccount.findFirstOrThrow({ where: { kind: 'recovery' } })
  expect(recovery.postedMilliPoints).toBe(-1500n)
  expect(await openLots(books, li)).toEqual([])
})

test('what has not happened yet is not posted', async () => {
  const books = await newBooks()
  const li = await books.open()
  const later = books.earn(li, 1n, { happenedAt: new Date(NOON.getTime() + 1) })
  expect(await books.db.$transaction((tx) => postEach(tx, [later], NOON))).toEqual(['CLOCK_WENT_BACK'])
  await books.db.$transaction((tx) => post(tx, [later], later.happenedAt))
})
