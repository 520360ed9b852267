import { z } from 'zod'
import { day, daySpan, freeText, id, pageQuery } from '../core/input'
import { DUTIES } from '../session/duties'

export const queueQuery = z.strictObject({
  ...pageQuery,
  ...daySpan,
  tab: z.enum(['waiting', 'red', 'amber', 'clean', 'returned']).default('waiting'),
  regionId: id.optional(),
  memberId: id.optional(),
  level: z.coerce.number().int().min(0).max(4).optional(),
})
export type QueueQuery = z.infer<typeof queueQuery>
export const countsQuery = z.strictObject({ ...daySpan, regionId: id.optional() })
/** One decision on one or many visits; a refusal refuses its own visit only. `resolutions` settles exceptions of a single visit. */
export const decideInput = z.strictObject({
  id,
  decision: z.enum(['approve', 'return']),
  visitIds: z.array(id).min(1).max(200),
  reasonCode: z.string().max(30),
  note: freeText(200).optional(),
  resolutions: z
    .array(
      z.strictObject({
        code: z.string().regex(/^E\d\d$/),
        reasonCode: z.string().max(30),
        resolutionCode: z.string().max(30),
      }),
    )
    .max(16)
    .optional(),
})
export type DecideInput = z.infer<typeof decideInput>

export const addReasonInput = z.strictObject({
  id,
  kind: z.enum(['reason', 'resolution']),
  words: freeText(30, 1),
  uses: z.array(z.enum(['approve', 'return', 'exception'])).max(3),
  needsNote: z.boolean(),
})
export const reasonStateInput = z.strictObject({ id, code: z.string().max(30), active: z.boolean() })
export const calendarQuery = z.strictObject({ year: z.string().regex(/^20\d\d$/, { message: 'DATE_FORM' }) })
export const holidayInput = z.strictObject({
  id,
  day,
  /** plain: as the week says */
  kind: z.enum(['off', 'work', 'plain']),
  name: freeText(20),
})
/** A list is frozen before anybody knows the seed; `seedFrom` says where it will come from. */
export const freezeSpotInput = z.strictObject({
  id,
  regionId: id,
  from: day,
  to: day,
  percent: z.number().int().min(1).max(100),
  seedFrom: z.string().trim().min(1, { message: 'REQUIRED' }).max(100, { message: 'TOO_LONG' }),
})
export const drawSpotInput = z.strictObject({
  id,
  seed: z.string().trim().min(1, { message: 'REQUIRED' }).max(100, { message: 'TOO_LONG' }),
})
export const spotFindingInput = z.strictObject({
  id,
  finding: z.enum(['asRecorded', 'problem']),
  note: freeText(200),
})
/** Which of the four reviewers somebody is; '' for none. */
export const appointReviewerInput = z.strictObject({ id, staffId: id, duty: z.enum(['', ...DUTIES]) })
export type AppointReviewerInput = z.infer<typeof appointReviewerInput>
export const reviewersQuery = z.strictObject({ regionId: id.optional() })
