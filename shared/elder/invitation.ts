import { z } from 'zod'
import { day, id, pageQuery } from '../core/input'
import { pageOf } from '../core/view'
import { IMPORT_BYTES_MAX } from '../import/limits'
import { personName } from '../person/input'

export const PROXY_SCOPES = ['confirm', 'ask', 'redeem'] as const
export type ProxyScope = (typeof PROXY_SCOPES)[number]
/** What a proxy may do, as it is asked and as it is told; each is given apart. */
export const PROXY_SCOPE_PHRASES: Record<ProxyScope, string> = {
  confirm: '说谁来过',
  ask: '请人帮忙',
  redeem: '换东西',
}

const paper = z
  .string()
  .min(4, { message: 'REQUIRED' })
  .max(Math.ceil(IMPORT_BYTES_MAX / 3) * 4, { message: 'TOO_LARGE' })
  .regex(/^[0-9A-Za-z+/]+={0,2}$/, { message: 'PICTURE_FORMAT' })
const code = z.string().trim().min(1, { message: 'REQUIRED' }).max(300)

/** Who is asking says which way it is: the elder on the own phone, or staff with a photograph of the signed paper. */
export const inviteProxyInput = z.strictObject({
  id,
  elderId: id,
  relation: z.string().trim().min(1, { message: 'REQUIRED' }).max(10),
  scopes: z.array(z.enum(PROXY_SCOPES)).min(1, { message: 'REQUIRED' }).max(3),
  /** without it: as long as the place allows */
  validTo: day.optional(),
  paper: paper.optional(),
})
export type InviteProxyInput = z.infer<typeof inviteProxyInput>
export const proxyOfferInput = z.strictObject({ code })
export const acceptProxyInput = z.strictObject({ id, code })
/** Somebody nobody has written down yet takes up an invitation with the phone number WeChat vouches for. */
export const invitedLoginInput = z.strictObject({
  ticket: z.string().max(1000),
  phoneCode: z.string().min(1).max(128),
  code,
  name: personName,
  deviceId: id.optional(),
  deviceKey: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
})
export const proxyActsQuery = z.strictObject(pageQuery)

const offered = {
  relation: z.string(),
  scopes: z.array(z.string()),
  validTo: z.string(),
  expiresAt: z.string(),
}
/** For who invited: the code while it is open. */
export const invitationView = z.object({
  id: z.string(),
  elderId: z.string(),
  state: z.enum(['open', 'accepted', 'expired', 'ended']),
  ...offered,
  /** what the code says; null once it is no use any more */
  address: z.string().nullable(),
  number: z.string(),
  /** who took it up, in full for the elder, masked for staff */
  acceptedBy: z.string().nullable(),
})
export type InvitationView = z.infer<typeof invitationView>
/** For who scanned it: whom one would act for, and what for. */
export const proxyOfferView = z.object({
  ...offered,
  elderName: z.string(),
  regionName: z.string(),
  /** app: the elder asks · paper: staff, from a signed paper */
  how: z.enum(['app', 'paper']),
  agencyName: z.string(),
  hotline: z.string(),
  whyNot: z.string().nullable(),
  whyNotSentence: z.string().nullable(),
})
export type ProxyOffer = z.infer<typeof proxyOfferView>
export const proxyActView = z.object({
  id: z.string(),
  at: z.string(),
  kind: z.enum(PROXY_SCOPES),
  refId: z.string(),
  proxyName: z.string(),
  relation: z.string(),
  elderName: z.string(),
})
export type ProxyAct = z.infer<typeof proxyActView>
export const proxyActPage = pageOf(proxyActView)
