import { z } from 'zod'
import { instantView, pageOf } from '../core/view'

export const anomalyView = z.object({
  id: z.string(),
  kind: z.string(),
  kindWords: z.string(),
  sentence: z.string(),
  score: z.number(),
  month: z.string(),
  /** masked names of whom it is about; a plate by its number */
  subjects: z.array(
    z.object({ id: z.string(), name: z.string(), kind: z.enum(['member', 'person', 'elder', 'plate']) }),
  ),
  foundAt: instantView,
  state: z.enum(['open', 'closed']),
  outcome: z.string().nullable(),
  note: z.string().nullable(),
  closedByName: z.string().nullable(),
  closedAt: instantView.nullable(),
})
export type AnomalyView = z.infer<typeof anomalyView>
export const anomalyPage = pageOf(anomalyView)
const shareLine = z.object({ name: z.string(), visits: z.number(), manual: z.number(), percent: z.string() })
const placeLine = shareLine.extend({ id: z.string() })
/** 手工占比: of visits how many were typed in instead of scanned; by village, by house (of those who lie in its beds), and by who typed. */
export const manualShareView = z.object({
  month: z.string(),
  all: shareLine,
  villages: z.array(placeLine),
  sites: z.array(placeLine),
  clerks: z.array(z.object({ id: z.string(), name: z.string(), lines: z.number(), percent: z.string() })),
})
export type ManualShare = z.infer<typeof manualShareView>
/** For everybody: villages where enough elders were served and sites where enough helped (the setting publicLeast); nobody by name. */
export const publicShareView = z.object({
  month: z.string(),
  regionName: z.string(),
  all: shareLine,
  villages: z.array(shareLine),
  sites: z.array(shareLine),
  /** how many typed, and of what was typed the share of who typed most; null where they are few */
  clerks: z.object({ count: z.number(), topPercent: z.string() }).nullable(),
})
export type PublicShare = z.infer<typeof publicShareView>
