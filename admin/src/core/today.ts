import { addDays, dayOf, nextMonth } from '../../../shared/core/time'
import { monthWords } from './format'

/** This instant, as the API writes instants. */
export function now(): string {
  return new Date().toISOString()
}

/** Today in Shanghai by this machine's clock: good for what a form starts with, never for what counts. */
export function today(): string {
  return dayOf(new Date())
}

export function thisMonth(): string {
  return today().slice(0, 7)
}

export function daysFromNow(days: number): string {
  return addDays(today(), days)
}

/** This month, the eleven before it and as many to come, newest first. */
export function recentMonths(ahead = 0): { value: string; label: string }[] {
  return Array.from({ length: 12 + ahead }, (_, back) => nextMonth(thisMonth(), ahead - back)).map((month) => ({
    value: month,
    label: monthWords(month),
  }))
}
