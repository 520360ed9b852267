import { z } from 'zod'
import { daySpan, id, pageQuery } from '../core/input'
export const entriesQuery = z.strictObject({ ...pageQuery })
export const transactionListQuery = z.strictObject({
  ...pageQuery,
  ...daySpan,
  kind: z.string().max(20).optional(),
  regionId: id.optional(),
})
