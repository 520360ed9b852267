import { z } from 'zod'
import { day, freeText, id, pageQuery, place } from '../core/input'
import { IMPORT_BYTES_MAX } from '../import/limits'
import { consentInput, personInput, personName, phone } from '../person/input'
import { AREA_EVENT_KINDS, CATEGORIES, EVENT_KINDS, EXIT_KINDS, PROXY_SCOPES } from './words'

export type { Category } from './words'
export { CATEGORIES, CATEGORY_WORDS, EXIT_KINDS, EXIT_WORDS } from './words'
export const category = z.enum(CATEGORIES)

export const elderListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  /** pinyin initials (WXY), a grouped plate number, or a whole phone number */
  q: z.string().max(30).optional(),
  category: category.optional(),
  /** notVisited: must be visited this month and was not yet; assessmentDue: the day of the next assessment has come */
  state: z.enum(['active', 'ended', 'noPlate', 'notVisited', 'assessmentDue']).optional(),
})
const address = z.string().trim().min(1, { message: 'REQUIRED' }).max(100, { message: 'TOO_LONG' })
const contact = z.strictObject({ id, relation: z.string().trim().min(1).max(10), name: personName, phone })
export const enrolElderInput = z.strictObject({
  id,
  regionId: id,
  person: personInput,
  address,
  ownPhone: z.boolean(),
  /** lives behind the same door as this elder */
  householdOf: id.optional(),
  categories: z.array(z.strictObject({ id, category, validFrom: day })).max(10),
  contacts: z.array(contact).max(5),
  consents: z.array(consentInput).min(1, { message: 'CONSENT_NEEDED' }).max(10),
  /** staff looked: somebody of the village with the same name and birth date is somebody else */
  anotherPerson: z.boolean().optional(),
})
export type EnrolElderInput = z.infer<typeof enrolElderInput>
export const changeElderInput = z.strictObject({
  name: personName.optional(),
  phone: phone.nullable().optional(),
  ownPhone: z.boolean().optional(),
})
/** Without householdOf the elder lives behind a door of their own now. */
export const moveElderInput = z.strictObject({ id, regionId: id, address, validFrom: day, householdOf: id.optional() })
export const tagElderInput = z.strictObject({ id, category, validFrom: day })
export const endTagInput = z.strictObject({ validTo: day })
export const exitElderInput = z.strictObject({
  id,
  kind: z.enum(EXIT_KINDS),
  validFrom: day,
  validTo: day.nullable(),
  reason: freeText(100, 1),
})
export const contactInput = contact
export const homePointInput = z.strictObject({ place })
/** The score of an ability assessment; without a day the next one is due after `assessmentDays`. */
export const assessElderInput = z.strictObject({
  id,
  assessedDay: day,
  score: z.number().int().min(0).max(1000),
  nextDueDay: day.optional(),
  organisation: freeText(60, 1),
})
/** Something that happened to an elder: a visit is owed soon after. */
export const elderEventInput = z.strictObject({
  id,
  kind: z.enum(EVENT_KINDS),
  happenedAt: z.iso.datetime(),
  note: freeText(100),
})
/** The same for an area: by category, or a list by name. */
export const declareAreaEventInput = z.strictObject({
  id,
  regionId: id,
  kind: z.enum(AREA_EVENT_KINDS),
  /** now, if it isn't said */
  happenedAt: z.iso.datetime().optional(),
  note: freeText(100).default(''),
  categories: z.array(category).max(7).default([]),
  elderIds: z.array(id).max(500, { message: 'TOO_LONG' }).default([]),
})
export const areaEventReachQuery = z.strictObject({
  regionId: id,
  /** comma list */
  categories: z
    .string()
    .max(200)
    .transform((text) => text.split(',').filter((one) => one !== ''))
    .pipe(z.array(category).max(7)),
})
export const areaEventListQuery = z.strictObject({ ...pageQuery, regionId: id.optional() })
export const areaEventElderQuery = z.strictObject({ ...pageQuery, regionId: id.optional() })
/** Proxies say which elder; an elder asks for him- or herself. */
export const myElderQuery = z.strictObject({ elderId: id.optional() })
const pin = z.string().regex(/^\d{4}$/, { message: 'PIN_FORM' })
/** Set by the elder, by who acts for the elder, or by staff from a signed form: who is asking says which. */
export const setPinInput = z.strictObject({ id, pin })
/** The elder types it on the helper's phone; `code` is the card or plate that was shown. */
export const pinConfirmInput = z.strictObject({
  id,
  elderId: id,
  code: z.string().trim().min(1, { message: 'REQUIRED' }).max(300),
  pin,
})
export type PinConfirmInput = z.infer<typeof pinConfirmInput>

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
