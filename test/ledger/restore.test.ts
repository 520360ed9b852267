// Books that are rebuilt from rows: what comes out is what went in, under the same guards.
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Tx } from '../../server/core/db'
import { auditLedger } from '../../server/ledger/audit'
import { askFor, decideOn, type LedgerRequest } from '../../server/ledger/request'
import {
  findEnds,
  type Needs,
  type RestoredBooks,
  referenceOf,
  restoreAccounts,
  restoreAsked,
  restoreClosings,
  restoreDecided,
  restoreHolds,
  restoreTransactions,
} from '../../server/ledger/restore'
import { type Books, NOON, newBooks } from './books'

const inTx = <T>({ db }: Books, work: (tx: Tx) => Promise<T>) => db.$transaction(work)

/** Points that were earned, taken back and earned again, held, spent and given by hand; somebody who left; and what waits. */
async function lived() {
  const books = await newBooks()
  const [li, wang, gone] = [await books.member(1000n), await books.member(500n), await books.open()]
  const first = books.earn(wang, 70n)
  await books.post(first)
  await books.hold(li, 300n)
  await books.postHold(await books.hold(wang, 200n))
  await books.reverse(first.id)
  const second = { ...books.earn(wang, 80n, { refId: first.refId }), revision: 1 }
  await books.post(second)
  for (const [kind, accountId, milliPoints] of [
    ['MANUAL', wang, 40n],
    ['CLOSE', gone, null],
    ['FREEZE', li, null],
  ] as const) {
    const request: LedgerRequest = {
      ...{ id: randomUUID(), programmeId: books.programmeId, kind, accountId, milliPoints, transactionId: null },
      ...{ otherAccountId: null, detail: null, reason: '补记', evidenceHash: 'a'.repeat(64), beneficiaryId: null },
      ...{ regionPath: '/1/', askedById: 'clerk' },
    }
    const decision = { requestId: request.id, decision: 'approve' as const, reason: '', byId: 'boss' }
    await inTx(books, (tx) => askFor(tx, request, NOON))
    if (kind !== 'FREEZE') await inTx(books, (tx) => decideOn(tx, decision, NOON))
  }
  return { books, li, wang, first, second }
}

const rowsOf = async ({ db }: Books, programmeId: string) => ({
  accounts: await db.ledgerAccount.findMany({ where: { programmeId }, orderBy: { id: 'asc' } }),
  asked: await db.ledgerRequest.findMany({ orderBy: { id: 'asc' } }),
  decided: await db.ledgerDecision.findMany({ orderBy: { requestId: 'asc' } }),
  entries: await db.ledgerEntry.findMany({ orderBy: [{ accountSeq: 'asc' }, { transactionId: 'asc' }, { no: 'asc' }] }),
  uses: await db.ledgerLotUse.findMany({ orderBy: [{ lotTransactionId: 'asc' }, { lotNo: 'asc' }, { useNo: 'asc' }] }),
  headers: await db.ledgerTransaction.findMany({ orderBy: { id: 'asc' } }),
  salts: await db.ledgerSalt.findMany({ orderBy: { transactionId: 'asc' } }),
})

/** What was written before what stands on it, as a log has it. */
const ORDER = ['EARN 0', 'HOLD 0', 'POST 0', 'REVERSE 0', 'EARN 1', 'MANUAL 0']
function batchesOf({ headers, entries, uses, salts }: Awaited<ReturnType<typeof rowsOf>>): RestoredBooks[] {
  return ORDER.map((wanted) => {
    const written = headers.filter(({ kind, revision }) => `${kind} ${revision}` === wanted)
    const ids = new Set(written.map((one) => one.id))
    const of = <Row extends { transactionId: string }>(rows: Row[]) => rows.filter((one) => ids.has(one.transactionId))
    return { headers: written, entries: of(entries), uses: of(uses), salts: of(salts) }
  })
}

test('books that are rebuilt hold what they held, are closed where they were closed, and are found to be right', async () => {
  const { books } = await lived()
  const empty = await newBooks()
  const rows = await rowsOf(books, books.programmeId)
  const closed = rows.accounts.flatMap(({ id, closedAt }) => (closedAt === null ? [] : [{ id, closedAt }]))
  expect([closed.length, rows.asked.length, rows.decided.length]).toEqual([1, 3, 2])

  await inTx(empty, async (tx) => {
    await restoreAccounts(
      tx,
      rows.accounts.map(({ id, programmeId, kind, stored, lowestMilliPoints, openedAt }) => ({
        ...{ id, programmeId, kind, stored, lowestMilliPoints, openedAt },
      })),
    )
    await restoreAsked(
      tx,
      rows.asked.map((one) => ({
        ...one,
        milliPoints: one.milliPoints?.toString() ?? null,
        askedAt: one.askedAt.toISOString(),
      })),
    )
    await restoreDecided(
      tx,
      rows.decided.map((one) => ({ ...one, at: one.at.toISOString() })),
    )
    for (const batch of batchesOf(rows)) await restoreTransactions(tx, batch)
    await restoreHolds(tx)
    await restoreClosings(tx, closed)
  })

  const lotsUnread = ({ lotsFrom: _, ...account }: (typeof rows.accounts)[number]) => account
  const again = await rowsOf(empty, books.programmeId)
  expect({ ...again, accounts: again.accounts.map(lotsUnread) }).toEqual({
    ...rows,
    accounts: rows.accounts.map(lotsUnread),
  })
  expect((await auditLedger(empty.db)).problem).toBeNull()
})

test('of what a batch has none of nothing is asked', async () => {
  const tx = {} as Tx
  await restoreAccounts(tx, [])
  await restoreAsked(tx, [])
  await restoreDecided(tx, [])
  await restoreTransactions(tx, { entries: [], uses: [], headers: [], salts: [] })
  await restoreClosings(tx, [])
})

test('what a transaction stands on is looked for: the ends of its accounts, what it ends or undoes, and the revision before it', async () => {
  const { books, li, wang, first, second } = await lived()
  const { issuance } = books
  const need = (more: Partial<Needs>): Needs => ({
    ...{ id: randomUUID(), kind: 'EARN', refType: 'visit', refId: randomUUID(), revision: 0 },
    ...{ resolves: null, reverses: null, accounts: [] },
    ...more,
  })
  const ends = (...needs: Needs[]) => inTx(books, (tx) => findEnds(tx, needs))
  const seqOf = async (id: string) => (await books.db.ledgerAccount.findUniqueOrThrow({ where: { id } })).seq
  const held = await books.db.ledgerTransaction.findFirstOrThrow({ where: { kind: 'HOLD' } })

  expect(await ends(need({ accounts: [li, wang, randomUUID()].map((id) => ({ id, seq: 1 })) }))).toEqual({
    seqs: new Map([
      [li, await seqOf(li)],
      [wang, await seqOf(wang)],
    ]),
    ...{ done: new Set(), undone: new Set() },
  })
  expect(await seqOf(wang)).toBeGreaterThan(1)
  expect(
    await ends(
      need({ resolves: held.id, accounts: [{ id: issuance, seq: 0 }] }),
      need({ reverses: second.id }),
      need({ reverses: randomUUID() }),
    ),
  ).toEqual({ seqs: new Map([[issuance, 0]]), done: new Set([held.id, second.id]), undone: new Set() })

  const next = need({ refId: first.refId, revision: 1 })
  const { undone } = await ends(next, need({ refId: books.due, revision: 1 }))
  expect([...undone]).toEqual([referenceOf(next, 1)])
  expect((await ends({ ...next, revision: 0 })).undone).toEqual(new Set()) // the first of its reference stands on none
  expect((await ends({ ...next, kind: 'PAY' })).undone).toEqual(new Set())
})
