import type { RefusalCode } from '../core/refusals'
import { type Day, daysBetween } from '../core/time'
import type { AbilityLevel } from './words'

/** GB/T 42195: 90 points, no more. */
const SCORE_MAX = 90
/** Points from which on; the first that fits. */
const LEVELS: readonly (readonly [least: number, level: AbilityLevel])[] = [
  [90, 'intact'],
  [66, 'mild'],
  [46, 'moderate'],
  [30, 'severe'],
  [0, 'total'],
]

/** What a score means: 90 intact, 66–89 mild, 46–65 moderate, 30–45 severe, 0–29 total. null = no score. */
export function levelOfScore(score: number): AbilityLevel | null {
  if (!Number.isInteger(score) || score < 0 || score > SCORE_MAX) return null
  return LEVELS.find(([least]) => score >= least)?.[1] ?? null
}

/** Why this assessment can't be written down. */
export function whyNotAssess(
  { score, assessedDay, nextDueDay }: { score: number; assessedDay: Day; nextDueDay: Day },
  today: Day,
): RefusalCode | null {
  if (levelOfScore(score) === null) return 'SCORE_RANGE'
  if (assessedDay > today) return 'DATE_IN_FUTURE'
  return daysBetween(assessedDay, nextDueDay) <= 0 ? 'DATE_ORDER' : null
}
