import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { systemAccount } from '../../server/ledger/accounts'
import { auditLedger } from '../../server/ledger/audit'
import { instantOf } from '../../shared/core/time'
import { provider } from '../support/database'
import { newWorld } from '../support/world'
import { type Books, newBooks } from './books'

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
  expect(await auditLedger(db)).toMatchObject({ transactions: 0, entries: 0, problem: null })
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

  const { problem } = await auditLedger(books.db)

  expect(problem?.invariant).toBe(invariant)
  expect(problem?.row).toMatch(new RegExp(`^${named} `))
})

test('a chain longer than a page is followed over its end', async () => {
  const books = await newBooks()
  const li = await books.open()
  for (let part = 0; part < 6; part++) await books.post(...Array.from({ length: 900 }, () => books.earn(li, 10n)))
  await books.postHold(await books.hold(li, 6005n))
  expect(await auditLedger(books.db)).toMatchObject({ problem: null, entries: 5402 })

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
  expect((await auditLedger(books.db, () => {}, instantOf('2026-11-30', '23:59'))).problem).toBeNull()
  expect((await auditLedger(books.db, () => {}, instantOf('2026-12-01', '00:00'))).problem).toMatchObject({
    invariant: 'I12',
    row: `ledger_account ${suspense}`,
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
  expect((await auditLedger(db)).problem).toBeNull()
  await db.visit.update({ where: { id: visitId }, data: { explanation: null } })
  expect((await auditLedger(db)).problem?.sentence).toBe('it was approved, awarded nothing, and has no reason why')
})
