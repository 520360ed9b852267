import { z } from 'zod'
import { instantView, pageOf } from '../core/view'

export const noticeView = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  body: z.string(),
  phoneLink: z.string(),
  deskLink: z.string(),
  createdAt: instantView,
  isRead: z.boolean(),
})
export type NoticeView = z.infer<typeof noticeView>
export const noticePage = pageOf(noticeView)
export const unreadView = z.object({ unread: z.number() })
export type UnreadView = z.infer<typeof unreadView>
