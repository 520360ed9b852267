import { z } from 'zod'
import { day, daySpan, freeText, id, milliPoints, month, pageQuery, shortText } from '../core/input'
import { MEAL_TIMES } from './rules'

export const productInput = z.strictObject({
  name: shortText,
  icon: z.string().max(30),
  kind: z.enum(['goods', 'meal', 'service', 'yuan']),
  description: freeText(200),
  priceMilliPoints: milliPoints,
  costFen: z.number().int().min(0).max(10_000_000),
  holdHours: z.number().int().min(1).max(720),
  mostAtOnce: z.number().int().min(1).max(1000).default(1),
  /** served by card, as the meal of the day */
  mealTime: z.enum(MEAL_TIMES).nullable().default(null),
  /** who may: a rule about a person, as in the schemes; '' everybody */
  whoRule: z.string().trim().max(300, { message: 'TOO_LONG' }).default(''),
  active: z.boolean(),
})
export type ProductInput = z.infer<typeof productInput>
export const addProductInput = productInput.extend({ id, regionId: id })
/** `period` and `perPeriod`: filled anew each day, week or month; without them the shelf stays as it is said to be */
export const stockInput = z.strictObject({
  id,
  pointId: id,
  change: z.number().int().min(-100_000).max(100_000).default(0),
  period: z.enum(['never', 'day', 'week', 'month']).optional(),
  perPeriod: z.number().int().min(0).max(100_000).optional(),
})
export const pointInput = z.strictObject({
  name: shortText,
  address: shortText,
  phone: z.string().trim().max(20, { message: 'PHONE_FORM' }),
  openingHours: shortText,
  active: z.boolean(),
})
export const addPointInput = pointInput.extend({ id, regionId: id })
export const redeemInput = z.strictObject({
  id,
  productId: id,
  pointId: id,
  elderId: id.optional(),
  quantity: z.number().int().min(1).max(1000).optional(),
  /** for a confirmed relative; without it for whose points they are */
  kinId: id.optional(),
})
export const lookUpInput = z.strictObject({ code: z.string().trim().min(1, { message: 'REQUIRED' }).max(300) })
export const fulfilInput = z.strictObject({ id, pointId: id })
export const redemptionListQuery = z.strictObject({
  ...pageQuery,
  ...daySpan,
  regionId: id.optional(),
  pointId: id.optional(),
  fundLineId: id.optional(),
  state: z.enum(['held', 'fulfilled', 'cancelled', 'expired', 'reversed']).optional(),
})
export const catalogueQuery = z.strictObject({ elderId: id.optional() })
export const myRedemptionsQuery = z.strictObject({ ...pageQuery, elderId: id.optional() })
/** Handed over by mistake: nothing was given, or to the wrong person. */
export const reversalInput = z.strictObject({ id, reason: shortText })
export const closingInput = z.strictObject({ id, day })
export const closingListQuery = z.strictObject({ ...daySpan, pointId: id.optional() })
export const settleInput = z.strictObject({ id, month })
export const paymentInput = z.strictObject({ id, paymentNo: shortText })
export const settlementListQuery = z.strictObject({ month: month.optional(), regionId: id.optional() })
export const statementFormat = z.strictObject({ format: z.enum(['pdf', 'xlsx']) })
