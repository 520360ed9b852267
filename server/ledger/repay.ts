import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { rowsAs } from '../core/rows'
import { recoveryIdOf, type WhyNot } from './order'
import { postEach } from './post'

type Earning = { transactionId: string; accountId: string; programmeId: string; milliPoints: bigint }

/**
 * Pays back what was advanced, out of later earnings: of each the share that the scheme says, never more than is owed.
 *
 * REPAY: member −x, recovery +x
 *
 * @param percent 0 to 100
 */
export async function repay(
  tx: Tx,
  earnings: readonly Earning[],
  percent: number,
  byId: string,
  at: Date,
): Promise<WhyNot[]> {
  const asked = earnings.map(({ accountId }) => ({ id: recoveryIdOf(accountId) }))
  const rows = await tx.$queryRaw<{ id: string; owed: bigint }[]>`
    SELECT a."id", -a."postedMilliPoints" AS "owed" FROM ${rowsAs(tx, 'asked', { id: 'text' }, asked)}
    JOIN ledger_account AS a ON a."id" = asked."id" WHERE a."postedMilliPoints" < 0`
  const owed = new Map(rows.map((row) => [row.id, BigInt(row.owed)]))
  const drafts = earnings.flatMap(({ transactionId, accountId, programmeId, milliPoints: earned }) => {
    const recovery = recoveryIdOf(accountId)
    const still = owed.get(recovery) ?? 0n
    const share = (earned * BigInt(percent)) / 100n
    const milliPoints = share < still ? share : still
    if (milliPoints <= 0n) return []
    owed.set(recovery, still - milliPoints)
    return [
      {
        ...{ id: idFrom('REPAY', transactionId), programmeId, kind: 'REPAY', refType: 'transaction', revision: 0 },
        ...{ refId: transactionId, happenedAt: at, byId, explanation: { percent } },
        postings: [
          { accountId, milliPoints: -milliPoints },
          { accountId: recovery, milliPoints },
        ],
      },
    ]
  })
  return postEach(tx, drafts, at)
}
