import type { z } from 'zod'
import type { holidayInput } from '../../shared/audit/input'
import type { CalendarView } from '../../shared/audit/view'
import { type Day, dayOf } from '../../shared/core/time'
import { addWorkdays, type Calendar, calendarOf, type DayKind, unpublishedSentence } from '../../shared/core/workdays'
import { can } from '../../shared/session/permissions'
import { type Actor, homeOf, homePathOf } from '../core/actor'
import type { RowOf } from '../core/bulk'
import { type Db, query, type Reader } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { findPlaceInScope, pathsAbove } from '../region/queries'
import { settingsAt } from '../region/settings'

/** The working days of a place: what was published, and what it or a place above says. The nearest word wins. */
export async function calendarAt(db: Reader, regionPath: string): Promise<Calendar> {
  return (await calendarsOf(db, [{ regionPath }]))(regionPath)
}

/** The same for the places of a list, with one statement. */
export async function calendarsOf(
  db: Reader,
  places: readonly { regionPath: string }[],
): Promise<(regionPath: string) => Calendar> {
  const paths = [...new Set(places.map(({ regionPath }) => regionPath))]
  const above = new Set(paths.flatMap(pathsAbove))
  const rows = await query<RowOf<'HolidayDay'>>(
    db,
    'SELECT * FROM holiday_day WHERE "regionPath" IN LIST($1) ORDER BY "regionPath"',
    [...above],
  )
  const calendars = new Map<string, Calendar>()
  for (const path of paths) {
    const own = rows.filter((one) => path.startsWith(one.regionPath))
    calendars.set(path, calendarOf(own.map(({ day, kind, name }) => ({ day, kind: kind as DayKind, name }))))
  }
  return (regionPath) => calendars.get(regionPath) as Calendar
}

/** By when a list of things that wait must be decided: so many working days, as the place says, after they came. */
export async function readDues(
  db: Reader,
  places: readonly { regionPath: string }[],
  at: Date,
): Promise<(one: { regionPath: string; since: Date }) => Due> {
  const today = dayOf(at)
  const calendars = await calendarsOf(db, places)
  const days = new Map<string, number>()
  for (const { regionPath } of places)
    if (!days.has(regionPath)) days.set(regionPath, (await settingsAt(db, regionPath, today)).auditWorkdays)
  return ({ regionPath, since }) => dueOf(calendars(regionPath), dayOf(since), days.get(regionPath) ?? 0, today)
}

export type Due = { dueDay: Day | null; late: boolean; sentence: string }

/** By when something of a day must be done, in words: the day, how it stands, or that the year isn't published. */
export function dueOf(calendar: Calendar, since: Day, workdays: number, today: Day): Due {
  const { day, unpublished } = addWorkdays(calendar, since, workdays)
  if (day === null) return { dueDay: null, late: false, sentence: unpublishedSentence(unpublished) }
  const late = day < today
  return { dueDay: day, late, sentence: late ? `超期，应在 ${day.slice(5)} 前` : `${day.slice(5)} 前` }
}

/** A year of the actor's place, day by day where it differs from the week. */
export async function findCalendar(db: Reader, actor: Actor, year: string): Promise<CalendarView> {
  const calendar = await calendarAt(db, homePathOf(actor, can('audit.read')))
  const isPublished = calendar.years.has(year)
  return {
    year,
    notice: isPublished ? null : unpublishedSentence(year),
    days: [...calendar.days]
      .filter(([day, { kind }]) => day.startsWith(`${year}-`) && kind !== 'plain')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, { kind, name }]) => ({ day, kind: kind as 'off' | 'work', name })),
  }
}

/** Says how a day is worked in the actor's county: from what the year's notice says, or what the county decided. */
export async function setHoliday(
  db: Db,
  actor: Actor,
  input: z.infer<typeof holidayInput>,
  at: Date,
): Promise<CalendarView> {
  await db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'setHoliday', input, at }, async () => {
      const { id, day, kind, name } = input
      const region = await findPlaceInScope(
        tx,
        actor,
        can('dictionary.keep'),
        homeOf(actor, can('dictionary.keep')),
        dayOf(at),
      )
      const where = { regionId_day: { regionId: region.id, day } }
      const before = await tx.holidayDay.findUnique({ where })
      const row = { kind, name, byPersonId: actor.personId, recordedAt: at }
      await tx.holidayDay.upsert({
        where,
        create: { ...row, id, day, regionId: region.id, regionPath: region.path },
        update: row,
      })
      await logOperation(tx, actor, {
        ...{ at, action: 'set', resource: 'holiday', resourceId: day, regionPath: region.path },
        before: before === null ? undefined : { kind: before.kind, name: before.name },
        after: { kind, name },
      })
      return { day }
    }),
  )
  return findCalendar(db, actor, input.day.slice(0, 4))
}
