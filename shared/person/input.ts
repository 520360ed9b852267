import { z } from 'zod'
import { day } from '../core/input'

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
  kind: z.enum(['service', 'identity', 'health', 'location', 'proxy']),
  textVersion: z.string().max(20),
  how: z.enum(['app', 'paper', 'phone', 'guardian']),
})
/** Shows one sealed field to staff who say why; logged. */
export const revealInput = z.strictObject({
  field: z.enum(['name', 'phone', 'address', 'idNumber']),
  purpose: z.string().trim().min(2, { message: 'REQUIRED' }).max(60),
})
