import type { RefusalCode } from '../core/refusals'

export const FUND_SOURCES = ['welfareLottery', 'filialFund', 'budget', 'donation', 'other'] as const
export type FundSource = (typeof FUND_SOURCES)[number]
export const FUND_SOURCE_WORDS: Record<string, string> = {
  welfareLottery: '福彩公益金',
  filialFund: '孝善基金',
  budget: '财政资金',
  donation: '社会捐赠',
  other: '其他',
}

/** A line as far as the question goes whether it pays. `kinds` and `productIds` comma-separated; empty says everything. */
export type Payer = {
  id: string
  regionPath: string
  kinds: string
  productIds: string
  priority: number
  active: boolean
  budgetFen: bigint
  drawnFen: bigint
}
export type Cost = { productId: string; kind: string; costFen: number }

const says = (list: string, one: string) => list === '' || list.split(',').includes(one)

/** The lines whose rule says they pay for it, in the order they are drawn on: by priority, then the nearest region. */
export function payersOf<Line extends Payer>(lines: readonly Line[], cost: Pick<Cost, 'productId' | 'kind'>): Line[] {
  return lines
    .filter((one) => one.active && says(one.kinds, cost.kind) && says(one.productIds, cost.productId))
    .sort(
      (a, b) =>
        a.priority - b.priority ||
        b.regionPath.length - a.regionPath.length ||
        (a.id < b.id ? -1 : Number(a.id > b.id)),
    )
}

export const canPay = (line: Payer, costFen: number): boolean => line.drawnFen + BigInt(costFen) <= line.budgetFen

/** Why nothing pays for it, or null. What costs nothing needs no money behind it. */
export function whyNotPaid(lines: readonly Payer[], cost: Cost): RefusalCode | null {
  if (cost.costFen === 0) return null
  const payers = payersOf(lines, cost)
  if (payers.length === 0) return 'FUND_NONE'
  return payers.some((line) => canPay(line, cost.costFen)) ? null : 'FUND_EXHAUSTED'
}

/** What points that can be spent would cost, beside the money that is left. */
export type Cover = {
  outstandingMilliPoints: bigint
  /** of one point */
  costFen: number
  leftFen: bigint
  /** how much of the money the points may claim before too many are out */
  ceilingPercent: number
  warnPercent: number
}

export type CoverState = 'ok' | 'warn' | 'over'

/** Liability rounded up, the ceiling rounded down: never looks better than it is. */
export function coverOf({ outstandingMilliPoints, costFen, leftFen, ceilingPercent, warnPercent }: Cover) {
  const liabilityFen = (outstandingMilliPoints * BigInt(costFen) + 999n) / 1000n
  const allowedFen = (leftFen * BigInt(ceilingPercent)) / 100n
  const ceilingMilliPoints = costFen === 0 ? null : (allowedFen * 1000n) / BigInt(costFen)
  const usedPermille = allowedFen === 0n ? null : Number((liabilityFen * 1000n + allowedFen - 1n) / allowedFen)
  const state: CoverState =
    liabilityFen === 0n
      ? 'ok'
      : liabilityFen > allowedFen
        ? 'over'
        : liabilityFen * 100n >= allowedFen * BigInt(warnPercent)
          ? 'warn'
          : 'ok'
  return { liabilityFen, ceilingMilliPoints, usedPermille, state }
}
