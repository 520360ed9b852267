import type { RefusalCode } from '../core/refusals'
import { EXCEPTIONS, type ExceptionCode, type Flag } from '../visit/exceptions'
import type { VisitState } from '../visit/view'
import { REASONS, RESOLUTIONS } from './reasons'

export type Decision = 'approve' | 'return'
export type Resolution = { code: string; reasonCode: string; resolutionCode: string }
export type ToDecide = {
  state: VisitState
  flag: Flag
  /** exceptions that nobody settled yet */
  open: readonly ExceptionCode[]
}
/** What the actor brings: took part in it, may settle red ones; and whether others are decided in the same press. */
export type Deciding = { decision: Decision; tookPart: boolean; mayRed: boolean; isBatch: boolean }
export type Given = {
  decision: Decision
  reasonCode: string
  note?: string | undefined
  resolutions?: readonly Resolution[] | undefined
}

/**
 * Whether a visit is ready for the desk: the elder answered, or kept silent until it was held. A returned one may be taken
 * up again, an approved one returned.
 */
export function isReady(visit: Pick<ToDecide, 'state' | 'open'>): boolean {
  return (
    visit.state === 'confirmed' ||
    visit.state === 'disputed' ||
    (visit.state === 'finished' && visit.open.includes('E08'))
  )
}

/** Why this actor can't decide on this visit like this, or null. Red ones are decided one at a time, by who may. */
export function whyNotDecide(visit: ToDecide, by: Deciding): RefusalCode | null {
  if (by.tookPart) return 'AUDIT_OWN'
  const isAppeal = visit.state === 'returned' && by.decision === 'approve'
  const isRecall = visit.state === 'approved' && by.decision === 'return'
  if (!isReady(visit) && !isAppeal && !isRecall) return 'AUDIT_NOT_READY'
  if ((visit.flag === 'red' || isAppeal) && !by.mayRed) return 'AUDIT_RED_POWER'
  return visit.flag === 'red' && by.isBatch ? 'AUDIT_RED_BATCH' : null
}

/** Why this is no reason for this decision at all, or null. 其他 says nothing by itself: it needs a note. */
export function whyNotReason({ decision, reasonCode, note }: Given): RefusalCode | null {
  if (!isReasonFor(reasonCode, decision)) return 'AUDIT_REASON'
  const needsNote = reasonCode === 'otherTrue' || reasonCode === 'otherFalse'
  return needsNote && (note === undefined || note === '') ? 'REQUIRED' : null
}

/**
 * Why the open exceptions are not settled by what was given, or null. Amber is acknowledged by a reason that explains an
 * exception; red needs its own reason and resolution.
 */
export function whyNotSettled(visit: Pick<ToDecide, 'open'>, given: Given): RefusalCode | null {
  if (given.decision === 'return') return null
  for (const code of visit.open) {
    if (EXCEPTIONS[code].severity === 'info') continue
    const settled = resolutionOf(code, given)
    if (settled === null) return 'AUDIT_RESOLUTION'
    if (!isReasonFor(settled.reasonCode, 'exception')) return 'AUDIT_REASON'
    if (!(settled.resolutionCode in RESOLUTIONS)) return 'AUDIT_RESOLUTION'
  }
  return null
}

/** How an exception is settled by a decision: as said for it, else amber as acknowledged by the decision's own reason. */
export function resolutionOf(code: ExceptionCode, given: Given): Resolution | null {
  const said = given.resolutions?.find((one) => one.code === code)
  if (said !== undefined) return said
  return EXCEPTIONS[code].severity === 'red'
    ? null
    : { code, reasonCode: given.reasonCode, resolutionCode: 'acceptedAsIs' }
}

/** The words of a reason; what an older version knew is shown as it was written. */
export function reasonWords(reasonCode: string): string {
  return isReason(reasonCode) ? REASONS[reasonCode].words : reasonCode
}

function isReasonFor(code: string, use: Decision | 'exception'): boolean {
  return isReason(code) && (REASONS[code].for as readonly string[]).includes(use)
}

function isReason(code: string): code is keyof typeof REASONS {
  return Object.hasOwn(REASONS, code)
}
