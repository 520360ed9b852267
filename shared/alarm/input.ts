import { z } from 'zod'
import { id, pageQuery } from '../core/input'

const words = z.string().trim().min(1, { message: 'REQUIRED' }).max(200, { message: 'TOO_LONG' })
export const openAlarmInput = z.strictObject({ id, elderId: id, words })
export const takeAlarmInput = z.strictObject({ id })
export const closeAlarmInput = z.strictObject({ id, outcome: words })
export const alarmListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  state: z.enum(['open', 'closed']).default('open'),
})
export type AlarmListQuery = z.infer<typeof alarmListQuery>
