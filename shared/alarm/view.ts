import { z } from 'zod'
import { instantView, pageOf, placeNameView } from '../core/view'

export const alarmView = placeNameView.extend({
  id: z.string(),
  elderId: z.string(),
  elderName: z.string(),
  words: z.string(),
  openedByName: z.string(),
  openedAt: instantView,
  level: z.enum(['village', 'town', 'county']),
  dueAt: instantView,
  isOverdue: z.boolean(),
  state: z.enum(['open', 'taken', 'closed']),
  takenByName: z.string().nullable(),
  closedByName: z.string().nullable(),
  closedAt: instantView.nullable(),
  outcome: z.string().nullable(),
})
export type AlarmView = z.infer<typeof alarmView>
export const alarmPage = pageOf(alarmView)
