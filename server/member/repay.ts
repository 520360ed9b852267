import { dayOf } from '../../shared/core/time'
import type { Db } from '../core/db'
import { findEarnings, repay } from '../ledger/repay'
import { settingsAt } from '../region/settings'

/**
 * Lets those who owe repay out of what they have earned since: each county's share of each earning, until nothing is owed.
 *
 * @returns of how many earnings something was paid back
 */
export async function repayAdvances(db: Db, at: Date): Promise<number> {
  let repaid = 0
  for (const { id, regionId } of await db.programme.findMany({ select: { id: true, regionId: true } })) {
    const { path } = await db.region.findUniqueOrThrow({ where: { id: regionId }, select: { path: true } })
    const { repayPercent } = await settingsAt(db, path, dayOf(at))
    repaid += await db.$transaction(async (tx) => {
      const outcomes = await repay(tx, await findEarnings(tx, id), repayPercent, 'clock', at)
      return outcomes.filter((whyNot) => whyNot === null).length
    })
  }
  return repaid
}
