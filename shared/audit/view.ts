import { z } from 'zod'
import { pageOf } from '../core/view'
import { visitView } from '../visit/view'

/** A queue row says whether this actor may take it along in a batch. */
export const queueRowView = visitView.extend({ whyNot: z.string().nullable(), whyNotSentence: z.string().nullable() })
export type QueueRow = z.infer<typeof queueRowView>
export const queuePage = pageOf(queueRowView)
export const queueCountsView = z.object({
  waiting: z.number(),
  red: z.number(),
  amber: z.number(),
  clean: z.number(),
  returned: z.number(),
})
export type QueueCounts = z.infer<typeof queueCountsView>
/** One outcome a visit, in the order asked. */
export const outcomesView = z.object({
  outcomes: z.array(
    z.object({ visitId: z.string(), ok: z.boolean(), code: z.string().nullable(), sentence: z.string().nullable() }),
  ),
  done: z.number(),
  refused: z.number(),
})
export type Outcomes = z.infer<typeof outcomesView>
