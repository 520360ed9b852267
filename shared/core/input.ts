import { z } from 'zod'
import { isDay, isMonth } from './time'
import { withoutNumbers } from './written'

/** Pieces every input is made of: each string has a longest length, each list a limit; unknown keys are refused. */
export const id = z.uuid()
export const day = z.string().max(10).refine(isDay, { message: 'DATE_FORM' })
export const month = z.string().max(7).refine(isMonth, { message: 'DATE_FORM' })
/**
 * What somebody writes in own words. ID numbers and mobile numbers in it are covered before anything keeps them: they have
 * fields of their own, sealed ones. Marked in the schema, so that a test finds the texts that are not read by this.
 */
export const freeText = (most: number, least = 0) => {
  const text = z.string().trim()
  const wanted = least === 0 ? text : text.min(least, { message: 'REQUIRED' })
  return wanted.max(most, { message: 'TOO_LONG' }).overwrite(withoutNumbers).meta({ 'x-free-text': true })
}
/** A name or a title. */
export const shortText = freeText(60, 1)
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
