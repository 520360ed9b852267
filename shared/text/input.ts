import { z } from 'zod'
import { id, pageQuery } from '../core/input'

export const textListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  state: z.enum(['open', 'decided']).default('open'),
})
export type TextListQuery = z.infer<typeof textListQuery>
export const decideTextInput = z.strictObject({ outcome: z.enum(['show', 'hide']) })
