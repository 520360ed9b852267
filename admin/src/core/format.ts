/** How the interface writes numbers, points and times. Nothing here uses floating point for time or points. */
import { hoursText, percentText, pointsText, signedPointsText } from '../../../shared/core/amounts'
import { clockOf, dayOf, monthOf, weekdayOf } from '../../../shared/core/time'

/** "3418.5" → "3,418.5"; signs and decimals stay. */
function grouped(text: string): string {
  return text.replace(/\d+/, (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ','))
}

/** 3418 → "3,418" */
export function count(value: number): string {
  return grouped(String(value).replace('-', '\u2212'))
}

/** Points from the API's string of milli-points: "1234500" → "1,234.5". */
export function points(milliPoints: string): string {
  return grouped(pointsText(milliPoints))
}

/** As `points`, but the sign is always shown: "+13", "−20", "0". */
export function signedPoints(milliPoints: string): string {
  return grouped(signedPointsText(milliPoints))
}

/** "12.5" points as a person types them → "12500" milli-points, or null when it is no such number. */
export function toMilliPoints(text: string): string | null {
  const match = /^(\d{1,9})(?:\.(\d{1,3}))?$/.exec(text.trim())
  if (!match) return null
  const joined = `${match[1]}${(match[2] ?? '').padEnd(3, '0')}`.replace(/^0+(?=\d)/, '')
  return joined
}

/** Whole minutes, cut: 3900 → 65. */
export function minutes(seconds: number): number {
  return Math.floor(seconds / 60)
}

/** Hours with at most one decimal, cut: 210,600 s → "58.5". */
export function hours(seconds: number): string {
  return grouped(hoursText(seconds))
}

/** A share, cut to 0.1 %, never rounded up: 197 of 198 → "99.4", all of them → "100". */
export function percent(part: number, whole: number): string {
  return percentText(part, whole)?.replace(/\.0$/, '') ?? '—'
}

const asDate = (instant: string | Date) => (typeof instant === 'string' ? new Date(instant) : instant)
const bare = (clock: string) => clock.replace(/^0(?=\d)/, '')

/** "9:05" on the Shanghai clock. */
export function clock(instant: string | null | undefined): string {
  return instant ? bare(clockOf(asDate(instant))) : '—'
}

/** "9:05" of an instant in milliseconds, as the query cache keeps it. */
export function clockAt(milliseconds: number): string {
  return bare(clockOf(new Date(milliseconds)))
}

/** "11-20 9:05" */
export function dayClock(instant: string | null | undefined): string {
  return instant ? `${isoDay(instant).slice(5)} ${clock(instant)}` : '—'
}

/** "2026-11-20 09:05" */
export function fullTime(instant: string | null | undefined): string {
  return instant ? `${isoDay(instant)} ${clockOf(asDate(instant))}` : '—'
}

/** "2026-11-20", the Shanghai day of an instant. */
export function isoDay(instant: string | Date): string {
  return dayOf(asDate(instant))
}

/** "2026-11", the Shanghai month of an instant. */
export function isoMonth(instant: string | Date): string {
  return monthOf(asDate(instant))
}

/** "2026-11" → "2026 年 11 月" */
export function monthWords(month: string): string {
  const [year, number] = month.split('-')
  return `${year} 年 ${Number(number)} 月`
}

/** "2026-11-22" → "11 月 22 日，星期日" */
export function dayWords(day: string): string {
  return `${Number(day.slice(5, 7))} 月 ${Number(day.slice(8))} 日，星期${'一二三四五六日'[weekdayOf(day) - 1]}`
}
