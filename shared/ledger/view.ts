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
export type AccountView = z.infer<typeof accountView>
/** The member's own page: what there is, what waits for a confirmation or the audit. */
export const myPointsView = z.object({
  account: accountView.nullable(),
  waitingMilliPoints: milliPointsView,
  monthSeconds: z.number(),
  totalSeconds: z.number(),
  formula: z.string(),
  schemeIsSample: z.boolean(),
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
})
export type TransactionView = z.infer<typeof transactionView>
export const transactionPage = pageOf(transactionView)
export { TRANSACTION_WORDS } from './words'
