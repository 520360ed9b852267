import { z } from 'zod'
import { id, pageQuery } from '../core/input'

const channel = z.enum(['wechat', 'sms'])
const subject = z.enum(['help', 'points', 'desk'])
const noticeKind = z.string().regex(/^[a-zA-Z]{1,40}$/, { message: 'BAD_INPUT' })

/** What somebody answered to WeChat's question, a template each. */
export const grantInput = z.strictObject({
  id,
  answers: z
    .array(z.strictObject({ subject, isAccepted: z.boolean() }))
    .min(1)
    .max(3),
})
export const messageListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  state: z.enum(['waiting', 'sending', 'sent', 'unclear', 'dropped']).optional(),
  kind: noticeKind.optional(),
})
export const messageCountQuery = z.strictObject({ regionId: id.optional() })
export const switchListQuery = z.strictObject({ regionId: id })
export const switchInput = z.strictObject({ id, regionId: id, kind: noticeKind, channel, isOn: z.boolean() })
