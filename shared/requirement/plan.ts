import type { Day } from '../core/time'

/** An elder a visit is owed to, with who came lately, how often. */
export type ToVisit = {
  elderId: string
  regionPath: string
  dueTo: Day
  came: readonly { memberId: string; times: number }[]
  /** 结对: who promised to look after the elder */
  paired: readonly string[]
}
/** A helper who can be sent, with what he took on already. */
export type Hand = { memberId: string; regionPath: string; tasks: number }
export type Why = 'paired' | 'usual' | 'village' | 'town'
export const PLAN_WHY_WORDS: Readonly<Record<Why, string>> = {
  paired: '结对',
  usual: '常去',
  village: '本村',
  town: '本镇',
}
export type Planned = { memberId: string; why: Why }

/**
 * Whom to send to whom: the most urgent first; to each the helper who is paired with the elder, else whoever came most often
 * lately, else somebody of the village, else of the town; of several the one with the fewest tasks. Nobody gets more than `most` while this plan is made. Who finds nobody
 * is left out.
 */
export function planVisits(elders: readonly ToVisit[], hands: readonly Hand[], most: number): Map<string, Planned> {
  const load = new Map(hands.map((hand) => [hand.memberId, hand.tasks]))
  const planned = new Map<string, Planned>()
  const inOrder = [...elders].sort((a, b) => compare(a.dueTo, b.dueTo) || compare(a.elderId, b.elderId))
  for (const elder of inOrder) {
    const free = hands.filter((hand) => (load.get(hand.memberId) ?? 0) < most)
    const chosen = pairedOf(elder, free) ?? usualOf(elder, free) ?? leastOf(elder, free, load)
    if (chosen === null) continue
    planned.set(elder.elderId, chosen)
    load.set(chosen.memberId, (load.get(chosen.memberId) ?? 0) + 1)
  }
  return planned
}

function pairedOf({ paired }: ToVisit, free: readonly Hand[]): Planned | null {
  const [memberId] = paired.filter((one) => free.some((hand) => hand.memberId === one)).sort(compare)
  return memberId === undefined ? null : { memberId, why: 'paired' }
}

function usualOf({ came }: ToVisit, free: readonly Hand[]): Planned | null {
  const [usual] = [...came]
    .filter(({ memberId }) => free.some((hand) => hand.memberId === memberId))
    .sort((a, b) => b.times - a.times || compare(a.memberId, b.memberId))
  return usual === undefined ? null : { memberId: usual.memberId, why: 'usual' }
}

function leastOf({ regionPath }: ToVisit, free: readonly Hand[], load: ReadonlyMap<string, number>): Planned | null {
  const isNear = (hand: Hand) => hand.regionPath.startsWith(regionPath)
  const [least] = [...free].sort(
    (a, b) =>
      Number(isNear(b)) - Number(isNear(a)) ||
      (load.get(a.memberId) ?? 0) - (load.get(b.memberId) ?? 0) ||
      compare(a.memberId, b.memberId),
  )
  return least === undefined ? null : { memberId: least.memberId, why: isNear(least) ? 'village' : 'town' }
}

export type Rung = 'village' | 'town' | 'county'

/** Whose matter an overdue visit is by now. */
export function rungOf(overdueDays: number, townDays: number, countyDays: number): Rung {
  if (overdueDays >= countyDays) return 'county'
  return overdueDays >= townDays ? 'town' : 'village'
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
