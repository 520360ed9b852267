import { distanceMetres, type Point } from '../core/geo'
import type { Day } from '../core/time'

/** An elder a visit is owed to, with who came lately, how often. */
export type ToVisit = {
  elderId: string
  regionPath: string
  dueTo: Day
  came: readonly { memberId: string; times: number }[]
  /** 结对: who promised to look after the elder */
  paired: readonly string[]
  /** the home, else the middle of its village; null where neither is known */
  place: Point | null
}
/** A helper who can be sent, with what he took on already; `place` is the middle of his village, null where it isn't known. */
export type Hand = { memberId: string; regionPath: string; tasks: number; place: Point | null }
export type Why = 'paired' | 'usual' | 'village' | 'near' | 'town'
const WHY_WORDS: Readonly<Record<Why, string>> = {
  paired: '结对',
  usual: '常去',
  village: '本村',
  near: '就近',
  town: '本镇',
}
/** `kilometres`, whole ones and never 0: how far a helper who was chosen for being near has to go; null of the others. */
export type Planned = { memberId: string; why: Why; kilometres: number | null }

/** 就近，约 2 公里 */
export const whyWords = ({ why, kilometres }: Pick<Planned, 'why' | 'kilometres'>): string =>
  kilometres === null ? WHY_WORDS[why] : `${WHY_WORDS[why]}，约 ${kilometres} 公里`

/**
 * Whom to send to whom: the most urgent first; to each the helper who is paired with the elder, else whoever came most often
 * lately, else somebody of the village, else the nearest of the town, whole kilometres apart; those of whom it isn't known how
 * far they have to go come last. Of several the one with the fewest tasks. Nobody gets more than `most` while this plan is made.
 * Who finds nobody is left out.
 */
export function planVisits(elders: readonly ToVisit[], hands: readonly Hand[], most: number): Map<string, Planned> {
  const load = new Map(hands.map((hand) => [hand.memberId, hand.tasks]))
  const planned = new Map<string, Planned>()
  const inOrder = [...elders].sort((a, b) => compare(a.dueTo, b.dueTo) || compare(a.elderId, b.elderId))
  for (const elder of inOrder) {
    const free = hands.filter((hand) => (load.get(hand.memberId) ?? 0) < most)
    const chosen = pairedOf(elder, free) ?? usualOf(elder, free) ?? nearestOf(elder, free, load)
    if (chosen === null) continue
    planned.set(elder.elderId, chosen)
    load.set(chosen.memberId, (load.get(chosen.memberId) ?? 0) + 1)
  }
  return planned
}

function pairedOf({ paired }: ToVisit, free: readonly Hand[]): Planned | null {
  const [memberId] = paired.filter((one) => free.some((hand) => hand.memberId === one)).sort(compare)
  return memberId === undefined ? null : { memberId, why: 'paired', kilometres: null }
}

function usualOf({ came }: ToVisit, free: readonly Hand[]): Planned | null {
  const [usual] = [...came]
    .filter(({ memberId }) => free.some((hand) => hand.memberId === memberId))
    .sort((a, b) => b.times - a.times || compare(a.memberId, b.memberId))
  return usual === undefined ? null : { memberId: usual.memberId, why: 'usual', kilometres: null }
}

function nearestOf(elder: ToVisit, free: readonly Hand[], load: ReadonlyMap<string, number>): Planned | null {
  const [nearest] = free
    .map(({ memberId, ...hand }) => ({ memberId, tasks: load.get(memberId) ?? 0, ...wayTo(elder, hand) }))
    .sort((a, b) => a.rank - b.rank || a.tasks - b.tasks || compare(a.memberId, b.memberId))
  if (nearest === undefined) return null
  const { memberId, why, kilometres } = nearest
  return { memberId, why, kilometres }
}

const METRES_PER_KILOMETRE = 1000

/** How a helper of some village comes to an elder; a lower rank is nearer. */
function wayTo(
  elder: ToVisit,
  { regionPath, place }: Pick<Hand, 'regionPath' | 'place'>,
): Omit<Planned, 'memberId'> & { rank: number } {
  if (regionPath.startsWith(elder.regionPath)) return { rank: 0, why: 'village', kilometres: null }
  if (place === null || elder.place === null) return { rank: Number.MAX_SAFE_INTEGER, why: 'town', kilometres: null }
  const kilometres = Math.max(1, Math.round(distanceMetres(place, elder.place) / METRES_PER_KILOMETRE))
  return { rank: kilometres, why: 'near', kilometres }
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
