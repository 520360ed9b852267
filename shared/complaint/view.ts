import { z } from 'zod'
import { instantView, milliPointsView, pageOf } from '../core/view'

export const complaintView = z.object({
  id: z.string(),
  visitId: z.string(),
  kind: z.string(),
  kindWords: z.string(),
  state: z.enum(['open', 'dismissed', 'upheld']),
  stateWords: z.string(),
  helperName: z.string(),
  openedByName: z.string(),
  openedAt: instantView,
  regionName: z.string(),
  visitDay: z.string(),
  frozenMilliPoints: milliPointsView,
  reason: z.string(),
  decidedByName: z.string().nullable(),
  decidedAt: instantView.nullable(),
  mayDecide: z.boolean(),
  /** why who looks can't, in words; '' for what is decided, or for whom it is */
  whyNotSentence: z.string(),
  /** by when it is to be decided, in words; '' for what is decided */
  dueSentence: z.string(),
  late: z.boolean(),
})
export type ComplaintView = z.infer<typeof complaintView>
export const complaintPage = pageOf(complaintView)
