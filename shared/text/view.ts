import { z } from 'zod'
import { instantView, pageOf } from '../core/view'
import { TEXT_KINDS } from './words'

export const textView = z.object({
  id: z.string(),
  kind: z.enum(TEXT_KINDS),
  kindWord: z.string(),
  /** as it was written */
  text: z.string(),
  byName: z.string(),
  regionName: z.string(),
  state: z.enum(['review', 'hidden', 'fine']),
  stateWord: z.string(),
  reasonWord: z.string(),
  at: instantView,
  decidedByName: z.string().nullable(),
  decidedAt: instantView.nullable(),
  mayDecide: z.boolean(),
})
export type TextView = z.infer<typeof textView>
export const textPage = pageOf(textView)
