import { z } from 'zod'
import { daySpan, id, pageQuery, place } from '../core/input'

/** Check-in: the phone makes the visit's id. `code` is what was scanned or typed; without it (staff only: phone visits) elders are named. */
export const checkInInput = z.strictObject({
  id,
  code: z.string().trim().min(1, { message: 'REQUIRED' }).max(300),
  elderIds: z.array(id).min(1).max(4),
  serviceId: id,
  orderId: id.optional(),
  place: place.optional(),
  /** the phone's clock when it happened: only compared, never believed */
  deviceAt: z.iso.datetime(),
})
export type CheckInInput = z.infer<typeof checkInInput>
/** Without a code: 帮完了 was pressed (L1). `id` is the idempotency key of this press. */
export const checkOutInput = z.strictObject({
  id,
  code: z.string().trim().max(300).optional(),
  place: place.optional(),
  tasksDone: z.array(z.string().max(60)).max(12),
  deviceAt: z.iso.datetime(),
})
export type CheckOutInput = z.infer<typeof checkOutInput>
/** A scan in the middle of a visit: opens 服务中 and proves the exit that follows. */
export const visitScanInput = z.strictObject({
  id,
  code: z.string().trim().min(1, { message: 'REQUIRED' }).max(300),
  place: place.optional(),
  deviceAt: z.iso.datetime(),
})
export type VisitScanInput = z.infer<typeof visitScanInput>
/** Telephone visit by staff or helper: begins and ends on the server clock like any other. */
export const confirmInput = z.strictObject({
  id,
  elderId: id,
  answer: z.enum(['yes', 'no', 'unsure']),
  /** app: the elder · proxy: who acts for the elder · phone: staff who telephoned */
  how: z.enum(['app', 'proxy', 'phone']),
})
/** Staff rang and nobody picked up. */
export const missedCallInput = z.strictObject({ id, elderId: id })
export type MissedCallInput = z.infer<typeof missedCallInput>
export type ConfirmInput = z.infer<typeof confirmInput>
export const visitListQuery = z.strictObject({
  ...pageQuery,
  ...daySpan,
  regionId: id.optional(),
  memberId: id.optional(),
  elderId: id.optional(),
  state: z.enum(['inProgress', 'finished', 'confirmed', 'disputed', 'approved', 'returned']).optional(),
  level: z.coerce.number().int().min(0).max(4).optional(),
  exception: z
    .string()
    .regex(/^E\d\d$/)
    .optional(),
  nature: z.enum(['volunteer', 'mutualAid', 'dutyPaid']).optional(),
})
export type VisitListQuery = z.infer<typeof visitListQuery>
/** With an elder: who came to this elder (oneself, or as proxy); without: what one did oneself. */
export const myVisitsQuery = z.strictObject({ ...pageQuery, elderId: id.optional() })
export const deskConfirmationsQuery = z.strictObject({ regionId: id.optional() })
