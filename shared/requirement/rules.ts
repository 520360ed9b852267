import type { RefusalCode } from '../core/refusals'
import {
  addDays,
  addSeconds,
  clockOf,
  type Day,
  dayOf,
  daysBetween,
  firstDayOf,
  lastDayOf,
  type Month,
  nextMonth,
  weekNumberOf,
  weekOf,
  weeksOf,
} from '../core/time'

/** A dated fact: both days included, null = still in force. */
export type Span = { validFrom: Day; validTo: Day | null }
/** `days`: every n days; `event`: within n hours after something happened to the elder. n is the rule's `intervalLength`. */
export type Interval = 'event' | 'days' | 'week' | 'month' | 'quarter'
export type Nature = 'volunteer' | 'mutualAid' | 'dutyPaid'
export type Channel = 'inPerson' | 'phone' | 'video'
export type ExitKind = 'hospital' | 'away' | 'died' | 'moved' | 'refused'

/** Elders of a category, at home at or below a path, are to be visited once in every interval. */
export type Requirement = Span & {
  id: string
  regionPath: string
  category: string
  interval: Interval
  /** days of `days`, hours of `event`, else null */
  intervalLength: number | null
  channels: readonly Channel[]
  /** who counts: in which capacity the helper came */
  natures: readonly Nature[]
  minSeconds: number
}
/** What decides when a rule's periods begin and end. */
export type Rhythm = Pick<Requirement, 'interval' | 'intervalLength' | 'validFrom'>
/** What of an elder decides whether visits are owed. */
export type ElderLife = {
  /** the last day, when the elder died or left */
  endedDay: Day | null
  residences: readonly (Span & { regionId: string; regionPath: string })[]
  tags: readonly (Span & { category: string })[]
  exits: readonly (Span & { kind: ExitKind })[]
  /** a major change, an alarm, heat: what a visit is owed after */
  events: readonly { happenedAt: Date }[]
}
/** A visit that counts: finished, in its minimum, not disputed or returned. It belongs to the Shanghai day it began. */
export type CountedVisit = { day: Day; beganAt: Date; channel: Channel; nature: Nature; servedSeconds: number }

/** Part of the calendar in which one visit is owed. */
export type Period = { from: Day; to: Day; label: string }
export type JudgedPeriod = Period & {
  met: boolean
  dueTo: Day
  /** of an event: the moment until which somebody must have begun */
  dueAt?: Date
}
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

/**
 * The periods that are judged in a month: the month itself, the weeks whose Thursday it has, the quarter that ends in it, the
 * stretches of n days that end in it, counted from the first day of the rule. Those of an event depend on the elder.
 */
export function periodsOf(rhythm: Rhythm, month: Month): readonly Period[] {
  const key = `${rhythm.interval}${rhythm.interval === 'days' ? `${rhythm.intervalLength}${rhythm.validFrom}` : ''}${month}`
  const known = PERIODS.get(key)
  if (known !== undefined) return known
  const periods = makePeriods(rhythm, month)
  if (PERIODS.size > 10_000) PERIODS.clear()
  PERIODS.set(key, periods)
  return periods
}

/** Asked for every elder of a list, and the same each time: a few for each month anybody looks at. */
const PERIODS = new Map<string, readonly Period[]>()

function makePeriods(rhythm: Rhythm, month: Month): Period[] {
  if (rhythm.interval === 'event') return []
  if (rhythm.interval === 'month')
    return [{ from: firstDayOf(month), to: lastDayOf(month), label: `${Number(month.slice(5))} 月` }]
  if (rhythm.interval === 'week')
    return weeksOf(month).map((monday, place) => ({
      from: monday,
      to: addDays(monday, 6),
      label: `第 ${place + 1} 周`,
    }))
  const periods: Period[] = []
  for (let period = periodOn(rhythm, firstDayOf(month)); period !== null && period.to <= lastDayOf(month); ) {
    if (period.to >= firstDayOf(month)) periods.push(period)
    period = periodOn(rhythm, addDays(period.to, 1))
  }
  return periods
}

/** The period a day lies in; null for an event, and for every n days before the rule began. */
export function periodOn({ interval, intervalLength, validFrom }: Rhythm, day: Day): Period | null {
  const month = day.slice(0, 7)
  if (interval === 'event') return null
  if (interval === 'week') return { from: weekOf(day), to: addDays(weekOf(day), 6), label: '本周' }
  if (interval === 'month') return { from: firstDayOf(month), to: lastDayOf(month), label: '本月' }
  if (interval === 'quarter') {
    const begin = nextMonth(month, -((Number(month.slice(5)) - 1) % 3))
    const quarter = Math.ceil(Number(month.slice(5)) / 3)
    return { from: firstDayOf(begin), to: lastDayOf(nextMonth(begin, 2)), label: `第 ${quarter} 季度` }
  }
  const length = Math.max(1, intervalLength ?? 1)
  const first = day < validFrom ? validFrom : day
  const from = addDays(validFrom, Math.floor(daysBetween(validFrom, first) / length) * length)
  const to = addDays(from, length - 1)
  return { from, to, label: `${from.slice(5)}～${to.slice(5)}` }
}

/** Every day that some period of these rules, judged in the month, may ask about. */
export function daysAsked(rhythms: readonly Rhythm[], month: Month): { first: Day; last: Day } {
  const spans = rhythms.flatMap((one): readonly { from: Day; to: Day }[] =>
    one.interval === 'event'
      ? [{ from: addDays(firstDayOf(month), -Math.ceil((one.intervalLength ?? 24) / 24)), to: lastDayOf(month) }]
      : periodsOf(one, month),
  )
  return {
    first: spans.reduce((day, one) => earliest(day, one.from), firstDayOf(month)),
    last: spans.reduce((day, one) => latest(day, one.to), lastDayOf(month)),
  }
}

/** Whether a rule can say anything about a month: in force on a day of it, or on one that is judged in it. */
export function concerns(requirement: Requirement, month: Month): boolean {
  const { first, last } = daysAsked([requirement], month)
  return requirement.validFrom <= last && (requirement.validTo === null || requirement.validTo >= first)
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
  const mine = requirements.filter((requirement) => life.tags.some((tag) => tag.category === requirement.category))
  const stays = mine
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
        : strictestFirst(mine).flatMap((requirement) => judgeRequirement(life, requirement, visits, month) ?? []),
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
  if (stays.length === 0) return null
  const periods =
    requirement.interval === 'event'
      ? judgeEvents(life, requirement, stays, visits).filter((one) => one.to.slice(0, 7) === month)
      : judgePeriods(life, requirement, stays, visits, periodsOf(requirement, month))
  return { requirement, periods }
}

function judgePeriods(
  life: ElderLife,
  requirement: Requirement,
  stays: readonly Stay[],
  visits: readonly CountedVisit[],
  periods: readonly Period[],
): JudgedPeriod[] {
  const fitting = visits.filter((visit) => isMetBy(requirement, visit))
  return periods.flatMap((period) => {
    const owed = stays.flatMap((stay) => cut(stay, period.from, period.to) ?? [])
    if (owed.length === 0 || exitOn(life.exits, period.to) !== null) return []
    const met = owed.some((stay) => fitting.some((visit) => stay.from <= visit.day && visit.day <= stay.to))
    return [{ ...period, met, dueTo: owed.reduce((day, stay) => latest(day, stay.to), period.from) }]
  })
}

/** One period an event, from the moment it happened to the hour it must be answered; judged in the month of that hour. */
function judgeEvents(
  life: ElderLife,
  requirement: Requirement,
  stays: readonly Stay[],
  visits: readonly CountedVisit[],
): JudgedPeriod[] {
  const hours = requirement.intervalLength ?? 24
  const fitting = visits.filter((visit) => isMetBy(requirement, visit))
  return life.events.flatMap(({ happenedAt }) => {
    const dueAt = addSeconds(happenedAt, hours * 3600)
    const [from, to] = [dayOf(happenedAt), dayOf(dueAt)]
    if (!stays.some((stay) => stay.from <= from && from <= stay.to) || exitOn(life.exits, to) !== null) return []
    const met = fitting.some(({ beganAt }) => beganAt >= happenedAt && secondsTooLate(happenedAt, beganAt, hours) === 0)
    return [{ from, to, label: `${from.slice(5)} ${clockOf(happenedAt)}`, met, dueTo: to, dueAt }]
  })
}

/** Whether a counted visit is of the kind and length a requirement asks for. */
export function isMetBy(
  requirement: Pick<Requirement, 'channels' | 'natures' | 'minSeconds'>,
  visit: Pick<CountedVisit, 'channel' | 'nature' | 'servedSeconds'>,
): boolean {
  return (
    requirement.channels.includes(visit.channel) &&
    requirement.natures.includes(visit.nature) &&
    visit.servedSeconds >= requirement.minSeconds
  )
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
export function strictestFirst<
  R extends Pick<Requirement, 'id' | 'interval' | 'intervalLength' | 'channels' | 'minSeconds'>,
>(requirements: readonly R[]): R[] {
  const order = (one: R) => [daysOfInterval(one), one.channels.length, -one.minSeconds] as const
  return [...requirements].sort((a, b) => {
    const [x, y] = [order(a), order(b)]
    return x[0] - y[0] || x[1] - y[1] || x[2] - y[2] || (a.id < b.id ? -1 : 1)
  })
}

function daysOfInterval({ interval, intervalLength }: Pick<Requirement, 'interval' | 'intervalLength'>): number {
  if (interval === 'event') return (intervalLength ?? 24) / 24
  if (interval === 'days') return intervalLength ?? 1
  return { week: 7, month: 31, quarter: 92 }[interval]
}

export type Mark = 'met' | 'overdue' | 'due' | 'none'

/** One mark for each period of the interval: – where nothing is owed, overdue when its last due day has passed. */
export function marksOf(
  { requirement, periods }: JudgedRequirement,
  month: Month,
  today: Day,
): { label: string; mark: Mark }[] {
  const shown = requirement.interval === 'event' ? periods : periodsOf(requirement, month)
  return shown.map(({ from, label }) => {
    const judged = periods.find((one) => one.from === from && one.label === label)
    return { label, mark: judged === undefined ? 'none' : markOf(judged, today) }
  })
}

/** One mark for each ISO week of the month: what a weekly rule says of it, or else whether anybody came. */
export function weekMarksOf(
  { requirements }: ElderMonth,
  visits: readonly CountedVisit[],
  month: Month,
  today: Day,
): { week: number; mark: Mark }[] {
  const judged = requirements.filter(({ requirement }) => requirement.interval === 'week').flatMap((one) => one.periods)
  return weeksOf(month).map((monday) => {
    const marks = judged.filter(({ from }) => from === monday).map((one) => markOf(one, today))
    const came = visits.some(({ day }) => monday <= day && day <= addDays(monday, 6))
    const mark = (['overdue', 'due', 'met'] as const).find((one) => marks.includes(one)) ?? (came ? 'met' : 'none')
    return { week: weekNumberOf(monday), mark }
  })
}

function markOf({ met, dueTo }: JudgedPeriod, today: Day): Mark {
  if (met) return 'met'
  return dueTo < today ? 'overdue' : 'due'
}

/** Whether something owed in the month was not kept in time. */
export function isOverdue({ requirements }: ElderMonth, today: Day): boolean {
  return requirements.some(({ periods }) => periods.some((one) => markOf(one, today) === 'overdue'))
}

/** What is owed on a day by the strictest rule that isn't met, and until when. */
export type OwedNow = { requirement: Requirement; dueTo: Day; dueAt: Date | null }

/** null = nothing is owed on this day. */
export function owedNow(
  life: ElderLife,
  requirements: readonly Requirement[],
  visits: readonly CountedVisit[],
  day: Day,
): OwedNow | null {
  if (exitOn(life.exits, day) !== null) return null
  for (const requirement of strictestFirst(requirements)) {
    const stays = staysOf(life, requirement)
    if (!stays.some((stay) => stay.from <= day && day <= stay.to)) continue
    const period = periodOn(requirement, day)
    const judged =
      requirement.interval === 'event'
        ? judgeEvents(life, requirement, stays, visits)
        : judgePeriods(life, requirement, stays, visits, period === null ? [] : [period])
    const open = judged.find((one) => one.from <= day && day <= one.dueTo && !one.met)
    if (open !== undefined) return { requirement, dueTo: open.dueTo, dueAt: open.dueAt ?? null }
  }
  return null
}

/** How many months back a missed visit is still somebody's matter: a missed quarter isn't forgotten before the next one ends. */
export const MISSED_MONTHS = 3

/**
 * The day since which a visit is overdue: it was owed, nobody came in time, and nobody came since. A visit after the missed
 * day ends the matter: what was missed stays in the figures, there is nothing left to do about it.
 *
 * @param requirements those of the months behind too
 * @returns null when nothing is overdue, or nothing is owed to the elder any more
 */
export function overdueSince(
  life: ElderLife,
  requirements: readonly Requirement[],
  visits: readonly CountedVisit[],
  at: Date,
): Day | null {
  const today = dayOf(at)
  const isOwed = requirements.some((one) => staysOf(life, one).some((stay) => stay.from <= today && today <= stay.to))
  if (!isOwed || exitOn(life.exits, today) !== null) return null
  const lastDay = visits.reduce((day, visit) => latest(day, visit.day), '')
  const cameSince = (moment: Date) => visits.some(({ beganAt }) => beganAt >= moment)
  const isOpen = ({ met, dueTo, dueAt }: JudgedPeriod) =>
    !met && (dueAt === undefined ? dueTo < today && dueTo >= lastDay : dueAt < at && !cameSince(dueAt))
  const months = Array.from({ length: MISSED_MONTHS + 1 }, (_, back) => nextMonth(today.slice(0, 7), -back))
  const open = requirements
    .flatMap((one) => months.flatMap((month) => judgeRequirement(life, one, visits, month)?.periods ?? []))
    .filter(isOpen)
  return open.length === 0 ? null : earliest(...open.map(({ dueTo }) => dueTo))
}

/** What is still owed on a day: the shortest interval comes first. null = nothing. */
export function owedOn(...asked: Parameters<typeof owedNow>): Interval | null {
  return owedNow(...asked)?.requirement.interval ?? null
}

export const OWED_SENTENCES: Record<Interval, string> = {
  event: '有新情况，要尽快去看',
  days: '这一期还差 1 次',
  week: '本周还差 1 次',
  month: '本月还差 1 次',
  quarter: '本季度还差 1 次',
}

/** "每周 1 次", "每 10 天 1 次", "有情况 24 小时内 1 次" */
export function intervalWords({ interval, intervalLength }: Pick<Requirement, 'interval' | 'intervalLength'>): string {
  if (interval === 'event') return `有情况 ${intervalLength ?? 24} 小时内 1 次`
  if (interval === 'days') return `每 ${intervalLength ?? 1} 天 1 次`
  return { week: '每周 1 次', month: '每月 1 次', quarter: '每季度 1 次' }[interval]
}

/** "每周 1 次，上门，至少 15 分钟" */
export function requirementSentence({
  channels,
  natures,
  minSeconds,
  ...rhythm
}: Pick<Requirement, 'interval' | 'intervalLength' | 'channels' | 'natures' | 'minSeconds'>): string {
  const parts = [intervalWords(rhythm), channelWords(channels)]
  if (natures.length < 3) parts.push(natures.map((one) => NATURES_THAT_COUNT[one]).join('或'))
  if (minSeconds >= 60) parts.push(`至少 ${Math.ceil(minSeconds / 60)} 分钟`)
  return parts.join('，')
}

const NATURES_THAT_COUNT: Record<Nature, string> = {
  volunteer: '志愿服务',
  mutualAid: '邻里互助',
  dutyPaid: '专职服务',
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

/** Why this is no rule: every n days and after an event must say how many; the others have their length by themselves. */
export function whyNotRule(rule: { interval: Interval; intervalLength: number | null }): RefusalCode | null {
  const needsLength = rule.interval === 'days' || rule.interval === 'event'
  if (needsLength !== (rule.intervalLength !== null)) return 'REQUIREMENT_INTERVAL'
  return null
}
