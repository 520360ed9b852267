import type { SettingValues } from '../region/settings'
import type { End } from './evidence'
import type { ExceptionCode } from './exceptions'
import { type Answer, secondsBetween } from './rules'

/** An exception as an event raises it; numbers and words for its sentence, never personal data. */
export type Raised = { code: ExceptionCode; detail: Record<string, number | string | null> }

type Limits = Pick<
  SettingValues,
  | 'visitSecondsMin'
  | 'visitSecondsMax'
  | 'nearMetres'
  | 'offlineLateHours'
  | 'clockSlackSeconds'
  | 'pairVisitsMonthMax'
  | 'travelKmhMax'
>

/** One end as it arrives. `hasHomePoint`: without one a missing place proves nothing, and E03 isn't raised. */
export type Arrival = End & {
  phase: 'in' | 'out'
  hasHomePoint: boolean
  at: Date
  deviceAt: Date
  /** done without a network: when it was uploaded, and how far the phone's clock was off */
  offline: { receivedAt: Date; clockSeconds: number } | null
}

export type BeginFacts = {
  end: Arrival
  /** another visit of the helper is still running */
  otherRunning: boolean
  /** visits of this helper to this elder in this month, this one included */
  pairVisits: number
  isRelative: boolean
  /** hospital, died, moved …: what the register says of the elder that day */
  exitKind: string | null
  /** from where the helper was last seen to here, and the seconds between */
  travelled: { metres: number; seconds: number } | null
}

export type FinishFacts = {
  end: Arrival
  servedSeconds: number
  overlaps: boolean
  exitKind: string | null
  /** a cap took something off */
  wasCut: boolean
  whole: WholeFacts
}

/** What only the whole visit shows, and what became known since it began. */
export type WholeFacts = {
  pairVisits: number
  /** the ways to it, in it and from it */
  legs: readonly { metres: number; seconds: number }[]
  /** times the helper was asked to scan again and did not, and how long one had */
  unanswered: { times: number; seconds: number }
}

/** What is odd about a beginning. Nothing here refuses: it is written down for the audit. */
export function raisedAtBegin(facts: BeginFacts, limits: Limits): Raised[] {
  return [
    ...raisedByEnd(facts.end, limits),
    ...when(facts.otherRunning, 'E02'),
    ...raisedByPair(facts.pairVisits, limits),
    ...when(facts.isRelative, 'E11'),
    ...raisedByExit(facts.exitKind),
    ...raisedByTravel(facts.travelled, limits),
  ]
}

/** What is odd about an end that the helper brought about. */
export function raisedAtFinish(facts: FinishFacts, limits: Limits): Raised[] {
  return [
    ...raisedByEnd(facts.end, limits),
    ...raisedByLength(facts.servedSeconds, limits),
    ...when(facts.overlaps, 'E02'),
    ...raisedByExit(facts.exitKind),
    ...when(facts.wasCut, 'E12'),
    ...raisedByWhole(facts.whole, limits),
    ...raisedByChallenge(facts.whole.unanswered),
  ]
}

/** Nobody pressed 帮完了: closed by the clock at the longest time a visit may have. */
export function raisedAtClosing(
  facts: Pick<FinishFacts, 'overlaps' | 'exitKind' | 'wasCut' | 'whole'>,
  limits: Limits,
): Raised[] {
  return [
    { code: 'E01', detail: { mostMinutes: minutes(limits.visitSecondsMax) } },
    ...when(facts.overlaps, 'E02'),
    ...raisedByExit(facts.exitKind),
    ...when(facts.wasCut, 'E12'),
    ...raisedByWhole(facts.whole, limits),
  ]
}

/** Typed in from paper: nobody was at an end, so only times, and what the register and the books say, can be odd. */
export function raisedByPaper(
  facts: Pick<FinishFacts, 'servedSeconds' | 'overlaps' | 'exitKind' | 'wasCut' | 'whole'>,
  limits: Limits,
): Raised[] {
  return [
    ...when(true, 'E15'),
    ...raisedByLength(facts.servedSeconds, limits),
    ...when(facts.overlaps, 'E02'),
    ...raisedByExit(facts.exitKind),
    ...when(facts.wasCut, 'E12'),
    ...raisedByWhole(facts.whole, limits),
  ]
}

/** The helper is a relative, comes very often, or is who signed for the elder: known before a line is written. */
export function raisedBeforePaper(
  facts: Pick<BeginFacts, 'pairVisits' | 'isRelative'> & { helperSigned: boolean },
  limits: Limits,
): Raised[] {
  return [
    ...raisedByPair(facts.pairVisits, limits),
    ...when(facts.isRelative, 'E11'),
    ...when(facts.helperSigned, 'E16'),
  ]
}

/** What an answer says. Who served and who confirms can be one person only after a merge or on paper. */
export function raisedByAnswer(facts: { answer: Answer; helperConfirms: boolean; siteId: string | null }): Raised[] {
  return [...when(facts.answer === 'no', 'E07', atSite(facts.siteId)), ...when(facts.helperConfirms, 'E16')]
}

/** Of a visit at a site it isn't an elder who answers, and the sentence says so. */
export function atSite(siteId: string | null): Raised['detail'] {
  return siteId === null ? {} : { site: 'yes' }
}

/** The elder was not there to be visited. Being away for a day or not wanting visits is no contradiction. */
export function raisedByExit(exitKind: string | null): Raised[] {
  return exitKind === 'hospital' || exitKind === 'died' || exitKind === 'moved'
    ? [{ code: 'E13', detail: { kind: exitKind } }]
    : []
}

/** The code of a plate that was taken out of use, or that we never made. */
export function raisedByPlate(end: { phase: 'in' | 'during' | 'out'; plate: End['plate'] }): Raised[] {
  return end.plate === 'revoked' || end.plate === 'unknown'
    ? [{ code: 'E10', detail: { phase: end.phase, plate: end.plate } }]
    : []
}

function raisedByEnd(end: Arrival, limits: Limits): Raised[] {
  return [...raisedByPlace(end, limits), ...raisedByClock(end, limits), ...raisedByPlate(end)]
}

/** Each end has its own number, so that two ends don't overwrite each other in one exception. */
function raisedByPlace({ phase, hasHomePoint, distanceMetres }: Arrival, { nearMetres }: Limits): Raised[] {
  if (!hasHomePoint || (distanceMetres !== null && distanceMetres <= nearMetres)) return []
  return [
    {
      code: 'E03',
      detail: { [`${phase}Metres`]: distanceMetres === null ? null : Math.round(distanceMetres), nearMetres },
    },
  ]
}

function raisedByClock({ phase, at, deviceAt, offline }: Arrival, limits: Limits): Raised[] {
  const apartSeconds = Math.round((at.getTime() - deviceAt.getTime()) / 1000)
  const lateSeconds = offline === null ? apartSeconds : secondsBetween(at, offline.receivedAt)
  const clockSeconds = offline === null ? Math.abs(apartSeconds) : offline.clockSeconds
  if (lateSeconds > limits.offlineLateHours * 3600)
    return [{ code: 'E09', detail: { phase, kind: 'late', seconds: lateSeconds } }]
  return clockSeconds > limits.clockSlackSeconds
    ? [{ code: 'E09', detail: { phase, kind: 'clock', seconds: clockSeconds } }]
    : []
}

/** Too short, or too long for the place. */
export function raisedByLength(servedSeconds: number, limits: Limits): Raised[] {
  if (servedSeconds < limits.visitSecondsMin)
    return [{ code: 'E04', detail: { minutes: minutes(servedSeconds), leastMinutes: minutes(limits.visitSecondsMin) } }]
  return servedSeconds > limits.visitSecondsMax
    ? [{ code: 'E05', detail: { minutes: minutes(servedSeconds), mostMinutes: minutes(limits.visitSecondsMax) } }]
    : []
}

function raisedByPair(pairVisits: number, { pairVisitsMonthMax }: Limits): Raised[] {
  return when(pairVisits > pairVisitsMonthMax, 'E06', { times: pairVisits, mostTimes: pairVisitsMonthMax })
}

/** The pair's visits and the ways there, counted again: what was uploaded late changes both. */
function raisedByWhole({ pairVisits, legs }: WholeFacts, limits: Limits): Raised[] {
  return [...raisedByPair(pairVisits, limits), ...legs.flatMap((leg) => raisedByTravel(leg, limits)).slice(0, 1)]
}

/** Asked to scan the plate again, and not done in time. It blocks nothing. */
function raisedByChallenge({ times, seconds }: WholeFacts['unanswered']): Raised[] {
  return when(times > 0, 'E17', { times, minutes: minutes(seconds) })
}

/** Between neighbours nobody is too fast: only what is farther than "near" is asked about. */
function raisedByTravel(travelled: BeginFacts['travelled'], limits: Limits): Raised[] {
  if (travelled === null || travelled.metres <= limits.nearMetres) return []
  const isTooFast = travelled.metres * 3600 > travelled.seconds * limits.travelKmhMax * 1000
  return isTooFast
    ? [{ code: 'E14', detail: { metres: Math.round(travelled.metres), minutes: minutes(travelled.seconds) } }]
    : []
}

function when(applies: boolean, code: ExceptionCode, detail: Raised['detail'] = {}): Raised[] {
  return applies ? [{ code, detail }] : []
}

function minutes(seconds: number): number {
  return Math.floor(seconds / 60)
}
