import { z } from 'zod'
import { instantView, milliPointsView, pageOf, placeNameView } from '../core/view'
import { NEEDS, ORGANISATION_KINDS, RECORD_KINDS } from './words'

export const organisationView = placeNameView.extend({
  id: z.string(),
  kind: z.enum(ORGANISATION_KINDS),
  name: z.string(),
  code: z.string(),
  address: z.string(),
  phone: z.string(),
  openingHours: z.string(),
  needs: z.array(z.enum(NEEDS)),
  active: z.boolean(),
  source: z.string(),
  externalNo: z.string().nullable(),
  members: z.number(),
  /** what it was given */
  milliPoints: milliPointsView,
})
export type OrganisationView = z.infer<typeof organisationView>
export const organisationPage = pageOf(organisationView)

export const recordView = placeNameView.extend({
  id: z.string(),
  kind: z.enum(RECORD_KINDS),
  memberId: z.string(),
  memberName: z.string(),
  organisationName: z.string().nullable(),
  title: z.string(),
  content: z.string(),
  seconds: z.number(),
  grantedBy: z.string(),
  number: z.string(),
  day: z.string(),
  untilDay: z.string().nullable(),
  source: z.string(),
  recordedAt: instantView,
  withdrawnReason: z.string().nullable(),
})
export type RecordView = z.infer<typeof recordView>
export const recordPage = pageOf(recordView)
