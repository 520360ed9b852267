/**
 * The calendar of Asia/Shanghai: fixed +08:00, no summer time since 1991. Never reads a clock.
 * A Day is "YYYY-MM-DD", a Month "YYYY-MM"; both compare as strings.
 */
export type Day = string
export type Month = string

const SHANGHAI_MS = 8 * 3_600_000
const DAY_MS = 86_400_000

/** The Shanghai day of an instant. */
export function dayOf(at: Date): Day {
  return new Date(at.getTime() + SHANGHAI_MS).toISOString().slice(0, 10)
}

export function monthOf(at: Date): Month {
  return dayOf(at).slice(0, 7)
}

/** "HH:mm" on the Shanghai clock. */
export function clockOf(at: Date): string {
  return new Date(at.getTime() + SHANGHAI_MS).toISOString().slice(11, 16)
}

/** The instant a Shanghai day begins. */
export function startOfDay(day: Day): Date {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) - SHANGHAI_MS)
}

/** An instant on a Shanghai day at "HH:mm". */
export function instantOf(day: Day, clock: string): Date {
  return new Date(Date.parse(`${day}T${clock}:00.000Z`) - SHANGHAI_MS)
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

export function addSeconds(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000)
}

/** Whole days from a to b; negative when b is earlier. */
export function daysBetween(a: Day, b: Day): number {
  return Math.round((Date.parse(b) - Date.parse(a)) / DAY_MS)
}

export function firstDayOf(month: Month): Day {
  return `${month}-01`
}

export function lastDayOf(month: Month): Day {
  return addDays(firstDayOf(nextMonth(month)), -1)
}

export function nextMonth(month: Month, by = 1): Month {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + by
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`
}

/** 1 Monday … 7 Sunday (ISO 8601). */
export function weekdayOf(day: Day): number {
  return new Date(`${day}T00:00:00.000Z`).getUTCDay() || 7
}

/** The Monday of the day's ISO week: names the week. */
export function weekOf(day: Day): Day {
  return addDays(day, 1 - weekdayOf(day))
}

/** An ISO week belongs to the month of its Thursday. */
export function monthOfWeek(monday: Day): Month {
  return addDays(monday, 3).slice(0, 7)
}

/** The number of the day's ISO week in its year: 2026-11-22 → 47. */
export function weekNumberOf(day: Day): number {
  const thursday = addDays(weekOf(day), 3)
  return Math.floor(daysBetween(`${thursday.slice(0, 4)}-01-01`, thursday) / 7) + 1
}

/** The Mondays of the ISO weeks that belong to a month, in order. */
export function weeksOf(month: Month): Day[] {
  const weeks: Day[] = []
  for (let monday = weekOf(firstDayOf(month)); monday <= lastDayOf(month); monday = addDays(monday, 7))
    if (monthOfWeek(monday) === month) weeks.push(monday)
  return weeks
}

/** A real calendar day between 1900 and 2199? 1938-02-29 is none. */
export function isDay(text: string): boolean {
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00.000Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text
}

export function isMonth(text: string): boolean {
  return isDay(`${text}-01`)
}

/** Whether [from, to] (to inclusive, null = open) holds on a day. */
export function holdsOn(span: { validFrom: Day; validTo: Day | null }, day: Day): boolean {
  return span.validFrom <= day && (span.validTo === null || day <= span.validTo)
}
