import { addDays, type Day, firstDayOf, monthOf, nextMonth, startOfDay } from '../../shared/core/time'
import type { EarnedBefore, SchemeDocument } from '../../shared/scheme/document'
import { type Fraction, plus, readFraction, times, ZERO } from '../../shared/scheme/fraction'
import { asksBefore } from '../../shared/scheme/rules'
import { query, type Reader } from '../core/db'
import { balancesOf } from '../ledger/queries'
import { helperRecords } from '../person/former'

/** Whose caps are measured: the helper, his account in a programme, and the day that a visit is of. */
export type Earner = { memberId: string; accountId: string; programmeId: string; day: Day; asks: Asks }
/** What one account got, or will get, beside what is in the database. */
export type Extra = { accountId: string; day: Day; milliPoints: bigint; carry: Fraction }
export type EarnedOf = (accountId: string | null, day: Day) => EarnedBefore
/** What a scheme asks of the past beyond the month: the year, and what cumulative rounding left over. */
type Asks = { year: boolean; carry: boolean }
/** Whose, of which programme: records that are one human's count as one. */
type Of = { memberId: string; programmeId: string }
type Sums = { day: bigint; month: bigint; year: bigint }

const NOTHING: EarnedBefore = { dayMilliPoints: 0n, monthMilliPoints: 0n, balanceMilliPoints: 0n }

/** Whether a scheme asks what was earned before. */
export function hasCaps(document: SchemeDocument): boolean {
  return asksBefore(document)
}

export function asksOf({ earn }: SchemeDocument): Asks {
  return { year: earn.yearCapMilliPoints !== undefined, carry: earn.rounding?.over === 'cumulative' }
}

/**
 * What helpers had earned before, by the day the visits began: the awards that stand. Read from the visits of one month (of
 * one year where a rule caps the year), of which a helper has dozens, and not from the account, which keeps everything that
 * ever happened to it.
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
  const [records, balances] = await Promise.all([
    helperRecords(
      db,
      earners.map(({ memberId }) => memberId),
    ),
    balancesOf(
      db,
      earners.map(({ accountId }) => accountId),
    ),
  ])
  const keyOf = ({ memberId, programmeId }: Of) => `${records.ownerOf(memberId)} ${programmeId}`
  const waiting = withWaiting ? await waitingOf(db, records.all, keyOf) : () => 0n
  const asksCarry = earners.some(({ asks }) => asks.carry)
  const carried = asksCarry ? await carriedOf(db, records.all, keyOf, withWaiting) : () => ZERO
  for (const day of new Set(earners.map((one) => one.day))) {
    const ofDay = earners.filter((one) => one.day === day)
    const asksYear = ofDay.some(({ asks }) => asks.year)
    const sums = await sumsOf(db, records.all, keyOf, day, asksYear, withWaiting)
    for (const earner of ofDay) {
      const { accountId } = earner
      const sum = sums.get(keyOf(earner))
      read.set(`${accountId} ${day}`, {
        dayMilliPoints: sum?.day ?? 0n,
        monthMilliPoints: sum?.month ?? 0n,
        yearMilliPoints: sum?.year ?? 0n,
        balanceMilliPoints: (balances.get(accountId)?.postedMilliPoints ?? 0n) + waiting(keyOf(earner)),
        carry: carried(keyOf(earner)),
      })
    }
  }
  return (accountId, day) => {
    const own = extras.filter((extra) => extra.accountId === accountId)
    return withExtras(read.get(`${accountId} ${day}`) ?? NOTHING, own, day)
  }
}

/** By helper and programme: what the day, its month and, where it is asked for, its year brought so far. */
async function sumsOf(
  db: Reader,
  memberIds: readonly string[],
  keyOf: (row: Of) => string,
  day: Day,
  asksYear: boolean,
  withWaiting: boolean,
): Promise<Map<string, Sums>> {
  const month = monthOf(startOfDay(day))
  const monthSpan = [startOfDay(firstDayOf(month)), startOfDay(firstDayOf(nextMonth(month)))]
  const year = Number(day.slice(0, 4))
  const span = asksYear ? [startOfDay(`${year}-01-01`), startOfDay(`${year + 1}-01-01`)] : monthSpan
  const worth = withWaiting
    ? `COALESCE(v."awardedMilliPoints", CASE WHEN v."state" IN ('finished', 'confirmed') THEN v."expectedMilliPoints" END, 0)`
    : `COALESCE(v."awardedMilliPoints", 0)`
  const rows = await query<{ memberId: string; programmeId: string } & Sums>(
    db,
    `SELECT v."memberId", s."programmeId",
       CAST(SUM(CASE WHEN v."checkInAt" >= $2 AND v."checkInAt" < $3 THEN ${worth} ELSE 0 END) AS BIGINT) AS "day",
       CAST(SUM(CASE WHEN v."checkInAt" >= $4 AND v."checkInAt" < $5 THEN ${worth} ELSE 0 END) AS BIGINT) AS "month",
       CAST(SUM(${worth}) AS BIGINT) AS "year"
     FROM visit AS v JOIN scheme AS s ON s."id" = v."schemeId"
     WHERE v."memberId" IN LIST($1) AND v."checkInAt" >= $6 AND v."checkInAt" < $7
     GROUP BY v."memberId", s."programmeId"`,
    [...memberIds],
    startOfDay(day),
    startOfDay(addDays(day, 1)),
    ...monthSpan,
    ...span,
  )
  const sums = new Map<string, Sums>()
  for (const row of rows) {
    const { day, month, year } = sums.get(keyOf(row)) ?? { day: 0n, month: 0n, year: 0n }
    sums.set(keyOf(row), {
      day: day + BigInt(row.day),
      month: month + BigInt(row.month),
      year: year + BigInt(row.year),
    })
  }
  return sums
}

/** By helper and programme: what all finished visits of these helpers still wait for. */
async function waitingOf(
  db: Reader,
  memberIds: readonly string[],
  keyOf: (row: Of) => string,
): Promise<(key: string) => bigint> {
  if (memberIds.length === 0) return () => 0n
  const rows = await query<{ memberId: string; programmeId: string; total: bigint }>(
    db,
    `SELECT v."memberId", s."programmeId", CAST(SUM(v."expectedMilliPoints") AS BIGINT) AS "total"
     FROM visit AS v INDEXED BY visit_unpaid JOIN scheme AS s ON s."id" = v."schemeId"
     WHERE v."memberId" IN LIST($1) AND v."awardedMilliPoints" IS NULL AND v."state" IN ('finished', 'confirmed')
       AND v."expectedMilliPoints" > 0
     GROUP BY v."memberId", s."programmeId"`,
    [...memberIds],
  )
  const totals = new Map<string, bigint>()
  for (const row of rows) totals.set(keyOf(row), (totals.get(keyOf(row)) ?? 0n) + BigInt(row.total))
  return (key) => totals.get(key) ?? 0n
}

/** By helper and programme: what cumulative rounding has left over. Each visit keeps its own part, so one that is taken back takes its part along. */
async function carriedOf(
  db: Reader,
  memberIds: readonly string[],
  keyOf: (row: Of) => string,
  withWaiting: boolean,
): Promise<(key: string) => Fraction> {
  if (memberIds.length === 0) return () => ZERO
  const stands = withWaiting
    ? `(v."awardedMilliPoints" IS NOT NULL OR v."state" IN ('finished', 'confirmed'))`
    : `v."awardedMilliPoints" IS NOT NULL`
  const rows = await query<{ memberId: string; programmeId: string; carry: string; visits: number | bigint }>(
    db,
    `SELECT v."memberId", s."programmeId", v."carry", COUNT(*) AS "visits"
     FROM visit AS v JOIN scheme AS s ON s."id" = v."schemeId"
     WHERE v."memberId" IN LIST($1) AND v."carry" IS NOT NULL AND ${stands}
     GROUP BY v."memberId", s."programmeId", v."carry"`,
    [...memberIds],
  )
  const sums = new Map<string, Fraction>()
  for (const { carry, visits, ...row } of rows) {
    const key = keyOf(row)
    sums.set(key, plus(sums.get(key) ?? ZERO, times(readFraction(carry), BigInt(visits), 1n)))
  }
  return (key) => sums.get(key) ?? ZERO
}

function withExtras(before: EarnedBefore, extras: readonly Extra[], day: Day): EarnedBefore {
  const total = (same: number) =>
    extras.reduce((sum, one) => (one.day.slice(0, same) === day.slice(0, same) ? sum + one.milliPoints : sum), 0n)
  return {
    dayMilliPoints: before.dayMilliPoints + total(10),
    monthMilliPoints: before.monthMilliPoints + total(7),
    yearMilliPoints: (before.yearMilliPoints ?? 0n) + total(4),
    balanceMilliPoints: before.balanceMilliPoints + total(0),
    carry: extras.reduce((sum, one) => plus(sum, one.carry), before.carry ?? ZERO),
  }
}
