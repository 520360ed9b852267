import { z } from 'zod'
import { isDay, isMonth } from './time'

/** Pieces every input is made of: each string has a longest length, each list a limit; unknown keys are refused. */
export const id = z.uuid()
export const day = z.string().max(10).refine(isDay, { message: 'DATE_FORM' })
export const month = z.string().max(7).refine(isMonth, { message: 'DATE_FORM' })
export const shortText = z.string().trim().min(1, { message: 'REQUIRED' }).max(60, { message: 'TOO_LONG' })
export const limit = z.coerce.number().int().min(1).max(200).default(50)
export const cursor = z.string().max(200).optional()
export const milliPoints = z.string().regex(/^\d{1,15}$/, { message: 'AMOUNT' })
/** Latitude and longitude with the datum the platform measured in. */
export const place = z.strictObject({
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  accuracyMetres: z.number().min(0).max(100_000),
  datum: z.enum(['GCJ-02', 'WGS-84']),
})
export type Place = z.infer<typeof place>

/** One page of a list: keyset paging, `next` goes into `cursor`. */
export const pageQuery = { limit, cursor }
/** ?from=day&to=day of a list. */
export const daySpan = { from: day.optional(), to: day.optional() }
export const nothing = z.strictObject({})
