import { z } from 'zod'
import { instantView, milliPointsView, pageOf, placeNameView } from '../core/view'
import { REPORT_KINDS } from './templates'

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

/** A report in a list. */
export const reportLineView = placeNameView.extend({
  id: z.string(),
  kind: z.enum(REPORT_KINDS),
  title: z.string(),
  period: z.string(),
  version: z.number(),
  /** waiting and running: it is being made */
  state: z.enum(['waiting', 'running', 'ready', 'failed', 'signed']),
  /** 0 to 100 */
  donePercent: z.number(),
  askedByName: z.string(),
  askedAt: instantView,
  madeAt: instantView.nullable(),
  signedByName: z.string().nullable(),
  signedAt: instantView.nullable(),
  maySign: z.boolean(),
})
export type ReportLine = z.infer<typeof reportLineView>
export const reportPage = pageOf(reportLineView)

const columnView = z.object({ key: z.string(), label: z.string(), unit: z.string(), definition: z.string() })
/** All texts as they were written down when it was made. */
export const reportView = reportLineView.extend({
  content: z
    .object({
      agency: z.string(),
      from: z.string(),
      to: z.string(),
      sections: z.array(z.object({ title: z.string(), figures: z.array(columnView.extend({ value: z.string() })) })),
      columns: z.array(columnView),
      places: z.array(z.object({ id: z.string(), name: z.string(), depth: z.string(), values: z.array(z.string()) })),
      monthColumns: z.array(columnView),
      months: z.array(z.object({ month: z.string(), values: z.array(z.string()) })),
      sources: z.array(
        z.object({
          month: z.string(),
          place: z.string(),
          report: z.string().nullable(),
          version: z.string().nullable(),
        }),
      ),
      elders: z.object({ count: z.string(), digest: z.string() }).nullable(),
      changes: z
        .object({
          against: z.string(),
          elders: z.string(),
          list: z.array(z.object({ place: z.string(), what: z.string(), before: z.string(), after: z.string() })),
        })
        .nullable(),
    })
    .nullable(),
  /** what is sealed in the log, and where: one line for each county's log it stands in */
  sealed: z.array(z.object({ log: z.string(), index: z.number(), digest: z.string() })),
  /** the versions of the same report, the newest first */
  versions: z.array(z.object({ id: z.string(), version: z.number(), state: z.string() })),
})
export type ReportView = z.infer<typeof reportView>

export const reportElderView = placeNameView.extend({
  elderId: z.string(),
  maskedName: z.string(),
  result: z.string(),
  /** what the version before said */
  before: z.string().nullable(),
})
export type ReportElder = z.infer<typeof reportElderView>
export const reportElderPage = pageOf(reportElderView)

/** One kind of work the clock starts. */
export const jobView = z.object({
  kind: z.string(),
  cron: z.string(),
  /** due and not done */
  waiting: z.number(),
  lastDoneAt: instantView.nullable(),
  lastError: z.string().nullable(),
})
export type JobState = z.infer<typeof jobView>

/** How far the persons' keys are wrapped with the newest key-encryption key: numbers, and nobody. */
export const keyProgressView = z.object({
  suite: z.enum(['aes', 'sm']),
  kekId: z.string(),
  keys: z.number(),
  /** wrapped with an older one */
  waiting: z.number(),
})
export type KeyProgress = z.infer<typeof keyProgressView>

/** What is asked for and what there is, place by place; `total` is the place itself. */
const supplyRowView = placeNameView.extend({
  elders: z.number(),
  due: z.number(),
  missing: z.number(),
  orders: z.number(),
  ordersDone: z.number(),
  /** asked for and nobody has taken it */
  waiting: z.number(),
  members: z.number(),
  seconds: z.number(),
  sites: z.array(z.object({ name: z.string(), kind: z.string(), needs: z.string(), openingHours: z.string() })),
})
export const supplyView = z.object({
  month: z.string(),
  total: supplyRowView,
  rows: z.array(supplyRowView),
  /** whether there is a page for everybody */
  isOpen: z.boolean(),
})
export type Supply = z.infer<typeof supplyView>
export type SupplyRow = Supply['total']

/** A list without masks that somebody asked for. */
export const exportRequestView = z.object({
  id: z.string(),
  kind: z.enum(['elders', 'members']),
  regionName: z.string(),
  purpose: z.string(),
  state: z.enum(['asked', 'agreed', 'refused', 'fetched', 'expired']),
  askedByName: z.string(),
  askedAt: instantView,
  decidedByName: z.string().nullable(),
  expiresAt: instantView,
  fetchedAt: instantView.nullable(),
  mayDecide: z.boolean(),
  mayFetch: z.boolean(),
})
export type ExportRequestView = z.infer<typeof exportRequestView>
export const exportRequestPage = pageOf(exportRequestView)
