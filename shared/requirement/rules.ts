import { addDays, type Day, firstDayOf, lastDayOf, type Month, weeksOf } from '../core/time'

/** A dated fact: both days included, null = still in force. */
export type Span = { validFrom: Day; validTo: Day | null }
export type Interval = 'week' | 'month'
export type Channel = 'inPerson' | 'phone' | 'video'
export type ExitKind = 'hospital' | 'away' | 'died' | 'moved' | 'refused'

/** Elders of a category, at home at or below a path, are to be visited once in every interval. */
export type Requirement = Span & {
  id: string
  regionPath: string
  category: string
  interval: Interval
  channels: readonly Channel[]
  minSeconds: number
}
/** What of an elder decides whether visits are owed. */
export type ElderLife = {
  /** the last day, when the elder died or left */
  endedDay: Day | null
  residences: readonly (Span & { regionId: string; regionPath: string })[]
  tags: readonly (Span & { category: string })[]
  exits: readonly (Span & { kind: ExitKind })[]
}
/** A visit that counts: finished, in its minimum, not disputed or returned. It belongs to the Shanghai day it began. */
export type CountedVisit = { day: Day; channel: Channel; servedSeconds: number }

/** Part of the calendar in which one visit is owed. */
export type Period = { from: Day; to: Day; label: string }
export type JudgedPeriod = Period & { met: boolean; dueTo: Day }
export type JudgedRequirement = { requirement: Requirement; periods: JudgedPeriod[] }
export type ElderMonth = {
  /** the village of the last due day; null = no requirement was in force on any day of the month */
  regionId: string | null
  regionPath: string | null
  /** counted in a column of its own instead of in due */
  exitKind: ExitKind | null
  /** in force on some day of the month, and not exited at its end */
  due: boolean
  /** at least one counted visit in the month */
  visited: boolean
  /** each (category, interval, channels) alone; the strictest first */
  requirements: JudgedRequirement[]
}

/** The weeks that belong to a month (the ISO week of its Thursday), or the month itself. */
export function periodsOf(interval: Interval, month: Month): readonly Period[] {
  const known = PERIODS.get(interval + month)
  if (known !== undefined) return known
  const periods = makePeriods(interval, month)
  PERIODS.set(interval + month, periods)
  return periods
}

/** Asked for every elder of a list, and the same each time: a few for each month anybody looks at. */
const PERIODS = new Map<string, readonly Period[]>()

function makePeriods(interval: Interval, month: Month): Period[] {
  if (interval === 'month')
    return [{ from: firstDayOf(month), to: lastDayOf(month), label: `${Number(month.slice(5))} 月` }]
  return weeksOf(month).map((monday, place) => ({ from: monday, to: addDays(monday, 6), label: `第 ${place + 1} 周` }))
}

/**
 * What an elder was owed in a month, and what was kept of it. Due = a requirement in force on any day of the month, less
 * exits that stand at its end (domain.md section 4: 200 listed, 2 die on the 10th → 198). A period is owed from the day its
 * tag begins to the day it ends, and not at all when an exit stands at the period's end: one who comes home on the 5th is
 * owed again, one who stays in hospital isn't.
 */
export function judgeMonth(
  life: ElderLife,
  requirements: readonly Requirement[],
  visits: readonly CountedVisit[],
  month: Month,
): ElderMonth {
  const [first, last] = [firstDayOf(month), lastDayOf(month)]
  const stays = requirements
    .flatMap((requirement) => staysOf(life, requirement))
    .flatMap((stay) => cut(stay, first, last) ?? [])
  const home = stays.reduce<Stay | null>(
    (latest, stay) => (latest === null || stay.since > latest.since ? stay : latest),
    null,
  )
  const exitKind = home === null ? null : exitOn(life.exits, last)
  return {
    regionId: home?.regionId ?? null,
    regionPath: home?.regionPath ?? null,
    exitKind,
    due: home !== null && exitKind === null,
    visited: visits.some((visit) => first <= visit.day && visit.day <= last),
    requirements:
      home === null
        ? []
        : strictestFirst(requirements).flatMap(
            (requirement) => judgeRequirement(life, requirement, visits, month) ?? [],
          ),
  }
}

/** A stretch of days on which a requirement is in force for an elder, at one residence. */
type Stay = { from: Day; to: Day; since: Day; regionId: string; regionPath: string }
const FOREVER: Day = '9999-12-31'

function staysOf(life: ElderLife, requirement: Requirement): Stay[] {
  return life.tags
    .filter((tag) => tag.category === requirement.category)
    .flatMap((tag) =>
      life.residences
        .filter((residence) => residence.regionPath.startsWith(requirement.regionPath))
        .flatMap((residence) => {
          const from = latest(tag.validFrom, residence.validFrom, requirement.validFrom)
          const to = earliest(tag.validTo, residence.validTo, requirement.validTo, life.endedDay)
          return from > to
            ? []
            : [{ from, to, since: residence.validFrom, regionId: residence.regionId, regionPath: residence.regionPath }]
        }),
    )
}

function judgeRequirement(
  life: ElderLife,
  requirement: Requirement,
  visits: readonly CountedVisit[],
  month: Month,
): JudgedRequirement | null {
  const stays = staysOf(life, requirement)
  const fitting = visits.filter((visit) => isMetBy(requirement, visit))
  const periods = periodsOf(requirement.interval, month).flatMap((period) => {
    const owed = stays.flatMap((stay) => cut(stay, period.from, period.to) ?? [])
    if (owed.length === 0 || exitOn(life.exits, period.to) !== null) return []
    const met = owed.some((stay) => fitting.some((visit) => stay.from <= visit.day && visit.day <= stay.to))
    return [{ ...period, met, dueTo: owed.reduce((day, stay) => latest(day, stay.to), period.from) }]
  })
  return stays.length === 0 ? null : { requirement, periods }
}

/** Whether a counted visit is of the kind and length a requirement asks for. */
export function isMetBy(
  requirement: Pick<Requirement, 'channels' | 'minSeconds'>,
  visit: Pick<CountedVisit, 'channel' | 'servedSeconds'>,
): boolean {
  return requirement.channels.includes(visit.channel) && visit.servedSeconds >= requirement.minSeconds
}

/** The exit that stands on a day; of several the most final. */
export function exitOn(exits: ElderLife['exits'], day: Day): ExitKind | null {
  const standing = exits
    .filter((exit) => exit.validFrom <= day && (exit.validTo === null || exit.validTo >= day))
    .map((exit) => exit.kind)
  return EXITS_BY_WEIGHT.find((kind) => standing.includes(kind)) ?? null
}

/** The most final first. */
export const EXITS_BY_WEIGHT: readonly ExitKind[] = ['died', 'moved', 'hospital', 'refused', 'away']

/** Shortest interval, then fewest channels, then longest minimum: only decides which one a list shows. */
export function strictestFirst<R extends Pick<Requirement, 'id' | 'interval' | 'channels' | 'minSeconds'>>(
  requirements: readonly R[],
): R[] {
  const order = (one: R) => [one.interval === 'week' ? 0 : 1, one.channels.length, -one.minSeconds] as const
  return [...requirements].sort((a, b) => {
    const [x, y] = [order(a), order(b)]
    return x[0] - y[0] || x[1] - y[1] || x[2] - y[2] || (a.id < b.id ? -1 : 1)
  })
}

export type Mark = 'met' | 'overdue' | 'due' | 'none'

/** One mark for each period of the interval: – where nothing is owed, overdue when its last due day has passed. */
export function marksOf(
  { requirement, periods }: JudgedRequirement,
  month: Month,
  today: Day,
): { label: string; mark: Mark }[] {
  return periodsOf(requirement.interval, month).map(({ from, label }) => {
    const judged = periods.find((one) => one.from === from)
    return {
      label,
      mark: judged === undefined ? 'none' : judged.met ? 'met' : judged.dueTo < today ? 'overdue' : 'due',
    }
  })
}

/** What is still owed on a day: the week comes before the month. null = nothing. */
export function owedOn(
  life: ElderLife,
  requirements: readonly Requirement[],
  visits: readonly CountedVisit[],
  day: Day,
): Interval | null {
  if (exitOn(life.exits, day) !== null) return null
  const month = day.slice(0, 7)
  const isOwed = (requirement: Requirement) => {
    const judged = [shift(month, -1), month, shift(month, 1)].flatMap(
      (one) => judgeRequirement(life, requirement, visits, one)?.periods ?? [],
    )
    return judged.some((period) => period.from <= day && day <= period.to && day <= period.dueTo && !period.met)
  }
  const inForce = requirements.filter((requirement) =>
    staysOf(life, requirement).some((stay) => stay.from <= day && day <= stay.to),
  )
  return strictestFirst(inForce).find(isOwed)?.interval ?? null
}

export const OWED_SENTENCES: Record<Interval, string> = { week: '本周还差 1 次', month: '本月还差 1 次' }

/** "每周 1 次，上门，至少 15 分钟" */
export function requirementSentence({
  interval,
  channels,
  minSeconds,
}: Pick<Requirement, 'interval' | 'channels' | 'minSeconds'>): string {
  const parts = [interval === 'week' ? '每周 1 次' : '每月 1 次', channelWords(channels)]
  if (minSeconds >= 60) parts.push(`至少 ${Math.ceil(minSeconds / 60)} 分钟`)
  return parts.join('，')
}

const CHANNEL_WORDS: Record<Channel, string> = { inPerson: '上门', phone: '电话', video: '视频' }

function channelWords(channels: readonly Channel[]): string {
  const words = (['inPerson', 'phone', 'video'] as const)
    .filter((one) => channels.includes(one))
    .map((one) => CHANNEL_WORDS[one])
  const end = words.pop() ?? ''
  return words.length === 0 ? end : `${words.join('、')}或${end}`
}

/**
 * By how many seconds a visit after a major change came too late; 0 = in time. Changed at 09:00 and visited at 09:30 the
 * next day breaks "within 24 hours" by half an hour.
 */
export function secondsTooLate(changedAt: Date, visitedAt: Date, withinHours: number): number {
  return Math.max(0, (visitedAt.getTime() - changedAt.getTime()) / 1000 - withinHours * 3600)
}

export type CoverageCounts = {
  due: number
  visited: number
  requirementsDue: number
  requirementsMet: number
  exits: Record<ExitKind, number>
}

/** Adds up what elders were owed: the two figures stay apart. */
export function countMonths(months: readonly ElderMonth[]): CoverageCounts {
  const periods = months.flatMap((month) => month.requirements.flatMap((one) => one.periods))
  const due = months.filter((month) => month.due)
  const exits = Object.fromEntries(
    EXITS_BY_WEIGHT.map((kind) => [kind, months.filter((month) => month.exitKind === kind).length]),
  )
  return {
    due: due.length,
    visited: due.filter((month) => month.visited).length,
    requirementsDue: periods.length,
    requirementsMet: periods.filter((period) => period.met).length,
    exits: exits as Record<ExitKind, number>,
  }
}

function cut(stay: Stay, from: Day, to: Day): Stay | null {
  const [begin, end] = [latest(stay.from, from), earliest(stay.to, to)]
  return begin > end ? null : { ...stay, from: begin, to: end }
}

function latest(...days: Day[]): Day {
  return days.reduce((a, b) => (a > b ? a : b))
}

function earliest(...days: (Day | null)[]): Day {
  return days.reduce<Day>((a, b) => (b !== null && b < a ? b : a), FOREVER)
}

function shift(month: Month, by: number): Month {
  return addDays(by < 0 ? firstDayOf(month) : lastDayOf(month), by).slice(0, 7)
}
