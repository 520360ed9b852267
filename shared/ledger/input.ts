import { z } from 'zod'
import { daySpan, id, pageQuery } from '../core/input'
export const entriesQuery = z.strictObject({ ...pageQuery })
/** Without `elderId` one's own; with it those of an elder one redeems for. */
export const myPointsQuery = z.strictObject({ elderId: id.optional() })
export const myEntriesQuery = z.strictObject({ ...pageQuery, elderId: id.optional() })
export const transactionListQuery = z.strictObject({
  ...pageQuery,
  ...daySpan,
  kind: z.string().max(20).optional(),
  regionId: id.optional(),
})
