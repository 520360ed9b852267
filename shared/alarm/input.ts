import { z } from 'zod'
import { freeText, id, pageQuery } from '../core/input'

const words = freeText(200, 1)
export const openAlarmInput = z.strictObject({ id, elderId: id, words })
export const takeAlarmInput = z.strictObject({ id })
export const closeAlarmInput = z.strictObject({ id, outcome: words })
export const alarmListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  state: z.enum(['open', 'closed']).default('open'),
})
export type AlarmListQuery = z.infer<typeof alarmListQuery>
