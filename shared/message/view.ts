import { z } from 'zod'
import { instantView, pageOf } from '../core/view'

/** One message of the queue: to whom (masked), about what, how far it is. Its words are those of the kind. */
export const messageView = z.object({
  id: z.string(),
  maskedName: z.string(),
  regionName: z.string(),
  kind: z.string(),
  kindWords: z.string(),
  state: z.enum(['waiting', 'sending', 'sent', 'unclear', 'dropped']),
  channel: z.enum(['wechat', 'sms']),
  reasonWords: z.string().nullable(),
  tries: z.number(),
  createdAt: instantView,
  dueAt: instantView,
  doneAt: instantView.nullable(),
})
export type MessageView = z.infer<typeof messageView>
export const messagePage = pageOf(messageView)

export const messageCountsView = z.object({
  /** of the last 24 hours, but waiting: all */
  waiting: z.number(),
  sent: z.number(),
  unclear: z.number(),
  dropped: z.number(),
  /** whether this server has the channel at all */
  wechat: z.boolean(),
  sms: z.boolean(),
})
export type MessageCounts = z.infer<typeof messageCountsView>

export const switchView = z.object({
  kind: z.string(),
  kindWords: z.string(),
  /** what is said outside of the app */
  words: z.string(),
  isUrgent: z.boolean(),
  channels: z.array(
    z.object({
      channel: z.enum(['wechat', 'sms']),
      isOn: z.boolean(),
      /** null: what is standard */
      fromRegionName: z.string().nullable(),
    }),
  ),
})
export type SwitchView = z.infer<typeof switchView>
export const switchesView = z.array(switchView)

export const subjectView = z.object({
  subject: z.enum(['help', 'points', 'desk']),
  label: z.string(),
  templateId: z.string(),
  isLasting: z.boolean(),
  left: z.number(),
})
export type SubjectView = z.infer<typeof subjectView>
export const subjectsView = z.array(subjectView)
