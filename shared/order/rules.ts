import type { RefusalCode } from '../core/refusals'
import { addDays, addSeconds, type Day, instantOf } from '../core/time'

export type OrderState = 'open' | 'accepted' | 'done' | 'cancelled'

const DAYS_AHEAD_MAX = 30
/** By when the elder waits for somebody, as words mean it. */
const WAITS_FROM: Record<string, string> = { morning: '08:00', afternoon: '13:00', any: '13:00' }

/** Why this can't be asked for, or null. */
export function whyNotAsk(
  order: { wantedDay: Day; openOrders: number; elderEndedDay: Day | null },
  today: Day,
  orderOpenMax: number,
): RefusalCode | null {
  if (order.elderEndedDay !== null && order.elderEndedDay < today) return 'ELDER_ENDED'
  if (order.wantedDay < today || order.wantedDay > addDays(today, DAYS_AHEAD_MAX)) return 'ORDER_DAY'
  return order.openOrders >= orderOpenMax ? 'ORDER_TOO_MANY' : null
}

/** Why this order can't be taken by anybody, or null. */
export function whyNotTake(order: { state: OrderState }): RefusalCode | null {
  return order.state === 'open' ? null : 'ORDER_NOT_OPEN'
}

/** Why this member can't give it back, or null. */
export function whyNotGiveBack(
  order: { state: OrderState; memberId: string | null },
  memberId: string,
): RefusalCode | null {
  if (order.state === 'done' || order.state === 'cancelled') return 'ORDER_CLOSED'
  return order.memberId === memberId ? null : 'ORDER_NOT_YOURS'
}

/** Why it can't be cancelled any more, or null. */
export function whyNotCancel(order: { state: OrderState }): RefusalCode | null {
  return order.state === 'done' || order.state === 'cancelled' ? 'ORDER_CLOSED' : null
}

/** Why nobody can have failed to come yet, or null. */
export function whyNotNoShow(
  order: { state: OrderState; memberId: string | null; wantedDay: Day },
  today: Day,
): RefusalCode | null {
  if (order.state === 'done' || order.state === 'cancelled') return 'ORDER_CLOSED'
  if (order.state !== 'accepted' || order.memberId === null) return 'ORDER_NOT_TAKEN'
  return order.wantedDay > today ? 'DATE_IN_FUTURE' : null
}

/** When staff should look because nobody took it: after so many hours, and not later than the hour the elder waits for. */
export function staffFromOf(order: { wantedDay: Day; wantedTime: string }, at: Date, orderStaffHours: number): Date {
  const after = addSeconds(at, orderStaffHours * 3600)
  const waited = instantOf(order.wantedDay, WAITS_FROM[order.wantedTime] ?? order.wantedTime)
  if (waited >= after) return after
  return waited > at ? waited : at
}

/** Whether it belongs on the list of what nobody took in time. */
export function isUnattended(order: { state: string; staffFrom: Date }, at: Date): boolean {
  return order.state === 'open' && order.staffFrom <= at
}

/**
 * What of the promised points a visit is worth: all of them for a piece, else its share of the time they were meant for,
 * rounded down and never more.
 */
export function payOf(
  payment: { heldMilliPoints: bigint; plannedSeconds: number | null },
  servedSeconds: number,
): bigint {
  const { heldMilliPoints, plannedSeconds } = payment
  if (plannedSeconds === null || servedSeconds >= plannedSeconds) return heldMilliPoints
  return (heldMilliPoints * BigInt(servedSeconds)) / BigInt(plannedSeconds)
}

/** Points are kept for so many days after the day somebody was wanted: the elder says yes or no in them. */
export const PAYMENT_DAYS = 14

/** Why an order can't be given to a business, or null: only what nobody took in time. */
export function whyNotMarket(
  order: { state: OrderState; staffFrom: Date; whenNobodyTakes: string | undefined },
  at: Date,
): RefusalCode | null {
  if (order.whenNobodyTakes !== 'marketService') return 'MARKET_CLOSED'
  if (order.state !== 'open') return order.state === 'accepted' ? 'ORDER_NOT_OPEN' : 'ORDER_CLOSED'
  return isUnattended(order, at) ? null : 'MARKET_EARLY'
}
