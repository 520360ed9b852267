import { z } from 'zod'
import { day, freeText, id, pageQuery } from '../core/input'
import { CONSENT_KINDS } from './consents'
import { DEATH_PROOF_WORDS, RELATION_PROOF_WORDS, RELATIVE_WORDS, WISH_WORDS } from './words'

export const personName = z.string().trim().min(1, { message: 'REQUIRED' }).max(30, { message: 'NAME_FORM' })
export const phone = z.string().trim().max(20, { message: 'PHONE_FORM' })
export const sex = z.enum(['male', 'female', 'unknown'])
/** A person as typed in by staff. Rules (check digit, real date, …) are judged by the verb, not by the shape. */
export const personInput = z.strictObject({
  name: personName,
  sex: sex.optional(),
  birthDate: day.optional(),
  identityKind: z.enum(['idCard', 'permit', 'none']),
  idNumber: z.string().trim().max(30, { message: 'ID_NUMBER_FORM' }).optional(),
  phone: phone.optional(),
})
export type PersonInput = z.infer<typeof personInput>
export const consentInput = z.strictObject({
  kind: z.enum(CONSENT_KINDS),
  textVersion: z.string().max(20),
  how: z.enum(['app', 'paper', 'phone', 'guardian']),
})
/** Shows one sealed field to staff who say why; logged. */
export const revealInput = z.strictObject({
  field: z.enum(['name', 'phone', 'address', 'idNumber']),
  purpose: freeText(60, 2),
})
export const consentKind = z.enum(CONSENT_KINDS)
/** Agrees to the text of this version, on one's own phone. */
export const giveConsentInput = z.strictObject({ kind: consentKind, textVersion: z.string().max(20) })
export const withdrawConsentInput = z.strictObject({ kind: consentKind })
/** Sealed, numbers and all: what is to be put right is often a number. */
const requestText = z.string().trim().min(2, { message: 'REQUIRED' }).max(300, { message: 'TOO_LONG' })
/** Asks to have one's own data put right, or erased. */
export const askDataInput = z.strictObject({
  id,
  kind: z.enum(['correct', 'erase', 'withhold', 'release']),
  text: requestText,
})
const keysOf = <T extends object>(table: T) => Object.keys(table) as [string & keyof T, ...(string & keyof T)[]]
/** Who of the relatives came, what for, and the papers that were shown of the death and of the relation. */
const relativeInput = z.strictObject({
  wish: z.enum(keysOf(WISH_WORDS)),
  relation: z.enum(keysOf(RELATIVE_WORDS)),
  name: personName,
  deathProof: z.enum(keysOf(DEATH_PROOF_WORDS)),
  relationProof: z.enum(keysOf(RELATION_PROOF_WORDS)),
})
/** The same, written down by staff: for who has no phone, and for relatives of who died. */
export const fileDataInput = z
  .strictObject({
    id,
    /** whose data it is: an elder's, or a helper's */
    elderId: id.optional(),
    memberId: id.optional(),
    kind: z.enum(['correct', 'erase', 'relative', 'withhold', 'release']),
    text: requestText,
    relative: relativeInput.optional(),
  })
  .refine((one) => (one.elderId === undefined) !== (one.memberId === undefined), {
    path: ['elderId'],
    message: 'REQUIRED',
  })
  .refine((one) => (one.kind === 'relative') === (one.relative !== undefined), {
    path: ['relative'],
    message: 'REQUIRED',
  })
export type FileDataInput = z.infer<typeof fileDataInput>
export const dataRequestQuery = z.strictObject({ ...pageQuery, state: z.enum(['open', 'done', 'refused']).optional() })
/** What was done, or why not. */
export const decideDataInput = z.strictObject({
  outcome: z.enum(['done', 'refused']),
  answer: freeText(300, 2),
  /** of relatives: whoever decides has seen the papers too */
  proofsSeen: z.literal(true).optional(),
})
