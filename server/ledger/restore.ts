import type { Prisma, Tx } from '../core/db'

/** Rows as an archive has them: each batch is whole transactions, in the order of their accounts' chains. */
export type RestoredBooks = {
  entries: Prisma.LedgerEntryCreateManyInput[]
  uses: Prisma.LedgerLotUseCreateManyInput[]
  headers: Prisma.LedgerTransactionCreateManyInput[]
  salts: Prisma.LedgerSaltCreateManyInput[]
}

/** Accounts of an archive, with the counters their entries give; no entry is in yet. */
export async function restoreAccounts(tx: Tx, accounts: Prisma.LedgerAccountCreateManyInput[]): Promise<void> {
  if (accounts.length > 0) await tx.ledgerAccount.createMany({ data: accounts })
}

/** Transactions of an archive, under the guards that hold for all: entries first, headers last. */
export async function restoreTransactions(tx: Tx, { entries, uses, headers, salts }: RestoredBooks): Promise<void> {
  if (entries.length > 0) await tx.ledgerEntry.createMany({ data: entries })
  if (uses.length > 0) await tx.ledgerLotUse.createMany({ data: uses })
  if (headers.length > 0) await tx.ledgerTransaction.createMany({ data: headers })
  if (salts.length > 0) await tx.ledgerSalt.createMany({ data: salts })
}
