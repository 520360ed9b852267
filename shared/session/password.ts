import { normalisePhone } from '../person/rules'
import { withoutCommon } from './common-passwords'

export const PASSWORD_CHARACTERS_MIN = 12

/** Why this is no password for who holds other people's data, or null. Length counts, not signs; no rules of composition. */
export function whyNotPassword(password: string, phone: string | null): 'PASSWORD_WEAK' | null {
  const text = password.normalize('NFKC')
  const lower = text.toLowerCase()
  const rest = withoutCommon(lower)
  const tooShort = [...text].length < PASSWORD_CHARACTERS_MIN || [...rest].length < 6
  const fewSigns = new Set(lower).size < 5
  const hasPhone = phone !== null && lower.includes(normalisePhone(phone))
  return tooShort || fewSigns || hasPhone ? 'PASSWORD_WEAK' : null
}
