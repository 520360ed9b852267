import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { clearingAccount, systemAccount } from '../../server/ledger/accounts'
import { auditLedger } from '../../server/ledger/audit'
import { expire, restore } from '../../server/ledger/expire'
import { instantOf } from '../../shared/core/time'
import { provider } from '../support/database'
import { unguard } from '../support/forge'
import { newWorld } from '../support/world'
import { type Books, NOON, newBooks } from './books'

/** A little of everything: earned, held, posted, voided, reversed and advanced. */
async function busyBooks() {
  const books = await newBooks()
  const [li, wang] = [await books.member(10_000n), await books.member(3000n)]
  const award = books.earn(wang, 2000n)
  await books.post(award)
  await books.postHold(await books.hold(li, 4000n))
  await books.voidHold(await books.hold(li, 1000n))
  await books.hold(li, 2500n)
  await books.hold(wang, 5000n)
  await books.reverse(award.id)
  return { books, li, wang }
}

/** Forges a row the way only somebody could who took the guards off first. */
async function forge({ db }: Books, table: string, sql: string) {
  if (provider() === 'postgresql') {
    await db.$executeRawUnsafe(`ALTER TABLE ${table} DISABLE TRIGGER ALL`)
  } else {
    const triggers = await db.$queryRawUnsafe<{ name: string }[]>(
      `SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '${table}'`,
    )
    for (const { name } of triggers) await db.$executeRawUnsafe(`DROP TRIGGER ${name}`)
  }
  await db.$executeRawUnsafe(sql)
}

test('books that were kept by the rules are right, and every row was read', async () => {
  const { books } = await busyBooks()
  let rows = 0
  const report = await auditLedger(books.db, (more) => {
    rows += more
  })
  expect(report).toMatchObject({ problem: null, transactions: 11, accounts: 5 })
  expect(rows).toBe(report.transactions + report.entries + report.accounts + report.visits)
})

test('empty books are right', async () => {
  const { db } = await newBooks()
  expect(await auditLedger(db, undefined, NOON)).toMatchObject({ transactions: 0, entries: 0, problem: null })
})

test.each([
  [
    'I1',
    'ledger_entry',
    'ledger_transaction',
    `UPDATE ledger_entry SET "amountMilliPoints" = "amountMilliPoints" + 1 WHERE "no" = 1 AND "accountSeq" IS NULL`,
  ],
  [
    'I1',
    'ledger_transaction',
    'ledger_transaction',
    `UPDATE ledger_transaction SET "entryCount" = 3 WHERE "kind" = 'POST'`,
  ],
  [
    'I3',
    'ledger_account',
    'ledger_account',
    `UPDATE ledger_account SET "postedMilliPoints" = "postedMilliPoints" + 1 WHERE "kind" = 'member'`,
  ],
  [
    'I3',
    'ledger_account',
    'ledger_account',
    `UPDATE ledger_account SET "pendingMilliPoints" = "pendingMilliPoints" - 1 WHERE "kind" = 'member'`,
  ],
  [
    'I4',
    'ledger_entry',
    'ledger_entry',
    `UPDATE ledger_entry SET "balanceAfterMilliPoints" = "balanceAfterMilliPoints" + 1 WHERE "accountSeq" = 1`,
  ],
  ['I4', 'ledger_entry', 'ledger_entry', `UPDATE ledger_entry SET "accountSeq" = 9 WHERE "accountSeq" = 2`],
  [
    'I7',
    'ledger_transaction',
    'ledger_transaction',
    `UPDATE ledger_transaction SET "heldMilliPoints" = 3999 WHERE "heldMilliPoints" = 4000`,
  ],
  [
    'I8',
    'ledger_entry',
    'ledger_entry',
    `UPDATE ledger_entry SET "lotMilliPoints" = "lotMilliPoints" + 1 WHERE "lotMilliPoints" = 10000`,
  ],
  [
    'I8',
    'ledger_lot_use',
    'ledger_lot_use',
    `UPDATE ledger_lot_use SET "leftMilliPoints" = "leftMilliPoints" - 1 WHERE "useNo" = 1 AND "leftMilliPoints" > 0`,
  ],
  ['I8', 'ledger_account', 'ledger_entry', `UPDATE ledger_account SET "lotsFrom" = 9 WHERE "kind" = 'member'`],
  [
    'I10',
    'ledger_entry',
    'ledger_transaction',
    `UPDATE ledger_entry SET "no" = 12 - "no" WHERE "transactionId" = (SELECT "id" FROM ledger_transaction WHERE "kind" = 'REVERSE')`,
  ],
])('%s: a forged row of %s is named', async (invariant, table, named, sql) => {
  const { books } = await busyBooks()
  await forge(books, table, sql)

  const { problem, transactions } = await auditLedger(books.db)

  expect(problem?.invariant).toBe(invariant)
  expect(problem?.row).toMatch(new RegExp(`^${named} `))
  expect(problem?.sentence).not.toBe('')
  expect(transactions).toBe(11)
})

test('I1: an entry whose transaction is gone is named', async () => {
  const { books } = await busyBooks()
  const { id } = await books.db.ledgerTransaction.findFirstOrThrow({ where: { kind: 'ADVANCE' } })
  await unguard(books.db, ['ledger_transaction'])
  await books.db.$executeRaw`DELETE FROM ledger_transaction WHERE "id" = ${id}`
  expect((await auditLedger(books.db)).problem).toMatchObject({ invariant: 'I1', row: `ledger_entry ${id}/1` })
})

test('I2: who was below his limit once, or is by what is held, is named', async () => {
  const { books, li } = await busyBooks()
  await unguard(books.db, ['ledger_account'])
  const found = async (lowestMilliPoints: bigint) => {
    await books.db.ledgerAccount.update({ where: { id: li }, data: { lowestMilliPoints } })
    return (await auditLedger(books.db)).problem
  }
  expect(await found(3500n)).toBeNull()
  expect(await found(3501n)).toMatchObject({ invariant: 'I2', row: `ledger_account ${li}` })
  const last = await books.db.ledgerEntry.findFirstOrThrow({ where: { accountId: li, accountSeq: 2 } })
  expect(await found(6001n)).toMatchObject({
    invariant: 'I2',
    row: `ledger_entry ${last.transactionId}/${last.no}`,
    sentence: 'the balance after it is below the limit of its account',
  })
})

test('I9: without the index that forbids them, twins under one reference are looked for and named', async () => {
  const { books, li } = await busyBooks()
  const [first, second] = [books.earn(li, 1n, { refType: 'test' }), books.earn(li, 1n, { refType: 'test' })]
  await books.post(first, second)
  await unguard(books.db, ['ledger_transaction'])
  await books.db.$executeRawUnsafe('DROP INDEX "ledger_transaction_kind_refType_refId_revision_key"')
  expect((await auditLedger(books.db)).problem).toBeNull()
  await books.db.$executeRaw`UPDATE ledger_transaction SET "refId" = ${first.refId} WHERE "id" = ${second.id}`
  expect((await auditLedger(books.db)).problem).toMatchObject({
    invariant: 'I9',
    row: `ledger_transaction ${[first.id, second.id].sort()[0]}`,
    sentence: 'another transaction has the same reference',
  })
})

test('I9: what was answered and is not in the books, and what is there and nobody asked for, are named', async () => {
  const books = await newBooks()
  const held = await books.hold(await books.member(1000n), 1n)
  const answered = (key: string) =>
    books.db.idempotency.create({
      data: { key, personId: 'li', verb: 'redeem', requestHash: '', answer: '{}', recordedAt: NOON },
    })
  await answered(`redeem:${held}`)
  expect((await auditLedger(books.db)).problem).toBeNull()

  const mute = await books.hold(await books.member(1000n), 1n)
  expect((await auditLedger(books.db)).problem).toMatchObject({ invariant: 'I9', row: `ledger_transaction ${mute}` })
  await answered('redeem:nothing')
  expect((await auditLedger(books.db)).problem).toMatchObject({ invariant: 'I9', row: 'idempotency redeem:nothing' })
})

test('I11: what was closed and nobody agreed to is named', async () => {
  const books = await newBooks()
  const li = await books.open()
  await forge(books, 'ledger_account', `UPDATE ledger_account SET "closedAt" = "openedAt" WHERE "kind" = 'member'`)
  expect((await auditLedger(books.db)).problem).toEqual({
    invariant: 'I11',
    row: `ledger_account ${li}`,
    sentence: 'it is closed, and nobody agreed to it at that time',
  })
})

test('I11: what two persons closed and is open again is named', async () => {
  const books = await newBooks()
  const li = await books.open()
  await books.agreed('CLOSE', li)
  expect((await auditLedger(books.db)).problem).toEqual({
    invariant: 'I11',
    row: `ledger_account ${li}`,
    sentence: 'it was closed, and is open',
  })
})

test('I11: an expiry of which more was restored than it took is named', async () => {
  const books = await newBooks()
  const [li, wang] = [await books.open(), await books.open()]
  for (const [who, milliPoints] of [[li, 800n] as const, [wang, 100n] as const]) {
    const earned = books.earn(who, milliPoints)
    await books.post({ ...earned, postings: earned.postings.map((one) => ({ ...one, expiresAt: NOON })) })
  }
  await books.db.$transaction((tx) => expire(tx, '', NOON))
  const expiryOf = (accountId: string) =>
    books.db.ledgerTransaction.findFirstOrThrow({ where: { kind: 'EXPIRE', entries: { some: { accountId } } } })
  const [more, less] = [await expiryOf(li), await expiryOf(wang)]
  const requestId = await books.agreed('RESTORE', li)
  const of = (transactionId: string) =>
    books.db.$executeRaw`UPDATE ledger_request SET "transactionId" = ${transactionId} WHERE "id" = ${requestId}`
  await unguard(books.db, ['ledger_request'])
  await of(more.id)
  const ask = { id: randomUUID(), requestId, expiryId: more.id, milliPoints: 500n, expiresAt: null }
  await books.db.$transaction((tx) => restore(tx, { ...ask, byId: 'boss', explanation: {} }, NOON))
  expect((await auditLedger(books.db)).problem).toBeNull()

  await of(less.id)

  expect((await auditLedger(books.db)).problem).toMatchObject({
    invariant: 'I11',
    row: `ledger_transaction ${less.id}`,
    sentence: 'more of it was restored than it took',
  })
})

test('F1, F2: money that nobody drew, a redemption without any, and one for nobody knows whom are named', async () => {
  const { db } = await newBooks()
  const id = randomUUID()
  await unguard(db, ['fund_line', 'redemption'])
  await db.fundLine.create({
    data: {
      ...{ id, regionId: 'r', regionPath: '/r/', year: 2026, name: '福彩金', source: 'welfareLottery', kinds: '' },
      ...{ productIds: '', priority: 0, active: true, budgetFen: 900n, drawnFen: 700n },
    },
  })
  const found = async () => (await auditLedger(db)).problem
  expect(await found()).toMatchObject({ invariant: 'F1', row: `fund_line ${id}` })
  await db.fundLine.update({ where: { id }, data: { drawnFen: 0n } })
  expect(await found()).toBeNull()

  const redemption = await db.redemption.create({
    data: {
      ...{ id: randomUUID(), personId: 'li', accountId: 'li', programmeId: 'p', productId: 'rice', pointId: 'shop' },
      ...{ regionId: 'r', regionPath: '/r/', priceMilliPoints: 1000n, costFen: 700, fundLineId: id, state: 'held' },
      ...{ code: '00000000', heldAt: NOON, expiresAt: NOON, byPersonId: 'li', forRelation: 'child' },
    },
  })
  expect(await found()).toMatchObject({ invariant: 'F1', row: `redemption ${redemption.id}` })
  await db.redemption.update({ where: { id: redemption.id }, data: { fundLineId: null } })
  expect(await found()).toMatchObject({ invariant: 'F2', row: `redemption ${redemption.id}` })
})

test('a chain longer than a page, and what was taken from its lots, is followed over its end', async () => {
  const books = await newBooks()
  const li = await books.open()
  for (let part = 0; part < 6; part++) await books.post(...Array.from({ length: 900 }, () => books.earn(li, 10n)))
  await books.postHold(await books.hold(li, 52_005n))
  expect(await auditLedger(books.db)).toMatchObject({ problem: null, entries: 5402 })

  await forge(
    books,
    'ledger_lot_use',
    `UPDATE ledger_lot_use SET "accountId" = '${books.due}' WHERE "lotTransactionId" = (SELECT MAX("lotTransactionId") FROM ledger_lot_use)`,
  )
  expect((await auditLedger(books.db)).problem).toMatchObject({
    row: expect.stringMatching(/^ledger_lot_use /),
    invariant: 'I8',
  })
  await forge(
    books,
    'ledger_entry',
    `UPDATE ledger_entry SET "balanceAfterMilliPoints" = "balanceAfterMilliPoints" + 1 WHERE "accountSeq" = 5300`,
  )
  expect((await auditLedger(books.db)).problem?.invariant).toBe('I4')
}, 120_000)

test('I12: what was not settled at the end of its month is named', async () => {
  const books = await newBooks()
  const suspense = await books.db.$transaction((tx) => systemAccount(tx, books.programmeId, 'suspense'))
  const refId = await books.agreed('IMPORT', suspense)
  await books.post(books.earn(suspense, 500n, { kind: 'IMPORT', refType: 'import', refId }))
  expect((await auditLedger(books.db)).problem).toBeNull()
  expect((await auditLedger(books.db, () => {}, instantOf('2026-11-30', '23:59'))).problem).toBeNull()
  expect((await auditLedger(books.db, () => {}, instantOf('2026-12-01', '00:00'))).problem).toMatchObject({
    invariant: 'I12',
    row: `ledger_account ${suspense}`,
  })
})

test('I12: what counties owe each other sums to zero, at any time of the month', async () => {
  const books = await newBooks()
  const clearing = await books.db.$transaction((tx) => clearingAccount(tx, books.programmeId, randomUUID()))
  await books.post(books.earn(clearing, 500n, { refType: 'test' }))
  expect((await auditLedger(books.db)).problem).toEqual({
    invariant: 'I12',
    row: `ledger_account ${clearing}`,
    sentence: 'the clearing accounts do not sum to zero',
  })
})

test('I6: a visit and the books must say the same', async () => {
  const { db, service, member } = await newWorld()
  const li = await member()
  const visitId = randomUUID()
  const from = new Date('2026-11-22T01:00:00.000Z')
  const to = new Date('2026-11-22T02:00:00.000Z')
  await db.visit.create({
    data: {
      id: visitId,
      memberId: li.id,
      memberPersonId: li.personId,
      serviceId: service.id,
      regionId: li.regionId,
      regionPath: li.regionPath,
      countyId: li.countyId,
      channel: 'inPerson',
      nature: 'volunteer',
      state: 'approved',
      checkInAt: from,
      checkOutAt: to,
      recordedAt: to,
      day: '2026-11-22',
      month: '2026-11',
      servedSeconds: 3600,
      counted: true,
      level: 2,
      tasksDone: '[]',
      flag: 'clean',
      awardedMilliPoints: 12_000n,
      explanation: '{}',
    },
  })
  expect((await auditLedger(db)).problem).toEqual({
    invariant: 'I6',
    row: `visit ${visitId}`,
    sentence: 'it says it was awarded 12000, the books say 0',
  })

  await db.visit.update({ where: { id: visitId }, data: { awardedMilliPoints: 0n } })
  let rows = 0
  const report = await auditLedger(db, (more) => {
    rows += more
  })
  expect(report).toMatchObject({ problem: null, visits: 1 })
  expect(rows).toBe(report.accounts + 1)
  await db.visit.update({ where: { id: visitId }, data: { explanation: null } })
  expect((await auditLedger(db)).problem?.sentence).toBe('it was approved, awarded nothing, and has no reason why')
})
