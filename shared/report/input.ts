import { z } from 'zod'
import { daySpan, id, month, pageQuery } from '../core/input'
export const dashboardQuery = z.strictObject({ regionId: id.optional(), month: month.optional() })
export const operationListQuery = z.strictObject({
  ...pageQuery,
  ...daySpan,
  regionId: id.optional(),
  resource: z.string().max(30).optional(),
})
/** Besides these, an export takes the filters of the list it exports. */
export const exportFormat = z.enum(['csv', 'xlsx']).default('xlsx')
