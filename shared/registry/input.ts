import { z } from 'zod'
import { day, freeText, id, pageQuery } from '../core/input'
import { NEEDS, ORGANISATION_KINDS, RECORD_KINDS } from './words'

const text = (most: number) => z.string().trim().max(most, { message: 'TOO_LONG' })

const organisationFields = {
  kind: z.enum(ORGANISATION_KINDS),
  name: freeText(60, 1),
  code: text(30).default(''),
  address: text(100).default(''),
  phone: text(30).default(''),
  openingHours: freeText(60).default(''),
  needs: z.array(z.enum(NEEDS)).max(5).default([]),
  active: z.boolean().default(true),
}
export const addOrganisationInput = z.strictObject({ id, regionId: id, ...organisationFields })
export type AddOrganisationInput = z.infer<typeof addOrganisationInput>
export const changeOrganisationInput = z.strictObject(organisationFields)
export const organisationListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  kind: z.enum(ORGANISATION_KINDS).optional(),
  active: z.enum(['1', '0']).optional(),
})

export const addRecordInput = z.strictObject({
  id,
  kind: z.enum(RECORD_KINDS),
  memberId: id,
  organisationId: id.nullable().default(null),
  title: freeText(60, 1),
  content: freeText(200).default(''),
  seconds: z.number().int().min(0).max(3_600_000).default(0),
  grantedBy: freeText(60).default(''),
  number: text(60).default(''),
  day,
  untilDay: day.nullable().default(null),
})
export type AddRecordInput = z.infer<typeof addRecordInput>
export const withdrawRecordInput = z.strictObject({ reason: freeText(60, 1) })
export const recordListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  memberId: id.optional(),
  kind: z.enum(RECORD_KINDS).optional(),
  /** whose time is over by this day, or soon is */
  endsBy: day.optional(),
})
