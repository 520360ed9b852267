import type { Day } from '../../shared/core/time'
import type { Weighed } from '../../shared/scheme/rules'
import type { TrialResult } from '../../shared/scheme/view'

/** What is counted of a past visit. */
export type Counted = { memberPersonId: string; regionPath: string; day: Day; awardedMilliPoints: bigint | null }
type Change = { before: bigint; after: bigint; visits: number }
type Cut = { sentence: string; visits: number; milliPoints: bigint }
/** What so many milli-points cost. */
export type Priced = { basis: 'offset' | 'catalogue'; fen: bigint; milliPoints: bigint }
export type Tally = {
  people: Map<string, Change>
  months: Map<string, Change>
  places: Map<string, Change>
  cuts: Map<string, Cut>
  zeros: Map<string, number>
  pool: bigint
}

const SHOWN_PEOPLE = 20
const SHOWN_REASONS = 20

export function newTally(): Tally {
  return { people: new Map(), months: new Map(), places: new Map(), cuts: new Map(), zeros: new Map(), pool: 0n }
}

/** Adds a visit: what it really brought, and what it would. */
export function tallyVisit(tally: Tally, visit: Counted, weighed: Weighed | null): void {
  const before = visit.awardedMilliPoints ?? 0n
  const after = weighed?.milliPoints ?? 0n
  add(tally.people, visit.memberPersonId, before, after)
  add(tally.months, visit.day.slice(0, 7), before, after)
  add(tally.places, visit.regionPath, before, after)
  tally.pool += weighed?.poolMilliPoints ?? 0n
  for (const { code, sentence, milliPoints } of weighed?.cuts ?? []) {
    const cut = tally.cuts.get(code) ?? { sentence, visits: 0, milliPoints: 0n }
    tally.cuts.set(code, { sentence, visits: cut.visits + 1, milliPoints: cut.milliPoints + BigInt(milliPoints) })
  }
  const reason = weighed === null ? '这里还没有积分规则' : weighed.zeroReason
  if (reason !== null) {
    const kind = reason.replace(/\d+/g, 'N')
    tally.zeros.set(kind, (tally.zeros.get(kind) ?? 0) + 1)
  }
}

/** @param placeOf the place a visit's path is summed up under */
export function resultOf(
  tally: Tally,
  placeOf: (visitPath: string) => { regionPath: string; name: string },
  priced: Priced | null,
): TrialResult {
  const people = [...tally.people].map(([personId, change]) => ({ personId, ...change }))
  const sum = (key: 'before' | 'after') => people.reduce((total, one) => total + one[key], 0n)
  const gains = people.filter((one) => one.after > one.before).sort((a, b) => byChange(b, a))
  const losses = people.filter((one) => one.after < one.before).sort(byChange)
  const issued = sum('after') + tally.pool
  return {
    visits: people.reduce((total, { visits }) => total + visits, 0),
    people: people.length,
    before: String(sum('before')),
    after: String(sum('after')),
    pool: String(tally.pool),
    gainers: gains.length,
    losers: losses.length,
    same: people.length - gains.length - losses.length,
    months: [...tally.months]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([month, change]) => ({ month, ...spelled(change) })),
    places: placesOf(tally, placeOf),
    gains: gains.slice(0, SHOWN_PEOPLE).map((one) => ({ personId: one.personId, name: '', ...spelled(one) })),
    losses: losses.slice(0, SHOWN_PEOPLE).map((one) => ({ personId: one.personId, name: '', ...spelled(one) })),
    cuts: [...tally.cuts].map(([code, cut]) => ({ code, ...cut, milliPoints: String(cut.milliPoints) })),
    zeros: [...tally.zeros]
      .map(([reason, visits]) => ({ reason, visits }))
      .sort((a, b) => b.visits - a.visits)
      .slice(0, SHOWN_REASONS),
    fundFen: priced === null ? null : Number((issued * priced.fen + priced.milliPoints - 1n) / priced.milliPoints),
    fundBasis: priced?.basis ?? null,
  }
}

function placesOf(tally: Tally, placeOf: (visitPath: string) => { regionPath: string; name: string }) {
  const names = new Map<string, string>()
  const sums = new Map<string, Change>()
  for (const [visitPath, change] of tally.places) {
    const { regionPath, name } = placeOf(visitPath)
    names.set(regionPath, name)
    const sum = sums.get(regionPath) ?? { before: 0n, after: 0n, visits: 0 }
    sums.set(regionPath, {
      before: sum.before + change.before,
      after: sum.after + change.after,
      visits: sum.visits + change.visits,
    })
  }
  return [...sums].map(([regionPath, change]) => ({
    regionPath,
    name: names.get(regionPath) ?? '',
    ...spelled(change),
  }))
}

function add(into: Map<string, Change>, key: string, before: bigint, after: bigint): void {
  const change = into.get(key)
  if (change === undefined) into.set(key, { before, after, visits: 1 })
  else {
    change.before += before
    change.after += after
    change.visits += 1
  }
}

function spelled({ before, after, visits }: Change) {
  return { before: String(before), after: String(after), visits }
}

/** The largest loss first. */
function byChange(a: Change, b: Change): number {
  const [first, second] = [a.after - a.before, b.after - b.before]
  return first === second ? 0 : first < second ? -1 : 1
}
