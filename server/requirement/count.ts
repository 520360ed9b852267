import { type Day, firstDayOf, lastDayOf, type Month, nextMonth } from '../../shared/core/time'
import {
  type CoverageCounts,
  countMonths,
  daysAsked,
  judgeMonth,
  periodsOf,
  type Requirement,
} from '../../shared/requirement/rules'
import { Prisma, type Reader, underPath } from '../core/db'
import { countiesOf, countyAround, type Days, findLives, findRequirements, type RuleFilter } from './lives'

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
  const [all, countyIds, county] = await Promise.all([
    findRequirements(db, month, filter),
    countiesOf(db, path),
    countyAround(db, path),
  ])
  const requirements = all.filter(({ regionPath }) => path.startsWith(regionPath) || regionPath.startsWith(path))
  if (all.length === 0 || countyIds.length === 0) return new Map()
  const isWide = county === null || county.path === path
  const days = daysAsked(all, month)
  const scope: Scope = { path, month, days, requirements, all, countyIds, isWide }
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
  countyIds: readonly string[]
  /** a county or more: nearly all visits of the month are of its elders */
  isWide: boolean
}
type CountRow = { path: string; due: bigint; visited: bigint; requirementsDue: bigint; requirementsMet: bigint }

/**
 * Elders with an edge on these days: a home or category that ends, an exit, a death. Who left before is among them too, and
 * listed nowhere.
 */
function edgeSql({ days: { first, last } }: Scope): Sql {
  return sql`
    SELECT "elderId" FROM elder_residence WHERE "validTo" >= ${first} AND "validTo" < ${last}
    UNION ALL SELECT "elderId" FROM elder_category WHERE "validTo" >= ${first} AND "validTo" < ${last}
    UNION ALL SELECT "id" FROM elder WHERE "endedDay" < ${last}
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
 * One part of a requirement's month, cut to the days it is in force. `kind` is the column of a visit's day where it is of the
 * kind and length asked for; `column` holds each elder's last such day in the part.
 */
type Part = { requirement: Requirement; from: Day; to: Day; kind: string; column: string }

export function evenSql(scope: Scope): Sql {
  const { path, days, requirements } = scope
  const { gte, lt } = underPath(path)
  const parts = partsOf(scope)
  const perCategory = (amount: (requirement: Requirement) => Sql) => {
    const categories = [...new Set(requirements.map((one) => one.category))]
    const cases = categories.map(
      (category) =>
        sql`WHEN ${category} THEN ${join(
          requirements.filter((one) => one.category === category).map((one) => reached(scope, one, amount(one))),
          ' + ',
        )}`,
    )
    return sql`CASE g."category" ${join(cases, ' ')} ELSE 0 END`
  }
  const listed = perCategory((one) => listedSql(scope, one))
  const due = perCategory((one) =>
    sum(
      parts
        .filter((part) => part.requirement === one)
        .map(({ to }) => sql`CASE WHEN g."from" <= ${to} THEN 1 ELSE 0 END`),
    ),
  )
  // the last visit that fits a part: on or after the first day it is owed, or none
  const met = perCategory((one) =>
    sum(
      parts
        .filter((part) => part.requirement === one)
        .map(
          ({ to, column }) =>
            sql`CASE WHEN g."from" <= ${to} AND ${raw(`s."${column}"`)} >= g."from" THEN 1 ELSE 0 END`,
        ),
    ),
  )
  return sql`
    WITH fact AS (${factSql(scope, parts)}),
    summary AS MATERIALIZED (${summarySql(scope, parts)}),
    edge AS MATERIALIZED (${edgeSql(scope)}),
    tagged AS (
      SELECT r."elderId", r."regionPath" AS "path", t."category", CASE WHEN t."validFrom" > r."validFrom" THEN t."validFrom" ELSE r."validFrom" END AS "from"
      FROM elder_residence AS r
      JOIN elder_category AS t ON t."elderId" = r."elderId"
      LEFT JOIN edge AS e ON e."elderId" = r."elderId"
      WHERE r."tagged" AND r."regionPath" >= ${gte} AND r."regionPath" < ${lt} AND e."elderId" IS NULL
        AND r."validFrom" <= ${days.last} AND (r."validTo" IS NULL OR r."validTo" >= ${days.last})
        AND t."validFrom" <= ${days.last} AND (t."validTo" IS NULL OR t."validTo" >= ${days.last})
        AND t."category" IN (${join([...new Set(requirements.map((one) => one.category))])})),
    elders AS (
      SELECT MIN(g."path") AS "path", MAX(CASE WHEN ${listed} > 0 THEN 1 ELSE 0 END) AS "listed", MAX(COALESCE(s."visited", 0)) AS "visited", SUM(${due}) AS "due", SUM(${met}) AS "met"
      FROM tagged AS g LEFT JOIN summary AS s ON s."elderId" = g."elderId"
      GROUP BY g."elderId")
    SELECT "path", SUM("listed") AS "due", SUM("listed" * "visited") AS "visited", SUM("listed" * "due") AS "requirementsDue", SUM("listed" * "met") AS "requirementsMet"
    FROM elders GROUP BY "path"`
}

function partsOf({ month, requirements }: Scope): Part[] {
  const [kinds, columns] = [new Map<string, string>(), new Map<string, string>()]
  return requirements.flatMap((requirement) => {
    const kind = nameIn(kinds, 'kind', [
      requirement.minSeconds,
      [...requirement.channels].sort(),
      [...requirement.natures].sort(),
    ])
    return periodsOf(requirement, month).flatMap((period) => {
      const from = requirement.validFrom > period.from ? requirement.validFrom : period.from
      const to = requirement.validTo !== null && requirement.validTo < period.to ? requirement.validTo : period.to
      if (from > to) return []
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

/** Counted visits on these days. */
function factSql({ path, countyIds, days: { first, last }, isWide }: Scope, parts: readonly Part[]): Sql {
  const kinds = [...new Map(parts.map((part) => [part.kind, part])).values()].map(
    ({ kind, requirement: { minSeconds, channels, natures } }) => sql`
      CASE WHEN v."servedSeconds" >= ${minSeconds} AND v."channel" IN (${join(channels)}) AND v."nature" IN (${join(natures)}) THEN v."day" END AS ${raw(`"${kind}"`)}`,
  )
  const { gte, lt } = underPath(path)
  return sql`
    SELECT ${join([sql`v."elderId", v."day"`, ...kinds])}
    FROM visit_elder AS v
    WHERE v."countyId" IN (${join(countyIds)}) AND v."month" IN (${join(monthsOf(first, last))}) AND v."counted" AND v."day" >= ${first} AND v."day" <= ${last}
      ${isWide ? empty : sql`AND v."elderId" IN (SELECT home."elderId" FROM elder_residence AS home WHERE home."tagged" AND home."regionPath" >= ${gte} AND home."regionPath" < ${lt})`}`
}

function monthsOf(first: Day, last: Day): Month[] {
  const months = [first.slice(0, 7)]
  for (let month = nextMonth(first.slice(0, 7)); month <= last.slice(0, 7); month = nextMonth(month)) months.push(month)
  return months
}

/** One row for each visited elder: visited in the month or not, and the last day that fits each part. */
function summarySql({ month }: Scope, parts: readonly Part[]): Sql {
  const fits = [...new Map(parts.map((part) => [part.column, part])).values()].map(
    ({ kind, from, to, column }) => sql`
    MAX(CASE WHEN ${raw(`f."${kind}"`)} >= ${from} AND ${raw(`f."${kind}"`)} <= ${to} THEN ${raw(`f."${kind}"`)} END) AS ${raw(`"${column}"`)}`,
  )
  return sql`
    SELECT f."elderId", ${join([sql`MAX(CASE WHEN f."day" >= ${firstDayOf(month)} AND f."day" <= ${lastDayOf(month)} THEN 1 ELSE 0 END) AS "visited"`, ...fits])}
    FROM fact AS f GROUP BY f."elderId"`
}

/** Whether a requirement is in force for the elder on a day of the month itself. */
function listedSql({ month }: Scope, { validFrom, validTo }: Requirement): Sql {
  const [first, last] = [firstDayOf(month), lastDayOf(month)]
  const end = validTo !== null && validTo < last ? validTo : last
  return validFrom > last || end < first ? sql`0` : sql`CASE WHEN g."from" <= ${end} THEN 1 ELSE 0 END`
}

/** A requirement of a place below the path asked for reaches only its own elders. */
function reached({ path }: Scope, { regionPath }: Requirement, amount: Sql): Sql {
  if (path.startsWith(regionPath)) return sql`(${amount})`
  const { gte, lt } = underPath(regionPath)
  return sql`(CASE WHEN g."path" >= ${gte} AND g."path" < ${lt} THEN ${amount} ELSE 0 END)`
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
