// Between two counties: who moves with what he has, and what the counties owe each other until they settle.
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Tx } from '../../server/core/db'
import { clearingAccount } from '../../server/ledger/accounts'
import { auditLedger } from '../../server/ledger/audit'
import { openLotsOf } from '../../server/ledger/lots'
import { moveAway, settleClearing, transferRegion } from '../../server/ledger/transfer'
import { instantOf } from '../../shared/core/time'
import { type Books, codesOf, NOON, newBooks } from './books'

const inTx = <T>({ db }: Books, work: (tx: Tx) => Promise<T>) => db.$transaction(work)
const posted = async (books: Books, ...ids: string[]) =>
  Promise.all(ids.map(async (id) => (await books.balance(id)).posted))
const isClosed = async ({ db }: Books, id: string) =>
  (await db.ledgerAccount.findUniqueOrThrow({ where: { id } })).closedAt !== null
const by = { byId: 'boss', explanation: { why: 'test' } }

/** Two counties, and somebody who has 1000 here and moves there. */
async function counties() {
  const books = await newBooks()
  const [here, there]: string[] = [books.programmeId, randomUUID()]
  const [li, liThere] = [await books.member(1000n), await books.open('member', there)]
  const clearing = await inTx(books, async (tx) => [
    await clearingAccount(tx, here ?? '', there ?? ''),
    await clearingAccount(tx, there ?? '', here ?? ''),
  ])
  const move = async (milliPoints: bigint) => {
    const id = await books.agreed('TRANSFER_REGION', li)
    await inTx(books, (tx) => transferRegion(tx, { ...by, id, from: li, to: liThere, milliPoints }, NOON))
    return id
  }
  const leave = async (accountId = li) => {
    const requestId = await books.agreed('CLOSE', accountId)
    const ask = { ...by, id: randomUUID(), requestId, accountId, to: liThere, refType: 'request', refId: requestId }
    await inTx(books, (tx) => moveAway(tx, ask, NOON))
  }
  const settle = async () => {
    const id = await books.agreed('SETTLE', clearing[0] ?? '')
    const ask = { ...by, id, here: here ?? '', there: there ?? '' }
    await inTx(books, (tx) => settleClearing(tx, ask, NOON))
    return books.db.ledgerTransaction.findMany({ where: { refId: id }, orderBy: { refType: 'asc' } })
  }
  return { books, li, liThere, there: there ?? '', clearing, move, leave, settle }
}

test('points keep the time they have in the other county, and both halves say why and who agreed', async () => {
  const { books, li, liThere, there, move } = await counties()
  const until = instantOf('2027-06-01', '00:00')
  const draft = books.earn(li, 500n)
  await books.post({ ...draft, postings: draft.postings.map((one) => ({ ...one, expiresAt: until })) })

  const id = await move(1200n)

  const lots = await inTx(books, (tx) => openLotsOf(tx, liThere))
  expect(lots.map((lot) => [lot.milliPoints, lot.expiresAt])).toEqual([
    [1000n, null],
    [200n, until],
  ])
  const halves = await books.db.ledgerTransaction.findMany({ where: { refId: id }, orderBy: { refType: 'asc' } })
  const said = { happenedAt: NOON, byId: 'boss', explanation: '{"why":"test"}', kind: 'TRANSFER_REGION' }
  expect(halves).toMatchObject([
    { ...said, refType: 'transferIn', programmeId: there },
    { ...said, refType: 'transferOut', programmeId: books.programmeId },
  ])
  expect((await auditLedger(books.db)).problem).toBeNull()
})

test('nothing, less than nothing and more than there is moves nowhere; nor anything within one county', async () => {
  const { books, li, liThere, move } = await counties()
  expect([await codesOf([move(0n)]), await codesOf([move(-5n)]), await codesOf([move(1001n)])]).toEqual([
    ['AMOUNT'],
    ['AMOUNT'],
    ['POINTS_NOT_ENOUGH'],
  ])
  const wang = await books.open()
  const within = { ...by, id: randomUUID(), from: li, to: wang, milliPoints: 5n }
  expect(await codesOf([inTx(books, (tx) => transferRegion(tx, within, NOON))])).toEqual(['PROGRAMME_MIXED'])
  expect(await posted(books, li, liThere)).toEqual([1000n, 0n])
})

test('who leaves takes all along; with nothing only the account is closed, and while something is held neither', async () => {
  const { books, li, liThere, leave } = await counties()
  const held = await books.hold(li, 400n)
  expect(await codesOf([leave()])).toEqual(['ACCOUNT_HELD'])
  await books.voidHold(held)
  await leave()
  expect([await posted(books, li, liThere), await isClosed(books, li)]).toEqual([[0n, 1000n], true])

  const poor = await books.open()
  await leave(poor)
  expect([await posted(books, liThere), await isClosed(books, poor)]).toEqual([[1000n], true])
  expect(await codesOf([leave(randomUUID()), leave(li)])).toEqual(['ACCOUNT_UNKNOWN', 'ACCOUNT_CLOSED'])
  expect((await auditLedger(books.db)).problem).toBeNull()
})

test('what two counties owe each other is settled on both sides, and nothing is written when they owe nothing', async () => {
  const { books, clearing, move, settle, there } = await counties()
  expect(await settle()).toEqual([])
  await move(600n)
  expect(await posted(books, ...clearing)).toEqual([600n, -600n])
  const said = { happenedAt: NOON, byId: 'boss', explanation: '{"why":"test"}', kind: 'SETTLE' }
  expect(await settle()).toMatchObject([
    { ...said, refType: 'clearingIn', programmeId: there },
    { ...said, refType: 'clearingOut', programmeId: books.programmeId },
  ])
  expect(await posted(books, ...clearing)).toEqual([0n, 0n])
  expect(await books.sumOf(books.issuance)).toBe(-400n)
  expect((await auditLedger(books.db)).problem).toBeNull()
})
