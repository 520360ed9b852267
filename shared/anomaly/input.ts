import { z } from 'zod'
import { freeText, id, month, pageQuery } from '../core/input'

export const anomalyListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  state: z.enum(['open', 'closed']).default('open'),
})
export type AnomalyListQuery = z.infer<typeof anomalyListQuery>
export const closeAnomalyInput = z.strictObject({
  id,
  outcome: z.enum(['upheld', 'harmless']),
  note: freeText(200, 1),
})
export const manualShareQuery = z.strictObject({ regionId: id.optional(), month })
export const publicShareQuery = z.strictObject({ regionId: id, month })
