import type { RefusalCode } from '../core/refusals'
import { EXCEPTIONS, type ExceptionCode, type Flag } from '../visit/exceptions'
import type { VisitState } from '../visit/view'
import { type Dictionary, REASONS, STANDARD } from './reasons'

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
export function whyNotReason(
  { decision, reasonCode, note }: Given,
  dictionary: Dictionary = STANDARD,
): RefusalCode | null {
  if (!isReasonFor(dictionary, reasonCode, decision)) return 'AUDIT_REASON'
  const needsNote = dictionary.reasons.some((one) => one.code === reasonCode && one.needsNote)
  return needsNote && (note === undefined || note === '') ? 'REQUIRED' : null
}

/**
 * Why the open exceptions are not settled by what was given, or null. Amber is acknowledged by a reason that explains an
 * exception; red needs its own reason and resolution.
 */
export function whyNotSettled(
  visit: Pick<ToDecide, 'open'>,
  given: Given,
  dictionary: Dictionary = STANDARD,
): RefusalCode | null {
  if (given.decision === 'return') return null
  for (const code of visit.open) {
    if (EXCEPTIONS[code].severity === 'info') continue
    const settled = resolutionOf(code, given)
    if (settled === null) return 'AUDIT_RESOLUTION'
    if (!isReasonFor(dictionary, settled.reasonCode, 'exception')) return 'AUDIT_REASON'
    if (!dictionary.resolutions.some((one) => one.active && one.code === settled.resolutionCode))
      return 'AUDIT_RESOLUTION'
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

/** Whether a county made this code: its words are in the database. */
export function isOwnCode(code: string): boolean {
  return /^c[0-9a-f]{16}$/.test(code)
}

/** The words of a standard reason; another code is shown as it was written. */
export function reasonWords(reasonCode: string): string {
  return isReason(reasonCode) ? REASONS[reasonCode].words : reasonCode
}

function isReasonFor({ reasons }: Dictionary, code: string, use: Decision | 'exception'): boolean {
  return reasons.some((one) => one.active && one.code === code && one.uses.includes(use))
}

function isReason(code: string): code is keyof typeof REASONS {
  return Object.hasOwn(REASONS, code)
}

/** Whether two different people must approve: it is worth more than one may approve alone. */
export function needsSecond(expectedMilliPoints: bigint | null, pointsMax: number): boolean {
  return expectedMilliPoints !== null && expectedMilliPoints > BigInt(pointsMax) * 1000n
}
