import { z } from 'zod'
import { day, freeText, id, pageQuery, shortText } from '../core/input'
import { creditDocument } from './document'
import { GRADES } from './words'

const longText = freeText(200, 1)
const subjectKind = z.enum(['helper', 'organisation'])

export const setCreditRuleInput = z.strictObject({ id, validFrom: day, document: creditDocument })
export const creditListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  kind: subjectKind.default('helper'),
  /** a grade, or none: who has none yet */
  grade: z.enum([...GRADES, 'none']).optional(),
})
export type CreditListQuery = z.infer<typeof creditListQuery>
export const gradeNowInput = z.strictObject({ id })
/** Whom to list: the member, or the organisation. */
export const proposeListingInput = z.strictObject({
  id,
  list: z.enum(['red', 'black']),
  kind: subjectKind,
  subjectId: id,
  reason: longText,
  fromDay: day,
  untilDay: day,
})
export type ProposeListingInput = z.infer<typeof proposeListingInput>
export const decideListingInput = z.strictObject({ id, decision: z.enum(['list', 'refuse']), note: shortText })
export const liftListingInput = z.strictObject({ id, reason: longText })
export const listingListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  show: z.enum(['open', 'inForce', 'past']).default('inForce'),
})
export type ListingListQuery = z.infer<typeof listingListQuery>
export const appealListingInput = z.strictObject({ id, text: longText })
export const decideListingAppealInput = z.strictObject({ id, outcome: z.enum(['upheld', 'rejected']), note: longText })
