import { z } from 'zod'
import { day, id, pageQuery, shortText } from '../core/input'

export const wantedTime = z
  .string()
  .regex(/^(morning|afternoon|any|([01]\d|2[0-3]):[0-5]\d)$/, { message: 'BAD_INPUT' })
export const askInput = z.strictObject({
  ...{ id, elderId: id, serviceId: id, wantedDay: day, wantedTime },
  /** for points: whose. Without it the help is asked for as a favour. */
  payer: z.enum(['elder', 'me']).optional(),
})
export type AskInput = z.infer<typeof askInput>
export const assignInput = z.strictObject({ memberId: id })
export const giveBackInput = z.strictObject({ reason: z.enum(['busy', 'sick', 'weather', 'elderAway', 'other']) })
export const cancelOrderInput = z.strictObject({
  reason: z.enum(['notNeeded', 'mistake', 'elderAway', 'noHelper', 'other']),
})
export const orderListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  elderId: id.optional(),
  state: z.enum(['open', 'accepted', 'done', 'cancelled']).optional(),
  /** only those nobody took in time */
  unattended: z.enum(['1']).optional(),
})
/** open = what a helper of the village may accept */
export const openOrdersQuery = z.strictObject({ limit: pageQuery.limit })
export const orderPricesQuery = z.strictObject({ elderId: id })
export const marketInput = z.strictObject({ provider: shortText, costFen: z.number().int().min(0).max(10_000_000) })
