import { z } from 'zod'
import { freeText, id, pageQuery, place } from '../core/input'

/** Which bed, which door of a site: 203 房 2 床. */
const label = freeText(20)
const wantedPlate = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['door', 'card']), elderId: id }),
  z.strictObject({ kind: z.literal('site'), organisationId: id, label: label.default('') }),
  z.strictObject({
    kind: z.literal('bed'),
    organisationId: id,
    label: label.min(1, { message: 'REQUIRED' }),
    /** who lies there now */
    elderId: id.nullable().default(null),
  }),
])
export type WantedPlate = z.infer<typeof wantedPlate>
/** So many plates are made together. */
export const BATCH_MAX = 200
export const issuePlatesInput = z.strictObject({ batchId: id, plates: z.array(wantedPlate).min(1).max(BATCH_MAX) })
export type IssuePlatesInput = z.input<typeof issuePlatesInput>
/** Another elder lies in the bed, or nobody: the plate stays. */
export const bedElderInput = z.strictObject({ elderId: id.nullable() })
export const batchListQuery = z.strictObject({ ...pageQuery, regionId: id.optional() })
/** Somebody counted the good ones before they went out. */
export const countBatchInput = z.strictObject({
  id,
  counted: z.number().int().min(0).max(200),
  note: freeText(100).default(''),
})
export const loseBatchInput = z.strictObject({ reason: freeText(60, 1) })
export const revokePlateInput = z.strictObject({ reason: freeText(60, 1) })
export const plateListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  batchId: id.optional(),
  state: z.enum(['inForce', 'revoked']).optional(),
})
export const sheetQuery = z.strictObject({ ids: z.string().max(2400) })
/** A screen that shows codes for those who help this elder; with an activity, for all who are helped there, or for who helps at a site. */
export const openScreenInput = z
  .strictObject({
    id,
    elderId: id.optional(),
    activity: z
      .strictObject({
        title: freeText(30, 1),
        others: z.array(id).max(59),
        /** where it goes on: with it one may also help nobody by name */
        siteId: id.optional(),
      })
      .optional(),
  })
  .refine(({ elderId, activity }) => elderId !== undefined || activity?.siteId !== undefined, {
    path: ['elderId'],
    message: 'REQUIRED',
  })
/** Without a phase: that of whoever is there now, the end; else the beginning. */
export const screenQuery = z.strictObject({ phase: z.enum(['in', 'out']).optional() })
/** What was scanned (whole URL or token) or typed (grouped number). */
export const scanInput = z.strictObject({
  code: z.string().trim().min(1, { message: 'REQUIRED' }).max(300),
  place: place.optional(),
})
