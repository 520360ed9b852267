import type { RefusalCode } from '../../shared/core/refusals'
import type { Role } from '../../shared/session/view'
import { type Actor, mayOver } from '../core/actor'

/** Who types paper in; the second person is of the town. */
export const ENTERERS: readonly Role[] = ['villageStaff', 'townStaff']
export const APPROVERS: readonly Role[] = ['townStaff']

/** Why this actor can't decide on a batch, or null: it takes another person, and the paper itself. */
export function whyNotDecidePaper(
  actor: Actor,
  batch: { regionPath: string; enteredByPersonId: string; state: string },
  { pictures, isOwn }: { pictures: number; isOwn: boolean },
): RefusalCode | null {
  if (!mayOver(actor, APPROVERS, batch.regionPath)) return 'NOT_ALLOWED'
  if (batch.state !== 'waiting') return 'PAPER_DECIDED'
  if (batch.enteredByPersonId === actor.personId || isOwn) return 'PAPER_SECOND'
  return pictures === 0 ? 'PAPER_NO_PICTURE' : null
}
