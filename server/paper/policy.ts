import type { RefusalCode } from '../../shared/core/refusals'
import { can } from '../../shared/session/permissions'
import { hasDuty } from '../audit/duties'
import { type Actor, mayOver } from '../core/actor'

/**
 * Why this actor can't decide on a batch, or null: it takes another person, and the paper itself; where the reviewers work
 * apart, who verifies.
 */
export function whyNotDecidePaper(
  actor: Actor,
  batch: { regionPath: string; enteredByPersonId: string; state: string },
  { pictures, isOwn, isApart }: { pictures: number; isOwn: boolean; isApart: boolean },
): RefusalCode | null {
  if (!mayOver(actor, can('paper.approve'), batch.regionPath)) return 'NOT_ALLOWED'
  if (batch.state !== 'waiting') return 'PAPER_DECIDED'
  if (batch.enteredByPersonId === actor.personId || isOwn) return 'PAPER_SECOND'
  if (isApart && !hasDuty(actor, ['verify'], batch.regionPath)) return 'REVIEWER_DUTY'
  return pictures === 0 ? 'PAPER_NO_PICTURE' : null
}
