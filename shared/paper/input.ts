import { z } from 'zod'
import { day, freeText, id, month, pageQuery } from '../core/input'
import { IMPORT_BYTES_MAX } from '../import/limits'
import { SIGNERS } from './rules'

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { message: 'PAPER_TIME' })
const base64 = z
  .string()
  .min(4, { message: 'REQUIRED' })
  .max(Math.ceil(IMPORT_BYTES_MAX / 3) * 4, { message: 'TOO_LARGE' })
  .regex(/^[0-9A-Za-z+/]+={0,2}$/, { message: 'IMPORT_FORMAT' })
const reason = freeText(100, 1)

/** One line of the entry page; `sheetLine` is the code of a printed line. */
export const paperLineInput = z.strictObject({
  elderId: id,
  memberId: id,
  serviceId: id,
  day,
  from: time,
  to: time,
  signedBy: z.enum(SIGNERS),
  sheetLine: z.string().max(80).optional(),
})
export type PaperLineInput = z.infer<typeof paperLineInput>
/** Either typed lines or a file; the same sent again under the same id adds nothing. */
export const paperInput = z
  .strictObject({
    id,
    reason,
    lines: z.array(paperLineInput).min(1).max(100).optional(),
    file: base64.optional(),
    fileName: freeText(100, 1).optional(),
  })
  .refine(({ lines, file }) => (lines === undefined) !== (file === undefined), { path: ['lines'], message: 'REQUIRED' })
export type PaperInput = z.infer<typeof paperInput>
export const checkPaperInput = z
  .strictObject({ lines: z.array(paperLineInput).min(1).max(100).optional(), file: base64.optional() })
  .refine(({ lines, file }) => (lines === undefined) !== (file === undefined), { path: ['lines'], message: 'REQUIRED' })
export type CheckPaperInput = z.infer<typeof checkPaperInput>
export const paperPictureInput = z.strictObject({ id, image: base64 })
export const decidePaperInput = z.strictObject({
  id,
  outcome: z.enum(['approved', 'rejected']),
  note: freeText(200, 1),
})
export const paperListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  state: z.enum(['waiting', 'approved', 'rejected']).optional(),
})
export type PaperListQuery = z.infer<typeof paperListQuery>
export const paperSheetQuery = z.strictObject({ elderId: id.optional(), memberId: id.optional(), month })
