import { z } from 'zod'
import { instantView } from '../core/view'

/** What became of an event; the same event uploaded again gets the same answer. */
export const eventAnswer = z.object({
  id: z.string(),
  outcome: z.enum(['done', 'conflict', 'gap']),
  code: z.string().nullable(),
  /** what whoever stands at the counter reads */
  sentence: z.string(),
  /** whom or what it was about, masked */
  title: z.string(),
  /** what came of it: the visit, the redemption */
  subjectId: z.string().nullable(),
  at: instantView,
})
export type EventAnswer = z.infer<typeof eventAnswer>
export const uploadView = z.object({
  answers: z.array(eventAnswer),
  /** how far the server has this chain: what comes next follows it */
  last: z.object({ hash: z.string(), seq: z.number() }).nullable(),
})
export type UploadView = z.infer<typeof uploadView>
