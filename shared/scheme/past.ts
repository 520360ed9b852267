import type { Day } from '../core/time'
import type { VisitFacts } from './document'
import { type Fraction, ZERO } from './fraction'
import { type Weighed, weigh } from './rules'
import type { SchemeVersion } from './versions'

/** What somebody earned in a what-if so far. Days come in order, so only the last of each span is remembered. */
export type Earner = {
  balance: bigint
  carry: Fraction
  day: Day
  dayMilliPoints: bigint
  monthMilliPoints: bigint
  yearMilliPoints: bigint
}

export function newEarner(): Earner {
  return { balance: 0n, carry: ZERO, day: '', dayMilliPoints: 0n, monthMilliPoints: 0n, yearMilliPoints: 0n }
}

/** What a past visit would bring, by the same judge that pays: the visits of a person come in the order of their days. */
export function weighPast(version: SchemeVersion, earner: Earner, facts: VisitFacts): Weighed {
  turnTo(earner, facts.day)
  const { dayMilliPoints, monthMilliPoints, yearMilliPoints, balance, carry } = earner
  const before = { dayMilliPoints, monthMilliPoints, yearMilliPoints, balanceMilliPoints: balance, carry }
  const weighed = weigh(version.document, facts, before)
  earner.balance += weighed.milliPoints
  earner.dayMilliPoints += weighed.milliPoints
  earner.monthMilliPoints += weighed.milliPoints
  earner.yearMilliPoints += weighed.milliPoints
  earner.carry = weighed.carry
  return weighed
}

/** A new day begins at nothing, and so do a new month and a new year. */
function turnTo(earner: Earner, day: Day): void {
  if (earner.day === day) return
  earner.dayMilliPoints = 0n
  if (earner.day.slice(0, 7) !== day.slice(0, 7)) earner.monthMilliPoints = 0n
  if (earner.day.slice(0, 4) !== day.slice(0, 4)) earner.yearMilliPoints = 0n
  earner.day = day
}
