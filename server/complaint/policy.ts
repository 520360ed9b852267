import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'

/** Whom it was for, who acts for them, and the staff of the place whom they told. */
export function mayOpen(actor: Actor, visit: { regionPath: string; elderIds: readonly string[] }): boolean {
  const own = [actor.elder?.id, ...actor.proxyOf.map(({ elderId }) => elderId)]
  return visit.elderIds.some((id) => own.includes(id)) || mayOver(actor, can('complaint.keep'), visit.regionPath)
}

/** Nobody decides what he opened, nor what is about himself. */
export function mayDecide(
  actor: Actor,
  complaint: { regionPath: string; openedByPersonId: string; helperPersonId: string },
): boolean {
  const { openedByPersonId, helperPersonId, regionPath } = complaint
  return (
    mayOver(actor, can('complaint.decide'), regionPath) && ![openedByPersonId, helperPersonId].includes(actor.personId)
  )
}
