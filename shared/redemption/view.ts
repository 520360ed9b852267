import { z } from 'zod'
import { instantView, milliPointsView, pageOf, placeNameView } from '../core/view'

export const pointView = placeNameView.extend({
  id: z.string(),
  name: z.string(),
  address: z.string(),
  phone: z.string(),
  openingHours: z.string(),
  active: z.boolean(),
})
export type PointView = z.infer<typeof pointView>
export const productView = placeNameView.extend({
  id: z.string(),
  name: z.string(),
  icon: z.string(),
  kind: z.enum(['goods', 'meal', 'service', 'yuan']),
  description: z.string(),
  priceMilliPoints: milliPointsView,
  costFen: z.number(),
  holdHours: z.number(),
  mostAtOnce: z.number(),
  mealTime: z.enum(['breakfast', 'lunch', 'supper']).nullable(),
  whoRule: z.string(),
  /** the rule as people say it; '' for everybody */
  whoSaid: z.string(),
  active: z.boolean(),
  stocks: z.array(
    z.object({
      pointId: z.string(),
      pointName: z.string(),
      address: z.string(),
      openingHours: z.string(),
      /** today: a shelf filled each period is full again in a new one */
      left: z.number(),
      period: z.enum(['never', 'day', 'week', 'month']),
      perPeriod: z.number(),
    }),
  ),
})
export type ProductView = z.infer<typeof productView>
/** What the person who wants to redeem sees: with the reason why not. */
export const offerView = productView.extend({
  whyNot: z.string().nullable(),
  whyNotSentence: z.string().nullable(),
  missingMilliPoints: milliPointsView.nullable(),
})
export type OfferView = z.infer<typeof offerView>
export const catalogueView = z.object({
  availableMilliPoints: milliPointsView,
  offers: z.array(offerView),
  /** for whom, where the rules name relatives: kinId null is oneself. Without such a rule there is no choice: null */
  beneficiaries: z.array(z.object({ kinId: z.string().nullable(), words: z.string() })).nullable(),
})
export type CatalogueView = z.infer<typeof catalogueView>

export const redemptionView = placeNameView.extend({
  id: z.string(),
  state: z.enum(['held', 'fulfilled', 'cancelled', 'expired', 'reversed']),
  productName: z.string(),
  productIcon: z.string(),
  quantity: z.number(),
  priceMilliPoints: milliPointsView,
  /** what the point is paid for it */
  costFen: z.number(),
  pointId: z.string(),
  pointName: z.string(),
  pointAddress: z.string(),
  pointPhone: z.string(),
  openingHours: z.string(),
  personMaskedName: z.string(),
  heldAt: instantView,
  expiresAt: instantView,
  resolvedAt: instantView.nullable(),
})
export type RedemptionView = z.infer<typeof redemptionView>
export const redemptionPage = pageOf(redemptionView)
/** The holder's code page: QR content and 8 digits while held. */
export const myRedemptionView = redemptionView.extend({ code: z.string().nullable(), qr: z.string().nullable() })
export type MyRedemption = z.infer<typeof myRedemptionView>
/** What the point sees on scanning: whether it can be handed over, and when and where it already was. */
export const lookUpView = z.object({
  redemption: redemptionView,
  whyNot: z.string().nullable(),
  whyNotSentence: z.string().nullable(),
})
export type LookUpView = z.infer<typeof lookUpView>

/** One day of a point as it was closed. */
export const closingView = z.object({
  id: z.string(),
  pointId: z.string(),
  pointName: z.string(),
  day: z.string(),
  revision: z.number(),
  pieces: z.number(),
  reversedPieces: z.number(),
  milliPoints: milliPointsView,
  costFen: z.string(),
  byName: z.string(),
  at: instantView,
})
export type ClosingView = z.infer<typeof closingView>
/** Today as it stands, and the days that were closed. */
export const closingsView = z.object({
  day: z.string(),
  pieces: z.number(),
  reversedPieces: z.number(),
  milliPoints: milliPointsView,
  costFen: z.string(),
  closings: z.array(closingView),
})
export type ClosingsView = z.infer<typeof closingsView>
/** What a point is to be paid for a month: issued or not yet (`id` null). */
export const settlementView = placeNameView.extend({
  id: z.string().nullable(),
  pointId: z.string(),
  pointName: z.string(),
  month: z.string(),
  pieces: z.number(),
  milliPoints: milliPointsView,
  costFen: z.string(),
  issuedAt: instantView.nullable(),
  issuedByName: z.string().nullable(),
  paidAt: instantView.nullable(),
  paidByName: z.string().nullable(),
  paymentNo: z.string().nullable(),
  mayIssue: z.boolean(),
  mayPay: z.boolean(),
})
export type SettlementView = z.infer<typeof settlementView>
/** A meal that is served by card at a point. */
export const mealView = z.object({
  productId: z.string(),
  pointId: z.string(),
  name: z.string(),
  mealTime: z.enum(['breakfast', 'lunch', 'supper']),
  priceMilliPoints: milliPointsView,
  left: z.number(),
  servedToday: z.number(),
})
export type MealView = z.infer<typeof mealView>
