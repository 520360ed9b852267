import { z } from 'zod'
import { instantView, milliPointsView, pageOf, placeNameView } from '../core/view'

export const orderView = placeNameView.extend({
  id: z.string(),
  elderId: z.string(),
  /** 王大娘 for helpers who accepted it; 王*英 else */
  elderName: z.string(),
  serviceId: z.string(),
  serviceName: z.string(),
  serviceIcon: z.string(),
  plannedSeconds: z.number(),
  wantedDay: z.string(),
  wantedTime: z.string(),
  state: z.enum(['open', 'accepted', 'done', 'cancelled']),
  origin: z.enum(['elder', 'proxy', 'staff']),
  memberId: z.string().nullable(),
  memberName: z.string().nullable(),
  createdAt: instantView,
  unattended: z.boolean(),
  /** points promised for it; null: asked for as a favour */
  payment: z
    .object({
      state: z.enum(['held', 'paid', 'freed']),
      heldMilliPoints: milliPointsView,
      paidMilliPoints: milliPointsView,
    })
    .nullable(),
  /** the business that was sent for, when no neighbour could come */
  marketProvider: z.string().nullable(),
})
export type OrderView = z.infer<typeof orderView>
export const orderPage = pageOf(orderView)
export const orderDetailView = orderView.extend({
  events: z.array(
    z.object({
      kind: z.string(),
      byName: z.string(),
      memberName: z.string().nullable(),
      reason: z.string().nullable(),
      at: instantView,
    }),
  ),
})
export type OrderDetail = z.infer<typeof orderDetailView>

/** 今天要去: accepted orders of today and visits due by requirement in the helper's village. */
export const todayView = z.object({
  orders: z.array(
    orderView.extend({
      address: z.string(),
      phone: z.string().nullable(),
      distanceMetres: z.number().nullable(),
      lastVisitDay: z.string().nullable(),
      owedSentence: z.string().nullable(),
    }),
  ),
  due: z.array(
    z.object({
      elderId: z.string(),
      elderName: z.string(),
      regionName: z.string(),
      owedSentence: z.string(),
      lastVisitDay: z.string().nullable(),
      usualHelper: z.boolean(),
      /** 结对: the helper promised to look after this elder */
      paired: z.boolean(),
    }),
  ),
  /** how many elders the helper is paired with */
  paired: z.number(),
  openNearby: z.number(),
  current: z.object({ visitId: z.string() }).nullable(),
  monthSeconds: z.number(),
  availableMilliPoints: z.string(),
  waitingMilliPoints: z.string(),
})
export type TodayView = z.infer<typeof todayView>

/** What help costs where the elder is at home, and whose points may pay for it. No prices: it is asked for as a favour. */
export const orderPricesView = z.object({
  prices: z.array(z.object({ serviceId: z.string(), milliPoints: milliPointsView })),
  payers: z.array(
    z.object({
      payer: z.enum(['elder', 'me']),
      availableMilliPoints: milliPointsView,
      whyNotSentence: z.string().nullable(),
    }),
  ),
})
export type OrderPrices = z.infer<typeof orderPricesView>
