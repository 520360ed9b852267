import { z } from 'zod'
import { freeText, id, place } from '../core/input'
import { QUEUE_KINDS } from './rules'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const clocks = {
  /** the phone's clock */
  wallAt: z.iso.datetime(),
  /** milliseconds since the app was opened: they only grow, whatever happens to the clock */
  monotonicMs: z.number().int().min(0).max(10_000_000_000),
  /** another one each time the app is opened */
  boot: id,
}
/** One thing that was done without waiting for the server. What is in `body` depends on the kind; all of it is text. */
export const queueEvent = z.strictObject({
  id,
  kind: z.enum(QUEUE_KINDS),
  deviceId: id,
  /** 1, 2, 3 … without a gap in the chain of one phone */
  seq: z.number().int().min(1).max(10_000_000),
  /** SHA-256 of the event before it; null for the first */
  previousHash: hash.nullable(),
  ...clocks,
  body: z.record(z.string().max(20), z.string().max(1000)),
  /** Ed25519 over the hash, by the key of the device */
  signature: z.string().regex(/^[0-9a-f]{128}$/),
})
export type QueueEvent = z.infer<typeof queueEvent>
export const uploadInput = z.strictObject({
  chainId: id,
  /** the phone's clocks as it sends */
  sent: z.strictObject(clocks),
  events: z.array(queueEvent).min(1).max(50),
})
export type Upload = z.infer<typeof uploadInput>

const code = z.string().trim().min(1, { message: 'REQUIRED' }).max(300)
/** A value that had to become text to be signed. */
const written = <S extends z.ZodType>(shape: S) =>
  z
    .string()
    .max(1000)
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown
      } catch {
        context.addIssue({ code: 'custom', message: 'BAD_INPUT' })
        return z.NEVER
      }
    })
    .pipe(shape)

/** Who doesn't know whose plate it is leaves out whom and what for: the server looks. */
export const checkInBody = z.strictObject({
  code,
  elderIds: written(z.array(id).max(4)).optional(),
  serviceId: id.optional(),
  orderId: id.optional(),
  place: written(place).optional(),
})
/** `visitId` may be the id of a check-in that waits in the same queue. */
export const checkOutBody = z.strictObject({
  visitId: id,
  code: code.optional(),
  tasksDone: written(z.array(freeText(60)).max(12)),
  place: written(place).optional(),
})
/** A scan in the middle of a visit; `visitId` as above. */
export const scanBody = z.strictObject({ visitId: id, code, place: written(place).optional() })
export const confirmBody = z.strictObject({
  visitId: id,
  elderId: id,
  answer: z.enum(['yes', 'no', 'unsure']),
  how: z.enum(['app', 'proxy', 'phone']),
})
export const fieldCheckBody = z.strictObject({
  code,
  result: z.enum(['well', 'away', 'trouble']),
  note: freeText(200).optional(),
  place: written(place).optional(),
})
export const fulfilBody = z.strictObject({ pointId: id, code })
export const mealBody = z.strictObject({ pointId: id, productId: id, card: code })
