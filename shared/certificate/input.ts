import { z } from 'zod'
import { day, id } from '../core/input'

export const CERTIFICATE_KINDS = ['service', 'statement'] as const
/** A helper asks for his own; staff name the member. */
export const issueInput = z.strictObject({
  id,
  kind: z.enum(CERTIFICATE_KINDS),
  memberId: id.optional(),
  from: day,
  to: day,
})
export type IssueInput = z.infer<typeof issueInput>
export const certificateListQuery = z.strictObject({ memberId: id.optional() })
export const revokeCertificateInput = z.strictObject({ reason: z.enum(['wrongData', 'wrongPerson', 'other']) })
