import { z } from 'zod'
import { instantView, milliPointsView, pageOf } from '../core/view'

export const accountView = z.object({
  id: z.string(),
  kind: z.string(),
  programmeName: z.string(),
  ownerName: z.string().nullable(),
  postedMilliPoints: milliPointsView,
  heldMilliPoints: milliPointsView,
  availableMilliPoints: milliPointsView,
  closed: z.boolean(),
})
const expiringView = z.array(z.object({ day: z.string(), milliPoints: milliPointsView, daysLeft: z.number() }))
/** One account as the desk looks at it; with what is soon over, by its last day. */
export const accountPageView = accountView.extend({ expiring: expiringView })
export type AccountView = z.infer<typeof accountView>
export type AccountPageView = z.infer<typeof accountPageView>
/** Who may inherit: relatives who were confirmed. */
export const accountKinView = z.array(z.object({ id: z.string(), name: z.string(), relationWord: z.string() }))
export type AccountKin = z.infer<typeof accountKinView>
/** The member's own page: what there is, what waits for a confirmation or the audit. */
export const myPointsView = z.object({
  account: accountView.nullable(),
  waitingMilliPoints: milliPointsView,
  monthSeconds: z.number(),
  totalSeconds: z.number(),
  formula: z.string(),
  schemeIsSample: z.boolean(),
  /** points that are soon over, by their last day, the next first */
  expiring: expiringView,
  /** 0: none, or the scheme knows no stars */
  stars: z.number(),
  honourMilliPoints: milliPointsView,
})
export type MyPoints = z.infer<typeof myPointsView>
export const entryView = z.object({
  transactionId: z.string(),
  no: z.number(),
  kind: z.string(),
  kindWord: z.string(),
  title: z.string(),
  /** 65 分钟 ÷ 5 */
  formula: z.string().nullable(),
  amountMilliPoints: milliPointsView,
  balanceAfterMilliPoints: milliPointsView.nullable(),
  happenedAt: instantView,
  recordedAt: instantView,
  refType: z.string(),
  refId: z.string(),
})
export type EntryView = z.infer<typeof entryView>
export const entryPage = pageOf(entryView)
export const transactionView = z.object({
  id: z.string(),
  kind: z.string(),
  kindWord: z.string(),
  refType: z.string(),
  refId: z.string(),
  happenedAt: instantView,
  recordedAt: instantView,
  formula: z.string().nullable(),
  reverses: z.string().nullable(),
  entries: z.array(
    z.object({
      accountId: z.string(),
      accountKind: z.string(),
      ownerName: z.string().nullable(),
      amountMilliPoints: milliPointsView,
    }),
  ),
  /** points that stay where they are: set aside for something, or (below zero) free again */
  setAside: z
    .object({ accountId: z.string(), ownerName: z.string().nullable(), milliPoints: milliPointsView })
    .nullable(),
})
export type TransactionView = z.infer<typeof transactionView>
export const transactionPage = pageOf(transactionView)
/** Why a number is what it is. */
export const explanationView = z.object({
  transactionId: z.string(),
  kindWord: z.string(),
  /** what such a transaction is, where no rule made its number */
  sentence: z.string().nullable(),
  schemeTitle: z.string().nullable(),
  schemeVersion: z.number().nullable(),
  schemeFrom: z.string().nullable(),
  schemeIsSample: z.boolean(),
  /** its path in the scheme, and in words */
  rule: z.string().nullable(),
  ruleWords: z.string().nullable(),
  inputs: z.array(z.object({ label: z.string(), value: z.string() })),
  formula: z.string().nullable(),
  cuts: z.array(z.object({ sentence: z.string(), milliPoints: milliPointsView, toWord: z.string() })),
  reason: z.string().nullable(),
  /** what a reversal undoes */
  earlier: z.object({ kindWord: z.string(), formula: z.string().nullable() }).nullable(),
  happenedAt: instantView,
  recordedAt: instantView,
})
export type ExplanationView = z.infer<typeof explanationView>
export const balanceView = z.object({ at: instantView, milliPoints: milliPointsView })
/** Entries of some days with what there was before and after them: nothing can be left out unseen. */
export const statementView = z.object({
  openingMilliPoints: milliPointsView,
  closingMilliPoints: milliPointsView,
  items: z.array(entryView),
  next: z.string().nullable(),
})
export type StatementView = z.infer<typeof statementView>
export const pointRequestView = z.object({
  id: z.string(),
  kind: z.string(),
  kindWord: z.string(),
  accountId: z.string(),
  ownerName: z.string().nullable(),
  milliPoints: milliPointsView.nullable(),
  transactionId: z.string().nullable(),
  /** what else is agreed to: where it goes, whom it is taken from, how many lines a list has */
  detail: z.string().nullable(),
  reason: z.string(),
  hasEvidence: z.boolean(),
  askedByName: z.string(),
  askedAt: instantView,
  state: z.enum(['waiting', 'approved', 'rejected']),
  decidedByName: z.string().nullable(),
  decidedAt: instantView.nullable(),
  /** may be decided by who asks */
  mayDecide: z.boolean(),
})
export type PointRequestView = z.infer<typeof pointRequestView>
export const pointRequestPage = pageOf(pointRequestView)
/** Time banks of other counties, to which points can move. */
export const programmeListView = z.array(z.object({ id: z.string(), name: z.string(), regionName: z.string() }))
export type ProgrammeList = z.infer<typeof programmeListView>
/** What two counties owe each other, from the side of one of them: above zero it has given more than it took. */
export const clearingView = z.object({
  accountId: z.string(),
  programmeName: z.string(),
  otherProgrammeId: z.string(),
  otherProgrammeName: z.string(),
  otherRegionName: z.string(),
  owedMilliPoints: milliPointsView,
  /** since when, or null where nothing is owed */
  since: instantView.nullable(),
  /** somebody has asked to settle it already */
  asked: z.boolean(),
})
export type ClearingView = z.infer<typeof clearingView>
export const clearingListView = z.array(clearingView)
export { TRANSACTION_WORDS } from './words'
