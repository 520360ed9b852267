import { z } from 'zod'
import { day, freeText, id, milliPoints, pageQuery, shortText } from '../core/input'
import { consentInput, personInput } from '../person/input'
import { RELATIONS } from '../scheme/kinds'
import { ROLES } from '../session/view'

export const memberListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  q: z.string().max(30).optional(),
  kind: z.enum(['volunteer', 'neighbourHelper']).optional(),
  state: z.enum(['active', 'suspended', 'ended']).optional(),
})
export const enrolMemberInput = z.strictObject({
  id,
  regionId: id,
  kind: z.enum(['volunteer', 'neighbourHelper']),
  person: personInput,
  trainings: z.array(freeText(30, 1)).max(20),
  consents: z.array(consentInput).max(10),
  /** the helper who brought this one */
  referrerId: id.optional(),
})
export const memberStateInput = z.strictObject({
  state: z.enum(['active', 'suspended', 'ended']),
  reason: freeText(100, 1),
})
export const memberTrainingInput = z.strictObject({ trainings: z.array(freeText(30, 1)).max(20) })
export const addStaffInput = z.strictObject({
  id,
  regionId: id,
  role: z.enum(ROLES),
  redemptionPointId: id.optional(),
  person: personInput,
  validFrom: day,
})
export const endStaffInput = z.strictObject({ validTo: day })
export const staffListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  role: z.string().max(30).optional(),
})

/** A post of one is done by another from one moment to another. */
export const delegationInput = z.strictObject({
  id,
  staffId: id,
  /** any post of whoever stands in */
  toStaffId: id,
  fromAt: z.iso.datetime(),
  untilAt: z.iso.datetime(),
  reason: freeText(60, 2),
})

/** Two records of one human; `into` stays. */
export const mergeInput = z.strictObject({
  id,
  fromPersonId: id,
  intoPersonId: id,
  reason: freeText(60, 2),
})
export const mergeAnswerInput = z.strictObject({ answer: z.enum(['yes', 'no']) })

const relation = z.enum(RELATIONS).exclude(['self'])

/** Whoever declares names the other by name and phone: nobody can look through the register. */
export const declareKinInput = z.strictObject({ id, relation, name: shortText, phone: z.string().trim().max(30) })
/** Staff who have seen both name two persons of their registers. */
const party = z.strictObject({ kind: z.enum(['member', 'elder']), id })
export const registerKinInput = z.strictObject({ id, relation, of: party, to: party })
export const yesNoInput = z.strictObject({ answer: z.enum(['yes', 'no']) })
export const giveInput = z.strictObject({
  id,
  to: z.enum(['kin', 'elder', 'pool', 'organisation']),
  /** of the kin, the elder, the organisation */
  whom: id.optional(),
  milliPoints,
  note: freeText(60).default(''),
})
/** The account of an elder who died or moved away, as the family or the village asks for it. */
export const closingInput = z.strictObject({
  id,
  elderId: id,
  closing: z.enum(['death', 'moving']),
  to: z.enum(['heir', 'pool', 'expired', 'county']),
  /** heir: a relative who was confirmed */
  heirKinId: id.optional(),
  /** county: its programme */
  toProgrammeId: id.optional(),
})
export const giftListQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(['waiting', 'decided']).optional(),
  regionId: id.optional(),
})
export const grantAnswerInput = z.strictObject({
  answer: z.enum(['approve', 'reject']),
  reason: freeText(60).default(''),
})

export const volunteerRecordQuery = z.strictObject({
  year: z.string().regex(/^(19|20|21)\d\d$/, { message: 'DATE_FORM' }),
})
/** What isn't right in the own volunteer record: the person, a service, a training, an honour. */
export const askCorrectionInput = z.strictObject({
  id,
  year: volunteerRecordQuery.shape.year,
  about: z.enum(['person', 'visit', 'training', 'honour']),
  aboutId: id.nullable().default(null),
  /** sealed, numbers and all */
  text: z.string().trim().min(1, { message: 'REQUIRED' }).max(200, { message: 'TOO_LONG' }),
})
export const decideCorrectionInput = z.strictObject({
  outcome: z.enum(['corrected', 'refused']),
  answer: freeText(200, 1),
})
export const correctionListQuery = z.strictObject({ ...pageQuery, state: z.enum(['open', 'decided']).default('open') })
export const volunteerYearQuery = z.strictObject({
  year: volunteerRecordQuery.shape.year,
  regionId: id.optional(),
  format: z.enum(['xlsx', 'pdf']),
})
