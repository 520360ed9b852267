import { z } from 'zod'
import { instantView } from '../core/view'

export const ROLES = [
  'villageStaff',
  'townStaff',
  'townAuditor',
  'countyAdmin',
  'cityAdmin',
  'auditor',
  'redemptionPoint',
  'systemAdmin',
  'securityAdmin',
  'auditAdmin',
] as const
export type Role = (typeof ROLES)[number]

export const identityView = z.object({
  id: z.string(),
  name: z.string(),
  /** volunteer | neighbourHelper | elder | proxy | a role: what to show as a chip */
  kind: z.string(),
  kindWord: z.string(),
  regionName: z.string(),
  /** where this identity works: phone | admin */
  app: z.enum(['phone', 'admin']),
})
export type Identity = z.infer<typeof identityView>

export const tokensView = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  accessExpiresAt: instantView,
  personId: z.string(),
})
export type Tokens = z.infer<typeof tokensView>

export const wechatLoginView = z.union([tokensView, z.object({ ticket: z.string() })])
export const deskCodeView = z.object({ code: z.string(), expiresAt: instantView })

export const meView = z.object({
  personId: z.string(),
  /** own name in full */
  name: z.string(),
  roles: z.array(
    z.object({
      role: z.enum(ROLES),
      regionId: z.string(),
      regionName: z.string(),
      redemptionPointId: z.string().nullable(),
      /** the end of a post that is done for somebody else */
      standsInUntil: instantView.nullable(),
    }),
  ),
  member: z
    .object({
      id: z.string(),
      kind: z.enum(['volunteer', 'neighbourHelper']),
      state: z.string(),
      regionId: z.string(),
      regionName: z.string(),
      townName: z.string(),
    })
    .nullable(),
  elder: z.object({ id: z.string(), regionId: z.string(), regionName: z.string(), townName: z.string() }).nullable(),
  /** elders this person may act for */
  proxyOf: z.array(
    z.object({ elderId: z.string(), name: z.string(), relation: z.string(), scopes: z.array(z.string()) }),
  ),
  agencyName: z.string(),
  hotline: z.string(),
  pointsWord: z.string(),
  programmeName: z.string(),
  demo: z.boolean(),
  /** bound: this is the phone the person works with · other: another one is · none: no phone at all, as at a desk */
  device: z.enum(['bound', 'other', 'none']),
  now: instantView,
})
export type Me = z.infer<typeof meView>
/** Which phone proves one's visits. */
export const ownDeviceView = z.object({
  /** of the phone that asks: as in `me` */
  state: z.enum(['bound', 'other', 'none']),
  boundAt: instantView.nullable(),
  /** the phone was changed lately: before this moment it can't be changed again */
  changeFrom: instantView.nullable(),
  coolDownHours: z.number(),
  /** the change takes a code of the own telephone number */
  needsPhone: z.boolean(),
})
export type OwnDevice = z.infer<typeof ownDeviceView>

/** What the app of the six digits is set up with: shown once. */
export const loginSetupView = z.object({ ticket: z.string(), secret: z.string(), uri: z.string() })
/** Recovery codes, each once, shown once. */
export const loginSetView = z.object({ recoveryCodes: z.array(z.string()) })
export const sessionView = z.object({
  id: z.string(),
  how: z.enum(['wechat', 'desk', 'password', 'demo']),
  createdAt: instantView,
  /** when it was last renewed */
  lastAt: instantView,
  isThis: z.boolean(),
})
export type SessionView = z.infer<typeof sessionView>
export const securityView = z.object({
  hasLogin: z.boolean(),
  recoveryCodesLeft: z.number(),
  sessions: z.array(sessionView),
})
export type SecurityView = z.infer<typeof securityView>
