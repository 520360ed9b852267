import { DAYS_OFF, DAYS_WORKED, PUBLISHED_YEARS } from './holidays'
import { addDays, type Day, weekdayOf } from './time'

export type DayKind = 'off' | 'work' | 'plain'
/** Which days are worked other than the week says, and of which years that is known. */
export type Calendar = { years: ReadonlySet<string>; days: ReadonlyMap<Day, { kind: DayKind; name: string }> }

/** What was published, with what a place says of its own; its own word wins. */
export function calendarOf(own: readonly { day: Day; kind: DayKind; name: string }[]): Calendar {
  return {
    years: new Set([...PUBLISHED_YEARS, ...own.map(({ day }) => day.slice(0, 4))]),
    days: new Map([
      ...DAYS_OFF.map(([day, name]) => [day, { kind: 'off' as const, name }] as const),
      ...DAYS_WORKED.map(([day, name]) => [day, { kind: 'work' as const, name }] as const),
      ...own.map(({ day, kind, name }) => [day, { kind, name }] as const),
    ]),
  }
}

/** Whether a day is worked; null where its year isn't published. */
export function isWorkday({ years, days }: Calendar, day: Day): boolean | null {
  if (!years.has(day.slice(0, 4))) return null
  const kind = days.get(day)?.kind ?? 'plain'
  return kind === 'plain' ? weekdayOf(day) <= 5 : kind === 'work'
}

export type DueDay = { day: Day; unpublished: null } | { day: null; unpublished: string }

/** The nth working day after a day; where a year in between isn't published, that year instead of a guess. */
export function addWorkdays(calendar: Calendar, from: Day, count: number): DueDay {
  let left = count
  for (let day = addDays(from, 1); ; day = addDays(day, 1)) {
    const worked = isWorkday(calendar, day)
    if (worked === null) return { day: null, unpublished: day.slice(0, 4) }
    if (worked) left -= 1
    if (left <= 0) return { day, unpublished: null }
  }
}

export function unpublishedSentence(year: string): string {
  return `${year} 年节假日未发布`
}
