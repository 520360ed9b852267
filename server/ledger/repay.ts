import type { Reader, Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { rowsAs } from '../core/rows'
import { recoveryIdOf, type WhyNot } from './order'
import { postEach } from './post'

export type Earning = { transactionId: string; accountId: string; programmeId: string; milliPoints: bigint }

const EARNINGS = 500

/**
 * What was earned since something was advanced, by members of a programme who still owe it and have something left, and has
 * repaid nothing yet; the oldest first, a few hundred at once. Who has nothing left would stand before the others for ever.
 */
export async function findEarnings(db: Reader, programmeId: string): Promise<Earning[]> {
  const rows = await db.$queryRaw<Earning[]>`
    SELECT t."id" AS "transactionId", e."accountId", t."programmeId", e."amountMilliPoints" AS "milliPoints"
    FROM ledger_account AS r
      JOIN ledger_entry AS owed ON owed."accountId" = r."id" AND owed."accountSeq" = 1 + COALESCE((
        SELECT MAX(z."accountSeq") FROM ledger_entry AS z WHERE z."accountId" = r."id" AND z."balanceAfterMilliPoints" = 0), 0)
      JOIN ledger_entry AS got ON got."transactionId" = owed."transactionId" AND got."no" = owed."no" + 1
      JOIN ledger_entry AS e ON e."accountId" = got."accountId" AND e."accountSeq" > got."accountSeq" AND e."amountMilliPoints" > 0
      JOIN ledger_transaction AS t ON t."id" = e."transactionId" AND t."kind" IN ('EARN', 'PAY', 'BONUS')
      JOIN ledger_account AS m ON m."id" = e."accountId" AND m."postedMilliPoints" > m."pendingMilliPoints"
    WHERE r."programmeId" = ${programmeId} AND r."kind" = 'recovery' AND r."postedMilliPoints" < 0
      AND NOT EXISTS (SELECT 1 FROM ledger_transaction AS b WHERE b."reverses" = t."id")
      AND NOT EXISTS (SELECT 1 FROM ledger_transaction AS b
        WHERE b."kind" = 'REPAY' AND b."refType" = 'transaction' AND b."refId" = t."id" AND b."revision" = 0)
    ORDER BY e."accountId", e."accountSeq" LIMIT ${EARNINGS}`
  return rows.map((row) => ({ ...row, milliPoints: BigInt(row.milliPoints) }))
}

/**
 * Pays back what was advanced, out of later earnings: of each the share that the place says, never more than is owed or than
 * the member has left.
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
  const asked = earnings.flatMap(({ accountId }) => [{ id: accountId }, { id: recoveryIdOf(accountId) }])
  const rows = await tx.$queryRaw<{ id: string; posted: bigint; pending: bigint }[]>`
    SELECT DISTINCT a."id", a."postedMilliPoints" AS "posted", a."pendingMilliPoints" AS "pending"
    FROM ${rowsAs(tx, 'asked', { id: 'text' }, asked)} JOIN ledger_account AS a ON a."id" = asked."id"`
  const free = new Map(rows.map(({ id, posted, pending }) => [id, BigInt(posted) - BigInt(pending)]))
  const drafts = earnings.flatMap(({ transactionId, accountId, programmeId, milliPoints: earned }) => {
    const recovery = recoveryIdOf(accountId)
    const [owed, left] = [-(free.get(recovery) ?? 0n), free.get(accountId) ?? 0n]
    const milliPoints = least((earned * BigInt(percent)) / 100n, owed, left)
    if (milliPoints <= 0n) return []
    free.set(recovery, milliPoints - owed)
    free.set(accountId, left - milliPoints)
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

const least = (...amounts: bigint[]): bigint => amounts.reduce((one, other) => (other < one ? other : one))
