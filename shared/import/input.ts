import { z } from 'zod'
import { freeText, id, pageQuery } from '../core/input'
import { IMPORT_KIND_CODES } from './kinds'
import { IMPORT_BYTES_MAX } from './limits'

/** Base64 of an xlsx or csv file. */
const file = z
  .string()
  .min(4, { message: 'REQUIRED' })
  .max(Math.ceil(IMPORT_BYTES_MAX / 3) * 4, { message: 'TOO_LARGE' })
  .regex(/^[0-9A-Za-z+/]+={0,2}$/, { message: 'IMPORT_FORMAT' })
const kind = z.enum(IMPORT_KIND_CODES)
export const importTemplateQuery = z.strictObject({ kind: kind.default('elders') })
/** What a file would do; nothing is written. */
export const checkImportInput = z.strictObject({ kind: kind.default('elders'), file })
/** `id` becomes the batch's: the same file sent again under it adds nothing. */
export const importInput = z.strictObject({
  id,
  kind: kind.default('elders'),
  file,
  fileName: freeText(100, 1),
})
export type ImportInput = z.infer<typeof importInput>
export const importListQuery = z.strictObject({ ...pageQuery, regionId: id.optional(), kind: kind.optional() })
export type ImportListQuery = z.infer<typeof importListQuery>
