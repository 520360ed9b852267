import type { RefusalCode } from '../core/refusals'
import { addDays, type Day, nextMonth } from '../core/time'
import type { CreditDocument } from './document'
import type { Count, Grade } from './words'

/** What was counted in the days of a grade; what isn't there is none. */
export type CreditInputs = { visits: number; seconds: number; counts: Partial<Record<Count, number>> }
/** One line of the sum, as it is shown to whom it is about. */
export type CreditPart = { what: Count; count: number; milliPoints: number; isCut: boolean }
export type CreditResult = { grade: Grade | null; milliScore: number; parts: CreditPart[] }

/** Used where a county said nothing else. Placeholders, every number. */
export const STANDARD_CREDIT: CreditDocument = {
  windowMonths: 12,
  start: 80,
  visitsLeast: 5,
  counts: [
    { what: 'spotClean', each: 1, most: 5 },
    { what: 'spotProblem', each: -10, most: 60 },
    { what: 'complaint', each: -15, most: 60 },
    { what: 'noShow', each: -5, most: 40 },
    { what: 'anomaly', each: -15, most: 60 },
    { what: 'returned', each: -2, most: 20 },
    { what: 'goodRating', each: 1, most: 5 },
    { what: 'lowRating', each: -2, most: 20 },
    { what: 'lowCall', each: -2, most: 20 },
    { what: 'training', each: 1, most: 4 },
    { what: 'honour', each: 3, most: 6 },
  ],
  grades: [
    { grade: '5A', least: 92, hoursLeast: 50 },
    { grade: '4A', least: 84 },
    { grade: '3A', least: 70 },
    { grade: '2A', least: 50 },
    { grade: 'A', least: 0 },
  ],
}

/**
 * The grade that counts come to. The same counts under the same rule are always the same grade; thousandths of a point, so
 * that what many share is not lost.
 *
 * @param size helpers the counts are shared by: 1 for a person
 */
export function gradeOf(document: CreditDocument, inputs: CreditInputs, size = 1): CreditResult {
  const parts = document.counts.flatMap(({ what, each, most }): CreditPart[] => {
    const count = countOf(inputs, what)
    if (count === 0) return []
    const whole = Math.trunc((count * each * 1000) / size)
    const milliPoints = Math.max(-most * 1000, Math.min(most * 1000, whole))
    return [{ what, count, milliPoints, isCut: milliPoints !== whole }]
  })
  const sum = parts.reduce((all, { milliPoints }) => all + milliPoints, document.start * 1000)
  const milliScore = Math.max(0, Math.min(100_000, sum))
  return {
    grade: inputs.visits < document.visitsLeast * size ? null : reached(document, inputs, milliScore, size),
    milliScore,
    parts,
  }
}

function reached(
  { grades }: CreditDocument,
  { seconds }: CreditInputs,
  milliScore: number,
  size: number,
): Grade | null {
  const hours = Math.floor(seconds / 3600 / size)
  return grades.find((one) => milliScore >= one.least * 1000 && hours >= (one.hoursLeast ?? 0))?.grade ?? null
}

function countOf({ counts, seconds }: CreditInputs, what: Count): number {
  return what === 'hours' ? Math.floor(seconds / 3600) : (counts[what] ?? 0)
}

/** The days whose counts make the grade that holds from a day on: whole months back, until the day before. */
export function daysCounted(day: Day, windowMonths: number): { fromDay: Day; toDay: Day } {
  const toDay = addDays(day, -1)
  const month = nextMonth(day.slice(0, 7), -windowMonths)
  const last = addDays(`${nextMonth(month)}-01`, -1)
  const same = `${month}-${day.slice(8)}`
  return { fromDay: same > last ? last : same, toDay }
}

/** Why nobody can be listed from then until then, or null. */
export function whyNotListed(span: { fromDay: Day; untilDay: Day }, today: Day): RefusalCode | null {
  if (span.fromDay <= today) return 'CREDIT_FROM'
  return span.untilDay < span.fromDay ? 'DATE_ORDER' : null
}
