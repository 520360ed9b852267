import type { RefusalCode } from '../../shared/core/refusals'
import type { Role } from '../../shared/session/view'
import { type Actor, mayOver } from '../core/actor'

/** Who sees into visits may ask for a listing; who decides on red ones decides on it. */
export const LISTERS: readonly Role[] = ['townStaff', 'townAuditor', 'countyAdmin']
export const LISTING_DECIDERS: readonly Role[] = ['townAuditor', 'countyAdmin']
export const RULERS: readonly Role[] = ['countyAdmin']

type Listing = {
  state: string
  regionPath: string
  subjectId: string
  proposedByPersonId: string
  decidedByPersonId: string | null
}

/** Nobody decides what he asked for, nor what is about himself. */
export function whyNotDecideListing(actor: Actor, listing: Listing): RefusalCode | null {
  if (!mayOver(actor, LISTING_DECIDERS, listing.regionPath)) return 'NOT_ALLOWED'
  if ([listing.proposedByPersonId, listing.subjectId].includes(actor.personId)) return 'REQUEST_OWN'
  return listing.state === 'proposed' ? null : 'CREDIT_DECIDED'
}

/** A third person looks again: neither who asked for the listing nor who decided it. */
export function whyNotDecideListingAppeal(
  actor: Actor,
  listing: Listing,
  appeal: { state: string },
): RefusalCode | null {
  if (!mayOver(actor, LISTING_DECIDERS, listing.regionPath)) return 'NOT_ALLOWED'
  if (appeal.state !== 'waiting') return 'APPEAL_DECIDED'
  const involved = [listing.proposedByPersonId, listing.decidedByPersonId, listing.subjectId]
  return involved.includes(actor.personId) ? 'APPEAL_SECOND' : null
}

export function mayLift(actor: Actor, listing: Listing): boolean {
  return (
    listing.state === 'inForce' &&
    mayOver(actor, LISTING_DECIDERS, listing.regionPath) &&
    listing.subjectId !== actor.personId
  )
}
