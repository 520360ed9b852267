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
import { Prisma, query, type Reader, underPath } from '../core/db'
import { isPostgres } from '../core/rows'
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
  const [all, counties, marks] = await Promise.all([
    findRequirements(db, month, filter),
    countiesAt(db, path),
    isPostgres(db) ? findMarks(db) : NO_MARKS,
  ])
  if (all.length === 0 || counties.length === 0) return new Map()
  const requirements = all.filter(({ regionPath }) => path.startsWith(regionPath) || regionPath.startsWith(path))
  const isWide = counties.every((county) => county.path.startsWith(path))
  const days = daysAsked(all, month)
  const scope: Scope = { path, month, days, requirements, all, counties, isWide, isPostgres: isPostgres(db) }
  const ranges = requirements.length === 0 ? [] : rangesOf(isWide ? marks : NO_MARKS)
  const found = await Promise.all([...ranges.map((range) => countEven(db, scope, range)), countEdged(db, scope)])
  const counts = new Map<string, CoverageCounts>()
  for (const some of found)
    for (const [village, more] of some) counts.set(village, plus(counts.get(village) ?? NOBODY, more))
  return counts
}

/** Elders whose id lies between two others; null: no bound. */
type Range = { from: string | null; below: string | null }

/** Of so few categories any cut will do. */
const FEW = 100
/** With so many categories four statements are worth their planning; two with fewer. */
const MANY = 50_000

type Marks = { ids: readonly string[]; categories: number }
const NO_MARKS: Marks = { ids: [], categories: 0 }

/**
 * Ids of elders who hold a category, in the database's own order, as many between any two that follow each other: what ANALYZE
 * found. Without it the first few.
 */
async function findMarks(db: Reader): Promise<Marks> {
  const [known] = await db.$queryRaw<{ ids: string[] | null; categories: number }[]>`
    SELECT CAST(CAST(s.histogram_bounds AS TEXT) AS TEXT[]) AS "ids", CAST(c.reltuples AS INTEGER) AS "categories"
    FROM pg_stats AS s JOIN pg_class AS c ON c.oid = 'elder_category'::regclass
    WHERE s.schemaname = current_schema() AND s.tablename = 'elder_category' AND s.attname = 'elderId'`
  if (known !== undefined && known.ids !== null) return { ids: known.ids, categories: known.categories }
  const rows = await db.$queryRaw<
    { elderId: string }[]
  >`SELECT "elderId" FROM elder_category ORDER BY "elderId" LIMIT ${int(FEW)}`
  return { ids: rows.map(({ elderId }) => elderId), categories: rows.length }
}

/**
 * PostgreSQL adds up a place's elders on one processor, for there are as many sums as elders. Elders of different ids have
 * nothing to do with each other, so each part of them is a statement of its own, side by side; where the cuts lie changes no
 * number.
 */
function rangesOf({ ids, categories }: Marks): Range[] {
  const count = categories > MANY ? 4 : 2
  const cuts = Array.from({ length: count - 1 }, (_, at) => ids[Math.floor(((at + 1) * ids.length) / count)])
  const bounds = [null, ...new Set(cuts.filter((cut) => cut !== undefined)), null]
  return bounds.slice(1).map((below, at) => ({ from: bounds[at] ?? null, below }))
}

function inRange(column: string, { from, below }: Range): Sql {
  const least = from === null ? empty : sql`AND ${raw(column)} >= ${from}`
  return below === null ? least : sql`${least} AND ${raw(column)} < ${below}`
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
  isPostgres: boolean
}
type CountRow = { path: string; due: bigint; visited: bigint; requirementsDue: bigint; requirementsMet: bigint }

/**
 * Elders with an edge on these days: a home or category that ends, an exit, a death, two records that became one. Who left
 * before is among them too, and listed nowhere.
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

async function countEven(db: Reader, scope: Scope, range: Range): Promise<Map<string, CoverageCounts>> {
  const { text, values } = evenSql(scope, range)
  const rows = await query<CountRow>(db, text, ...(values as string[]))
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
 * `kind` names the days on which an elder had a visit of the kind and length asked for; `column` says of a rule how many of
 * its parts are this one.
 */
type Part = { requirement: Requirement; from: number; to: number; kind: string; column: string }

/**
 * An elder's days with a visit are bits of a whole number, a kind of visit each: whether a part is met is one AND. What a tag
 * is owed stands in a small table (`rule`) beside it. So a visit is touched once, and the statement grows with the kinds of
 * parts, not with the rules.
 */
function evenSql(scope: Scope, range: Range): Sql {
  const { path, days } = scope
  const { gte, lt } = underPath(path)
  const parts = partsOf(scope)
  const columns = [...new Map(parts.map((part) => [part.column, part])).values()]
  const kinds = [...new Map(parts.map((part) => [part.kind, part])).values()]
  const words = wordsOf(days)
  const rules = rulesOf(scope, parts, columns)
  const within = rules.every((one) => one.place === path) ? empty : sql`AND h."path" >= u."gte" AND h."path" < u."lt"`
  const due = columns.map(({ column, to }) => sql`CASE WHEN g."from" <= ${int(to)} THEN g.${name(column)} ELSE 0 END`)
  // a visit that fits a part: on a day of it, and not before the first day it is owed
  const fits = ({ kind, from, to }: Part) =>
    words.flatMap((word) => {
      const mask = maskOf(word, from, to)
      return mask === 0n ? [] : [sql`(s.${name(`${kind}${word}`)} & g.${name(`since${word}`)} & ${big(mask)}) <> 0`]
    })
  const met = columns.map((part) => sql`CASE WHEN ${join(fits(part), ' OR ')} THEN g.${name(part.column)} ELSE 0 END`)
  const since = words.map((word) => sql`COALESCE(c.${name(`since${word}`)}, -1) AS ${name(`since${word}`)}`)
  const calendarColumns = ['day', 'no', 'own', ...words.flatMap((word) => [`bit${word}`, `since${word}`])]
  return sql`
    WITH calendar(${join(calendarColumns.map(name))}) AS (VALUES ${join(calendarOf(scope).map((row) => sql`(${join(row)})`))}),
    rule(${join([sql`"category", "gte", "lt", "until", "all"`, ...columns.map(({ column }) => name(column))])}) AS (VALUES ${join(rules.map(ruleRow))}),
    summary AS (${summarySql(scope, range, kinds, words)}),
    edge AS MATERIALIZED (${edgeSql(scope)}),
    home AS MATERIALIZED (
      SELECT r."elderId", r."regionPath" AS "path", r."validFrom" FROM elder_residence AS r
      WHERE r."tagged" AND r."regionPath" >= ${gte} AND r."regionPath" < ${lt}
        AND r."validFrom" <= ${days.last} AND (r."validTo" IS NULL OR r."validTo" >= ${days.last})
        AND r."elderId" NOT IN (SELECT "elderId" FROM edge) ${inRange('r."elderId"', range)}),
    tagged AS (
      SELECT h."elderId", h."path", u.*, COALESCE(c."no", 0) AS "from", ${join(since)}
      FROM home AS h
      JOIN elder_category AS t ON t."elderId" = h."elderId"
      JOIN rule AS u ON u."category" = t."category" ${within}
      LEFT JOIN calendar AS c ON c."day" = CASE WHEN t."validFrom" >= h."validFrom" THEN t."validFrom" ELSE h."validFrom" END
      WHERE t."validFrom" <= ${days.last} AND (t."validTo" IS NULL OR t."validTo" >= ${days.last}) ${inRange('t."elderId"', range)}),
    elders AS (
      SELECT g."path", MAX(CASE WHEN g."from" <= g."until" THEN 1 ELSE 0 END) AS "listed", MAX(COALESCE(s."visited", 0)) AS "visited",
        CAST(SUM(CASE WHEN g."from" = 0 THEN g."all" ELSE ${sum(due)} END) AS INTEGER) AS "due", CAST(SUM(${sum(met)}) AS INTEGER) AS "met"
      FROM tagged AS g LEFT JOIN summary AS s ON s."elderId" = g."elderId"
      GROUP BY g."elderId", g."path")
    SELECT "path", SUM("listed") AS "due", SUM("listed" * "visited") AS "visited", SUM("listed" * "due") AS "requirementsDue", SUM("listed" * "met") AS "requirementsMet"
    FROM elders GROUP BY "path"`
}

const name = (column: string) => raw(`"${column}"`)
const int = (value: number) => raw(String(Math.trunc(value)))
const big = (value: bigint) => raw(String(value))

/** Days to a whole number of the database: 64 bits, one of them the sign. */
const DAYS_A_WORD = 60

/** 0, 1, …: as many numbers as hold a bit for each day. */
function wordsOf({ first, last }: Days): number[] {
  const length = daysBetween(first, last) + 1
  return Array.from({ length: Math.ceil(length / DAYS_A_WORD) }, (_, word) => word)
}

/** The days `from` to `to` as bits of a word. */
function maskOf(word: number, from: number, to: number): bigint {
  const [first, last] = [Math.max(from, word * DAYS_A_WORD + 1), Math.min(to, (word + 1) * DAYS_A_WORD)]
  return first > last ? 0n : bitOf(word, last) * 2n - bitOf(word, first)
}

const bitOf = (word: number, no: number) => 1n << BigInt(no - word * DAYS_A_WORD - 1)

/** Each day's number, whether it is of the month itself, and in each word its bit and those from it on. */
function calendarOf({ days, month }: Scope): Sql[][] {
  const length = daysBetween(days.first, days.last) + 1
  return Array.from({ length }, (_, at) => {
    const [day, no] = [addDays(days.first, at), at + 1]
    const inWord = wordsOf(days).flatMap((word) => [
      big(maskOf(word, no, no)),
      big(maskOf(word, no, (word + 1) * DAYS_A_WORD)),
    ])
    return [sql`${day}`, int(no), int(day.startsWith(month) ? 1 : 0), ...inWord]
  })
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
  const all = amounts.reduce((sum, one) => sum + one, 0)
  return sql`(${join([sql`${category}, ${gte}, ${lt}`, int(until), int(all), ...amounts.map(int)])})`
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

/** One row for each elder with a counted visit on these days: in the month or not, and the days of each kind. */
function summarySql(
  { path, counties, days, isWide, isPostgres }: Scope,
  range: Range,
  kinds: readonly Part[],
  words: readonly number[],
): Sql {
  // every day has a bit of its own, so a sum of different ones is their OR
  const union = (bits: Sql) => (isPostgres ? sql`bit_or(${bits})` : sql`SUM(DISTINCT ${bits})`)
  const bits = kinds.flatMap(({ kind, requirement: { minSeconds, channels, natures } }) =>
    words.map((word) => {
      const fits = sql`v."servedSeconds" >= ${int(minSeconds)} ${oneOf('channel', channels)} ${oneOf('nature', natures)}`
      return sql`COALESCE(${union(sql`CASE WHEN ${fits} THEN c.${name(`bit${word}`)} END`)}, 0) AS ${name(`${kind}${word}`)}`
    }),
  )
  const { gte, lt } = underPath(path)
  return sql`
    SELECT v."elderId", ${join([sql`MAX(c."own") AS "visited"`, ...bits])}
    FROM visit_elder AS v JOIN calendar AS c ON c."day" = v."day"
    WHERE v."countyId" IN (${join(counties.map(({ id }) => id))}) AND v."month" IN (${join(monthsOf(days.first, days.last))}) AND v."counted" ${inRange('v."elderId"', range)}
      ${isWide ? empty : sql`AND v."elderId" IN (SELECT home."elderId" FROM elder_residence AS home WHERE home."tagged" AND home."regionPath" >= ${gte} AND home."regionPath" < ${lt})`}
    GROUP BY v."elderId"`
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
