import { type Decision, whyNotDecide } from '../../shared/audit/rules'
import type { RefusalCode } from '../../shared/core/refusals'
import type { Duty } from '../../shared/session/duties'
import type { ExceptionCode, Flag } from '../../shared/visit/exceptions'
import type { VisitState } from '../../shared/visit/view'
import type { Actor } from '../core/actor'
import { hasDuty } from './duties'
import { type Accountable, mayDecide, mayDecideRed, tookPart } from './policy'

export type Decidable = Accountable & {
  state: string
  flag: string
  exceptions: readonly { code: string; resolvedAt: Date | null }[]
}

/** Why this actor can't take this decision on this visit, by power, part in it, state and colour; or null. */
export function whyNotDecideNow(
  actor: Actor,
  visit: Decidable,
  by: { decision: Decision; isBatch: boolean; isApart: boolean },
): RefusalCode | null {
  if (!mayDecide(actor, visit)) return 'NOT_ALLOWED'
  if (by.isApart && !hasDuty(actor, dutyFor(visit, by), visit.regionPath)) return 'REVIEWER_DUTY'
  const open = visit.exceptions.filter(({ resolvedAt }) => resolvedAt === null).map(({ code }) => code as ExceptionCode)
  return whyNotDecide(
    { state: visit.state as VisitState, flag: visit.flag as Flag, open },
    { ...by, tookPart: tookPart(actor, visit), mayRed: mayDecideRed(actor, visit) },
  )
}

/** What is red or was returned is for the one who settles disputes; the rest for the one who approves. Both may return. */
function dutyFor({ flag, state }: Decidable, { decision }: { decision: Decision }): readonly Duty[] {
  const isDisputed = flag === 'red' || state === 'returned'
  if (decision === 'return') return isDisputed ? ['arbitrate'] : ['approve', 'arbitrate']
  return isDisputed ? ['arbitrate'] : ['approve']
}

/** What there would be to decide: an approved visit can only be returned. */
export function nextDecision(visit: { state: string }): Decision {
  return visit.state === 'approved' ? 'return' : 'approve'
}

/** Whether this actor may put right when an auto-closed visit really ended: nothing is posted yet, and it was done once at most. */
export function mayCorrectNow(
  actor: Actor,
  visit: Accountable & { state: string; closedBy: string | null; awardedMilliPoints: bigint | null },
): boolean {
  const isOpen = ['finished', 'confirmed', 'disputed'].includes(visit.state) && visit.awardedMilliPoints === null
  return visit.closedBy === 'job' && isOpen && mayDecideRed(actor, visit) && !tookPart(actor, visit)
}
