import { z } from 'zod'
import { daySpan, id, pageQuery } from '../core/input'

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
  note: z.string().trim().max(200, { message: 'TOO_LONG' }).optional(),
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
