import { z } from 'zod'
import { instantView } from '../core/view'

export const volunteerRecordQuery = z.strictObject({
  year: z.string().regex(/^(19|20|21)\d\d$/, { message: 'DATE_FORM' }),
})
const rowView = z.object({
  id: z.string(),
  title: z.string(),
  content: z.string(),
  seconds: z.number(),
  grantedBy: z.string(),
  day: z.string(),
})
/** 志愿服务记录 of a year, with what 民政部令 67 号 asks for: person art. 5, services 7, trainings 8, awards 9. */
export const volunteerRecordView = z.object({
  year: z.string(),
  memberId: z.string(),
  person: z.object({
    maskedName: z.string(),
    sex: z.string(),
    birthDate: z.string().nullable(),
    maskedIdNumber: z.string().nullable(),
    maskedPhone: z.string().nullable(),
    area: z.string(),
    skills: z.array(z.string()),
    services: z.array(z.string()),
  }),
  unit: z.string(),
  services: z.array(
    z.object({
      visitId: z.string(),
      activity: z.string(),
      day: z.string(),
      from: instantView,
      to: instantView,
      place: z.string(),
      content: z.string(),
      seconds: z.number(),
      /** who answers for it: whoever decided on it */
      inCharge: z.string().nullable(),
      /** when it went into the record; null as long as nobody stood by it */
      recordedDay: z.string().nullable(),
      /** art. 11: by when it should have, in words */
      due: z.string(),
      late: z.boolean(),
    }),
  ),
  trainings: z.array(rowView),
  honours: z.array(rowView),
  total: z.object({ visits: z.number(), seconds: z.number(), trainingSeconds: z.number(), late: z.number() }),
})
export type VolunteerRecord = z.infer<typeof volunteerRecordView>
