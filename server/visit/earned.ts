import { addDays, type Day, firstDayOf, monthOf, nextMonth, startOfDay } from '../../shared/core/time'
import type { EarnedBefore, SchemeDocument } from '../../shared/scheme/document'
import { asksBefore } from '../../shared/scheme/rules'
import { query, type Reader } from '../core/db'
import { balancesOf } from '../ledger/queries'

/** Whose caps are measured: the helper, his account in a programme, and the day that a visit is of. */
export type Earner = { memberId: string; accountId: string; programmeId: string; day: Day }
/** What one account got, or will get, beside what is in the database. */
export type Extra = { accountId: string; day: Day; milliPoints: bigint }
export type EarnedOf = (accountId: string | null, day: Day) => EarnedBefore

const NOTHING: EarnedBefore = { dayMilliPoints: 0n, monthMilliPoints: 0n, balanceMilliPoints: 0n }

/** Whether a scheme asks what was earned before. */
export function hasCaps(document: SchemeDocument): boolean {
  return asksBefore(document)
}

/**
 * What helpers had earned before, by the day the visits began: the awards that stand. Read from the visits of one month, of
 * which a helper has dozens, and not from the account, which keeps everything that ever happened to it.
 *
 * @param withWaiting also what finished visits are expected to bring and have not brought yet
 * @param extras are counted too, also those pushed later: a list keeps its caps together
 */
export async function readEarned(
  db: Reader,
  earners: readonly Earner[],
  withWaiting: boolean,
  extras: readonly Extra[],
): Promise<EarnedOf> {
  const read = new Map<string, EarnedBefore>()
  const balances = await balancesOf(
    db,
    earners.map(({ accountId }) => accountId),
  )
  const waiting = withWaiting ? await waitingOf(db, earners) : () => 0n
  for (const day of new Set(earners.map((one) => one.day))) {
    const ofDay = earners.filter((one) => one.day === day)
    const sums = await sumsOf(db, ofDay, day, withWaiting)
    for (const { memberId, accountId, programmeId } of ofDay) {
      const sum = sums.get(`${memberId} ${programmeId}`)
      read.set(`${accountId} ${day}`, {
        dayMilliPoints: sum?.day ?? 0n,
        monthMilliPoints: sum?.month ?? 0n,
        balanceMilliPoints: (balances.get(accountId)?.postedMilliPoints ?? 0n) + waiting(`${memberId} ${programmeId}`),
      })
    }
  }
  return (accountId, day) => {
    const own = extras.filter((extra) => extra.accountId === accountId)
    return plus(read.get(`${accountId} ${day}`) ?? NOTHING, own, day)
  }
}

/** By "member programme": what the day and its month brought so far. */
async function sumsOf(db: Reader, earners: readonly Earner[], day: Day, withWaiting: boolean) {
  const month = monthOf(startOfDay(day))
  const worth = withWaiting
    ? `COALESCE(v."awardedMilliPoints", CASE WHEN v."state" IN ('finished', 'confirmed') THEN v."expectedMilliPoints" END, 0)`
    : `COALESCE(v."awardedMilliPoints", 0)`
  const rows = await query<{ memberId: string; programmeId: string; day: bigint; month: bigint }>(
    db,
    `SELECT v."memberId", s."programmeId",
       CAST(SUM(CASE WHEN v."checkInAt" >= $2 AND v."checkInAt" < $3 THEN ${worth} ELSE 0 END) AS BIGINT) AS "day",
       CAST(SUM(${worth}) AS BIGINT) AS "month"
     FROM visit AS v JOIN scheme AS s ON s."id" = v."schemeId"
     WHERE v."memberId" IN LIST($1) AND v."checkInAt" >= $4 AND v."checkInAt" < $5
     GROUP BY v."memberId", s."programmeId"`,
    earners.map(({ memberId }) => memberId),
    startOfDay(day),
    startOfDay(addDays(day, 1)),
    startOfDay(firstDayOf(month)),
    startOfDay(firstDayOf(nextMonth(month))),
  )
  return new Map(
    rows.map((row) => [`${row.memberId} ${row.programmeId}`, { day: BigInt(row.day), month: BigInt(row.month) }]),
  )
}

/** By "member programme": what all finished visits of these helpers still wait for. */
async function waitingOf(db: Reader, earners: readonly Earner[]): Promise<(key: string) => bigint> {
  if (earners.length === 0) return () => 0n
  const rows = await query<{ memberId: string; programmeId: string; total: bigint }>(
    db,
    `SELECT v."memberId", s."programmeId", CAST(SUM(v."expectedMilliPoints") AS BIGINT) AS "total"
     FROM visit AS v JOIN scheme AS s ON s."id" = v."schemeId"
     WHERE v."memberId" IN LIST($1) AND v."awardedMilliPoints" IS NULL AND v."expectedMilliPoints" > 0
       AND v."state" IN ('finished', 'confirmed')
     GROUP BY v."memberId", s."programmeId"`,
    earners.map(({ memberId }) => memberId),
  )
  const totals = new Map(rows.map((row) => [`${row.memberId} ${row.programmeId}`, BigInt(row.total)]))
  return (key) => totals.get(key) ?? 0n
}

function plus(before: EarnedBefore, extras: readonly Extra[], day: Day): EarnedBefore {
  const total = (ones: readonly Extra[]) => ones.reduce((sum, one) => sum + one.milliPoints, 0n)
  return {
    dayMilliPoints: before.dayMilliPoints + total(extras.filter((extra) => extra.day === day)),
    monthMilliPoints:
      before.monthMilliPoints + total(extras.filter((extra) => extra.day.slice(0, 7) === day.slice(0, 7))),
    balanceMilliPoints: before.balanceMilliPoints + total(extras),
  }
}
