import { normalisePhone, whyNotPhone } from '../../shared/person/rules'
import type { Keys } from '../core/config'
import type { Prisma } from '../core/db'
import { initialsOf } from './initials'
import { phoneIndexOf } from './vault'

/**
 * What a search box finds persons by: a whole phone number, or the beginning of the name's pinyin initials (WXY); Chinese
 * characters are looked up by their initials. Anything else finds nobody.
 */
export function personWhere(keys: Keys, q: string): Prisma.PersonWhereInput {
  const text = q.normalize('NFKC').trim()
  if (whyNotPhone(text) === null) return { phoneIndex: phoneIndexOf(keys, normalisePhone(text)) }
  const initials = /^[A-Za-z]+$/.test(text) ? text.toLowerCase() : /\d/.test(text) ? '' : initialsOf(text)
  return initials === '' ? { id: { in: [] } } : { nameInitials: { startsWith: initials } }
}
