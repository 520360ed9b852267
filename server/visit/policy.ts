import type { RefusalCode } from '../../shared/core/refusals'
import { can } from '../../shared/session/permissions'
import type { How } from '../../shared/visit/rules'
import { type Actor, isSelf, mayOver } from '../core/actor'

type VisitOf = {
  regionPath: string
  memberPersonId: string
  siteId: string | null
  elders: readonly { elderId: string }[]
}
type Given = { elderId: string | null; how: How }

/** Own visits, those of the elders one acts for, and the desk within its regions. */
export function mayRead(actor: Actor, visit: Omit<VisitOf, 'siteId'>): boolean {
  return (
    isSelf(actor, visit.memberPersonId) ||
    visit.elders.some(({ elderId }) => isOwnElder(actor, elderId)) ||
    mayOver(actor, can('visit.read'), visit.regionPath)
  )
}

export function isOwnElder(actor: Actor, elderId: string): boolean {
  return actor.elder?.id === elderId || actor.proxyOf.some((proxy) => proxy.elderId === elderId)
}

/** The elders a person answers for: oneself, and those who gave the power to confirm. */
export function eldersToConfirmFor(actor: Actor): string[] {
  const others = actor.proxyOf.filter((proxy) => proxy.scopes.includes('confirm')).map((proxy) => proxy.elderId)
  return [...new Set(actor.elder === null ? others : [actor.elder.id, ...others])]
}

/** Whether the actor holds the power that this way of answering takes. */
export function mayAnswer(actor: Actor, visit: VisitOf, given: Given): boolean {
  if (given.how === 'phone' || given.how === 'paper' || given.how === 'site')
    return mayOver(actor, can('visit.keep'), visit.regionPath)
  if (given.how === 'app' || given.how === 'pin') return actor.elder?.id === given.elderId
  return actor.proxyOf.some((proxy) => proxy.elderId === given.elderId && proxy.scopes.includes('confirm'))
}

/** Why this person can't answer for this visit, or null. Nobody confirms their own service, in whatever capacity. */
export function whyNotAnswer(actor: Actor, visit: VisitOf, given: Given): RefusalCode | null {
  if (!mayRead(actor, visit) || !isAbout(visit, given)) return 'NOT_FOUND'
  if (isSelf(actor, visit.memberPersonId)) return 'CONFIRM_OWN'
  return mayAnswer(actor, visit, given) ? null : 'NOT_ALLOWED'
}

/** An answer is about somebody who was served; at a site, where nobody is named, about the helper's being there. */
function isAbout({ siteId, elders }: VisitOf, { elderId, how }: Given): boolean {
  return how === 'site' ? siteId !== null && elderId === null : elders.some((one) => one.elderId === elderId)
}
