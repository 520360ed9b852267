import { z } from 'zod'
import { daySpan, id, milliPoints, pageQuery, shortText } from '../core/input'

export const productInput = z.strictObject({
  name: shortText,
  icon: z.string().max(30),
  kind: z.enum(['goods', 'meal', 'service']),
  description: z.string().trim().max(200),
  priceMilliPoints: milliPoints,
  costFen: z.number().int().min(0).max(10_000_000),
  holdHours: z.number().int().min(1).max(720),
  active: z.boolean(),
})
export type ProductInput = z.infer<typeof productInput>
export const addProductInput = productInput.extend({ id, regionId: id })
export const stockInput = z.strictObject({ id, pointId: id, change: z.number().int().min(-100_000).max(100_000) })
export const pointInput = z.strictObject({
  name: shortText,
  address: shortText,
  phone: z.string().trim().max(20, { message: 'PHONE_FORM' }),
  openingHours: shortText,
  active: z.boolean(),
})
export const addPointInput = pointInput.extend({ id, regionId: id })
export const redeemInput = z.strictObject({ id, productId: id, pointId: id, elderId: id.optional() })
export const lookUpInput = z.strictObject({ code: z.string().trim().min(1, { message: 'REQUIRED' }).max(300) })
export const fulfilInput = z.strictObject({ id, pointId: id })
export const redemptionListQuery = z.strictObject({
  ...pageQuery,
  ...daySpan,
  regionId: id.optional(),
  pointId: id.optional(),
  fundLineId: id.optional(),
  state: z.enum(['held', 'fulfilled', 'cancelled', 'expired']).optional(),
})
export const catalogueQuery = z.strictObject({ elderId: id.optional() })
export const myRedemptionsQuery = z.strictObject({ ...pageQuery, elderId: id.optional() })
