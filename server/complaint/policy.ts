import type { Role } from '../../shared/session/view'
import { type Actor, mayOver, REGISTRARS } from '../core/actor'

/** As red exceptions and appeals. */
export const COMPLAINT_DECIDERS: readonly Role[] = ['townAuditor', 'countyAdmin']

/** Whom it was for, who acts for them, and the staff of the place whom they told. */
export function mayOpen(actor: Actor, visit: { regionPath: string; elderIds: readonly string[] }): boolean {
  const own = [actor.elder?.id, ...actor.proxyOf.map(({ elderId }) => elderId)]
  return visit.elderIds.some((id) => own.includes(id)) || mayOver(actor, REGISTRARS, visit.regionPath)
}

/** Nobody decides what he opened, nor what is about himself. */
export function mayDecide(
  actor: Actor,
  complaint: { regionPath: string; openedByPersonId: string; helperPersonId: string },
): boolean {
  const { openedByPersonId, helperPersonId, regionPath } = complaint
  return mayOver(actor, COMPLAINT_DECIDERS, regionPath) && ![openedByPersonId, helperPersonId].includes(actor.personId)
}
