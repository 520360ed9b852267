import { z } from 'zod'
import { daySpan, freeText, id, pageQuery, place } from '../core/input'
import { APPEALS, EXPLANATIONS } from './appeal'
import { EXCEPTIONS } from './exceptions'
import { RATING_HOWS } from './said'

/** Check-in: the phone makes the visit's id. `code` is what was scanned or typed; at a site nobody need be named. */
export const checkInInput = z.strictObject({
  id,
  code: z.string().trim().min(1, { message: 'REQUIRED' }).max(300),
  elderIds: z.array(id).max(4),
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
  tasksDone: z.array(freeText(60)).max(12),
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
export type ConfirmInput = z.infer<typeof confirmInput>
/** Staff of a place say of many helpers at once that they were there, or weren't. */
export const confirmAtSiteInput = z.strictObject({
  id,
  visitIds: z.array(id).min(1).max(200),
  answer: z.enum(['yes', 'no']),
})
export type ConfirmAtSiteInput = z.infer<typeof confirmAtSiteInput>
/** One of three faces: 3 good, 2 so so, 1 not good. */
export const rateInput = z.strictObject({ id, elderId: id, face: z.union([z.literal(1), z.literal(2), z.literal(3)]) })
export type RateInput = z.infer<typeof rateInput>
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
export const ratingListQuery = z.strictObject({
  ...pageQuery,
  ...daySpan,
  regionId: id.optional(),
  memberId: id.optional(),
  how: z.enum(RATING_HOWS).optional(),
  /** only who wasn't content */
  low: z.enum(['1']).optional(),
})
export const deskConfirmationsQuery = z.strictObject({ regionId: id.optional() })
/** One call about one visit: nobody picked up, or what the elder said. */
export const callInput = z
  .strictObject({
    id,
    elderId: id,
    reached: z.boolean(),
    answer: z.enum(['yes', 'no', 'unsure']).optional(),
    /** how content the elder was, 1–5 */
    satisfaction: z.number().int().min(1).max(5).optional(),
    note: freeText(200).optional(),
    /** when to ring again; without it by the setting of the place */
    nextAt: z.iso.datetime().optional(),
  })
  .refine((call) => call.reached === (call.answer !== undefined), { path: ['answer'], message: 'REQUIRED' })
  .refine((call) => call.reached || call.satisfaction === undefined, { path: ['satisfaction'], message: 'BAD_INPUT' })
export type CallInput = z.infer<typeof callInput>
const note = freeText(200).optional()
const keysOf = <T extends object>(table: T) => Object.keys(table) as [string & keyof T, ...(string & keyof T)[]]

export const explainInput = z.strictObject({
  id,
  code: z.enum(keysOf(EXCEPTIONS)),
  reasonCode: z.enum(keysOf(EXPLANATIONS)),
  note,
  /** E01: when it really ended */
  endAt: z.iso.datetime().optional(),
})
export type ExplainInput = z.infer<typeof explainInput>
export const appealInput = z.strictObject({ id, reasonCode: z.enum(keysOf(APPEALS)), note })
export type AppealInput = z.infer<typeof appealInput>
export const correctEndInput = z.strictObject({ id, endAt: z.iso.datetime(), note })
export type CorrectEndInput = z.infer<typeof correctEndInput>
/** Upheld, the visit is approved: what is red needs its reason and resolution like at the desk. */
export const decideAppealInput = z.strictObject({
  id,
  outcome: z.enum(['upheld', 'rejected']),
  note: freeText(200, 1),
  resolutions: z
    .array(
      z.strictObject({
        code: z.string().regex(/^E\d\d$/),
        reasonCode: z.string().min(1).max(40),
        resolutionCode: z.string().min(1).max(40),
      }),
    )
    .max(16)
    .optional(),
})
export type DecideAppealInput = z.infer<typeof decideAppealInput>
export const appealListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  state: z.enum(['waiting', 'upheld', 'rejected']).default('waiting'),
})
export type AppealListQuery = z.infer<typeof appealListQuery>
/** Staff at a door: all is well, nobody opens, or something is wrong. */
export const fieldCheckInput = z.strictObject({
  id,
  code: z.string().trim().min(1, { message: 'REQUIRED' }).max(300),
  result: z.enum(['well', 'away', 'trouble']),
  note: freeText(200).optional(),
  place: place.optional(),
})
export const fieldChecksQuery = z.strictObject({ elderId: id })
