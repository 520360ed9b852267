import type { RefusalCode } from '../../shared/core/refusals'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'

type Listing = {
  state: string
  regionPath: string
  subjectId: string
  proposedByPersonId: string
  decidedByPersonId: string | null
}

/** Nobody decides what he asked for, nor what is about himself. */
export function whyNotDecideListing(actor: Actor, listing: Listing): RefusalCode | null {
  if (!mayOver(actor, can('credit.decide'), listing.regionPath)) return 'NOT_ALLOWED'
  if ([listing.proposedByPersonId, listing.subjectId].includes(actor.personId)) return 'REQUEST_OWN'
  return listing.state === 'proposed' ? null : 'CREDIT_DECIDED'
}

/** A third person looks again: neither who asked for the listing nor who decided it. */
export function whyNotDecideListingAppeal(
  actor: Actor,
  listing: Listing,
  appeal: { state: string },
): RefusalCode | null {
  if (!mayOver(actor, can('credit.decide'), listing.regionPath)) return 'NOT_ALLOWED'
  if (appeal.state !== 'waiting') return 'APPEAL_DECIDED'
  const involved = [listing.proposedByPersonId, listing.decidedByPersonId, listing.subjectId]
  return involved.includes(actor.personId) ? 'APPEAL_SECOND' : null
}

export function mayLift(actor: Actor, listing: Listing): boolean {
  return (
    listing.state === 'inForce' &&
    mayOver(actor, can('credit.decide'), listing.regionPath) &&
    listing.subjectId !== actor.personId
  )
}
