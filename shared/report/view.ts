import { z } from 'zod'
import { instantView, milliPointsView } from '../core/view'

/** 工作台: each number with its definition; `link` is where its rows are. */
export const dashboardView = z.object({
  month: z.string(),
  regionName: z.string(),
  tiles: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      value: z.string(),
      unit: z.string(),
      definition: z.string(),
      link: z.string(),
      bad: z.boolean(),
    }),
  ),
  days: z.array(z.object({ day: z.string(), visits: z.number(), seconds: z.number() })),
  issuedMilliPoints: milliPointsView,
  redeemedMilliPoints: milliPointsView,
})
export type Dashboard = z.infer<typeof dashboardView>
export const operationView = z.object({
  id: z.string(),
  at: instantView,
  byName: z.string(),
  roleWord: z.string(),
  action: z.string(),
  resource: z.string(),
  resourceId: z.string(),
  regionName: z.string(),
  purpose: z.string().nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
})
export const operationPage = z.object({ items: z.array(operationView), next: z.string().nullable() })
