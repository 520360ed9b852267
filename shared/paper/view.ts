import { z } from 'zod'
import { instantView, pageOf } from '../core/view'

export const PAPER_LINE_STATES = ['new', 'skip', 'error'] as const
/** What a line is, or what would become of it. Names are masked: what was written is on the paper. */
export const paperLineView = z.object({
  line: z.number(),
  state: z.enum(PAPER_LINE_STATES),
  elderName: z.string(),
  memberName: z.string(),
  serviceName: z.string(),
  day: z.string(),
  from: z.string(),
  to: z.string(),
  minutes: z.number().nullable(),
  signedBy: z.string(),
  visitId: z.string().nullable(),
  notes: z.array(z.object({ column: z.string(), sentence: z.string() })),
})
export type PaperLineView = z.infer<typeof paperLineView>
export const paperCheckView = z.object({
  counts: z.object({ new: z.number(), skip: z.number(), error: z.number() }),
  /** how many lines this clerk may still enter this month */
  left: z.number(),
  lines: z.array(paperLineView),
})
export type PaperCheck = z.infer<typeof paperCheckView>
export const paperView = z.object({
  id: z.string(),
  regionName: z.string(),
  source: z.enum(['form', 'sheet']),
  fileName: z.string().nullable(),
  reason: z.string(),
  lines: z.number(),
  pictures: z.number(),
  state: z.enum(['waiting', 'approving', 'approved', 'rejected']),
  enteredByName: z.string(),
  enteredAt: instantView,
  decidedByName: z.string().nullable(),
  decidedAt: instantView.nullable(),
  decisionNote: z.string().nullable(),
  /** why this actor may not decide, or null */
  whyNot: z.string().nullable(),
  whyNotSentence: z.string().nullable(),
  mayAttach: z.boolean(),
})
export type PaperView = z.infer<typeof paperView>
export const paperPage = pageOf(paperView)
export const paperDetailView = paperView.extend({
  detail: z.array(paperLineView),
  pictureIds: z.array(z.string()),
  /** photographs whose time was over: only their hashes are kept */
  forgottenPictures: z.number(),
})
export type PaperDetail = z.infer<typeof paperDetailView>
export const paperDoneView = paperCheckView.extend({ paper: paperView.nullable() })
export type PaperDone = z.infer<typeof paperDoneView>
