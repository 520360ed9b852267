import { z } from 'zod'
import { pageOf, placeNameView } from '../core/view'

export const memberView = placeNameView.extend({
  id: z.string(),
  maskedName: z.string(),
  kind: z.enum(['volunteer', 'neighbourHelper']),
  state: z.string(),
  trainings: z.array(z.string()),
  joinedDay: z.string(),
  maskedPhone: z.string().nullable(),
  monthSeconds: z.number(),
  monthVisits: z.number(),
})
export type MemberView = z.infer<typeof memberView>
export const memberPage = pageOf(memberView)
export const memberDetailView = memberView.extend({
  age: z.number().nullable(),
  sex: z.string(),
  totalSeconds: z.number(),
  accountId: z.string().nullable(),
  postedMilliPoints: z.string().nullable(),
  availableMilliPoints: z.string().nullable(),
})
export type MemberDetail = z.infer<typeof memberDetailView>
export const staffView = placeNameView.extend({
  id: z.string(),
  personId: z.string(),
  maskedName: z.string(),
  role: z.string(),
  roleWord: z.string(),
  maskedPhone: z.string().nullable(),
  validFrom: z.string(),
  validTo: z.string().nullable(),
  redemptionPointName: z.string().nullable(),
})
export type StaffView = z.infer<typeof staffView>
export const staffPage = pageOf(staffView)
