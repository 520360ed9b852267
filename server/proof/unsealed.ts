import { ask, type Driver } from '../core/driver'
import type { Problem } from '../ledger/books'

/** How many transactions have no leaf in a log yet: the sealer is some seconds behind. */
export type Unsealed = { transactions: number; problem: Problem | null }

/** Walks through all transactions once, beside who reads the books: what the pages of the logs can't show. */
export async function findUnsealed(driver: Driver): Promise<Unsealed> {
  const [row] = await ask<{ rows: bigint | number; empty: string | null }>(driver)`
    SELECT COUNT(*) AS "rows", MIN(CASE WHEN t."leaf" = '' THEN t."id" END) AS "empty"
    FROM ledger_transaction AS t WHERE NOT EXISTS (
      SELECT 1 FROM log_leaf AS l WHERE l."type" = 'transaction' AND l."refId" = t."id" AND l."revision" = 0)`
  const transactions = Number(row?.rows ?? 0)
  const bad = (name: string, sentence: string) => ({
    transactions,
    problem: { invariant: 'I5', row: name, sentence },
  })
  if (row?.empty != null) return bad(`ledger_transaction ${row.empty}`, 'it has no leaf')
  const [salt] = await ask<{ transactionId: string }>(driver)`
    SELECT s."transactionId" FROM ledger_salt AS s WHERE NOT EXISTS (
      SELECT 1 FROM ledger_transaction AS t WHERE t."id" = s."transactionId") LIMIT 1`
  if (salt !== undefined) return bad(`ledger_salt ${salt.transactionId}`, 'there is no such transaction')
  return { transactions, problem: null }
}
