import type { Tx } from '../core/db'

/**
 * Lets an account be overdrawn so far. Only ever further: what was allowed once stays the limit of the books, and whoever
 * spends asks the rules of the day beside it.
 */
export async function letOverdraw(tx: Tx, accountId: string, overdraftMilliPoints: bigint): Promise<void> {
  if (overdraftMilliPoints <= 0n) return
  await tx.ledgerAccount.updateMany({
    where: { id: accountId, kind: 'member', lowestMilliPoints: { gt: -overdraftMilliPoints } },
    data: { lowestMilliPoints: -overdraftMilliPoints },
  })
}
