import { Prisma, type Tx } from '../core/db'
import { insertRowsOf, type RowOf, rowsAs } from '../core/rows'
import { ENTRY, HEADER, SALT, USE } from './write'

/** Rows as an archive has them: each batch is whole transactions, in the order of their accounts' chains. */
export type RestoredBooks = {
  entries: RowOf<typeof ENTRY>[]
  uses: RowOf<typeof USE>[]
  headers: RowOf<typeof HEADER>[]
  salts: RowOf<typeof SALT>[]
}

/** Rows as an archive has them, instants and amounts as text. */
export type AskedRow = Omit<Prisma.LedgerRequestCreateManyInput, 'milliPoints' | 'askedAt'> & {
  milliPoints: string | null
  askedAt: string
}
export type DecidedRow = Omit<Prisma.LedgerDecisionCreateManyInput, 'at'> & { at: string }

export async function restoreAsked(tx: Tx, rows: readonly AskedRow[]): Promise<void> {
  if (rows.length === 0) return
  const data = rows.map((row) => ({ ...row, milliPoints: row.milliPoints === null ? null : BigInt(row.milliPoints) }))
  await tx.ledgerRequest.createMany({ data })
}

export async function restoreDecided(tx: Tx, rows: DecidedRow[]): Promise<void> {
  if (rows.length > 0) await tx.ledgerDecision.createMany({ data: rows })
}

/** Accounts of an archive as they were opened: what is in them comes with their transactions. */
export async function restoreAccounts(
  tx: Tx,
  accounts: Pick<
    Prisma.LedgerAccountCreateManyInput,
    'id' | 'programmeId' | 'kind' | 'stored' | 'lowestMilliPoints' | 'openedAt'
  >[],
): Promise<void> {
  const empty = { postedMilliPoints: 0n, pendingMilliPoints: 0n, seq: 0, closedAt: null }
  if (accounts.length > 0) await tx.ledgerAccount.createMany({ data: accounts.map((one) => ({ ...one, ...empty })) })
}

const COUNTERS = { id: 'text', seq: 'integer', posted: 'bigint' } as const

/** Transactions of an archive, under the guards that hold for all: counters and entries first, headers last. */
export async function restoreTransactions(tx: Tx, { entries, uses, headers, salts }: RestoredBooks): Promise<void> {
  const counters = new Map<string, { id: string; seq: number; posted: bigint }>()
  for (const { accountId, accountSeq, balanceAfterMilliPoints } of entries)
    if (accountId !== null && accountSeq !== null && balanceAfterMilliPoints !== null)
      counters.set(accountId, { id: accountId, seq: accountSeq, posted: balanceAfterMilliPoints })
  if (counters.size > 0)
    await tx.$executeRaw`
      UPDATE ledger_account AS a SET "postedMilliPoints" = n."posted", "seq" = n."seq"
      FROM ${rowsAs(tx, 'n', COUNTERS, [...counters.values()])} WHERE a."id" = n."id"`
  await insertRowsOf(tx, 'ledger_entry', ENTRY, entries)
  await insertRowsOf(tx, 'ledger_lot_use', USE, uses)
  await insertRowsOf(tx, 'ledger_transaction', HEADER, headers)
  await insertRowsOf(tx, 'ledger_salt', SALT, salts)
}

/** What open holds still reserve; once every transaction of an archive is in. */
export async function restoreHolds(tx: Tx): Promise<void> {
  await tx.$executeRaw`
    UPDATE ledger_account SET "pendingMilliPoints" = h."held" FROM (
      SELECT t."heldAccountId" AS "accountId", CAST(SUM(t."heldMilliPoints") AS BIGINT) AS "held" FROM ledger_transaction AS t
      WHERE t."kind" = 'HOLD' AND NOT EXISTS (SELECT 1 FROM ledger_transaction AS r WHERE r."resolves" = t."id")
      GROUP BY t."heldAccountId") AS h
    WHERE ledger_account."id" = h."accountId"`
}

/** Closes what was closed; an account that holds something stays open, and the audit will say so. */
export async function restoreClosings(tx: Tx, closed: readonly { id: string; closedAt: Date }[]): Promise<void> {
  for (const { id, closedAt } of closed) await tx.ledgerAccount.update({ where: { id }, data: { closedAt } })
}

export type Needs = {
  id: string
  kind: string
  refType: string
  refId: string
  revision: number
  resolves: string | null
  reverses: string | null
  accounts: readonly { id: string; seq: number }[]
}
/** What of the needs of some transactions is in the books: the ends of chains, and transactions by id and reference. */
export type Ends = { seqs: Map<string, number>; done: Set<string>; undone: Set<string> }

export const referenceOf = ({ kind, refType, refId, revision }: Omit<Needs, 'accounts'>, back = 0): string =>
  `${kind} ${refType} ${refId} ${revision - back}`

export async function findEnds(tx: Tx, needs: readonly Needs[]): Promise<Ends> {
  const ids = [...new Set(needs.flatMap(({ accounts }) => accounts.map(({ id }) => id)))]
  const named = [...new Set(needs.flatMap((one) => [one.resolves, one.reverses]))].filter((id) => id !== null)
  const revised = needs.filter((one) => one.revision > 0)
  const seqs = await tx.$queryRaw<{ id: string; seq: number | bigint }[]>`
    SELECT a."id", a."seq" FROM ${idsAs(tx, ids)} JOIN ledger_account AS a ON a."id" = w."id"`
  const done = await tx.$queryRaw<{ id: string }[]>`
    SELECT t."id" FROM ${idsAs(tx, named)} JOIN ledger_transaction AS t ON t."id" = w."id"`
  const earlier =
    revised.length === 0
      ? []
      : await tx.$queryRaw<Needs[]>`
          SELECT t."kind", t."refType", t."refId", t."revision" FROM ${idsAs(
            tx,
            revised.map((one) => one.refId),
          )} JOIN ledger_transaction AS t ON t."refId" = w."id" AND t."kind" IN (${Prisma.join([...new Set(revised.map((one) => one.kind))])})
          JOIN ledger_transaction AS r ON r."reverses" = t."id"`
  return {
    seqs: new Map(seqs.map((one) => [one.id, Number(one.seq)])),
    done: new Set(done.map((one) => one.id)),
    undone: new Set(earlier.map((one) => referenceOf({ ...one, revision: Number(one.revision) }))),
  }
}

const idsAs = (tx: Tx, ids: readonly string[]) =>
  rowsAs(
    tx,
    'w',
    { id: 'text' },
    ids.map((id) => ({ id })),
  )
