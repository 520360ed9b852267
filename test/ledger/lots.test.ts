// Points come in lots, and go from the oldest: what expires, and what a reversal puts back, depends on it.
import { randomUUID } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import type { Tx } from '../../server/core/db'
import { expiringLots, firstOf, lotsOverIn, openLotsOf } from '../../server/ledger/lots'
import { letOverdraw } from '../../server/ledger/overdraft'
import { type Draft, post, postEach, reverseEach } from '../../server/ledger/post'
import { addSeconds, instantOf } from '../../shared/core/time'
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

/** Points that are over at an instant. */
const earnUntil = (books: Books, to: string, milliPoints: bigint, expiresAt: Date) => {
  const earned = books.earn(to, milliPoints)
  return books.post({ ...earned, postings: earned.postings.map((one) => ({ ...one, expiresAt })) })
}

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
  await earnUntil(books, li, 1000n, expiresAt)
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
  expect(await openLotsOf(books.db, li)).toMatchObject([{ transactionId: first.id, milliPoints: 1000n }])

  await books.post(spend(books, li, 400n), books.earn(li, 5000n))
  await books.reverse(first.id)
  expect(await openLots(books, li)).toEqual([4600n])
})

test('who may overdraw opens a lot below zero, and what comes next fills it', async () => {
  const books = await newBooks()
  const li = await books.member(300n)
  await books.db.ledgerAccount.update({ where: { id: li }, data: { lowestMilliPoints: -1000n } })
  const spent = spend(books, li, 800n)
  await books.post(spent)
  expect(await openLots(books, li)).toEqual([-500n])

  await earnUntil(books, li, 200n, NOON) // what only fills it is never over
  expect(await openLotsOf(books.db, li)).toMatchObject([{ transactionId: spent.id, milliPoints: -300n }])
  expect(await books.db.ledgerEntry.count({ where: { lotExpiresAt: { not: null } } })).toBe(0)
  await books.post(spend(books, li, 100n))
  expect(await openLots(books, li)).toEqual([-300n, -100n])
  await books.post(books.earn(li, 1000n))
  expect(await openLots(books, li)).toEqual([600n])
})

test('however many small overdrafts there are, what comes next fills them all', async () => {
  const books = await newBooks()
  const li = await books.open()
  await books.db.ledgerAccount.update({ where: { id: li }, data: { lowestMilliPoints: -1000n } })
  await books.post(...Array.from({ length: 300 }, () => spend(books, li, 1n)))
  await books.post(books.earn(li, 1000n))
  expect(await openLots(books, li)).toEqual([700n])
})

test('the search for the oldest lot begins at it, or where nothing older was left when it was last looked for', async () => {
  const books = await newBooks()
  const li = await books.open()
  const lotsFrom = async () => (await books.db.ledgerAccount.findUniqueOrThrow({ where: { id: li } })).lotsFrom
  const lists: [drafts: Draft[], begins: number][] = [
    [[books.earn(li, 100n)], 1],
    [[books.earn(li, 20n)], 1],
    [[spend(books, li, 110n)], 2],
    [[spend(books, li, 10n)], 4],
    [[books.earn(li, 50n)], 4],
    [[spend(books, li, 50n)], 6],
    [[books.earn(li, 30n), spend(books, li, 30n)], 7],
  ]
  for (const [drafts, begins] of lists) {
    await books.post(...drafts)
    expect(await lotsFrom()).toBe(begins)
  }
})

test('the last lot of a chain is found where it stands alone behind what was looked through', async () => {
  const books = await newBooks()
  const li = await books.open()
  await books.post(...Array.from({ length: 257 }, () => books.earn(li, 10n)))
  await books.post(spend(books, li, 2570n))
  expect(await openLots(books, li)).toEqual([])
})

test.each([0, 1])(
  'a spend and one of the two awards it took from are undone in one list, lot by lot',
  async (undone) => {
    const books = await newBooks()
    const li = await books.open()
    const awards = [books.earn(li, 1000n), books.earn(li, 2000n)]
    await books.post(...awards)
    const spent = spend(books, li, 1500n)
    await books.post(spent)
    const asks = [spent.id, awards[undone]?.id ?? ''].map((transactionId) => {
      return { id: randomUUID(), transactionId, byId: 'test', explanation: {} }
    })

    expect(await books.db.$transaction((tx) => reverseEach(tx, asks, NOON))).toEqual([null, null])

    const left = { transactionId: awards[1 - undone]?.id, milliPoints: undone === 0 ? 2000n : 1000n }
    expect(await openLotsOf(books.db, li)).toMatchObject([left])
  },
)

test('what is put back before where the search begins is found again', async () => {
  const books = await newBooks()
  const li = await books.member(100n)
  const spent = spend(books, li, 100n)
  await books.post(spent)
  await books.reverse(spent.id)
  await books.post(spend(books, li, 100n))
  expect(await openLots(books, li)).toEqual([])
})

test('no more of a chain is read than a debit needs, and a credit reads nothing of it', async () => {
  const books = await newBooks()
  const [li, wang] = [await books.open(), await books.open()]
  await books.db.ledgerAccount.update({ where: { id: wang }, data: { lowestMilliPoints: -1000n } })
  const last = books.earn(li, 10n)
  await books.post(...Array.from({ length: 899 }, () => books.earn(li, 10n)), last)
  const readsOf = (draft: Draft) =>
    books.db.$transaction(async (tx) => {
      const reads = vi.spyOn(tx, '$queryRaw').mockClear()
      await post(tx, [draft], NOON)
      return reads.mock.calls.length
    })
  const named = spend(books, li, 10n)
  const from = [{ transactionId: last.id, no: 2, milliPoints: 10n }]
  const fromLast = { ...named, postings: named.postings.map((one) => (one.accountId === li ? { ...one, from } : one)) }

  const idle = await readsOf(books.earn(li, 10n))
  expect(idle).toBe(2) // the accounts, and what is known already
  expect(await readsOf(spend(books, wang, 10n))).toBe(idle) // a chain without an entry
  expect(await readsOf(spend(books, li, 10n))).toBe(idle + 1)
  expect(await readsOf(spend(books, li, 2560n))).toBe(idle + 1)
  expect(await readsOf(spend(books, li, 2570n))).toBe(idle + 2)
  expect(await readsOf(fromLast)).toBe(idle + 2) // the one that is named stands behind what was looked through
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

  const lotsFrom = async () => (await books.db.ledgerAccount.findUniqueOrThrow({ where: { id: li } })).lotsFrom
  await books.post(spend(books, li, 2560n))
  expect(await lotsFrom()).toBe(257)
  await books.post(spend(books, li, 2705n))

  expect(await openLots(books, li)).toEqual([5n, ...Array.from({ length: 73 }, () => 10n)])
  expect(await lotsFrom()).toBe(527)
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

test('a debit will take the oldest lots up to its amount, and nothing of what is empty or owed', () => {
  const lots = [-50n, 0n, 100n, 200n, 300n].map((milliPoints, no) => ({ no, milliPoints }))
  const taken = (milliPoints: bigint) => firstOf(lots, milliPoints).map((lot) => [lot.no, lot.milliPoints])
  expect(taken(0n)).toEqual([])
  expect(taken(40n)).toEqual([[2, 40n]])
  expect(taken(300n)).toEqual([
    [2, 100n],
    [3, 200n],
  ])
  expect(taken(301n)).toEqual([
    [2, 100n],
    [3, 200n],
    [4, 1n],
  ])
})

test('what is over soon is told with what is left of it, the soonest first; what lasts is not', async () => {
  const books = await newBooks()
  const li = await books.member(50n)
  const [spring, summer] = [instantOf('2027-03-01', '00:00'), instantOf('2027-06-01', '00:00')]
  await earnUntil(books, li, 300n, summer)
  await earnUntil(books, li, 200n, spring)
  await books.post(spend(books, li, 150n), books.earn(li, 10n))

  expect(await expiringLots(books.db, li, summer)).toEqual([
    { expiresAt: spring, milliPoints: 200n },
    { expiresAt: summer, milliPoints: 200n },
  ])
  expect(await expiringLots(books.db, li, addSeconds(summer, -1))).toEqual([{ expiresAt: spring, milliPoints: 200n }])
  expect(await openLotsOf(books.db, li)).toMatchObject([
    { no: 2, milliPoints: 200n, expiresAt: summer },
    { no: 2, milliPoints: 200n, expiresAt: spring },
    { no: 2, milliPoints: 10n, expiresAt: null },
  ])
})

test('what many lose in a span of time is read some accounts at a time, each once', async () => {
  const books = await newBooks()
  const [first = '', second = '', third = ''] = [await books.open(), await books.open(), await books.open()].sort()
  const spring = instantOf('2027-03-01', '00:00')
  for (const [place, who] of [first, second, third].entries())
    await earnUntil(books, who, BigInt(100 + place), addSeconds(spring, place))
  const read = (after: string, span: { after: Date; upTo: Date }) => lotsOverIn(books.db, span, after, 2)
  const all = { after: addSeconds(spring, -1), upTo: addSeconds(spring, 2) }

  const page = await read('', all)
  expect(page.over.sort((a, b) => (a.accountId < b.accountId ? -1 : 1))).toEqual([
    { accountId: first, expiresAt: spring, milliPoints: 100n },
    { accountId: second, expiresAt: addSeconds(spring, 1), milliPoints: 101n },
  ])
  expect(page.last).toBe(second)
  const rest = [{ accountId: third, expiresAt: addSeconds(spring, 2), milliPoints: 102n }]
  expect(await read(second, all)).toEqual({ over: rest, last: null })
  expect(await read('', { ...all, after: addSeconds(spring, 1) })).toEqual({ over: rest, last: null })
  expect(await read('', { after: spring, upTo: addSeconds(spring, 2) })).toMatchObject({ last: third })
  expect((await lotsOverIn(books.db, all, '', 1)).last).toBe(first)
  expect(await read(third, all)).toEqual({ over: [], last: null })
})

test('a debit takes from the lots it names, whatever stands before them; from one nobody opened it takes nothing', async () => {
  const books = await newBooks()
  const li = await books.open()
  const [first, second] = [books.earn(li, 1000n), books.earn(li, 2000n)]
  await books.post(first, second)
  const from = (transactionId: string) => {
    const draft = spend(books, li, 500n)
    const named = [{ transactionId, no: 2, milliPoints: 200n }]
    return { ...draft, postings: draft.postings.map((one) => (one.accountId === li ? { ...one, from: named } : one)) }
  }
  await expect(books.post(from(randomUUID()))).rejects.toThrow(/^no lot /)
  expect(await openLots(books, li)).toEqual([1000n, 2000n])

  await books.post(from(second.id)) // the rest comes from the oldest
  expect(await openLots(books, li)).toEqual([700n, 1800n])
})

test('where the lots do not cover what the counter says, nothing is spent', async () => {
  const books = await newBooks()
  const li = await books.member(1000n)
  await books.db.ledgerAccount.update({ where: { id: li }, data: { lotsFrom: 9 } })
  await expect(books.post(spend(books, li, 1000n))).rejects.toThrow(`${li}: lots do not cover it`)
  expect((await books.balance(li)).posted).toBe(1000n)
})
