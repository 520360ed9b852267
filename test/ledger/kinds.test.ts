// Each kind of transaction: what it moves, and what it refuses.
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Tx } from '../../server/core/db'
import { clearingAccount, openAccounts, systemAccount } from '../../server/ledger/accounts'
import { auditLedger } from '../../server/ledger/audit'
import { close, merge } from '../../server/ledger/close'
import { expire, expireAll, restore } from '../../server/ledger/expire'
import { freeze, unfreeze } from '../../server/ledger/freeze'
import { donate, donateTo, gift } from '../../server/ledger/gift'
import { bonus, grant } from '../../server/ledger/grant'
import { importBalances } from '../../server/ledger/import'
import { openLotsOf } from '../../server/ledger/lots'
import { recoveryIdOf } from '../../server/ledger/order'
import { book, bookAgain, pay } from '../../server/ledger/pay'
import { findEarnings, repay } from '../../server/ledger/repay'
import { askFor, decideOn, type LedgerRequest } from '../../server/ledger/request'
import { settleDue } from '../../server/ledger/settle'
import { settleClearing, transferRegion } from '../../server/ledger/transfer'
import { addSeconds, instantOf } from '../../shared/core/time'
import { type AccountKind, MILLI_POINTS_MAX } from '../../shared/ledger/rules'
import { type Books, codesOf, NOON, newBooks } from './books'

const inTx = <T>({ db }: Books, work: (tx: Tx) => Promise<T>) => db.$transaction(work)
const system = (books: Books, kind: Exclude<AccountKind, 'member'>) =>
  inTx(books, (tx) => systemAccount(tx, books.programmeId, kind))
const ask = (milliPoints: bigint) => ({
  id: randomUUID(),
  refType: 'test',
  refId: randomUUID(),
  milliPoints,
  happenedAt: NOON,
  byId: 'test',
  explanation: {},
})
const posted = async (books: Books, ...accounts: string[]) =>
  Promise.all(accounts.map(async (one) => (await books.balance(one)).posted))
const expectRight = async (books: Books) => expect((await auditLedger(books.db)).problem).toBeNull()
/** Owes this much: earned, spent, and then it had been a mistake. */
async function owing(books: Books, milliPoints: bigint) {
  const accountId = await books.open()
  const mistake = books.earn(accountId, milliPoints)
  await books.post(mistake)
  await books.postHold(await books.hold(accountId, milliPoints))
  await books.reverse(mistake.id)
  return accountId
}

/** Points that are over at an instant. */
const earnUntil = (books: Books, to: string, milliPoints: bigint, expiresAt: Date) => {
  const draft = books.earn(to, milliPoints)
  return books.post({ ...draft, postings: draft.postings.map((one) => ({ ...one, expiresAt })) })
}

test('points are given to a neighbour or to the pool, and granted from the pool or newly issued', async () => {
  const books = await newBooks()
  const [li, wang] = [await books.member(10_000n), await books.open()]
  const pool = await system(books, 'pool')

  await inTx(books, (tx) => gift(tx, { ...ask(1000n), from: li, to: wang }, NOON))
  await inTx(books, (tx) => donate(tx, { ...ask(2000n), from: li, to: pool }, NOON))
  await inTx(books, (tx) => grant(tx, { ...ask(500n), from: pool, to: wang }, NOON))
  await inTx(books, (tx) => grant(tx, { ...ask(300n), to: wang }, NOON))
  await inTx(books, (tx) => bonus(tx, { ...ask(200n), to: wang }, NOON))

  expect(await posted(books, li, wang, pool)).toEqual([7000n, 2000n, 1500n])
  expect(
    await codesOf([
      inTx(books, (tx) => gift(tx, { ...ask(7001n), from: li, to: wang }, NOON)),
      inTx(books, (tx) => gift(tx, { ...ask(0n), from: li, to: wang }, NOON)),
      inTx(books, (tx) => gift(tx, { ...ask(1n), from: li, to: li }, NOON)),
      inTx(books, (tx) => gift(tx, { ...ask(1n), from: randomUUID(), to: wang }, NOON)),
      inTx(books, (tx) => grant(tx, { ...ask(1501n), from: pool, to: wang }, NOON)),
    ]),
  ).toEqual(['POINTS_NOT_ENOUGH', 'AMOUNT', 'AMOUNT', 'ACCOUNT_UNKNOWN', 'POINTS_NOT_ENOUGH'])
  await expectRight(books)
})

test('all that is free may be given, not what is held; what is too much for one posting is refused as too much', async () => {
  const books = await newBooks()
  const [li, wang] = [await books.member(10_000n), await books.open()]
  await books.hold(li, 3000n)
  const give = (milliPoints: bigint) => inTx(books, (tx) => gift(tx, { ...ask(milliPoints), from: li, to: wang }, NOON))

  expect(await codesOf([give(7001n), give(MILLI_POINTS_MAX), give(MILLI_POINTS_MAX + 1n)])).toEqual([
    'POINTS_NOT_ENOUGH',
    'POINTS_NOT_ENOUGH',
    'AMOUNT',
  ])
  await give(7000n)

  expect(await posted(books, li, wang)).toEqual([3000n, 7000n])
  await expectRight(books)
})

test('what is donated to an organisation keeps the time it has', async () => {
  const books = await newBooks()
  const [li, wang] = [await books.open(), await books.open('organisation')]
  const [spring, summer] = [instantOf('2027-03-01', '00:00'), instantOf('2027-06-01', '00:00')]
  await earnUntil(books, li, 300n, spring)
  await earnUntil(books, li, 500n, summer)

  await inTx(books, (tx) => donateTo(tx, { ...ask(400n), from: li, to: wang }, NOON))

  const lots = await inTx(books, (tx) => openLotsOf(tx, wang))
  expect(lots.map((lot) => [lot.milliPoints, lot.expiresAt])).toEqual([
    [300n, spring],
    [100n, summer],
  ])
  expect(await books.db.ledgerTransaction.count({ where: { kind: 'DONATE' } })).toBe(1)
})

test('points move from one account to another that is there, more than nothing, and until the time that is said', async () => {
  const books = await newBooks()
  const [li, pool] = [await books.member(1000n), await system(books, 'pool')]
  const until = instantOf('2027-06-01', '00:00')
  const give = (milliPoints: bigint, from = li, to = pool) =>
    inTx(books, (tx) => donate(tx, { ...ask(milliPoints), from, to, expiresAt: until }, NOON))

  expect(
    await codesOf([give(0n), give(-1n), give(1n, li, li), give(1n, randomUUID()), give(1n, li, randomUUID())]),
  ).toEqual([...['AMOUNT', 'AMOUNT', 'AMOUNT'], ...['ACCOUNT_UNKNOWN', 'ACCOUNT_UNKNOWN']])
  await give(400n)

  const lots = await inTx(books, (tx) => openLotsOf(tx, pool))
  expect(lots.map((lot) => [lot.milliPoints, lot.expiresAt])).toEqual([[400n, until]])
})

describe('paying', () => {
  const booking = (books: Books, accountId: string) => ({
    ...{ id: randomUUID(), byId: 'test', happenedAt: NOON, explanation: {} },
    ...{ programmeId: books.programmeId, accountId, milliPoints: 3000n, refType: 'order', refId: randomUUID() },
    until: instantOf('2026-11-23', '12:00'),
  })

  test('what an elder booked is paid to the helper, or less of it, once for a visit', async () => {
    const books = await newBooks()
    const [elder, helper] = [await books.member(5000n), await books.open()]
    const held = booking(books, elder)
    await inTx(books, (tx) => book(tx, held, NOON))
    const paying = {
      ...{ id: randomUUID(), byId: 'test', happenedAt: NOON, explanation: {} },
      ...{ holdId: held.id, to: helper, visitId: randomUUID() },
    }
    expect(await inTx(books, (tx) => pay(tx, { ...paying, milliPoints: 3001n }, NOON))).toBe('AMOUNT')

    await inTx(books, (tx) => pay(tx, { ...paying, milliPoints: 2000n }, NOON))

    expect(await posted(books, elder, helper)).toEqual([3000n, 2000n])
    expect((await books.balance(elder)).pending).toBe(0n)
    const again = { ...paying, id: randomUUID(), milliPoints: 1n }
    expect(await inTx(books, (tx) => pay(tx, again, NOON))).toBe('HOLD_RESOLVED')
  })

  test('what was paid and taken back is booked and paid again, while the elder still has it', async () => {
    const books = await newBooks()
    const [elder, helper, visitId] = [await books.member(5000n), await books.open(), randomUUID()]
    const payFrom = async (held: ReturnType<typeof booking>, revision?: number) => {
      const id = randomUUID()
      const by = { id, byId: 'test', happenedAt: NOON, explanation: {}, holdId: held.id, to: helper, visitId }
      const more = revision === undefined ? {} : { revision }
      expect(await inTx(books, (tx) => pay(tx, { ...by, ...more, milliPoints: 3000n }, NOON))).toBeNull()
      return id
    }
    const [first, again, later] = [booking(books, elder), booking(books, elder), booking(books, elder)]
    await inTx(books, (tx) => book(tx, first, NOON))
    await books.reverse(await payFrom(first))

    expect(await inTx(books, (tx) => bookAgain(tx, again, NOON))).toBeNull()
    await payFrom(again, 1)
    expect(await inTx(books, (tx) => bookAgain(tx, later, NOON))).toBe('POINTS_NOT_ENOUGH')

    expect(await posted(books, elder, helper)).toEqual([2000n, 3000n])
    const paid = await books.db.ledgerTransaction.findMany({ where: { kind: 'PAY' }, orderBy: { revision: 'asc' } })
    expect(paid.map((one) => [one.refType, one.refId, one.revision])).toEqual([
      ['visit', visitId, 0],
      ['visit', visitId, 1],
    ])
    await expectRight(books)
  })
})

describe('expiry', () => {
  const midnight = instantOf('2027-01-01', '00:00')

  test('takes what is over, lot by lot, and leaves what is held and what lasts', async () => {
    const books = await newBooks()
    const [li, wang] = [await books.member(500n), await books.open()]
    await earnUntil(books, li, 3000n, midnight)
    await earnUntil(books, wang, 2000n, midnight)
    await books.hold(wang, 1500n, { until: instantOf('2027-01-05', '12:00') })

    expect(await inTx(books, (tx) => expire(tx, '', addSeconds(midnight, -1)))).toMatchObject({ expired: 0 })
    expect(await inTx(books, (tx) => expire(tx, '', midnight))).toMatchObject({ expired: 2, last: null })

    expect(await posted(books, li, wang)).toEqual([500n, 1500n])
    expect(await books.sumOf(await system(books, 'expired'))).toBe(3500n)
    expect(await inTx(books, (tx) => expire(tx, '', addSeconds(midnight, 1)))).toMatchObject({ expired: 0 })
    await expectRight(books)
  })

  test('says which lots it took, and of each how much: the oldest first, up to what is held', async () => {
    const books = await newBooks()
    const li = await books.open()
    for (const milliPoints of [300n, 200n, 400n]) await earnUntil(books, li, milliPoints, midnight)
    await books.hold(li, 450n, { until: instantOf('2027-01-05', '12:00') })

    await expireAll(books.db, midnight)

    const { explanation } = await books.db.ledgerTransaction.findFirstOrThrow({ where: { kind: 'EXPIRE' } })
    const { lots } = JSON.parse(explanation) as { lots: { transactionId: string; no: number; milliPoints: string }[] }
    const opened = await books.db.ledgerEntry.findMany({
      where: { accountId: li, amountMilliPoints: { gt: 0n } },
      orderBy: { accountSeq: 'asc' },
    })
    expect(lots).toEqual([
      { transactionId: opened[0]?.transactionId, no: 2, milliPoints: '300' },
      { transactionId: opened[1]?.transactionId, no: 2, milliPoints: '150' },
    ])
    await expectRight(books)
  })

  test('takes more than one transaction moves in as many as it needs, and counts the member once', async () => {
    const books = await newBooks()
    const li = await books.open()
    for (const milliPoints of [MILLI_POINTS_MAX, MILLI_POINTS_MAX - 1n, 1n, 1n])
      await earnUntil(books, li, milliPoints, midnight)

    expect(await expireAll(books.db, midnight)).toBe(1)

    expect(await posted(books, li)).toEqual([0n])
    const taken = await books.db.ledgerEntry.findMany({
      where: { accountId: li, transaction: { kind: 'EXPIRE' } },
      orderBy: { accountSeq: 'asc' },
    })
    expect(taken.map((one) => one.amountMilliPoints)).toEqual([-MILLI_POINTS_MAX, -MILLI_POINTS_MAX, -1n])
    const named = await books.db.ledgerTransaction.findMany({ where: { kind: 'EXPIRE' }, orderBy: { refId: 'asc' } })
    const name = `${li}@${midnight.toISOString()}`
    expect(named.map((one) => one.refId)).toEqual([name, `${name}/2`, `${name}/3`])
    await expectRight(books)
  })

  test('that the books refuse is said aloud, once everybody else’s points are taken', async () => {
    const books = await newBooks()
    const [li, wang] = [await books.open(), await books.open()]
    await earnUntil(books, li, 2000n, midnight)
    const held = await books.hold(li, 1500n)
    expect(await expireAll(books.db, midnight)).toBe(1)
    await books.voidHold(held) // the same instant takes from him twice now, under one name
    await earnUntil(books, wang, 300n, midnight)

    await expect(expireAll(books.db, midnight)).rejects.toThrow(
      `1 expiries were refused, the first of ${li}: ALREADY_POSTED`,
    )

    expect(await posted(books, li, wang)).toEqual([1500n, 0n])
    await expectRight(books)
  })
})

test('everybody’s points are looked at, however many people there are', async () => {
  const books = await newBooks()
  const ids = Array.from({ length: 230 }, () => randomUUID())
  await inTx(books, (tx) =>
    openAccounts(
      tx,
      ids.map((id) => ({ id, programmeId: books.programmeId, kind: 'member' as const, openedAt: NOON })),
    ),
  )
  const over = { expiresAt: NOON }
  const drafts = ids.map((id) => books.earn(id, 100n))
  await books.post(
    ...drafts.map((draft) => ({ ...draft, postings: draft.postings.map((one) => ({ ...one, ...over })) })),
  )
  const last = ids.sort()[199]
  expect(await inTx(books, (tx) => expire(tx, '', NOON))).toEqual({ expired: 200, refused: [], last })
  expect(await expireAll(books.db, NOON)).toBe(30)
  expect(await expireAll(books.db, addSeconds(NOON, 1))).toBe(0)
  expect(await books.sumOf(await system(books, 'expired'))).toBe(23_000n)
})

test('frozen points come back into the lots they were taken from, once', async () => {
  const books = await newBooks()
  const li = await books.member(1000n)
  await books.post(books.earn(li, 2000n))
  const frozen = ask(0n).id
  await inTx(books, (tx) => freeze(tx, { ...ask(0n), id: frozen, from: li, milliPoints: null }, NOON))
  expect(await posted(books, li, await system(books, 'frozen'))).toEqual([0n, 3000n])
  const back = () => ({ id: randomUUID(), transactionId: frozen, byId: 'test', explanation: {} })

  await inTx(books, (tx) => unfreeze(tx, back(), NOON))

  expect((await inTx(books, (tx) => openLotsOf(tx, li))).map((lot) => lot.milliPoints)).toEqual([1000n, 2000n])
  expect(await codesOf([inTx(books, (tx) => unfreeze(tx, back(), NOON))])).toEqual(['ALREADY_POSTED'])
  const { id: earned } = await books.db.ledgerTransaction.findFirstOrThrow({ where: { kind: 'EARN' } })
  const noFreeze = [earned, randomUUID()].map((transactionId) =>
    inTx(books, (tx) => unfreeze(tx, { ...back(), transactionId }, NOON)),
  )
  expect(await codesOf(noFreeze)).toEqual(['NOT_FOUND', 'NOT_FOUND'])
  const ended = await books.db.ledgerTransaction.findFirstOrThrow({ where: { kind: 'UNFREEZE' } })
  expect(ended).toMatchObject({ refType: 'transaction', refId: frozen, revision: 0, happenedAt: NOON, byId: 'test' })
  await expectRight(books)
})

test('what is held for something else is not frozen with the rest', async () => {
  const books = await newBooks()
  const li = await books.member(1000n)
  await books.hold(li, 300n)
  await inTx(books, (tx) => freeze(tx, { ...ask(0n), from: li, milliPoints: null }, NOON))
  expect(await posted(books, li, await system(books, 'frozen'))).toEqual([300n, 700n])
})

test('what was handed over is settled, never more', async () => {
  const books = await newBooks()
  await books.postHold(await books.hold(await books.member(900n), 900n))
  const settle = (milliPoints: bigint) =>
    inTx(books, (tx) => settleDue(tx, { ...ask(milliPoints), programmeId: books.programmeId }, NOON))
  await settle(600n)
  expect(await posted(books, books.due)).toEqual([300n])
  expect(await codesOf([settle(301n)])).toEqual(['POINTS_NOT_ENOUGH'])
})

test('what was advanced is paid back from later earnings, never more than is owed', async () => {
  const books = await newBooks()
  const li = await owing(books, 1000n)
  expect(await posted(books, recoveryIdOf(li))).toEqual([-1000n])
  const later = [books.earn(li, 1500n), books.earn(li, 800n)]
  await books.post(...later)
  const earnings = later.map(({ id, programmeId }, place) => ({
    ...{ transactionId: id, accountId: li, programmeId },
    milliPoints: place === 0 ? 1500n : 800n,
  }))

  const outcomes = await inTx(books, (tx) => repay(tx, earnings, 50, 'clock', NOON))

  expect(outcomes).toEqual([null, null])
  expect(await posted(books, li, recoveryIdOf(li))).toEqual([1300n, 0n])
  await expectRight(books)
})

test('nobody repays what is held, or more than is left after what was repaid before', async () => {
  const books = await newBooks()
  const li = await owing(books, 1000n)
  const later = [books.earn(li, 200n), books.earn(li, 200n), books.earn(li, 200n)]
  await books.post(...later)
  await books.hold(li, 450n)
  const earnings = later.map(({ id, programmeId }) => ({
    ...{ transactionId: id, accountId: li, programmeId },
    milliPoints: 200n,
  }))

  expect(await inTx(books, (tx) => repay(tx, earnings, 50, 'clock', NOON))).toEqual([null, null])

  expect(await posted(books, li, recoveryIdOf(li))).toEqual([450n, -850n])
  const repaid = await books.db.ledgerTransaction.findMany({ where: { kind: 'REPAY' } })
  expect(new Set(repaid.map((one) => one.refId))).toEqual(new Set(later.slice(0, 2).map((one) => one.id)))
  expect(repaid[0]).toMatchObject({
    refType: 'transaction',
    byId: 'clock',
    happenedAt: NOON,
    explanation: '{"percent":50}',
  })
  await expectRight(books)
})

test('who owes and has nothing left keeps nobody behind him from paying back', async () => {
  const books = await newBooks()
  const [spender = '', saver = ''] = [await owing(books, 1000n), await owing(books, 1000n)].sort()
  await books.post(...Array.from({ length: 500 }, () => books.earn(spender, 10n)), books.earn(saver, 600n))
  await books.postHold(await books.hold(spender, 5000n))

  const earnings = await findEarnings(books.db, books.programmeId)
  await inTx(books, (tx) => repay(tx, earnings, 50, 'clock', NOON))

  expect(await posted(books, recoveryIdOf(spender), recoveryIdOf(saver))).toEqual([-1000n, -700n])
  await expectRight(books)
})

describe('closing', () => {
  const closing = (accountId: string) => ({
    ...{ id: randomUUID(), accountId, refType: 'test', refId: randomUUID(), byId: 'test', explanation: {} },
  })

  test('an heir gets the points with the time they have left; nothing more comes in', async () => {
    const books = await newBooks()
    const [li, heir] = [await books.member(500n), await books.open()]
    const until = instantOf('2027-06-01', '00:00')
    await earnUntil(books, li, 700n, until)

    const refId = await books.agreed('CLOSE', li)
    await inTx(books, (tx) => close(tx, { ...closing(li), refType: 'request', refId, to: heir }, NOON))

    expect(await posted(books, li, heir)).toEqual([0n, 1200n])
    const lots = await inTx(books, (tx) => openLotsOf(tx, heir))
    expect(lots.map((lot) => [lot.milliPoints, lot.expiresAt])).toEqual([
      [500n, null],
      [700n, until],
    ])
    expect(await codesOf([books.post(books.earn(li, 1n))])).toEqual(['ACCOUNT_CLOSED'])
    await expectRight(books)
  })

  test('without an heir they expire; while something is held it waits', async () => {
    const books = await newBooks()
    const [li, wang] = [await books.member(500n), await books.member(500n)]
    await books.hold(wang, 1n)
    await inTx(books, (tx) => close(tx, { ...closing(li), to: null }, NOON))
    expect(await books.sumOf(await system(books, 'expired'))).toBe(500n)
    expect(await codesOf([inTx(books, (tx) => close(tx, { ...closing(wang), to: null }, NOON))])).toEqual([
      'ACCOUNT_HELD',
    ])
  })

  test('two accounts of one person become one, with what was owed', async () => {
    const books = await newBooks()
    const [double, kept] = [await owing(books, 1000n), await books.member(100n)]
    await books.post(books.earn(double, 300n))

    const refId = randomUUID()
    await books.db.personMerge.create({
      data: {
        ...{ id: refId, fromPersonId: randomUUID(), intoPersonId: randomUUID(), regionPath: '/1/', reason: 'test' },
        ...{ state: 'done', openPersonId: null, askedByPersonId: 'clerk', askedAt: NOON },
        ...{ decidedByPersonId: 'boss', decidedAt: NOON },
      },
    })
    await inTx(books, (tx) => merge(tx, { ...closing(double), refType: 'personMerge', refId, to: kept }, NOON))

    expect(await posted(books, double, kept)).toEqual([0n, 400n])
    expect(await posted(books, recoveryIdOf(double), recoveryIdOf(kept))).toEqual([0n, -1000n])
    await expectRight(books)
  })
})

test('balances of another system come through suspense, and a refused row stays there', async () => {
  const books = await newBooks()
  const [li, wang] = [await books.open(), await books.open()]
  const row = (accountId: string, milliPoints: bigint) => ({
    ...{ accountId, milliPoints, expiresAt: null, happenedAt: NOON, source: 'old book' },
  })
  const importId = await books.agreed('IMPORT', await system(books, 'suspense'))
  const rows = [row(li, 1000n), row(randomUUID(), 500n), row(wang, 300n)]
  const list = { importId, programmeId: books.programmeId, totalMilliPoints: 1800n, rows, byId: 'test' }

  expect(await inTx(books, (tx) => importBalances(tx, list, NOON))).toEqual([null, 'ACCOUNT_UNKNOWN', null])
  expect(await codesOf([inTx(books, (tx) => importBalances(tx, list, NOON))])).toEqual(['ALREADY_POSTED'])

  expect(await posted(books, li, wang, await system(books, 'suspense'))).toEqual([1000n, 300n, 500n])
  await expectRight(books)
})

test('a list is issued as a whole, and each line says whose, from when, until when and from which line', async () => {
  const books = await newBooks()
  const li = await books.open()
  const [from, until] = [instantOf('2026-03-01', '00:00'), instantOf('2027-06-01', '00:00')]
  const importId = await books.agreed('IMPORT', await system(books, 'suspense'))
  const rows = [{ accountId: li, milliPoints: 1000n, expiresAt: until, happenedAt: from, source: '第 1 行' }]
  const list = { importId, programmeId: books.programmeId, rows, byId: 'boss' }
  const take = (totalMilliPoints: bigint) =>
    inTx(books, (tx) => importBalances(tx, { ...list, totalMilliPoints }, NOON))

  expect(await codesOf([take(0n), take(-1n)])).toEqual(['AMOUNT', 'AMOUNT'])
  expect(await take(1500n)).toEqual([null])

  const written = await books.db.ledgerTransaction.findMany({ where: { kind: 'IMPORT' }, orderBy: { refType: 'asc' } })
  expect(written).toMatchObject([
    { refType: 'import', refId: importId, byId: 'boss', happenedAt: NOON, explanation: '{"rows":1}' },
    {
      refType: 'importRow',
      refId: `${importId}/0`,
      byId: 'boss',
      happenedAt: from,
      explanation: '{"source":"第 1 行"}',
    },
  ])
  expect(await books.sumOf(books.issuance)).toBe(-1500n)
  const lots = await inTx(books, (tx) => openLotsOf(tx, li))
  expect(lots.map((lot) => [lot.milliPoints, lot.expiresAt])).toEqual([[1000n, until]])
  await expectRight(books)
})

test('points move to another county in a pair of transactions, and the counties settle to zero', async () => {
  const books = await newBooks()
  const [here, there] = [books.programmeId, randomUUID()]
  const [li, liThere] = [await books.member(1000n), await books.open('member', there)]
  const id = await books.agreed('TRANSFER_REGION', li)
  const moving = { id, from: li, to: liThere, milliPoints: 600n, byId: 'test', explanation: {} }
  await inTx(books, (tx) => transferRegion(tx, moving, NOON))
  const clearing = await inTx(books, async (tx) => [
    await clearingAccount(tx, here, there),
    await clearingAccount(tx, there, here),
  ])
  expect(await posted(books, li, liThere, ...clearing)).toEqual([400n, 600n, 600n, -600n])
  expect(
    await codesOf([inTx(books, (tx) => transferRegion(tx, { ...moving, id: randomUUID(), to: li }, NOON))]),
  ).toEqual(['PROGRAMME_MIXED'])

  const settled = await books.agreed('SETTLE', clearing[0] as string)
  await inTx(books, (tx) => settleClearing(tx, { id: settled, here, there, byId: 'test', explanation: {} }, NOON))

  expect(await posted(books, ...clearing)).toEqual([0n, 0n])
  await expectRight(books)
})

test('what has a way back of its own is not reversed besides: nobody gets his points twice', async () => {
  const books = await newBooks()
  const [li, wang] = [await books.member(1000n), await books.member(1000n)]
  const frozen = { id: randomUUID(), refType: 'test', refId: 'f', byId: 'test', explanation: {}, happenedAt: NOON }
  await inTx(books, (tx) => freeze(tx, { ...frozen, from: li, milliPoints: 600n }, NOON))
  await inTx(books, (tx) =>
    freeze(tx, { ...frozen, id: randomUUID(), refId: 'g', from: wang, milliPoints: 600n }, NOON),
  )
  expect(await codesOf([books.reverse(frozen.id)])).toEqual(['NOT_REVERSIBLE'])
  const back = { id: randomUUID(), transactionId: frozen.id, byId: 'test', explanation: {} }
  await inTx(books, (tx) => unfreeze(tx, back, NOON))
  expect(await codesOf([books.reverse(back.id), books.reverse(frozen.id)])).toEqual([
    'NOT_REVERSIBLE',
    'NOT_REVERSIBLE',
  ])
  expect(await posted(books, li, wang)).toEqual([1000n, 400n])

  const id = await books.agreed('TRANSFER_REGION', li)
  const there = await books.open('member', randomUUID())
  await inTx(books, (tx) => transferRegion(tx, { ...back, id, from: li, to: there, milliPoints: 100n }, NOON))
  const halves = await books.db.ledgerTransaction.findMany({ where: { kind: 'TRANSFER_REGION' } })
  expect(await codesOf(halves.map((one) => books.reverse(one.id)))).toEqual(['NOT_REVERSIBLE', 'NOT_REVERSIBLE'])
  await expectRight(books)
})

describe('what needs two persons', () => {
  const request = (books: Books, accountId: string, more: Partial<LedgerRequest>): LedgerRequest => ({
    ...{ id: randomUUID(), programmeId: books.programmeId, kind: 'MANUAL', accountId, milliPoints: 500n },
    ...{ transactionId: null, otherAccountId: null, detail: null, reason: '补记', evidenceHash: 'a'.repeat(64) },
    ...{ beneficiaryId: 'li', regionPath: '/1/', askedById: 'clerk' },
    ...more,
  })
  const decide = (books: Books, requestId: string, byId: string, decision: 'approve' | 'reject' = 'approve') =>
    inTx(books, (tx) => decideOn(tx, { requestId, byId, decision, reason: '' }, NOON))

  test('a manual entry is asked for by one and agreed to by another, neither of them whose account it is', async () => {
    const books = await newBooks()
    const li = await books.open()
    const asked = request(books, li, {})
    await inTx(books, (tx) => askFor(tx, asked, NOON))
    expect(await posted(books, li)).toEqual([0n])

    expect(await codesOf([decide(books, asked.id, 'clerk'), decide(books, asked.id, 'li')])).toEqual([
      'REQUEST_OWN',
      'REQUEST_OWN',
    ])
    const codes = await codesOf([decide(books, asked.id, 'boss'), decide(books, asked.id, 'other')])

    expect(codes.sort()).toEqual(['', 'REQUEST_DECIDED'])
    expect(await posted(books, li)).toEqual([500n])
    await expectRight(books)
  })

  test('nobody asks for himself, nor without evidence', async () => {
    const books = await newBooks()
    const li = await books.open()
    expect(
      await codesOf([
        inTx(books, (tx) => askFor(tx, request(books, li, { askedById: 'li' }), NOON)),
        inTx(books, (tx) => askFor(tx, request(books, li, { evidenceHash: null }), NOON)),
        inTx(books, (tx) => askFor(tx, request(books, li, { milliPoints: 0n }), NOON)),
      ]),
    ).toEqual(['REQUEST_OWN', 'EVIDENCE_NEEDED', 'AMOUNT'])
  })

  test('what is rejected moves nothing, and is over', async () => {
    const books = await newBooks()
    const li = await books.open()
    const asked = request(books, li, {})
    await inTx(books, (tx) => askFor(tx, asked, NOON))
    await decide(books, asked.id, 'boss', 'reject')
    expect(await codesOf([decide(books, asked.id, 'boss')])).toEqual(['REQUEST_DECIDED'])
    expect(await posted(books, li)).toEqual([0n])
  })

  test('what expired is restored by two, at most what it was', async () => {
    const books = await newBooks()
    const li = await books.open()
    const midnight = instantOf('2026-11-22', '00:00')
    await earnUntil(books, li, 800n, midnight)
    await inTx(books, (tx) => expire(tx, '', NOON))
    const { id: transactionId } = await books.db.ledgerTransaction.findFirstOrThrow({ where: { kind: 'EXPIRE' } })
    const restoring = { kind: 'RESTORE', transactionId, evidenceHash: null }
    const asked = [801n, 500n, 301n, 300n, 1n, null].map((milliPoints) =>
      request(books, li, { ...restoring, milliPoints }),
    )
    for (const one of asked) await inTx(books, (tx) => askFor(tx, one, NOON))
    const codes = []
    for (const one of asked) codes.push(...(await codesOf([decide(books, one.id, 'boss')])))

    expect(codes).toEqual(['AMOUNT', '', 'AMOUNT', '', 'AMOUNT', 'AMOUNT'])
    expect(await posted(books, li)).toEqual([800n])
    expect(await codesOf([books.reverse(transactionId)])).toEqual(['NOT_REVERSIBLE'])
    await expectRight(books)
  })

  test('two restorings that are agreed to at once give back no more than expired', async () => {
    const books = await newBooks()
    const li = await books.open()
    await earnUntil(books, li, 800n, NOON)
    await inTx(books, (tx) => expire(tx, '', NOON))
    const { id: transactionId } = await books.db.ledgerTransaction.findFirstOrThrow({ where: { kind: 'EXPIRE' } })
    const asked = [500n, 500n].map((milliPoints) =>
      request(books, li, { kind: 'RESTORE', transactionId, evidenceHash: null, milliPoints }),
    )
    for (const one of asked) await inTx(books, (tx) => askFor(tx, one, NOON))

    const codes = await codesOf(asked.map((one) => decide(books, one.id, 'boss')))

    expect(codes.sort()).toEqual(['', 'AMOUNT'])
    expect(await posted(books, li)).toEqual([500n])
  })

  test('what expired is restored as a whole where no amount is asked for; what did not expire is not', async () => {
    const books = await newBooks()
    const li = await books.member(100n)
    await earnUntil(books, li, 800n, NOON)
    await inTx(books, (tx) => expire(tx, '', NOON))
    const { id: earned } = await books.db.ledgerTransaction.findFirstOrThrow({ where: { kind: 'EARN' } })
    const { id: expired } = await books.db.ledgerTransaction.findFirstOrThrow({ where: { kind: 'EXPIRE' } })
    const restoring = { ...ask(0n), requestId: randomUUID(), milliPoints: null, expiresAt: null }
    const refused = [earned, randomUUID()].map((expiryId) =>
      inTx(books, (tx) => restore(tx, { ...restoring, expiryId }, NOON)),
    )
    expect(await codesOf(refused)).toEqual(['NOT_FOUND', 'NOT_FOUND'])

    const asked = request(books, li, { kind: 'RESTORE', transactionId: expired, milliPoints: null, evidenceHash: null })
    await inTx(books, (tx) => askFor(tx, asked, NOON))
    await decide(books, asked.id, 'boss')

    expect(await posted(books, li)).toEqual([900n])
    await expectRight(books)
  })

  test('a grant, a freeze, its end, a reversal and a closing are carried out when they are agreed to', async () => {
    const books = await newBooks()
    const [li, heir] = [await books.member(1000n), await books.open()]
    const agreed = async (more: Partial<LedgerRequest>) => {
      const asked = request(books, li, { milliPoints: null, evidenceHash: null, ...more })
      await inTx(books, (tx) => askFor(tx, asked, NOON))
      await decide(books, asked.id, 'boss')
      return (await books.db.ledgerTransaction.findFirstOrThrow({ where: { kind: more.kind ?? '' } })).id
    }
    const granted = await agreed({ kind: 'GRANT', milliPoints: 300n })
    const frozen = await agreed({ kind: 'FREEZE' })
    expect(await posted(books, li)).toEqual([0n])
    await agreed({ kind: 'UNFREEZE', transactionId: frozen })
    await agreed({ kind: 'REVERSE', transactionId: granted })
    await agreed({ kind: 'CLOSE', otherAccountId: heir })
    expect(await posted(books, li, heir)).toEqual([0n, 1000n])
    await expectRight(books)
  })

  test('the database asks for the second person too', async () => {
    const books = await newBooks()
    const li = await books.open()
    const draft = books.earn(li, 500n, { kind: 'MANUAL', refType: 'request' })
    await expect(books.post(draft)).rejects.toThrow(/two persons must have agreed/)
    const asked = request(books, li, {})
    await inTx(books, (tx) => askFor(tx, asked, NOON))
    const own = { requestId: asked.id, decision: 'approve', reason: '', byId: 'clerk', at: NOON }
    await expect(books.db.ledgerDecision.create({ data: own })).rejects.toMatchObject({ code: 'P2003' })
  })
})
