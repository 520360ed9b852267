// What needs two persons: what may be asked for at all, and what is counted of those who ask.
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { clearingAccount, systemAccount } from '../../server/ledger/accounts'
import { auditLedger } from '../../server/ledger/audit'
import { close } from '../../server/ledger/close'
import { openLotsOf } from '../../server/ledger/lots'
import { postManual } from '../../server/ledger/manual'
import {
  accountsConcerned,
  askFor,
  carryOut,
  decideOn,
  grantedAloneSince,
  type LedgerRequest,
  manualSince,
} from '../../server/ledger/request'
import { addSeconds } from '../../shared/core/time'
import { MILLI_POINTS_MAX } from '../../shared/ledger/rules'
import { type Books, codesOf, NOON, newBooks } from './books'

const request = (books: Books, accountId: string, more: Partial<LedgerRequest> = {}): LedgerRequest => ({
  ...{ id: randomUUID(), programmeId: books.programmeId, kind: 'MANUAL', accountId, milliPoints: 500n },
  ...{ transactionId: null, otherAccountId: null, detail: null, reason: '补记', evidenceHash: 'a'.repeat(64) },
  ...{ beneficiaryId: 'li', regionPath: '/1/', askedById: 'clerk' },
  ...more,
})
const ask = ({ db }: Books, asked: LedgerRequest, at = NOON) => db.$transaction((tx) => askFor(tx, asked, at))
const decide = ({ db }: Books, requestId: string, decision: 'approve' | 'reject' = 'approve') =>
  db.$transaction((tx) => decideOn(tx, { requestId, byId: 'boss', decision, reason: '' }, NOON))
const agreed = async (books: Books, asked: LedgerRequest) => {
  await ask(books, asked)
  await decide(books, asked.id)
}
const posted = async (books: Books, ...ids: string[]) =>
  Promise.all(ids.map(async (id) => (await books.balance(id)).posted))

test('an amount is more than nothing, and no more than one may move; by hand it may be taken too, with evidence', async () => {
  const books = await newBooks()
  const li = await books.member(500n)
  const amounts: [string, bigint | null][] = [
    ['MANUAL', null],
    ['MANUAL', 0n],
    ['GRANT', null],
    ['GRANT', 0n],
    ['GRANT', -1n],
    ['FREEZE', 0n],
    ['FREEZE', -1n],
    ['MANUAL', MILLI_POINTS_MAX + 1n],
    ['MANUAL', -MILLI_POINTS_MAX - 1n],
    ['MANUAL', MILLI_POINTS_MAX],
    ['MANUAL', -MILLI_POINTS_MAX],
    ['FREEZE', null],
    ['GRANT', 1n],
  ]
  const codes = await codesOf(
    amounts.map(([kind, milliPoints]) => ask(books, request(books, li, { kind, milliPoints }))),
  )
  expect(codes).toEqual([...Array(9).fill('AMOUNT'), '', '', '', ''])
  const missing: Partial<LedgerRequest>[] = [
    { milliPoints: null },
    { kind: 'FREEZE', milliPoints: 0n },
    { milliPoints: MILLI_POINTS_MAX + 1n },
  ]
  for (const more of missing)
    await expect(ask(books, request(books, li, more))).rejects.toMatchObject({ detail: { field: 'milliPoints' } })
  const unproven = request(books, li, { evidenceHash: null })
  await expect(ask(books, unproven)).rejects.toMatchObject({ detail: { field: 'evidenceHash' } })

  await agreed(books, request(books, li, { milliPoints: -200n }))
  expect(await posted(books, li)).toEqual([300n])
  expect((await auditLedger(books.db)).problem).toBeNull()
})

test('what is given or taken by hand is the request’s, once, with who agreed and when; nothing by hand is nothing', async () => {
  const books = await newBooks()
  const li = await books.open()
  const [given, taken] = [request(books, li), request(books, li, { milliPoints: -200n })]
  await agreed(books, given)
  await agreed(books, taken)
  const written = await books.db.ledgerTransaction.findMany({
    where: { kind: 'MANUAL' },
    include: { entries: { orderBy: { no: 'asc' } } },
  })
  for (const [{ id }, from, to, milliPoints] of [
    [given, books.issuance, li, 500n],
    [taken, li, books.issuance, 200n],
  ] as const) {
    const one = written.find(({ refId }) => refId === id)
    expect(one).toMatchObject({ refType: 'request', revision: 0, happenedAt: NOON, byId: 'boss' })
    expect(one?.entries.map((entry) => [entry.accountId, entry.amountMilliPoints])).toEqual([
      [from, -milliPoints],
      [to, milliPoints],
    ])
  }
  const none = {
    id: randomUUID(),
    requestId: randomUUID(),
    accountId: li,
    milliPoints: 0n,
    byId: 'boss',
    explanation: {},
  }
  expect(await codesOf([books.db.$transaction((tx) => postManual(tx, none, NOON))])).toEqual(['AMOUNT'])
})

test('what could never be carried out is refused when it is asked for', async () => {
  const books = await newBooks()
  const elsewhere = randomUUID()
  const [li, gone, there] = [await books.open(), await books.open(), await books.open('member', elsewhere)]
  const poolThere = await books.db.$transaction((tx) => systemAccount(tx, elsewhere, 'pool'))
  const closing = { id: randomUUID(), accountId: gone, refType: 'test', refId: 'x', byId: 'test', explanation: {} }
  await books.db.$transaction((tx) => close(tx, { ...closing, to: null }, NOON))
  const asked: [string, Partial<LedgerRequest>][] = [
    [randomUUID(), {}],
    [li, { otherAccountId: randomUUID() }],
    [gone, {}],
    [li, { kind: 'CLOSE', milliPoints: null, otherAccountId: gone }],
    [there, {}],
    [li, { kind: 'GRANT', otherAccountId: poolThere }],
    [li, { kind: 'GRANT', otherAccountId: there }],
    [li, { kind: 'CLOSE', milliPoints: null, otherAccountId: poolThere }],
    [li, { kind: 'CLOSE', milliPoints: null, otherAccountId: there }],
    [li, { kind: 'TRANSFER_REGION', otherAccountId: there }],
    [li, { kind: 'SETTLE', milliPoints: null, otherAccountId: there }],
  ]
  expect(await codesOf(asked.map(([id, more]) => ask(books, request(books, id, more))))).toEqual([
    ...['ACCOUNT_UNKNOWN', 'ACCOUNT_UNKNOWN', 'ACCOUNT_CLOSED', 'ACCOUNT_CLOSED', 'PROGRAMME_MIXED'],
    ...['PROGRAMME_MIXED', 'PROGRAMME_MIXED', 'PROGRAMME_MIXED', '', '', ''],
  ])
  expect(await codesOf([decide(books, randomUUID())])).toEqual(['NOT_FOUND'])
})

test('of a clerk is counted what he asked for by hand since an instant, whichever way it goes', async () => {
  const books = await newBooks()
  const li = await books.open()
  const since = (at: Date, who = 'clerk') => books.db.$transaction((tx) => manualSince(tx, who, at))
  await ask(books, request(books, li, { milliPoints: 300n }))
  await ask(books, request(books, li, { milliPoints: -200n }), addSeconds(NOON, 60))
  await ask(books, request(books, li, { milliPoints: 50n, askedById: 'another' }))
  await ask(books, request(books, li, { milliPoints: 70n, kind: 'GRANT' }))
  expect([await since(NOON), await since(addSeconds(NOON, 1)), await since(addSeconds(NOON, 61))]).toEqual([
    500n,
    200n,
    0n,
  ])
  expect(await since(NOON, 'another')).toBe(50n)
})

test('what somebody granted alone is counted, not what waits for a second person nor what had one', async () => {
  const books = await newBooks()
  const li = await books.open()
  const granting = (milliPoints: bigint) => request(books, li, { kind: 'GRANT', milliPoints })
  const [alone, waiting, together] = [granting(100n), granting(200n), granting(400n)]
  await ask(books, alone)
  await books.db.$transaction((tx) => carryOut(tx, alone, 'clerk', NOON))
  await ask(books, waiting)
  await agreed(books, together)
  // a visit may have the request's name: it is no grant
  await books.post(books.earn(await books.open(), 1n, { refId: waiting.id }))

  const since = (at: Date) => books.db.$transaction((tx) => grantedAloneSince(tx, 'clerk', at))
  expect([await since(NOON), await since(addSeconds(NOON, 1))]).toEqual([100n, 0n])
  expect(await posted(books, li)).toEqual([500n])
})

test('without an amount all that is free moves to the other county; what is held stays', async () => {
  const books = await newBooks()
  const [li, there] = [await books.member(900n), await books.open('member', randomUUID())]
  await books.hold(li, 300n)
  await agreed(books, request(books, li, { kind: 'TRANSFER_REGION', milliPoints: null, otherAccountId: there }))
  expect(await posted(books, li, there)).toEqual([300n, 600n])
  expect((await auditLedger(books.db)).problem).toBeNull()
})

test('what two persons agreed to is carried out: an amount to another county, settling, leaving with all, a list', async () => {
  const books = await newBooks()
  const elsewhere: string = randomUUID()
  const [li, there, gone] = [await books.member(900n), await books.open('member', elsewhere), await books.member(50n)]
  await agreed(books, request(books, li, { kind: 'TRANSFER_REGION', milliPoints: 200n, otherAccountId: there }))
  expect(await posted(books, li, there)).toEqual([700n, 200n])
  const [clearing, back] = await books.db.$transaction(async (tx) => [
    await clearingAccount(tx, books.programmeId, elsewhere),
    await clearingAccount(tx, elsewhere, books.programmeId),
  ])
  const settling = { kind: 'SETTLE', milliPoints: null, otherAccountId: back ?? '' }
  await agreed(books, request(books, clearing ?? '', settling))
  expect(await posted(books, clearing ?? '', back ?? '')).toEqual([0n, 0n])

  await agreed(books, request(books, gone, { kind: 'CLOSE', milliPoints: null, otherAccountId: there }))
  expect(await posted(books, gone, there)).toEqual([0n, 250n])
  await agreed(books, request(books, li, { kind: 'CLOSE', milliPoints: null }))
  expect(await posted(books, li)).toEqual([0n])

  const [suspense, wang] = [
    await books.db.$transaction((tx) => systemAccount(tx, books.programmeId, 'suspense')),
    await books.open(),
  ]
  const over = addSeconds(NOON, 86_400)
  const line = { accountId: wang, happenedAt: addSeconds(NOON, -60).toISOString(), source: '1' }
  const detail = JSON.stringify([
    { ...line, milliPoints: '30', expiresAt: over.toISOString() },
    { ...line, milliPoints: '20', expiresAt: null },
  ])
  await agreed(books, request(books, suspense, { kind: 'IMPORT', milliPoints: 60n, detail }))
  expect(await posted(books, wang, suspense)).toEqual([50n, 10n])
  const lots = await books.db.$transaction((tx) => openLotsOf(tx, wang))
  expect(lots.map((lot) => [lot.milliPoints, lot.expiresAt])).toEqual([
    [30n, over],
    [20n, null],
  ])
  expect((await auditLedger(books.db)).problem).toBeNull()
})

test('what was granted alone is not decided on besides; what one has decided nobody decides again', async () => {
  const books = await newBooks()
  const li = await books.open()
  const alone = request(books, li, { kind: 'GRANT' })
  const rejected = request(books, li, { kind: 'GRANT' })
  await ask(books, alone)
  await books.db.$transaction((tx) => carryOut(tx, alone, 'clerk', NOON))
  await ask(books, rejected)
  await decide(books, rejected.id, 'reject')
  expect([
    ...(await codesOf([decide(books, alone.id, 'reject')])),
    ...(await codesOf([decide(books, rejected.id, 'reject')])),
  ]).toEqual(['REQUEST_DECIDED', 'REQUEST_DECIDED'])
  expect(await books.db.ledgerDecision.findMany()).toMatchObject([
    { requestId: rejected.id, decision: 'reject', reason: '', byId: 'boss', at: NOON },
  ])
  expect(await posted(books, li)).toEqual([500n])
})

test('a grant comes from the pool where one is named, and says who asked for it, why, and on what evidence', async () => {
  const books = await newBooks()
  const [li, pool] = [
    await books.open(),
    await books.db.$transaction((tx) => systemAccount(tx, books.programmeId, 'pool')),
  ]
  await books.post(books.earn(pool, 1000n))
  const asked = request(books, li, { kind: 'GRANT', otherAccountId: pool, reason: '慰问' })
  await agreed(books, asked)
  expect(await posted(books, li, pool)).toEqual([500n, 500n])
  const { explanation, byId } = await books.db.ledgerTransaction.findFirstOrThrow({ where: { refId: asked.id } })
  expect([JSON.parse(explanation), byId]).toEqual([
    { reason: '慰问', askedBy: 'clerk', evidence: 'a'.repeat(64) },
    'boss',
  ])
})

test('a request concerns its account, the other side, each line of a list, and all that moved in what it undoes', async () => {
  const books = await newBooks()
  const [li, wang, zhao] = [await books.open(), await books.open(), await books.open()]
  const concerned = (more: Partial<LedgerRequest>) =>
    books.db.$transaction((tx) => accountsConcerned(tx, request(books, li, more)))
  const line = { milliPoints: '1', expiresAt: null, happenedAt: NOON.toISOString(), source: 'old book' }
  const detail = JSON.stringify([
    { ...line, accountId: wang },
    { ...line, accountId: zhao, expiresAt: NOON.toISOString() },
  ])
  const draft = books.earn(zhao, 10n)
  await books.post(draft, books.earn(wang, 10n))
  expect(await concerned({})).toEqual([li])
  expect(await concerned({ otherAccountId: wang })).toEqual([li, wang])
  expect((await concerned({ detail })).sort()).toEqual([li, wang, zhao].sort())
  expect((await concerned({ transactionId: draft.id })).sort()).toEqual([li, books.issuance, zhao].sort())
})
