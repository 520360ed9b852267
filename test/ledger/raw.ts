// Writing into the books by raw SQL, as somebody would who knows the tables.
import { randomUUID } from 'node:crypto'
import type { Tx } from '../../server/core/db'
import { type Books, NOON } from './books'

/** What the database says no to; the sentence is the guard's. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return 'done'
}

export type Entry = {
  accountId: string
  amount: bigint
  seq?: number | null
  after?: bigint | null
  programmeId?: string
  lot?: bigint | null
}

/** Writes a transaction by raw SQL as somebody would who knows the tables: counters, entries, header. */
export function rawPost(
  books: Books,
  entries: readonly Entry[],
  header: Partial<Record<'id' | 'kind' | 'refId' | 'reverses' | 'resolves', string>> & {
    revision?: number
    entryCount?: number
    happenedAt?: Date
  } = {},
  counters: (tx: Tx) => Promise<unknown> = async () => {},
) {
  const id = header.id ?? randomUUID()
  return books.db.$transaction(async (tx) => {
    await counters(tx)
    for (const [place, one] of entries.entries()) {
      await tx.$executeRaw`
        INSERT INTO ledger_entry ("transactionId", "no", "programmeId", "accountId", "accountSeq", "amountMilliPoints", "balanceAfterMilliPoints", "lotMilliPoints")
        VALUES (${id}, ${place + 1}, ${one.programmeId ?? books.programmeId}, ${one.accountId}, ${one.seq ?? null}, ${one.amount}, ${one.after ?? null},
          ${one.lot === undefined ? (one.seq === undefined || one.accountId === books.due ? null : one.amount) : one.lot})`
    }
    await tx.$executeRaw`
      INSERT INTO ledger_transaction ("id", "programmeId", "kind", "refType", "refId", "revision", "entryCount", "resolves", "reverses", "happenedAt", "recordedAt", "byId", "explanation")
      VALUES (${id}, ${books.programmeId}, ${header.kind ?? 'EARN'}, 'visit', ${header.refId ?? id}, ${header.revision ?? 0}, ${header.entryCount ?? entries.length},
        ${header.resolves ?? null}, ${header.reverses ?? null}, ${header.happenedAt ?? NOON}, ${NOON}, 'raw', '{}')`
  })
}

export const give = (tx: Tx, accountId: string, amount: bigint) =>
  tx.$executeRaw`UPDATE ledger_account SET "postedMilliPoints" = "postedMilliPoints" + ${amount}, "seq" = "seq" + 1 WHERE "id" = ${accountId}`
