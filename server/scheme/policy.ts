import type { RefusalCode } from '../../shared/core/refusals'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'

export function mayWrite(actor: Actor, regionPath: string): boolean {
  return mayOver(actor, can('scheme.write'), regionPath)
}

/** Rules need two persons: who submitted them, or changed them last, can't be the one who publishes. */
export function whyNotPublishing(
  actor: Actor,
  draft: { regionPath: string; submittedByPersonId: string | null; changedByPersonId: string },
): RefusalCode | null {
  if (!mayWrite(actor, draft.regionPath)) return 'NOT_ALLOWED'
  return [draft.submittedByPersonId, draft.changedByPersonId].includes(actor.personId) ? 'SCHEME_TWO_PERSONS' : null
}
