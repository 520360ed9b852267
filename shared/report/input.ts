import { z } from 'zod'
import { daySpan, freeText, id, month, pageQuery } from '../core/input'
import { REPORT_KINDS } from './templates'

export const dashboardQuery = z.strictObject({ regionId: id.optional(), month: month.optional() })
export const operationListQuery = z.strictObject({
  ...pageQuery,
  ...daySpan,
  regionId: id.optional(),
  resource: z.string().max(30).optional(),
  action: z.string().max(30).optional(),
  /** the whole id of what it was done to, or a piece of the purpose */
  q: z.string().trim().max(60).optional(),
})
/** Besides these, an export takes the filters of the list it exports. */
export const exportFormat = z.enum(['csv', 'xlsx']).default('xlsx')

const kind = z.enum(REPORT_KINDS)
/** `period` is 2026-10, 2026-Q3, 2026-H1 or 2026, as the kind asks for. */
export const askReportInput = z.strictObject({ id, kind, regionId: id, period: z.string().max(7) })
export type AskReportInput = z.infer<typeof askReportInput>
export const reportListQuery = z.strictObject({ ...pageQuery, regionId: id.optional(), kind: kind.optional() })
export const reportFileQuery = z.strictObject({ format: z.enum(['xlsx', 'pdf']) })
export const reportElderQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(['missing', 'visited', 'exited', 'changed']).default('missing'),
})

/** A list of people without masks: what, of where, and what for. */
export const askExportInput = z.strictObject({
  id,
  kind: z.enum(['elders', 'members']),
  regionId: id,
  purpose: freeText(100, 4),
})
export const decideExportInput = z.strictObject({ agreed: z.boolean() })
export const exportRequestQuery = z.strictObject({ ...pageQuery })
