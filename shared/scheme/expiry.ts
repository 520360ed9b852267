import { addDays, type Day, startOfDay } from '../core/time'
import type { SchemeDocument } from './document'

/**
 * The instant at which points that are of a day are over, or null where they stay: the year's end, or so many months on. Where
 * the month has no such day it is the first of the next one, so that nothing is over early.
 */
export function expiresAt({ expiry }: SchemeDocument, day: Day): Date | null {
  if (expiry === undefined) return null
  return startOfDay(
    expiry.kind === 'yearEnd' ? `${Number(day.slice(0, 4)) + 1}-01-01` : monthsAfter(day, expiry.months ?? 0),
  )
}

/** The same day so many months ago, or that month's last one. */
export function monthsBefore(day: Day, months: number): Day {
  const { month, last } = monthAt(day, -months)
  return `${month}-${String(Math.min(Number(day.slice(8)), last)).padStart(2, '0')}`
}

/** The first day of which `monthsBefore` is this one or later. */
function monthsAfter(day: Day, months: number): Day {
  const { month, last } = monthAt(day, months)
  const date = Number(day.slice(8))
  return date <= last ? `${month}-${day.slice(8)}` : addDays(`${month}-${String(last).padStart(2, '0')}`, 1)
}

function monthAt(day: Day, months: number): { month: string; last: number } {
  const count = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months
  const [year, number] = [Math.floor(count / 12), (count % 12) + 1]
  return { month: `${year}-${String(number).padStart(2, '0')}`, last: new Date(Date.UTC(year, number, 0)).getUTCDate() }
}
