import { z } from 'zod'
import { id, pageQuery, shortText } from '../core/input'
import { COMPLAINT_KINDS } from './words'

export const openComplaintInput = z.strictObject({ id, visitId: id, kind: z.enum(COMPLAINT_KINDS) })
export type OpenComplaintInput = z.infer<typeof openComplaintInput>
export const complaintListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  state: z.enum(['open', 'decided']).optional(),
})
export const decideComplaintInput = z.strictObject({ id, decision: z.enum(['dismiss', 'uphold']), reason: shortText })
