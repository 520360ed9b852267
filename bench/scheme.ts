import type { SchemeDocument } from '../shared/scheme/document'
import { judgeEvent, newRun } from '../shared/scheme/engine'
import type { SchemeEvent } from '../shared/scheme/input'

/** Everything a county can ask of a visit at once: caps of every kind, a coefficient by rule and one by time of day. */
const FULL: SchemeDocument = {
  title: '压测',
  sample: true,
  pointsWord: '积分',
  earn: {
    milliPoints: 1000,
    seconds: 3600,
    visitSecondsMin: 900,
    visitSecondsMax: 14_400,
    presencePermille: 600,
    rounding: { mode: 'down', stepMilliPoints: 100, over: 'cumulative' },
    coefficients: [
      { name: '难度', times: [6, 5], when: 'difficulty >= 2 and not group' },
      { name: '晚间', times: [3, 2], fromClock: '18:00', toClock: '21:00' },
    ],
    earners: [{ fromAge: 16 }],
    dayCapMilliPoints: 4000,
    monthCapMilliPoints: 60_000,
    accountCapMilliPoints: 1_500_000,
    overflow: { account: 'pool' },
  },
  expiry: { kind: 'yearEnd' },
}
const RATE_ONLY: SchemeDocument = {
  ...FULL,
  earn: { milliPoints: 1000, seconds: 3600, dayCapMilliPoints: 2000 },
}

/** How many visits a second one core judges: by a rate with a day's cap, and by everything at once. */
export function benchScheme(visits = 200_000): { rate: number; full: number } {
  const events = eventsOf(visits)
  judgeAll(RATE_ONLY, events.slice(0, 20_000))
  return { rate: judgeAll(RATE_ONLY, events), full: judgeAll(FULL, events) }
}

function judgeAll(document: SchemeDocument, events: readonly SchemeEvent[]): number {
  const version = { id: 'scheme', version: 1, regionPath: '/', validFrom: '2020-01-01', document }
  const people = Array.from({ length: 2000 }, (_, no) => ({ id: `m${no}`, birthDate: '1960-05-01' }))
  const run = newRun([version], { people })
  const began = process.cpuUsage()
  for (const event of events) judgeEvent(run, event)
  // Seconds of processor time: what one core does, whoever else is at work on the machine.
  return Math.round((events.length / process.cpuUsage(began).user) * 1_000_000)
}

/** A year of visits of 2,000 helpers, in the order of their days. */
function eventsOf(visits: number): SchemeEvent[] {
  const year = Date.UTC(2026, 0, 1)
  return Array.from({ length: visits }, (_, no) => ({
    kind: 'visit',
    id: `v${no}`,
    at: new Date(year + Math.floor((no / visits) * 365) * 86_400_000 + (no % 12) * 3_600_000).toISOString(),
    by: `m${(no * 7919) % 2000}`,
    servedSeconds: 900 + ((no * 37) % 180) * 60,
    plannedSeconds: 3600,
    difficulty: no % 4,
  }))
}
