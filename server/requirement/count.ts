import { addDays, type Day, daysBetween, firstDayOf, lastDayOf, type Month, nextMonth } from '../../shared/core/time'
import {
  type CoverageCounts,
  countMonths,
  daysAsked,
  judgeMonth,
  periodsOf,
  type Requirement,
} from '../../shared/requirement/rules'
import { groupBy } from '../core/bulk'
import { Prisma, type Reader, underPath } from '../core/db'
import { countiesAt, type Days, findLives, findRequirements, type RuleFilter } from './lives'

const { empty, join, raw, sql } = Prisma
type Sql = Prisma.Sql
/** How many elders with an edge are judged at a time. */
const CHUNK = 1000

/**
 * The two figures of a month for every village with a listed elder, at or below a path, from live rows. Elders whose month has
 * no edge (nothing of theirs ends in it, nobody is away, nothing happened) are counted where their rows are, 171,000 in one
 * query; the few others are judged one by one by shared/requirement/rules.ts. A test compares the whole with those rules on
 * made-up lives.
 */
export async function countLive(
  db: Reader,
  path: string,
  month: Month,
  filter: RuleFilter = {},
): Promise<Map<string, CoverageCounts>> {
  const [all, counties] = await Promise.all([findRequirements(db, month, filter), countiesAt(db, path)])
  if (all.length === 0 || counties.length === 0) return new Map()
  const requirements = all.filter(({ regionPath }) => path.startsWith(regionPath) || regionPath.startsWith(path))
  const isWide = counties.every((county) => county.path.startsWith(path))
  const scope: Scope = { path, month, days: daysAsked(all, month), requirements, all, counties, isWide }
  const [even, edged] = await Promise.all([
    requirements.length === 0 ? new Map<string, CoverageCounts>() : countEven(db, scope),
    countEdged(db, scope),
  ])
  const counts = new Map(even)
  for (const [village, more] of edged) counts.set(village, plus(counts.get(village) ?? NOBODY, more))
  return counts
}

export const NOBODY: CoverageCounts = {
  due: 0,
  visited: 0,
  requirementsDue: 0,
  requirementsMet: 0,
  exits: { died: 0, moved: 0, hospital: 0, refused: 0, away: 0 },
}

export function plus(a: CoverageCounts, b: CoverageCounts): CoverageCounts {
  const { died, moved, hospital, refused, away } = a.exits
  return {
    due: a.due + b.due,
    visited: a.visited + b.visited,
    requirementsDue: a.requirementsDue + b.requirementsDue,
    requirementsMet: a.requirementsMet + b.requirementsMet,
    exits: {
      died: died + b.exits.died,
      moved: moved + b.exits.moved,
      hospital: hospital + b.exits.hospital,
      refused: refused + b.exits.refused,
      away: away + b.exits.away,
    },
  }
}

type Scope = {
  path: string
  month: Month
  days: Days
  /** those that can reach a home at or below the path */
  requirements: readonly Requirement[]
  /** those of other places too: what a home before this one was owed */
  all: readonly Requirement[]
  /** the one around the path, or all below it */
  counties: readonly { id: string; path: string }[]
  /** a county or more: nearly all visits of the month are of its elders */
  isWide: boolean
}
type CountRow = { path: string; due: bigint; visited: bigint; requirementsDue: bigint; requirementsMet: bigint }

/**
 * Elders with an edge on these days: a home or category that ends, an exit, a death, two records that became one. Who left before is among them too, and
 * listed nowhere.
 */
function edgeSql({ days: { first, last } }: Scope): Sql {
  return sql`
    SELECT "elderId" FROM elder_residence WHERE "validTo" >= ${first} AND "validTo" < ${last}
    UNION ALL SELECT "elderId" FROM elder_category WHERE "validTo" >= ${first} AND "validTo" < ${last}
    UNION ALL SELECT "id" FROM elder WHERE "endedDay" < ${last}
    UNION ALL SELECT e."id" FROM person AS p JOIN elder AS e ON e."personId" IN (p."id", p."mergedInto") WHERE p."mergedInto" IS NOT NULL
    UNION ALL SELECT "elderId" FROM elder_event WHERE "day" >= ${first} AND "day" <= ${last}
    UNION ALL SELECT "elderId" FROM elder_exit WHERE "validFrom" <= ${last} AND ("validTo" IS NULL OR "validTo" >= ${first})`
}

async function countEven(db: Reader, scope: Scope): Promise<Map<string, CoverageCounts>> {
  const rows = await db.$queryRaw<CountRow[]>(evenSql(scope))
  return new Map(
    rows
      .filter((row) => Number(row.due) > 0)
      .map(({ path, due, visited, requirementsDue, requirementsMet }) => [
        path,
        {
          ...NOBODY,
          due: Number(due),
          visited: Number(visited),
          requirementsDue: Number(requirementsDue),
          requirementsMet: Number(requirementsMet),
        },
      ]),
  )
}

/**
 * A part of a requirement's month, cut to the days it is in force; days are counted from the first of `scope.days`, 1 and on.
 * `kind` is the column of a visit's day where it is of the kind and length asked for; `column` holds each elder's last such
 * day in the part.
 */
type Part = { requirement: Requirement; from: number; to: number; kind: string; column: string }

/**
 * Visits are added up to a row an elder, with the last day that fits each part; what a tag is owed stands in a small table
 * (`rule`) beside it. So the statement grows with the kinds of parts, not with the rules, and compares numbers, not texts:
 * texts took three quarters of its time.
 */
export function evenSql(scope: Scope): Sql {
  const { path, days } = scope
  const { gte, lt } = underPath(path)
  const parts = partsOf(scope)
  const columns = [...new Map(parts.map((part) => [part.column, part])).values()]
  const rules = rulesOf(scope, parts, columns)
  const within = rules.every((one) => one.place === path) ? empty : sql`AND h."path" >= u."gte" AND h."path" < u."lt"`
  const due = columns.map(({ column, to }) => sql`CASE WHEN g."from" <= ${int(to)} THEN g.${name(column)} ELSE 0 END`)
  // the last visit that fits a part: on or after the first day it is owed, or none
  const met = columns.map(
    ({ column }) => sql`CASE WHEN s.${name(column)} >= g."from" THEN g.${name(column)} ELSE 0 END`,
  )
  return sql`
    WITH calendar("day", "no") AS (VALUES ${join(calendarOf(days).map((day, at) => sql`(${day}, ${int(at + 1)})`))}),
    rule(${join([sql`"category", "gte", "lt", "until"`, ...columns.map(({ column }) => name(column))])}) AS (VALUES ${join(rules.map(ruleRow))}),
    fact AS MATERIALIZED (${factSql(scope, parts)}),
    summary AS (${summarySql(scope, columns)}),
    edge AS MATERIALIZED (${edgeSql(scope)}),
    home AS MATERIALIZED (
      SELECT r."elderId", r."regionPath" AS "path", r."validFrom" FROM elder_residence AS r
      WHERE r."tagged" AND r."regionPath" >= ${gte} AND r."regionPath" < ${lt}
        AND r."validFrom" <= ${days.last} AND (r."validTo" IS NULL OR r."validTo" >= ${days.last})
        AND r."elderId" NOT IN (SELECT "elderId" FROM edge)),
    tagged AS (
      SELECT h."elderId", h."path", u.*, COALESCE(c."no", 0) AS "from"
      FROM home AS h
      JOIN elder_category AS t ON t."elderId" = h."elderId"
      JOIN rule AS u ON u."category" = t."category" ${within}
      LEFT JOIN calendar AS c ON c."day" = CASE WHEN t."validFrom" >= h."validFrom" AND t."validFrom" >= ${days.first} THEN t."validFrom" WHEN h."validFrom" >= ${days.first} THEN h."validFrom" END
      WHERE t."validFrom" <= ${days.last} AND (t."validTo" IS NULL OR t."validTo" >= ${days.last})),
    elders AS (
      SELECT g."path", MAX(CASE WHEN g."from" <= g."until" THEN 1 ELSE 0 END) AS "listed",
        MAX(COALESCE(s."visited", 0)) AS "visited", CAST(SUM(${sum(due)}) AS INTEGER) AS "due", CAST(SUM(${sum(met)}) AS INTEGER) AS "met"
      FROM tagged AS g LEFT JOIN summary AS s ON s."elderId" = g."elderId"
      GROUP BY g."elderId", g."path")
    SELECT "path", SUM("listed") AS "due", SUM("listed" * "visited") AS "visited", SUM("listed" * "due") AS "requirementsDue", SUM("listed" * "met") AS "requirementsMet"
    FROM elders GROUP BY "path"`
}

const name = (column: string) => raw(`"${column}"`)
const int = (value: number) => raw(String(Math.trunc(value)))

function calendarOf({ first, last }: Days): Day[] {
  return Array.from({ length: daysBetween(first, last) + 1 }, (_, at) => addDays(first, at))
}

/** What a tag is owed in a place: until which day it lists its elder, and of each kind of part how many. */
type Rule = { category: string; place: string; until: number; amounts: readonly number[] }

function rulesOf(scope: Scope, parts: readonly Part[], columns: readonly Part[]): Rule[] {
  const { path, month, days, requirements } = scope
  const placeOf = ({ regionPath }: Requirement) => (path.startsWith(regionPath) ? path : regionPath)
  const keyOf = (one: Requirement) => `${one.category} ${placeOf(one)}`
  const groups = groupBy(requirements, keyOf)
  const rules = [...new Map(requirements.map((one) => [keyOf(one), one])).values()].map((one): Rule => {
    const own = groups(keyOf(one))
    return {
      ...{ category: one.category, place: placeOf(one) },
      until: Math.max(...own.map((each) => listedUntil(each, month, days))),
      amounts: columns.map(
        ({ column }) => parts.filter((part) => part.column === column && own.includes(part.requirement)).length,
      ),
    }
  })
  return inAllCounties(scope, rules)
}

/** What every county below asks for in the same words is asked for everywhere: one row to compare with, not one a county. */
function inAllCounties({ path, counties }: Scope, rules: readonly Rule[]): Rule[] {
  const same = ({ category, until, amounts }: Rule) => JSON.stringify([category, until, amounts])
  const groups = groupBy(rules, same)
  const isCounty = (rule: Rule) => rule.place !== path && counties.some((county) => county.path === rule.place)
  const isEverywhere = (rule: Rule) => isCounty(rule) && groups(same(rule)).filter(isCounty).length === counties.length
  const everywhere = new Map(rules.filter(isEverywhere).map((rule) => [same(rule), { ...rule, place: path }]))
  return [...rules.filter((rule) => !isEverywhere(rule)), ...everywhere.values()]
}

function ruleRow({ category, place, until, amounts }: Rule): Sql {
  const { gte, lt } = underPath(place)
  return sql`(${join([sql`${category}, ${gte}, ${lt}`, int(until), ...amounts.map(int)])})`
}

/** The last day on which a tag that begins then is in force in the month itself; -1 when the rule isn't. */
function listedUntil({ validFrom, validTo }: Requirement, month: Month, days: Days): number {
  const [first, last] = [firstDayOf(month), lastDayOf(month)]
  const end = validTo !== null && validTo < last ? validTo : last
  return validFrom > last || end < first ? -1 : noOf(end, days)
}

const noOf = (day: Day, { first }: Days) => daysBetween(first, day) + 1

function partsOf({ month, days, requirements }: Scope): Part[] {
  const [kinds, columns] = [new Map<string, string>(), new Map<string, string>()]
  return requirements.flatMap((requirement) => {
    const kind = nameIn(kinds, 'kind', [
      requirement.minSeconds,
      [...requirement.channels].sort(),
      [...requirement.natures].sort(),
    ])
    return periodsOf(requirement, month).flatMap((period) => {
      const first = requirement.validFrom > period.from ? requirement.validFrom : period.from
      const last = requirement.validTo !== null && requirement.validTo < period.to ? requirement.validTo : period.to
      if (first > last) return []
      const [from, to] = [noOf(first, days), noOf(last, days)]
      return [{ requirement, from, to, kind, column: nameIn(columns, 'fit', [kind, from, to]) }]
    })
  })
}

/** Equal things get one name. */
function nameIn(names: Map<string, string>, prefix: string, thing: unknown): string {
  const key = JSON.stringify(thing)
  const name = names.get(key) ?? `${prefix}${names.size}`
  names.set(key, name)
  return name
}

/** Counted visits on these days, each kind judged once a visit: PostgreSQL would judge it again wherever it is named. */
function factSql({ path, counties, days, isWide }: Scope, parts: readonly Part[]): Sql {
  const kinds = [...new Map(parts.map((part) => [part.kind, part])).values()].map(
    ({ kind, requirement: { minSeconds, channels, natures } }) => sql`
      CASE WHEN v."servedSeconds" >= ${int(minSeconds)} ${oneOf('channel', channels)} ${oneOf('nature', natures)} THEN ${numberSql(days)} END AS ${name(kind)}`,
  )
  const { gte, lt } = underPath(path)
  return sql`
    SELECT ${join([sql`v."elderId", ${numberSql(days)} AS "no"`, ...kinds])}
    FROM visit_elder AS v
    WHERE v."countyId" IN (${join(counties.map(({ id }) => id))}) AND v."month" IN (${join(monthsOf(days.first, days.last))}) AND v."counted"
      ${isWide ? empty : sql`AND v."elderId" IN (SELECT home."elderId" FROM elder_residence AS home WHERE home."tagged" AND home."regionPath" >= ${gte} AND home."regionPath" < ${lt})`}`
}

/** The number of a visit's day, from what its month begins with. */
function numberSql(days: Days): Sql {
  const months = monthsOf(days.first, days.last)
  const begins = months.map((month) => sql`WHEN ${month} THEN ${int(noOf(firstDayOf(month), days) - 1)}`)
  return sql`(CASE v."month" ${join(begins, ' ')} END + CAST(substr(v."day", 9) AS INTEGER))`
}

/** Nothing where all there are will do. */
function oneOf(column: 'channel' | 'nature', wanted: readonly string[]): Sql {
  const isAll = new Set(wanted).size === 3
  return isAll ? empty : sql`AND v.${name(column)} IN (${join(wanted)})`
}

function monthsOf(first: Day, last: Day): Month[] {
  const months = [first.slice(0, 7)]
  for (let month = nextMonth(first.slice(0, 7)); month <= last.slice(0, 7); month = nextMonth(month)) months.push(month)
  return months
}

/** One row for each visited elder: visited in the month or not, and the last day that fits each part. */
function summarySql({ month, days }: Scope, columns: readonly Part[]): Sql {
  const within = (column: string, from: number, to: number) =>
    sql`f.${name(column)} >= ${int(from)} AND f.${name(column)} <= ${int(to)}`
  const fits = columns.map(
    ({ kind, from, to, column }) => sql`
    MAX(CASE WHEN ${within(kind, from, to)} THEN f.${name(kind)} END) AS ${name(column)}`,
  )
  const isInMonth = within('no', noOf(firstDayOf(month), days), noOf(lastDayOf(month), days))
  return sql`
    SELECT f."elderId", ${join([sql`MAX(CASE WHEN ${isInMonth} THEN 1 ELSE 0 END) AS "visited"`, ...fits])}
    FROM fact AS f GROUP BY f."elderId"`
}

const sum = (terms: readonly Sql[]): Sql => (terms.length === 0 ? sql`0` : join(terms, ' + '))

async function countEdged(db: Reader, scope: Scope): Promise<Map<string, CoverageCounts>> {
  const { gte, lt } = underPath(scope.path)
  const found = await db.$queryRaw<{ elderId: string }[]>`
    SELECT DISTINCT r."elderId" FROM elder_residence AS r JOIN (${edgeSql(scope)}) AS e ON e."elderId" = r."elderId"
    WHERE r."tagged" AND r."regionPath" >= ${gte} AND r."regionPath" < ${lt} AND r."validFrom" <= ${scope.days.last} AND (r."validTo" IS NULL OR r."validTo" >= ${scope.days.first})
      AND NOT EXISTS (SELECT 1 FROM elder AS gone WHERE gone."id" = r."elderId" AND gone."endedDay" < ${scope.days.first})
      AND EXISTS (SELECT 1 FROM elder_category AS t WHERE t."elderId" = r."elderId" AND t."category" IN (${join([...new Set(scope.all.map((one) => one.category))])}))`
  const counts = new Map<string, CoverageCounts>()
  for (let start = 0; start < found.length; start += CHUNK) {
    const lives = await findLives(
      db,
      found.slice(start, start + CHUNK).map((one) => one.elderId),
      scope.days,
    )
    for (const life of lives) {
      const judged = judgeMonth(life, scope.all, life.visits, scope.month)
      if (judged.regionPath?.startsWith(scope.path))
        counts.set(judged.regionPath, plus(counts.get(judged.regionPath) ?? NOBODY, countMonths([judged])))
    }
  }
  return counts
}
