import { z } from 'zod'
import { id } from '../core/input'
import { QUEUE_KINDS } from './rules'

/** One thing that was done without waiting for the server. What is in `body` depends on the kind. */
export const queueEvent = z.strictObject({
  id,
  kind: z.enum(QUEUE_KINDS),
  /** 1, 2, 3 … without a gap in the chain of one phone */
  seq: z.number().int().min(1).max(10_000_000),
  /** the event before it; null for the first */
  previousId: id.nullable(),
  /** the phone's clock */
  wallAt: z.iso.datetime(),
  /** milliseconds since the app was opened: they only grow, whatever happens to the clock */
  monotonicMs: z.number().int().min(0).max(10_000_000_000),
  body: z.record(z.string().max(20), z.string().max(300)),
})
export type QueueEvent = z.infer<typeof queueEvent>
export const uploadInput = z.strictObject({ chainId: id, events: z.array(queueEvent).min(1).max(50) })
export const fulfilBody = z.strictObject({ pointId: id, code: z.string().trim().min(1).max(300) })
export const mealBody = z.strictObject({ pointId: id, productId: id, card: z.string().trim().min(1).max(300) })
