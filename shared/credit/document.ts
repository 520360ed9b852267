import { z } from 'zod'
import { COUNT_NAMES, GRADES } from './words'

const points = z.number().int().min(-100).max(100)
const least = z.number().int().min(0).max(100)

/** What makes a grade in a county: a start, what counts how much, and from how many points on which grade. */
export const creditDocument = z
  .strictObject({
    /** how long something counts */
    windowMonths: z.number().int().min(1).max(60),
    start: least,
    /** fewer visits than this in that time are no ground for a grade */
    visitsLeast: z.number().int().min(0).max(1000),
    counts: z
      .array(
        z.strictObject({
          what: z.enum(COUNT_NAMES),
          /** points for each; below zero it costs */
          each: points,
          /** never more than this in all, either way */
          most: least,
        }),
      )
      .max(COUNT_NAMES.length),
    grades: z
      .array(
        z.strictObject({
          grade: z.enum(GRADES),
          least,
          /** served hours needed beside the points */
          hoursLeast: z.number().int().min(0).max(100_000).optional(),
        }),
      )
      .min(1)
      .max(GRADES.length),
  })
  .refine(({ counts }) => new Set(counts.map(({ what }) => what)).size === counts.length, {
    path: ['counts'],
    message: 'CREDIT_TWICE',
  })
  .refine(({ grades }) => inOrder(grades), { path: ['grades'], message: 'CREDIT_ORDER' })

export type CreditDocument = z.infer<typeof creditDocument>

/** The better a grade the more points it needs, and the last one needs none: nobody falls out below. */
function inOrder(grades: readonly { grade: (typeof GRADES)[number]; least: number }[]): boolean {
  const isFalling = grades.every((one, place) => {
    const before = grades[place - 1]
    return (
      before === undefined || (GRADES.indexOf(before.grade) < GRADES.indexOf(one.grade) && before.least > one.least)
    )
  })
  return isFalling && grades.at(-1)?.least === 0
}
