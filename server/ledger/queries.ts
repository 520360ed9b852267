import { addDays, type Day, firstDayOf, nextMonth, startOfDay } from '../../shared/core/time'
import { availableOf } from '../../shared/ledger/rules'
import { findBy } from '../core/bulk'
import type { Reader } from '../core/db'
import { rowsAs } from '../core/rows'

/** Net of reversals, by when it was earned; and the posted balance. */
export type Earned = { dayMilliPoints: bigint; monthMilliPoints: bigint; balanceMilliPoints: bigint }
export type BalanceOf = { postedMilliPoints: bigint; heldMilliPoints: bigint; availableMilliPoints: bigint }
const NOTHING: BalanceOf = { postedMilliPoints: 0n, heldMilliPoints: 0n, availableMilliPoints: 0n }

/** Balances of stored accounts, in one query; an account nobody opened has nothing. */
export async function balancesOf(db: Reader, accountIds: readonly string[]): Promise<Map<string, BalanceOf>> {
  const found = await findBy(db, 'LedgerAccount', 'id', accountIds)
  return new Map(
    found.map((one) => [
      one.id,
      {
        postedMilliPoints: one.postedMilliPoints,
        heldMilliPoints: one.pendingMilliPoints,
        availableMilliPoints: availableOf(one),
      },
    ]),
  )
}

export async function balanceOf(db: Reader, accountId: string | null): Promise<BalanceOf> {
  if (accountId === null) return NOTHING
  return (await balancesOf(db, [accountId])).get(accountId) ?? NOTHING
}

/**
 * What an account earned on the Shanghai day and in its month, by when it was earned, without what was reversed since; and
 * its posted balance. What the caps of a scheme are measured against.
 */
export async function earnedBefore(db: Reader, accountId: string, day: Day): Promise<Earned> {
  const month = day.slice(0, 7)
  const [dayBegins, dayEnds] = [startOfDay(day), startOfDay(addDays(day, 1))]
  const [monthBegins, monthEnds] = [startOfDay(firstDayOf(month)), startOfDay(firstDayOf(nextMonth(month)))]
  const [earned] = await db.$queryRaw<{ day: bigint; month: bigint }[]>`
    SELECT CAST(COALESCE(SUM(CASE WHEN t."happenedAt" >= ${dayBegins} AND t."happenedAt" < ${dayEnds} THEN e."amountMilliPoints" ELSE 0 END), 0) AS BIGINT) AS "day",
           CAST(COALESCE(SUM(e."amountMilliPoints"), 0) AS BIGINT) AS "month"
    FROM ledger_entry AS e JOIN ledger_transaction AS t ON t."id" = e."transactionId"
    WHERE e."accountId" = ${accountId} AND t."kind" = 'EARN' AND t."happenedAt" >= ${monthBegins} AND t."happenedAt" < ${monthEnds}
      AND NOT EXISTS (SELECT 1 FROM ledger_transaction AS r WHERE r."reverses" = t."id")`
  const { postedMilliPoints } = await balanceOf(db, accountId)
  return {
    dayMilliPoints: BigInt(earned?.day ?? 0),
    monthMilliPoints: BigInt(earned?.month ?? 0),
    balanceMilliPoints: postedMilliPoints,
  }
}

/**
 * What an account had before an instant, by when it was written into the books: the same question gets the same answer later.
 */
export async function balanceBefore(db: Reader, accountId: string, at: Date): Promise<bigint> {
  const account = await db.ledgerAccount.findUnique({ where: { id: accountId }, select: { stored: true } })
  const before = { accountId, transaction: { recordedAt: { lt: at } } }
  if (account?.stored === false) {
    const { _sum } = await db.ledgerEntry.aggregate({ where: before, _sum: { amountMilliPoints: true } })
    return _sum.amountMilliPoints ?? 0n
  }
  const last = await db.ledgerEntry.findFirst({ where: before, orderBy: { accountSeq: 'desc' } })
  return last?.balanceAfterMilliPoints ?? 0n
}

/** Since when accounts of what is owed have not been zero; those that are zero are not among them. */
export async function owingSince(db: Reader, accountIds: readonly string[]): Promise<Map<string, Date>> {
  if (accountIds.length === 0) return new Map()
  const wanted = accountIds.map((id) => ({ id }))
  const rows = await db.$queryRaw<{ id: string; since: Date | string }[]>`
    SELECT a."id", t."recordedAt" AS "since"
    FROM ${rowsAs(db, 'wanted', { id: 'text' }, wanted)} JOIN ledger_account AS a ON a."id" = wanted."id"
      JOIN ledger_entry AS e ON e."accountId" = a."id" AND e."accountSeq" = 1 + COALESCE((
        SELECT MAX(z."accountSeq") FROM ledger_entry AS z
        WHERE z."accountId" = a."id" AND z."balanceAfterMilliPoints" = 0), 0)
      JOIN ledger_transaction AS t ON t."id" = e."transactionId"
    WHERE a."postedMilliPoints" <> 0`
  return new Map(rows.map(({ id, since }) => [id, new Date(since)]))
}

/** The accounts that got a balance of another system, or will when a second person agrees. */
export async function accountsImported(db: Reader, programmeIds: readonly (string | null)[]): Promise<string[]> {
  const wanted = programmeIds.filter((id): id is string => id !== null)
  const done = await db.ledgerTransaction.findMany({
    where: { programmeId: { in: wanted }, kind: 'IMPORT', refType: 'importRow' },
    select: { entries: { where: { amountMilliPoints: { gt: 0n } }, select: { accountId: true } } },
  })
  const waiting = await db.ledgerRequest.findMany({
    where: { programmeId: { in: wanted }, kind: 'IMPORT', decision: { is: null } },
    select: { detail: true },
  })
  return [
    ...done.flatMap((one) => one.entries.map(({ accountId }) => accountId)),
    ...waiting.flatMap(({ detail }) =>
      (JSON.parse(detail ?? '[]') as { accountId: string }[]).map((one) => one.accountId),
    ),
  ]
}
