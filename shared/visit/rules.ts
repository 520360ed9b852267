import type { RefusalCode } from '../core/refusals'
import { addSeconds, type Day } from '../core/time'
import type { PostStep, SchemeDocument } from '../scheme/document'
import { postStepOf } from '../scheme/rules'
import type { Flag } from './exceptions'
import type { VisitState } from './view'

export type Answer = 'yes' | 'no' | 'unsure'
/** app: the elder · proxy: who acts for the elder · phone: staff who asked · pin: the elder, on the helper's phone · paper: signed · site: staff of where it happened */
export type How = 'app' | 'proxy' | 'phone' | 'pin' | 'paper' | 'site'
export type Helper = { personId: string; state: string; countyId: string }
export type Served = { personId: string; countyId: string; endedDay: Day | null }

/** Why this helper can't serve at all today, or null. */
export function whyNotHelp(helper: Pick<Helper, 'state'>): RefusalCode | null {
  if (helper.state === 'suspended') return 'MEMBER_SUSPENDED'
  return helper.state === 'active' ? null : 'NOT_A_MEMBER'
}

/** Why this helper can't serve this elder on a day, or null. In hospital or related is no reason: that is recorded. */
export function whyNotServe(helper: Helper, elder: Served, day: Day): RefusalCode | null {
  if (elder.countyId !== helper.countyId) return 'PLATE_FOREIGN'
  if (elder.personId === helper.personId) return 'SELF_SERVICE'
  return elder.endedDay !== null && elder.endedDay < day ? 'ELDER_ENDED' : null
}

/** Why this visit can't be finished at `at`, or null when it can. Too short or too long is no reason: it is recorded. */
export function whyNotCheckOut(visit: { state: VisitState; checkInAt: Date }, at: Date): RefusalCode | null {
  if (visit.state !== 'inProgress') return 'VISIT_NOT_IN_PROGRESS'
  return at < visit.checkInAt ? 'CLOCK_WENT_BACK' : null
}

/** Whole seconds between two instants. */
export function secondsBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / 1000)
}

/** Whether a finished visit counts for coverage and hours: long enough, and no second one of the same helper's time. */
export function isCounted(
  visit: { state: VisitState; servedSeconds: number; overlaps: boolean },
  visitSecondsMin: number,
): boolean {
  if (visit.state === 'inProgress' || visit.state === 'disputed' || visit.state === 'returned') return false
  return visit.servedSeconds >= visitSecondsMin && !visit.overlaps
}

const STEPS: Record<Exclude<PostStep, 'never'>, number> = { finish: 1, confirmation: 2, approval: 3 }
const REACHED: Record<VisitState, number> = {
  inProgress: 0,
  disputed: 0,
  returned: 0,
  finished: 1,
  confirmed: 2,
  approved: 3,
}

/**
 * Whether a visit is at or past the step at which its evidence earns. Where evidence never earns, the award of 0 is written
 * at approval, with its reason.
 */
export function reachesPosting(visit: { state: VisitState; level: number }, document: SchemeDocument): boolean {
  const step = postStepOf(document, visit.level)
  return REACHED[visit.state] >= STEPS[step === 'never' ? 'approval' : step]
}

/** Whether a visit is to be posted now: at its step, once, and with nothing red open. */
export function postsNow(
  visit: { state: VisitState; level: number; flag: Flag; isPosted: boolean },
  document: SchemeDocument,
): boolean {
  return !visit.isPosted && visit.flag !== 'red' && reachesPosting(visit, document)
}

/** What was answered so far: the latest answer, and when the first definite one was given. */
export type Answered = { answer: Answer; how: How; firstAt: Date }

/** What was answered so far, from the answers in the order they were given, or null. */
export function answeredOf(confirmations: readonly { answer: string; how: string; at: Date }[]): Answered | null {
  const last = confirmations.at(-1)
  if (last === undefined) return null
  const first = confirmations.find(({ answer }) => answer !== 'unsure') ?? last
  return { answer: last.answer as Answer, how: last.how as How, firstAt: first.at }
}

/** Until when an answer may be corrected: counted from the first definite one, so that corrections don't extend it. */
export function correctableUntil(firstAt: Date, correctHours: number): Date {
  return addSeconds(firstAt, correctHours * 3600)
}

/**
 * Why this answer can't be taken, or null. 记不清 is no answer yet: staff may telephone at any time. By telephone staff
 * can't turn the elder's own 没来过 into a yes: that is for the audit. Nobody came, said when staff telephone, is a complaint
 * and never too late.
 */
export function whyNotConfirm(
  visit: { state: VisitState },
  before: Answered | null,
  given: { answer: Answer; how: How },
  at: Date,
  correctHours: number,
): RefusalCode | null {
  if (visit.state === 'inProgress') return 'CONFIRM_NOT_FINISHED'
  if (visit.state === 'returned') return 'CONFIRM_ALREADY'
  if (before === null) return null
  if (before.answer === given.answer) return 'CONFIRM_ALREADY'
  if (before.answer === 'unsure' || (given.how === 'phone' && given.answer === 'no')) return null
  if (at > correctableUntil(before.firstAt, correctHours)) return 'CONFIRM_TOO_LATE'
  return given.how === 'phone' && before.how !== 'phone' && given.answer === 'yes' ? 'CONFIRM_ALREADY' : null
}

/** The state an answer leads to. A yes to what staff approved meanwhile leaves it approved. */
export function stateAfter(answer: Answer, state: VisitState): VisitState {
  if (answer === 'no') return 'disputed'
  if (answer === 'unsure') return 'finished'
  return state === 'approved' ? 'approved' : 'confirmed'
}
