import { z } from 'zod'
import { freeText, id } from '../core/input'

const code = z.string().min(1).max(128)
/** The phone that logs in, and the public half of its own key. */
const device = {
  deviceId: id.optional(),
  deviceKey: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
}
export const demoLoginInput = z.strictObject({ identityId: id, ...device })
export const wechatLoginInput = z.strictObject({ code, ...device })
/** Second step when the openid isn't bound yet: the phone code of WeChat, or none on H5. */
export const phoneLoginInput = z.strictObject({
  ticket: z.string().max(1000),
  phoneCode: code,
  ...device,
})
/** `nonce` is kept by the client until answered: the same refresh asked twice is answered alike. */
export const refreshInput = z.strictObject({ refreshToken: z.string().max(200), nonce: id })
const password = z.string().min(1).max(200)
/** Six digits of the app, or one of the recovery codes. */
const secondFactor = z.string().trim().min(6).max(20)
export const passwordLoginInput = z.strictObject({ phone: z.string().trim().max(20), password, code: secondFactor })
/** `ticket` holds the secret that was shown; the digits show that the app has it. */
export const setLoginInput = z.strictObject({
  ticket: z.string().max(1000),
  password: z.string().min(12, { message: 'PASSWORD_WEAK' }).max(200),
  code: z.string().regex(/^\d{6}$/, { message: 'PASSWORD_WRONG' }),
})
export const proveInput = z.strictObject({ password, code: secondFactor })
export const accessInput = z.strictObject({
  access: z.enum(['on', 'off']),
  reason: freeText(60, 2),
})
/** Why somebody else's login is reset or ended. */
export const accountReasonInput = z.strictObject({ reason: freeText(60, 2) })
/** 8 digits that a logged-in staff member reads off the phone, to log in to the admin web. */
export const deskLoginInput = z.strictObject({ code: z.string().regex(/^\d{8}$/, { message: 'LOGIN_CODE_WRONG' }) })
/** A code of WeChat's phone button; a demonstration has none. */
export const changeDeviceInput = z.strictObject({ phoneCode: code.optional() })
