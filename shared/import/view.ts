import { z } from 'zod'
import { pageOf } from '../core/view'
import { IMPORT_KIND_CODES } from './kinds'

export const IMPORT_STATES = ['new', 'update', 'skip', 'error'] as const
export type ImportState = (typeof IMPORT_STATES)[number]
export const importCountsView = z.object({ new: z.number(), update: z.number(), skip: z.number(), error: z.number() })
export type ImportCounts = z.infer<typeof importCountsView>

/** One line of the file. A person's name is masked; what was typed is in the file the clerk holds. */
export const importLineView = z.object({
  /** as the spreadsheet numbers it: the first line below the titles is 2 */
  line: z.number(),
  state: z.enum(IMPORT_STATES),
  name: z.string(),
  /** the elder, the helper … it adds, fills in or finds */
  subjectId: z.string().nullable(),
  /** column of the sheet and one sentence each: what is wrong, what is filled in, what differs and stays as it is */
  notes: z.array(z.object({ column: z.string(), sentence: z.string() })),
})
export type ImportLine = z.infer<typeof importLineView>

export const importCheckView = z.object({ counts: importCountsView, lines: z.array(importLineView) })
export type ImportCheck = z.infer<typeof importCheckView>

export const importView = z.object({
  id: z.string(),
  kind: z.enum(IMPORT_KIND_CODES),
  fileName: z.string(),
  at: z.string(),
  byName: z.string(),
  counts: importCountsView,
  /** null once it is too late, or undone */
  canUndoUntil: z.string().nullable(),
  undoneAt: z.string().nullable(),
})
export type ImportView = z.infer<typeof importView>
export const importPage = pageOf(importView)
export const importDoneView = importCheckView.extend({ batch: importView })
export type ImportDone = z.infer<typeof importDoneView>
