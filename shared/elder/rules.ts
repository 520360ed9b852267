import type { RefusalCode } from '../core/refusals'
import type { Day } from '../core/time'
import type { Category } from './input'

export type Span = { validFrom: Day; validTo: Day | null }
export const PROXIES_MAX = 4
export const CONTACTS_MAX = 5
/** Who died or moved away is no longer served; the others come back. */
export const ENDING_EXITS: readonly string[] = ['died', 'moved']

/** Categories that tell something about health: they need a consent of their own (个人信息保护法 art. 29). */
const HEALTH_CATEGORIES: readonly Category[] = ['severeDisability', 'disabled']

/** The consents that must be on record before this may be written down: one for the service, one for each sensitive kind. */
export function consentsNeeded(what: {
  hasIdNumber: boolean
  categories: readonly Category[]
}): ('service' | 'identity' | 'health')[] {
  return [
    'service',
    ...(what.hasIdNumber ? (['identity'] as const) : []),
    ...(what.categories.some((one) => HEALTH_CATEGORIES.includes(one)) ? (['health'] as const) : []),
  ]
}

/** Why this tag can't be given from a day on: the elder holds it then, or will. */
export function whyNotTag(
  held: readonly (Span & { category: string })[],
  tag: { category: string; validFrom: Day },
): RefusalCode | null {
  const taken = held.some(
    (one) => one.category === tag.category && (one.validTo === null || one.validTo >= tag.validFrom),
  )
  return taken ? 'CATEGORY_HELD' : null
}

/** Why a span can't end on a day. */
export function whyNotEnd(span: { validFrom: Day }, validTo: Day): RefusalCode | null {
  return validTo < span.validFrom ? 'DATE_ORDER' : null
}

/** Why this exit can't be written down beside the others. One without an end is ended by the next. */
export function whyNotExit(exits: readonly Span[], exit: Span & { kind: string }, today: Day): RefusalCode | null {
  if (exit.validTo !== null && exit.validTo < exit.validFrom) return 'DATE_ORDER'
  if (ENDING_EXITS.includes(exit.kind)) {
    if (exit.validTo !== null) return 'BAD_INPUT'
    if (exit.validFrom > today) return 'DATE_IN_FUTURE'
  }
  return exits.some((one) => overlap(one, exit) && !isEndedBy(one, exit)) ? 'EXIT_OVERLAPS' : null
}

/** From hospital to home is written down by nobody, from hospital to the grave or to another town by somebody. */
export function isEndedBy(open: Span & { kind?: string }, next: Span): boolean {
  return open.validTo === null && open.validFrom < next.validFrom && !ENDING_EXITS.includes(open.kind ?? '')
}

/** Why the elder can't have moved on this day. */
export function whyNotMove(residence: { validFrom: Day } | null, validFrom: Day, today: Day): RefusalCode | null {
  if (validFrom > today) return 'DATE_IN_FUTURE'
  return residence !== null && validFrom <= residence.validFrom ? 'DATE_ORDER' : null
}

/** Why this person can't act for the elder too. */
export function whyNotProxy(
  elder: { personId: string },
  proxies: readonly (Span & { personId: string })[],
  proxy: Span & { personId: string },
  today: Day,
): RefusalCode | null {
  if (proxy.personId === elder.personId) return 'PROXY_SELF'
  if (proxy.validTo !== null && proxy.validTo < proxy.validFrom) return 'DATE_ORDER'
  const current = proxies.filter((one) => one.validTo === null || one.validTo >= today)
  if (current.some((one) => one.personId === proxy.personId)) return 'PROXY_EXISTS'
  return current.length >= PROXIES_MAX ? 'PROXY_FULL' : null
}

export type Invitation = {
  expiresAt: Date
  endedAt: Date | null
  acceptedAt: Date | null
  how: string
  byPersonId: string
}

/** Why nobody can take up this invitation any more. */
export function whyNotOpen(invitation: Invitation, at: Date): RefusalCode | null {
  if (invitation.acceptedAt !== null) return 'INVITATION_USED'
  return invitation.endedAt !== null || at >= invitation.expiresAt ? 'INVITATION_OVER' : null
}

/** Why this person can't: staff who invite from a paper don't take it up themselves. */
export function whyNotTake(invitation: Invitation, personId: string, at: Date): RefusalCode | null {
  return (
    whyNotOpen(invitation, at) ??
    (invitation.how === 'paper' && invitation.byPersonId === personId ? 'INVITATION_OWN' : null)
  )
}

/** Enough of an address to recognise it by who knows it: 北庄村中街12号 → 北庄村***. */
export function maskAddress(address: string): string {
  const characters = [...address]
  return `${characters.slice(0, Math.min(3, Math.floor(characters.length / 2))).join('')}***`
}

function overlap(a: Span, b: Span): boolean {
  return (a.validTo === null || b.validFrom <= a.validTo) && (b.validTo === null || a.validFrom <= b.validTo)
}

/** Why nobody should choose these digits, or null: all alike, or counting up or down. */
export function whyNotPin(digits: string): RefusalCode | null {
  const steps = [...digits].slice(1).map((digit, place) => Number(digit) - Number(digits[place]))
  return [0, 1, -1].some((step) => steps.every((one) => one === step)) ? 'PIN_WEAK' : null
}
