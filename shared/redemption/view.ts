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
  kind: z.enum(['goods', 'meal', 'service']),
  description: z.string(),
  priceMilliPoints: milliPointsView,
  costFen: z.number(),
  holdHours: z.number(),
  active: z.boolean(),
  stocks: z.array(
    z.object({
      pointId: z.string(),
      pointName: z.string(),
      address: z.string(),
      openingHours: z.string(),
      left: z.number(),
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
export const catalogueView = z.object({ availableMilliPoints: milliPointsView, offers: z.array(offerView) })

export const redemptionView = placeNameView.extend({
  id: z.string(),
  state: z.enum(['held', 'fulfilled', 'cancelled', 'expired']),
  productName: z.string(),
  productIcon: z.string(),
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
