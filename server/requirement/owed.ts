import { type Day, dayOf, daysBetween, firstDayOf, nextMonth } from '../../shared/core/time'
import { daysAsked, MISSED_MONTHS, type OwedNow, overdueSince, owedNow, periodOn } from '../../shared/requirement/rules'
import type { Reader } from '../core/db'
import { findLives, requirementOf } from './lives'

export type Owed = {
  now: OwedNow | null
  /** the day since which it is overdue */
  missedDay: Day | null
  /** whole days, at least one; 0 = not overdue */
  overdueDays: number
}

/** Of these elders, those who are owed a visit now or weren't given one in time. */
export async function findOwed(db: Reader, elderIds: readonly string[], at: Date): Promise<Map<string, Owed>> {
  const today = dayOf(at)
  const oldest = nextMonth(today.slice(0, 7), -MISSED_MONTHS)
  const rows = await db.requirement.findMany({
    where: { validFrom: { lte: today }, OR: [{ validTo: null }, { validTo: { gte: firstDayOf(oldest) } }] },
    orderBy: { id: 'asc' },
  })
  const requirements = rows.map(requirementOf)
  const begins = requirements.map((one) => periodOn(one, today)?.from ?? today)
  const first = [daysAsked(requirements, oldest).first, ...begins].reduce((a, b) => (a < b ? a : b))
  const lives = await findLives(db, elderIds, { first, last: today })
  return new Map(
    lives.flatMap((life): [string, Owed][] => {
      const now = owedNow(life, requirements, life.visits, today)
      const missedDay = overdueSince(life, requirements, life.visits, at)
      const overdueDays = missedDay === null ? 0 : Math.max(1, daysBetween(missedDay, today))
      return now === null && missedDay === null ? [] : [[life.elderId, { now, missedDay, overdueDays }]]
    }),
  )
}
