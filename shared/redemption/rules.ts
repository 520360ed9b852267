import { pointsText } from '../core/amounts'
import { REFUSALS, type RefusalCode } from '../core/refusals'
import { addSeconds, clockOf, type Day, dayOf, firstDayOf, weekOf } from '../core/time'

export type RedemptionState = 'held' | 'fulfilled' | 'cancelled' | 'expired' | 'reversed'
/** What may be redeemed, as far as the question why not goes. */
export type Offer = { active: boolean; priceMilliPoints: bigint; left: number }
export type Held = { state: RedemptionState; pointId: string; expiresAt: Date }

/** Why this can't be redeemed with that much, or null. */
export function whyNotRedeem(offer: Offer, availableMilliPoints: bigint): RefusalCode | null {
  if (!offer.active) return 'PRODUCT_UNKNOWN'
  if (offer.left <= 0) return 'OUT_OF_STOCK'
  return missingPoints(offer, availableMilliPoints) === null ? null : 'POINTS_NOT_ENOUGH'
}

/** How many milli-points are missing; null when there are enough. */
export function missingPoints(offer: Pick<Offer, 'priceMilliPoints'>, availableMilliPoints: bigint): bigint | null {
  const missing = offer.priceMilliPoints - availableMilliPoints
  return missing > 0n ? missing : null
}

/** The reason under a grey button: 还差 7 分. */
export function whyNotSentence(code: RefusalCode | null, missing: bigint | null): string | null {
  if (code === null) return null
  return code === 'POINTS_NOT_ENOUGH' && missing !== null ? `还差 ${pointsText(missing)} 分` : REFUSALS[code][1]
}

/** Until when it is kept for the holder. */
export function expiryOf(heldAt: Date, holdHours: number): Date {
  return addSeconds(heldAt, holdHours * 3600)
}

/** Why this can't be handed over at this point now, or null. Its last instant still counts. */
export function whyNotFulfil(redemption: Held, pointId: string, at: Date): RefusalCode | null {
  if (redemption.state !== 'held') return CLOSED[redemption.state]
  if (at > redemption.expiresAt) return 'REDEMPTION_EXPIRED'
  return redemption.pointId === pointId ? null : 'REDEMPTION_OTHER_POINT'
}

/** Why this can't be cancelled, or null. */
export function whyNotCancel(redemption: Pick<Held, 'state'>): RefusalCode | null {
  return redemption.state === 'held' ? null : CLOSED[redemption.state]
}

const CLOSED = {
  fulfilled: 'REDEMPTION_FULFILLED',
  cancelled: 'REDEMPTION_CANCELLED',
  expired: 'REDEMPTION_EXPIRED',
  reversed: 'REDEMPTION_REVERSED',
} as const satisfies Record<Exclude<RedemptionState, 'held'>, RefusalCode>

/** What the person at the counter reads: for a code that was used, also when and where; for another point's, which. */
export function fulfilSentence(
  code: RefusalCode | null,
  redemption: { resolvedAt: Date | null; pointName: string },
): string | null {
  if (code === null) return null
  const sentence = REFUSALS[code][1]
  if (code === 'REDEMPTION_OTHER_POINT') return `${sentence}：${redemption.pointName}`
  if (code !== 'REDEMPTION_FULFILLED' || redemption.resolvedAt === null) return sentence
  const [, month, day] = dayOf(redemption.resolvedAt).split('-').map(Number)
  return `${sentence}：${month} 月 ${day} 日 ${clockOf(redemption.resolvedAt)}，在${redemption.pointName}`
}

/** When a shelf is filled anew; never: what is there is there. */
export type StockPeriod = 'never' | 'day' | 'week' | 'month'
export type Shelf = { left: number; perPeriod: number; period: StockPeriod; periodFrom: string }

/** The first day of the period a day is in; '' for a shelf that is never filled by itself. */
export function periodStart(period: StockPeriod, day: Day): string {
  if (period === 'never') return ''
  return period === 'day' ? day : period === 'week' ? weekOf(day) : firstDayOf(day.slice(0, 7))
}

/** How many there are on a day: a new period begins with a full shelf. */
export function leftOf(shelf: Shelf, day: Day): number {
  return shelf.period === 'never' || shelf.periodFrom === periodStart(shelf.period, day) ? shelf.left : shelf.perPeriod
}

export const MEAL_TIMES = ['breakfast', 'lunch', 'supper'] as const
export type MealTime = (typeof MEAL_TIMES)[number]

/** What many of one thing cost; null beyond what one may take at once. */
export function timesPrice(
  one: { priceMilliPoints: bigint; costFen: number; mostAtOnce: number },
  quantity: number,
): { priceMilliPoints: bigint; costFen: number } | null {
  if (quantity < 1 || quantity > one.mostAtOnce) return null
  return { priceMilliPoints: one.priceMilliPoints * BigInt(quantity), costFen: one.costFen * quantity }
}
