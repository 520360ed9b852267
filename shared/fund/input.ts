import { z } from 'zod'
import { freeText, id, pageQuery, shortText } from '../core/input'
import { FUND_SOURCES } from './rules'

const year = z.coerce.number().int().min(2000).max(2199)
/** What a line is to say; the whole of it each time. */
export const fundTerms = z.strictObject({
  name: shortText,
  source: z.enum(FUND_SOURCES),
  /** none: everything that can be redeemed */
  kinds: z.array(z.enum(['goods', 'meal', 'service', 'yuan'])).max(5),
  productIds: z.array(id).max(50),
  /** lower is drawn on first */
  priority: z.number().int().min(1).max(99),
  active: z.boolean(),
  budgetFen: z.string().regex(/^\d{1,13}$/, { message: 'BAD_INPUT' }),
})
export type FundTerms = z.infer<typeof fundTerms>
export const addFundLineInput = z.strictObject({ id, regionId: id, year, terms: fundTerms, reason: shortText })
export const fundChangeInput = z.strictObject({ id, terms: fundTerms, reason: shortText })
export const fundDecisionInput = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  reason: freeText(60).default(''),
})
export const fundListQuery = z.strictObject({ regionId: id.optional(), year: year.optional() })
export const fundChangeListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  state: z.enum(['waiting', 'decided']).optional(),
})
/** Whose part of a line: a region below it, or the whole. */
export const fundPlacesQuery = z.strictObject({ regionId: id.optional() })
export const fundCoverQuery = z.strictObject({ regionId: id })
