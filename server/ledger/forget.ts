import type { Tx } from '../core/db'

/**
 * The salts of what a person moved or wrote are destroyed: the commitments of those transactions open to nobody any more,
 * their leaves, amounts and balances stay as they are and verify.
 */
export async function forgetSalts(tx: Tx, personId: string): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM ledger_salt WHERE "transactionId" IN (
      SELECT e."transactionId" FROM ledger_entry AS e JOIN person_account AS o ON o."accountId" = e."accountId"
      WHERE o."personId" = ${personId})
    OR "transactionId" IN (SELECT t."id" FROM ledger_transaction AS t WHERE t."byId" = ${personId})`
}
