import { z } from 'zod'
import { instantView, milliPointsView, pageOf, placeNameView } from '../core/view'

/** Fen as a decimal string: a city's money is more than a number of 32 bits. */
const fenView = z.string().regex(/^-?\d+$/)
const termsView = z.object({
  name: z.string(),
  source: z.string(),
  kinds: z.array(z.string()),
  productIds: z.array(z.string()),
  productNames: z.array(z.string()),
  priority: z.number(),
  active: z.boolean(),
  budgetFen: fenView,
})
export const fundLineView = termsView.extend({
  id: z.string(),
  regionId: z.string(),
  regionName: z.string(),
  levelWord: z.string(),
  year: z.number(),
  drawnFen: fenView,
  leftFen: fenView,
  /** what was handed over already; the rest of what is drawn is promised */
  paidFen: fenView,
  waiting: z.boolean(),
  mayChange: z.boolean(),
})
export type FundLineView = z.infer<typeof fundLineView>
export const fundChangeView = z.object({
  id: z.string(),
  fundLineId: z.string(),
  regionId: z.string(),
  regionName: z.string(),
  year: z.number(),
  lineName: z.string(),
  before: termsView.nullable(),
  terms: termsView,
  reason: z.string(),
  askedByName: z.string(),
  askedAt: instantView,
  state: z.enum(['waiting', 'approved', 'rejected']),
  decidedByName: z.string().nullable(),
  decidedAt: instantView.nullable(),
  decisionReason: z.string(),
  mayDecide: z.boolean(),
})
export type FundChangeView = z.infer<typeof fundChangeView>
export const fundChangePage = pageOf(fundChangeView)

/** One level of the way down from a line: the places below, and what of the line went to people there. */
export const fundPlacesView = placeNameView.extend({
  line: fundLineView,
  trail: z.array(z.object({ id: z.string(), name: z.string() })),
  /** whether the actor may see the redemptions of people here one by one */
  own: z.boolean(),
  places: z.array(
    placeNameView.extend({
      count: z.number(),
      promisedFen: fenView,
      paidFen: fenView,
      milliPoints: milliPointsView,
      hasPlaces: z.boolean(),
    }),
  ),
})
export type FundPlacesView = z.infer<typeof fundPlacesView>

export const fundCoverView = placeNameView.extend({
  year: z.number(),
  budgetFen: fenView,
  drawnFen: fenView,
  leftFen: fenView,
  /** left in lines above the county, which other counties draw on too */
  sharedFen: fenView,
  outstandingMilliPoints: milliPointsView,
  costFen: z.number(),
  costFrom: z.enum(['setting', 'catalogue', 'none']),
  liabilityFen: fenView,
  ceilingMilliPoints: milliPointsView.nullable(),
  usedPermille: z.number().nullable(),
  warnPercent: z.number(),
  state: z.enum(['ok', 'warn', 'over']),
  months: z.array(z.object({ month: z.string(), drawnFen: fenView })),
})
export type FundCoverView = z.infer<typeof fundCoverView>

/** Where the points of a redemption came from: the visits they were earned by. */
export const originView = z.object({
  redemptionId: z.string(),
  fundLineId: z.string().nullable(),
  fundLineName: z.string().nullable(),
  costFen: z.number(),
  sources: z.array(
    z.object({
      transactionId: z.string(),
      kindWord: z.string(),
      happenedAt: instantView,
      milliPoints: milliPointsView,
      visit: z
        .object({
          id: z.string(),
          day: z.string(),
          serviceName: z.string(),
          regionName: z.string(),
          servedSeconds: z.number(),
          /** the part of it that this redemption used up, as much as of its points */
          usedSeconds: z.number(),
        })
        .nullable(),
    }),
  ),
  usedSeconds: z.number(),
})
export type OriginView = z.infer<typeof originView>
