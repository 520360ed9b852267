import { z } from 'zod'
import { id, pageQuery, place } from '../core/input'

export const issuePlatesInput = z.strictObject({
  batchId: id,
  plates: z
    .array(z.strictObject({ elderId: id, kind: z.enum(['door', 'card']) }))
    .min(1)
    .max(200),
})
export const revokePlateInput = z.strictObject({ reason: z.string().trim().min(1, { message: 'REQUIRED' }).max(60) })
export const plateListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  batchId: id.optional(),
  state: z.enum(['inForce', 'revoked']).optional(),
})
export const sheetQuery = z.strictObject({ ids: z.string().max(2400) })
/** A screen that shows codes for those who help this elder; with an activity, for all who are helped there. */
export const openScreenInput = z.strictObject({
  id,
  elderId: id,
  activity: z
    .strictObject({ title: z.string().trim().min(1, { message: 'REQUIRED' }).max(30), others: z.array(id).max(59) })
    .optional(),
})
/** Without a phase: that of whoever is there now, the end; else the beginning. */
export const screenQuery = z.strictObject({ phase: z.enum(['in', 'out']).optional() })
/** What was scanned (whole URL or token) or typed (grouped number). */
export const scanInput = z.strictObject({
  code: z.string().trim().min(1, { message: 'REQUIRED' }).max(300),
  place: place.optional(),
})
