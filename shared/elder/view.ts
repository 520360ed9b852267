import { z } from 'zod'
import { instantView, pageOf, placeNameView } from '../core/view'
import { planHelperView } from '../requirement/view'
import { AREA_EVENT_KINDS, PROXY_SCOPES } from './words'

export const elderView = placeNameView.extend({
  id: z.string(),
  maskedName: z.string(),
  sex: z.string(),
  age: z.number().nullable(),
  categories: z.array(z.string()),
  ownPhone: z.boolean(),
  hasPlate: z.boolean(),
  /** null = nothing owed this month */
  visitedThisMonth: z.boolean().nullable(),
  lastVisitDay: z.string().nullable(),
  ended: z.boolean(),
})
export type ElderView = z.infer<typeof elderView>
export const elderPage = pageOf(elderView)

export const plateView = placeNameView.extend({
  id: z.string(),
  kind: z.enum(['door', 'card', 'point', 'bed', 'site']),
  /** of a bed or a site: which house, and which bed or door of it */
  organisationName: z.string().nullable(),
  label: z.string(),
  batchId: z.string(),
  serial: z.string(),
  elderId: z.string().nullable(),
  elderMaskedName: z.string().nullable(),
  issuedAt: z.string(),
  revokedAt: z.string().nullable(),
  revokeReason: z.string().nullable(),
})
export type PlateView = z.infer<typeof plateView>

export const elderDetailView = elderView.extend({
  maskedPhone: z.string().nullable(),
  maskedIdNumber: z.string().nullable(),
  maskedAddress: z.string(),
  birthDate: z.string().nullable(),
  hasHomePoint: z.boolean(),
  household: z.array(z.object({ id: z.string(), maskedName: z.string() })),
  tags: z.array(
    z.object({ id: z.string(), category: z.string(), validFrom: z.string(), validTo: z.string().nullable() }),
  ),
  exits: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      validFrom: z.string(),
      validTo: z.string().nullable(),
      reason: z.string(),
      /** who approved it, masked */
      approvedBy: z.string(),
    }),
  ),
  assessments: z.array(
    z.object({
      id: z.string(),
      assessedDay: z.string(),
      score: z.number(),
      level: z.string(),
      nextDueDay: z.string(),
      organisation: z.string(),
    }),
  ),
  events: z.array(z.object({ id: z.string(), kind: z.string(), happenedAt: z.string(), note: z.string() })),
  residences: z.array(z.object({ validFrom: z.string(), validTo: z.string().nullable(), regionName: z.string() })),
  contacts: z.array(
    z.object({ id: z.string(), relation: z.string(), maskedName: z.string(), maskedPhone: z.string() }),
  ),
  consents: z.array(
    z.object({
      kind: z.string(),
      textVersion: z.string(),
      how: z.string(),
      at: z.string(),
      withdrawnAt: z.string().nullable(),
    }),
  ),
  proxies: z.array(
    z.object({
      id: z.string(),
      maskedName: z.string(),
      relation: z.string(),
      scopes: z.array(z.string()),
      validFrom: z.string(),
      validTo: z.string().nullable(),
      revokedAt: z.string().nullable(),
      /** the invitation that has the signed paper */
      paperId: z.string().nullable(),
    }),
  ),
  plates: z.array(plateView),
  requirements: z.array(z.object({ category: z.string(), interval: z.string(), sentence: z.string() })),
  accountId: z.string().nullable(),
  /** where each field comes from: a desk, or a line of a file with the number it has in the other system */
  sources: z.array(
    z.object({
      field: z.string(),
      at: instantView,
      byName: z.string(),
      fileName: z.string().nullable(),
      line: z.number().nullable(),
      externalNo: z.string().nullable(),
    }),
  ),
})
export type ElderDetail = z.infer<typeof elderDetailView>
/** What an elder sees of him- or herself, and a proxy of the elder. */
export const myElderView = z.object({
  id: z.string(),
  name: z.string(),
  age: z.number().nullable(),
  regionName: z.string(),
  address: z.string(),
  proxies: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      relation: z.string(),
      scopes: z.array(z.string()),
      validFrom: z.string(),
      validTo: z.string().nullable(),
    }),
  ),
  card: z.object({ serial: z.string(), token: z.string() }).nullable(),
})
export type MyElder = z.infer<typeof myElderView>

export const pinView = z.object({
  isSet: z.boolean(),
  setAt: instantView.nullable(),
  /** app | proxy | paper */
  how: z.string().nullable(),
  lockedUntil: instantView.nullable(),
})
export type PinView = z.infer<typeof pinView>
/** Whom a helper can ask for a PIN after a visit. */
export const pinEldersView = z.object({
  elders: z.array(z.object({ id: z.string(), name: z.string(), state: z.enum(['none', 'ready', 'locked']) })),
})
export type PinElders = z.infer<typeof pinEldersView>

/** Heat, cold, a festival declared for an area, and how many of the elders somebody was at since. */
export const areaEventView = placeNameView.extend({
  id: z.string(),
  kind: z.enum(AREA_EVENT_KINDS),
  note: z.string(),
  /** none = a list of elders */
  categories: z.array(z.string()),
  happenedAt: instantView,
  elders: z.number(),
  visited: z.number(),
  byName: z.string(),
})
export type AreaEventView = z.infer<typeof areaEventView>
export const areaEventPage = pageOf(areaEventView)
/** One of whom a declared event is about: who was there since, or whom to send. */
export const areaEventElderView = placeNameView.extend({
  elderId: z.string(),
  maskedName: z.string(),
  categories: z.array(z.string()),
  visitedDay: z.string().nullable(),
  visitedBy: z.string().nullable(),
  helper: planHelperView.nullable(),
})
export type AreaEventElder = z.infer<typeof areaEventElderView>
export const areaEventEldersView = pageOf(areaEventElderView).extend({ event: areaEventView })
export type AreaEventElders = z.infer<typeof areaEventEldersView>
/** `owed`: to whom a rule says within hours. */
export const areaEventReachView = z.object({ elders: z.number(), owed: z.number(), most: z.number() })
export type AreaEventReach = z.infer<typeof areaEventReachView>

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
