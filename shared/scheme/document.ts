import type { Day } from '../core/time'

export type Nature = 'volunteer' | 'mutualAid' | 'dutyPaid'

/**
 * The rules of one county as data. Everything optional says "no such rule". Units are in the names; points in milli-points.
 * This is the part that the main job needs: rate, minimum, caps, rounding, who earns, at which step which evidence earns.
 */
export type SchemeDocument = {
  title: string
  /** 示例: no county published this number */
  sample: boolean
  pointsWord: string
  earn: {
    /** points of `milliPoints` for every `seconds` served, exact as a fraction */
    milliPoints: number
    seconds: number
    natures: Nature[]
    visitSecondsMin: number
    visitSecondsMax: number
    /** result rounded down to a multiple of it; the rest is dropped */
    roundDownToMilliPoints: number
    dayCapMilliPoints: number | null
    monthCapMilliPoints: number | null
    accountCapMilliPoints: number | null
    /** which step posts, by evidence level L0…L4 */
    postAt: readonly [PostStep, PostStep, PostStep, PostStep, PostStep]
  }
}
export type PostStep = 'never' | 'approval' | 'confirmation' | 'finish'

export type VisitFacts = { servedSeconds: number; nature: Nature; level: number; day: Day }
/** What was already earned, by the same person in the same programme, before this visit is judged. */
export type EarnedBefore = { dayMilliPoints: bigint; monthMilliPoints: bigint; balanceMilliPoints: bigint }

/** Why a number is what it is. `cuts` name what was taken off, in order. */
export type Explanation = {
  schemeId: string
  schemeVersion: number
  formula: string
  cuts: { code: 'DAY_CAP' | 'MONTH_CAP' | 'ACCOUNT_CAP'; sentence: string; milliPoints: string }[]
  zeroReason: string | null
}
export type Judgement = { milliPoints: bigint; explanation: Explanation }
