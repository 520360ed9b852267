import type { Day } from '../../shared/core/time'
import type { EarnedBefore, SchemeDocument } from '../../shared/scheme/document'
import { asksBefore } from '../../shared/scheme/rules'
import type { Reader } from '../core/db'
import { earnedBefore } from '../ledger/queries'

/** What one account got, or will get, beside what the books say. */
export type Extra = { accountId: string; day: Day; milliPoints: bigint }
export type EarnedOf = (accountId: string | null, day: Day) => EarnedBefore

const NOTHING: EarnedBefore = { dayMilliPoints: 0n, monthMilliPoints: 0n, balanceMilliPoints: 0n }

/** Whether a scheme asks what was earned before. */
export function hasCaps(document: SchemeDocument): boolean {
  return asksBefore(document)
}

/**
 * What accounts had earned before, each read once from the books.
 *
 * @param extras are counted too, also those pushed later: a list keeps its caps together
 */
export async function readEarned(
  db: Reader,
  wanted: readonly { accountId: string | null; day: Day }[],
  extras: readonly Extra[],
): Promise<EarnedOf> {
  const read = new Map<string, EarnedBefore>()
  for (const { accountId, day } of wanted) {
    const key = `${accountId} ${day}`
    if (accountId !== null && !read.has(key)) read.set(key, await earnedBefore(db, accountId, day))
  }
  return (accountId, day) => {
    const own = extras.filter((extra) => extra.accountId === accountId)
    return plus(read.get(`${accountId} ${day}`) ?? NOTHING, own, day)
  }
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
