import { addSeconds } from '../core/time'
import type { SchemeDocument } from '../scheme/document'

export type ChallengeRules = NonNullable<SchemeDocument['challenge']>
/** One time the helper is asked to scan the plate again, and whether that was done. */
export type Challenge = { turn: number; at: Date; until: Date; answeredAt: Date | null }
/** A number from 0 up to 1 for each thing that is drawn: the same whenever it is asked. */
export type Draw = (what: string) => number
type Scan = { phase: string; method: string; at: Date }

/** What was only typed in, or pressed, can be done from anywhere. */
const SCANNED = ['plate', 'rotating']

/**
 * When a visit is asked for a scan in its middle. Each turn has a stretch of its own, so that no two fall together; nobody
 * who doesn't know how it is drawn can tell whether and when.
 */
export function challengesOf(
  rules: ChallengeRules,
  draw: Draw,
  visit: { checkInAt: Date; scans: readonly Scan[] },
): Challenge[] {
  const { visitsPercent, mostPerVisit, fromSeconds, toSeconds, answerSeconds } = rules
  const stretch = Math.max(0, toSeconds - fromSeconds) / mostPerVisit
  return Array.from({ length: mostPerVisit }, (_, turn) => turn)
    .filter((turn) => draw(`${turn} whether`) * 100 < visitsPercent)
    .map((turn) => {
      const at = addSeconds(visit.checkInAt, Math.floor(fromSeconds + stretch * (turn + draw(`${turn} when`))))
      const until = addSeconds(at, answerSeconds)
      const answer = visit.scans.find(
        (scan) => scan.phase !== 'in' && SCANNED.includes(scan.method) && scan.at >= at && scan.at <= until,
      )
      return { turn, at, until, answeredAt: answer?.at ?? null }
    })
}

/** What the helper is asked just now, or null. */
export function challengeNow(challenges: readonly Challenge[], now: Date): Challenge | null {
  return challenges.find(({ at, until, answeredAt }) => answeredAt === null && at <= now && now <= until) ?? null
}

/** Who left before the time to answer was over wasn't asked in vain. */
export function unansweredBy(challenges: readonly Challenge[], endAt: Date): number {
  return challenges.filter(({ until, answeredAt }) => answeredAt === null && until <= endAt).length
}
