// Accounts that end: what goes where, what stays in the way, and what two records of one person owed.
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { systemAccount } from '../../server/ledger/accounts'
import { close, creditsLike, merge } from '../../server/ledger/close'
import { openLotsOf } from '../../server/ledger/lots'
import { recoveryIdOf } from '../../server/ledger/order'
import { instantOf } from '../../shared/core/time'
import { type Books, codesOf, NOON, newBooks } from './books'

const SUMMER = instantOf('2027-06-01', '00:00')
const closing = (accountId: string) => ({
  ...{ id: randomUUID(), accountId, refType: 'test', refId: randomUUID(), byId: 'test', explanation: { why: 'test' } },
})
const end = ({ db }: Books, accountId: string, to: string | null) =>
  db.$transaction((tx) => close(tx, { ...closing(accountId), to }, NOON))
const join = ({ db }: Books, accountId: string, to: string) =>
  db.$transaction((tx) => merge(tx, { ...closing(accountId), to }, NOON))
const earnUntil = (books: Books, to: string, milliPoints: bigint, expiresAt: Date) => {
  const draft = books.earn(to, milliPoints)
  return books.post({ ...draft, postings: draft.postings.map((one) => ({ ...one, expiresAt })) })
}
const isClosed = async ({ db }: Books, id: string) =>
  (await db.ledgerAccount.findUniqueOrThrow({ where: { id } })).closedAt
/** Owes this much: earned, spent, and then it had been a mistake. */
async function owing(books: Books, accountId: string, milliPoints: bigint) {
  const mistake = books.earn(accountId, milliPoints)
  await books.post(mistake)
  await books.postHold(await books.hold(accountId, milliPoints))
  await books.reverse(mistake.id)
}

test('points of one time arrive as one lot, each time as its own', async () => {
  const books = await newBooks()
  const [li, pool] = [
    await books.member(100n),
    await books.db.$transaction((tx) => systemAccount(tx, books.programmeId, 'pool')),
  ]
  await earnUntil(books, li, 30n, SUMMER)
  await earnUntil(books, li, 20n, SUMMER)
  await books.post(books.earn(li, 5n))

  await end(books, li, pool)

  const lots = await openLotsOf(books.db, pool)
  expect(lots.map((one) => [one.milliPoints, one.expiresAt])).toEqual([
    [105n, null],
    [50n, SUMMER],
  ])
  expect(await isClosed(books, li)).toEqual(NOON)
})

test('an empty account is closed, and nothing is written into the books', async () => {
  const books = await newBooks()
  const li = await books.open()
  await end(books, li, null)
  expect(await isClosed(books, li)).toEqual(NOON)
  expect(await books.db.ledgerTransaction.count()).toBe(0)
})

test('what nobody has, what is closed, and what something is held of is not closed', async () => {
  const books = await newBooks()
  const [li, wang, zhao] = [await books.open(), await books.member(10n), await books.open()]
  await books.hold(wang, 1n)
  await end(books, li, null)
  expect(
    await codesOf([
      end(books, randomUUID(), null),
      end(books, li, null),
      end(books, wang, null),
      join(books, wang, zhao),
      join(books, li, zhao),
      join(books, zhao, zhao),
      end(books, zhao, li).then(() => join(books, zhao, wang)),
    ]),
  ).toEqual([
    'ACCOUNT_UNKNOWN',
    'ACCOUNT_CLOSED',
    'ACCOUNT_HELD',
    'ACCOUNT_HELD',
    'ACCOUNT_CLOSED',
    'AMOUNT',
    'ACCOUNT_CLOSED',
  ])
  expect(await isClosed(books, wang)).toBeNull()
})

test('what somebody leaves is written once, with whose account it was, when, by whom and why', async () => {
  const books = await newBooks()
  const [li, heir] = [await books.member(70n), await books.open()]
  const asked = closing(li)
  await books.db.$transaction((tx) => close(tx, { ...asked, to: heir }, NOON))
  const written = await books.db.ledgerTransaction.findUniqueOrThrow({ where: { id: asked.id } })
  expect(written).toMatchObject({
    ...{ kind: 'CLOSE', refType: 'test', refId: asked.refId, revision: 0, byId: 'test' },
    ...{ happenedAt: NOON, explanation: '{"why":"test"}' },
  })
  expect((await books.balance(heir)).posted).toBe(70n)
})

test('an overdraft and points of one time go as what is left of them; of nothing left nothing goes', () => {
  const lot = { transactionId: 'x', no: 1 }
  const [spent, filled] = [
    { ...lot, milliPoints: -50n, expiresAt: null },
    { ...lot, milliPoints: 50n, expiresAt: null },
  ]
  const soon = { ...lot, milliPoints: 30n, expiresAt: SUMMER }
  expect(creditsLike([spent, filled, soon], 'heir')).toEqual([
    { accountId: 'heir', milliPoints: 30n, expiresAt: SUMMER },
  ])
})

test('points go to nobody whose account is closed, and then stay where they are', async () => {
  const books = await newBooks()
  const [li, heir] = [await books.member(10n), await books.open()]
  await end(books, heir, null)
  expect(await codesOf([end(books, li, heir)])).toEqual(['ACCOUNT_CLOSED'])
  expect([await isClosed(books, li), (await books.balance(li)).posted]).toEqual([null, 10n])
})

test('who repaid what he owed brings no debt along', async () => {
  const books = await newBooks()
  const [li, kept] = [await books.open(), await books.open()]
  await owing(books, li, 40n)
  await books.post(books.earn(li, 40n))
  await books.post(
    books.draft({
      kind: 'REPAY',
      postings: [
        { accountId: li, milliPoints: -40n },
        { accountId: recoveryIdOf(li), milliPoints: 40n },
      ],
    }),
  )
  await join(books, li, kept)
  expect(await books.db.ledgerTransaction.count({ where: { kind: 'MERGE' } })).toBe(0)
  expect([await isClosed(books, li), await isClosed(books, kept)]).toEqual([NOON, null])
})

test('who joins without owing anything brings points only; who owes brings that too, on top of what is owed there', async () => {
  const books = await newBooks()
  const [one, two, kept] = [await books.member(70n), await books.open(), await books.open()]
  await join(books, one, kept)
  expect(await books.db.ledgerTransaction.count({ where: { kind: 'MERGE' } })).toBe(1)
  expect(await books.db.ledgerAccount.count({ where: { kind: 'recovery' } })).toBe(0)

  await owing(books, two, 40n)
  await owing(books, kept, 100n)
  await join(books, two, kept)

  expect((await books.balance(kept)).posted).toBe(0n) // what he had went into what he owed
  expect((await books.balance(recoveryIdOf(two))).posted).toBe(0n)
  expect((await books.balance(recoveryIdOf(kept))).posted).toBe(-70n)
  const debt = await books.db.ledgerTransaction.findFirstOrThrow({ where: { refType: 'testDebt' } })
  expect(debt).toMatchObject({
    kind: 'MERGE',
    revision: 0,
    happenedAt: NOON,
    byId: 'test',
    explanation: '{"why":"test"}',
  })
  expect(await isClosed(books, two)).toEqual(NOON)
})
