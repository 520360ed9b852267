// What nobody can do to the books, each by raw SQL with the rights of the server: on SQLite whoever opens the file, on
// PostgreSQL the role that serves; the owner, who only migrates, meets the same guards.
import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { openDb, Prisma } from '../../server/core/db'
import { auditLedger } from '../../server/ledger/audit'
import { provider } from '../support/database'
import { servingDatabase } from '../support/serving'
import { type Books, NOON, newBooks, rowsOf } from './books'
import { give, rawPost, refusal } from './raw'

const TABLES = ['ledger_transaction', 'ledger_entry', 'ledger_lot_use', 'ledger_request', 'ledger_decision']

/** Books that the serving role keeps, somebody who holds 1,000, and the owner's own connection. */
async function served() {
  const { url, ownerUrl } = await servingDatabase()
  const books = await newBooks(url)
  const li = await books.member(1000n)
  const owner = openDb(ownerUrl, { connections: 1 })
  onTestFinished(async () => owner.$disconnect())
  return { books, li, owner }
}

/** Nothing of what was refused is there. */
async function expectUntouched(books: Books, li: string, before: Awaited<ReturnType<typeof rowsOf>>) {
  expect(await rowsOf(books.db)).toEqual(before)
  expect((await books.balance(li)).posted).toBe(1000n)
  expect((await auditLedger(books.db)).problem).toBeNull()
}

test('the role that serves owns no table, and the owner of the tables is another', async () => {
  if (provider() !== 'postgresql') return
  const { books } = await served()
  const [serving] = await books.db.$queryRaw<{ name: string; super: boolean }[]>`
    SELECT current_user::text AS "name", rolsuper AS "super" FROM pg_roles WHERE rolname = current_user`
  const owners = await books.db.$queryRaw<{ name: string }[]>`
    SELECT DISTINCT tableowner::text AS "name" FROM pg_tables WHERE schemaname = 'public'`
  expect(serving).toEqual({ name: expect.stringMatching(/^serving_/), super: false })
  expect(owners.map(({ name }) => name)).not.toContain(serving?.name)
})

for (const [what, sql] of [
  ['updated', (table: string) => `UPDATE ${table} SET "X" = "X"`],
  ['deleted', (table: string) => `DELETE FROM ${table} WHERE 1 = 1`],
  ['truncated', (table: string) => (provider() === 'sqlite' ? `DELETE FROM ${table}` : `TRUNCATE ${table} CASCADE`)],
] as const) {
  test(`no row of the books is ${what}, by the server or by the owner`, async () => {
    const { books, li, owner } = await served()
    await books.postHold(await books.hold(li, 10n), {})
    const requestId = randomUUID()
    await owner.$executeRaw`
      INSERT INTO ledger_request ("id", "programmeId", "kind", "accountId", "reason", "regionPath", "askedById", "askedAt")
      VALUES (${requestId}, ${books.programmeId}, 'FREEZE', ${li}, '', '/', 'a', ${NOON})`
    await owner.$executeRaw`
      INSERT INTO ledger_decision ("requestId", "decision", "reason", "byId", "at")
      VALUES (${requestId}, 'approve', '', 'b', ${NOON})`
    for (const table of TABLES) {
      const rows = () => books.db.$queryRaw`SELECT * FROM ${Prisma.raw(table)}`
      const before = await rows()
      expect(before, table).not.toEqual([])
      const [column = ''] = Object.keys((before as object[])[0] ?? {})
      const statement = sql(table).replaceAll('X', column)
      const refused = provider() === 'sqlite' ? 'append-only' : 'permission denied'
      expect(await refusal(books.db.$executeRawUnsafe(statement)), table).toContain(refused)
      expect(await refusal(owner.$executeRawUnsafe(statement)), table).toContain('append-only')
      expect(await rows(), table).toEqual(before)
    }
  })
}

for (const by of ['the server', 'the owner'] as const) {
  const asBy = async () => {
    const { books, li, owner } = await served()
    const raw = by === 'the server' ? books : { ...books, db: owner }
    return { books, li, raw, before: await rowsOf(books.db) }
  }
  const earning = (books: Books, li: string, amount: bigint, seq = 2, after = 1000n + amount) => [
    { accountId: books.issuance, amount: -amount },
    { accountId: li, amount, seq, after },
  ]

  test(`no unbalanced transaction is committed by ${by}`, async () => {
    const { books, li, raw, before } = await asBy()
    const entries = [
      { accountId: books.issuance, amount: -400n },
      { accountId: li, amount: 500n, seq: 2, after: 1500n },
    ]
    expect(await refusal(rawPost(raw, entries, {}, (tx) => give(tx, li, 500n)))).toContain('do not sum to zero')
    await expectUntouched(books, li, before)
  })

  test(`no balance falls below zero by ${by}`, async () => {
    const { books, li, raw, before } = await asBy()
    const entries = [
      { accountId: li, amount: -1001n, seq: 2, after: -1n, lot: -1001n },
      { accountId: books.issuance, amount: 1001n },
    ]
    expect(await refusal(rawPost(raw, entries, { kind: 'EXPIRE' }, (tx) => give(tx, li, -1001n)))).toMatch(
      /check|floor/i,
    )
    await expectUntouched(books, li, before)
  })

  test(`no hold is resolved a second time by ${by}`, async () => {
    const { books, li, raw } = await asBy()
    const held = await books.hold(li, 600n)
    await books.voidHold(held)
    const before = await rowsOf(books.db)
    const take = [
      { accountId: li, amount: -600n, seq: 2, after: 400n },
      { accountId: books.due, amount: 600n, seq: 1, after: 600n },
    ]
    const counters = async (tx: Parameters<typeof give>[0]) => {
      await give(tx, li, -600n)
      await give(tx, books.due, 600n)
    }
    expect(await refusal(rawPost(raw, [], { kind: 'VOID', resolves: held }))).not.toBe('done')
    expect(await refusal(rawPost(raw, take, { kind: 'POST', resolves: held }, counters))).not.toBe('done')
    await expectUntouched(books, li, before)
  })

  test(`nothing is reversed a second time by ${by}`, async () => {
    const { books, li, raw } = await asBy()
    const first = books.earn(li, 500n)
    await books.post(first)
    await books.reverse(first.id)
    const before = await rowsOf(books.db)
    const back = [
      { accountId: books.issuance, amount: 500n },
      { accountId: li, amount: -500n, seq: 4, after: 500n, lot: -500n },
    ]
    const again = rawPost(raw, back, { kind: 'REVERSE', reverses: first.id }, (tx) => give(tx, li, -500n))
    expect(await refusal(again)).not.toBe('done')
    await expectUntouched(books, li, before)
  })

  test(`no visit has a second award in force by ${by}: not of the same kind, and not one of each`, async () => {
    const { books, li, raw } = await asBy()
    const first = { ...books.earn(li, 500n), refId: randomUUID() }
    await books.post(first)
    await books.reverse(first.id)
    const second = books.earn(li, 500n, { refId: first.refId, revision: 1 })
    await books.post(second)
    const before = await rowsOf(books.db)
    const more = earning(books, li, 500n, 5, 2000n)
    for (const [kind, revision] of [
      ['EARN', 0],
      ['EARN', 1],
      ['EARN', 2],
      ['EARN', 3],
      ['PAY', 0],
      ['PAY', 1],
      ['PAY', 2],
    ] as const) {
      const again = rawPost(raw, more, { kind, refId: first.refId, revision }, (tx) => give(tx, li, 500n))
      expect(await refusal(again), `${kind} ${revision}`).not.toBe('done')
    }
    expect(await rowsOf(books.db)).toEqual(before)
    await books.reverse(second.id)
    await expectUntouched(books, li, { transactions: before.transactions + 1, entries: before.entries + 2 })
  })

  test(`no revision is written before the one before it is reversed by ${by}`, async () => {
    const { books, li, raw } = await asBy()
    const first = books.earn(li, 500n)
    await books.post(first)
    const next = rawPost(raw, earning(books, li, 5n, 3, 1505n), { refId: first.refId, revision: 1 }, (tx) =>
      give(tx, li, 5n),
    )
    expect(await refusal(next)).toContain('the revision before it is not reversed')
    await books.reverse(first.id)
    const paid = rawPost(
      raw,
      earning(books, li, 5n, 4, 1005n),
      { kind: 'PAY', refId: first.refId, revision: 1 },
      (tx) => give(tx, li, 5n),
    )
    expect(await refusal(paid)).toBe('done')
    expect((await auditLedger(books.db)).problem).toBeNull()
  })
}

test('of an award by the programme and one by the elder that come at once, one is written', async () => {
  const { books } = await served()
  const [li, wang] = [await books.member(), await books.member()]
  const refId = randomUUID()
  const posting = (kind: string, to: string) =>
    refusal(
      rawPost(
        books,
        [
          { accountId: books.issuance, amount: -500n },
          { accountId: to, amount: 500n, seq: 1, after: 500n },
        ],
        { kind, refId },
        (tx) => give(tx, to, 500n),
      ),
    )
  const done = await Promise.all([posting('EARN', li), posting('PAY', wang)])
  expect(done.filter((one) => one === 'done')).toHaveLength(1)
})

test('who asks the books for both awards of one visit is refused with a code', async () => {
  const { books, li } = await served()
  const earned = books.earn(li, 500n)
  await books.post(earned)
  const both = books.post({ ...books.earn(li, 500n), kind: 'PAY', refId: earned.refId })
  await expect(both).rejects.toMatchObject({ code: 'ALREADY_POSTED' })
})
