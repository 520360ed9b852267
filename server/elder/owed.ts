import { type Day, firstDayOf, holdsOn, lastDayOf } from '../../shared/core/time'
import type { Category } from '../../shared/elder/words'
import {
  daysAsked,
  judgeMonth,
  OWED_SENTENCES,
  owedOn,
  periodOn,
  type Requirement,
  strictestFirst,
} from '../../shared/requirement/rules'
import { NOWHERE } from '../core/actor'
import { type Prisma, type Reader, underPath } from '../core/db'
import { findLives, type JudgedLife, requirementsOn } from '../requirement/lives'

/** What an elder is owed today, and how far it is done. */
export type OwedToElder = {
  /** in force today */
  categories: Category[]
  /** those that hold through them, the strictest first */
  requirements: Requirement[]
  /** null = nothing owed this month */
  visitedThisMonth: boolean | null
  /** 本月还差 1 次; null when nothing is owed now */
  sentence: string | null
}

/** What each of these elders is owed today; a handful of queries for all. */
export async function owedTo(db: Reader, elderIds: readonly string[], today: Day): Promise<Map<string, OwedToElder>> {
  const requirements = await requirementsOn(db, today)
  const lives = await findLives(db, elderIds, { first: sinceWhen(requirements, today), last: today })
  return new Map(lives.map((life) => [life.elderId, owedIn(life, requirements, today)]))
}

/** The first day that a period of today may have, or the month. */
function sinceWhen(requirements: readonly Requirement[], today: Day): Day {
  const { first } = daysAsked(requirements, today.slice(0, 7))
  const begins = requirements.map((one) => periodOn(one, today)?.from ?? today)
  return [first, ...begins].reduce((a, b) => (a < b ? a : b))
}

function owedIn(life: JudgedLife, requirements: readonly Requirement[], today: Day): OwedToElder {
  const categories = [...new Set(life.tags.filter((tag) => holdsOn(tag, today)).map((tag) => tag.category as Category))]
  const path = life.residences.find((home) => holdsOn(home, today))?.regionPath ?? ''
  const own = requirements.filter(
    (one) => path.startsWith(one.regionPath) && categories.some((category) => category === one.category),
  )
  const month = judgeMonth(life, own, life.visits, today.slice(0, 7))
  const interval = owedOn(life, own, life.visits, today)
  return {
    categories,
    requirements: strictestFirst(own),
    visitedThisMonth: month.due ? month.visited : null,
    sentence: interval === null ? null : OWED_SENTENCES[interval],
  }
}

/**
 * The part of a `where` that finds who must be visited this month and hasn't been: what coverage calls missing, as far as
 * one place says it.
 */
export async function notVisitedWhere(db: Reader, today: Day): Promise<Prisma.ElderWhereInput> {
  const month = today.slice(0, 7)
  const [first, last] = [firstDayOf(month), lastDayOf(month)]
  const sometime = { validFrom: { lte: last }, OR: [{ validTo: null }, { validTo: { gte: first } }] }
  const requirements = await db.requirement.findMany({ where: sometime })
  return {
    endedDay: null,
    // an empty OR would be everybody
    OR: [
      NOWHERE,
      ...requirements.map(({ regionPath, category }) => ({
        regionPath: underPath(regionPath),
        categories: { some: { category, ...sometime } },
      })),
    ],
    exits: { none: { validFrom: { lte: last }, OR: [{ validTo: null }, { validTo: { gte: last } }] } },
    visitElders: { none: { counted: true, month } },
  }
}
