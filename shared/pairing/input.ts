import { z } from 'zod'
import { day, id, pageQuery, shortText } from '../core/input'

export const addPairingInput = z.strictObject({ id, elderId: id, memberId: id, sinceDay: day })
export type AddPairingInput = z.infer<typeof addPairingInput>
export const agreePairingInput = z.strictObject({
  agreedDay: day,
  agreementNo: z.string().trim().max(60, { message: 'TOO_LONG' }).default(''),
})
export const endPairingInput = z.strictObject({ endedDay: day, reason: shortText })
export const pairingListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  elderId: id.optional(),
  memberId: id.optional(),
  /** open: all that last; unagreed: those without a written agreement */
  state: z.enum(['open', 'unagreed', 'ended']).default('open'),
})
