import { z } from 'zod'
import { id, month, pageQuery } from '../core/input'

export const anomalyListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  state: z.enum(['open', 'closed']).default('open'),
})
export type AnomalyListQuery = z.infer<typeof anomalyListQuery>
export const closeAnomalyInput = z.strictObject({
  id,
  outcome: z.enum(['upheld', 'harmless']),
  note: z.string().trim().min(1, { message: 'REQUIRED' }).max(200, { message: 'TOO_LONG' }),
})
export const manualShareQuery = z.strictObject({ regionId: id.optional(), month })
export const publicShareQuery = z.strictObject({ regionId: id, month })
