import { z } from 'zod'
import { day, id, shortText } from '../core/input'
import { MAP_BYTES_MAX } from './map'

export const regionListQuery = z.strictObject({
  parentId: id.optional(),
  q: z.string().max(30).optional(),
  on: day.optional(),
})
export const addRegionInput = z.strictObject({
  id,
  parentId: id,
  kind: z.string().max(20),
  code: z.string().regex(/^[0-9A-Z]{2,18}$/, { message: 'BAD_INPUT' }),
  name: shortText,
  fullName: shortText,
  validFrom: day,
})
/** Rename, new code, other kind or other parent, from a day on. */
export const changeRegionInput = z.strictObject({
  id,
  validFrom: day,
  name: shortText.optional(),
  fullName: shortText.optional(),
  code: z
    .string()
    .regex(/^[0-9A-Z]{2,18}$/)
    .optional(),
  kind: z.string().max(20).optional(),
  parentId: id.optional(),
})
export const closeRegionInput = z.strictObject({ validTo: day })
export const setSettingInput = z.strictObject({
  id,
  key: z.string().max(60),
  value: z.union([z.string().max(500), z.number().int()]),
  validFrom: day,
})
/** Base64 of a GeoJSON file, with the number under which it was approved. */
export const addMapInput = z.strictObject({
  id,
  regionId: id,
  approvalNo: z.string().trim().max(40, { message: 'TOO_LONG' }),
  file: z
    .string()
    .min(4, { message: 'REQUIRED' })
    .max(Math.ceil(MAP_BYTES_MAX / 3) * 4, { message: 'MAP_LARGE' })
    .regex(/^[0-9A-Za-z+/]+={0,2}$/, { message: 'MAP_FORMAT' }),
})
export const addKindInput = z.strictObject({
  code: z.string().regex(/^[a-z][A-Za-z]{1,19}$/),
  name: shortText,
  level: z.number().int().min(1).max(6),
})
