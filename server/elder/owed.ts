import { type Day, firstDayOf, holdsOn, lastDayOf, weekOf } from '../../shared/core/time'
import type { Category } from '../../shared/elder/words'
import {
  type Channel,
  type CountedVisit,
  type ElderLife,
  judgeMonth,
  OWED_SENTENCES,
  owedOn,
  type Requirement,
  strictestFirst,
} from '../../shared/requirement/rules'
import { type Prisma, type Reader, underPath } from '../core/db'
import { requirementOf } from '../requirement/owed'

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
export async function owedTo(
  db: Reader,
  elders: readonly { id: string; regionPath: string; endedDay: string | null }[],
  today: Day,
): Promise<Map<string, OwedToElder>> {
  const ids = elders.map((one) => one.id)
  const requirements = await requirementsInForce(db, today)
  const visits = await countedVisits(db, ids, today)
  const tags = groupBy(await db.elderCategory.findMany({ where: { elderId: { in: ids } } }))
  const exits = groupBy(await db.elderExit.findMany({ where: { elderId: { in: ids } } }))
  const residences = groupBy(await db.elderResidence.findMany({ where: { elderId: { in: ids } } }))
  return new Map(
    elders.map(({ id, regionPath, endedDay }) => {
      const life = {
        endedDay,
        tags: tags(id),
        exits: exits(id) as unknown as ElderLife['exits'],
        residences: residences(id),
      }
      const categories = [
        ...new Set(life.tags.filter((tag) => holdsOn(tag, today)).map((tag) => tag.category as Category)),
      ]
      const own = requirements.filter(
        (one) => regionPath.startsWith(one.regionPath) && categories.some((each) => each === one.category),
      )
      const done = visits.get(id) ?? []
      const month = judgeMonth(life, own, done, today.slice(0, 7))
      const interval = owedOn(life, own, done, today)
      return [
        id,
        {
          categories,
          requirements: strictestFirst(own),
          visitedThisMonth: month.due ? month.visited : null,
          sentence: interval === null ? null : OWED_SENTENCES[interval],
        },
      ]
    }),
  )
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
    OR: requirements.map(({ regionPath, category }) => ({
      regionPath: underPath(regionPath),
      categories: { some: { category, ...sometime } },
    })),
    exits: { none: { validFrom: { lte: last }, OR: [{ validTo: null }, { validTo: { gte: last } }] } },
    visitElders: { none: { counted: true, month } },
  }
}

async function requirementsInForce(db: Reader, today: Day): Promise<Requirement[]> {
  const rows = await db.requirement.findMany({
    where: { validFrom: { lte: today }, OR: [{ validTo: null }, { validTo: { gte: today } }] },
  })
  return rows.map(requirementOf)
}

/** Counted visits since the week or the month began, whichever is earlier. */
async function countedVisits(
  db: Reader,
  elderIds: readonly string[],
  today: Day,
): Promise<Map<string, CountedVisit[]>> {
  const [monday, first] = [weekOf(today), firstDayOf(today.slice(0, 7))]
  const rows = await db.visitElder.findMany({
    where: { elderId: { in: [...elderIds] }, counted: true, day: { gte: monday < first ? monday : first, lte: today } },
    select: { elderId: true, day: true, servedSeconds: true, visit: { select: { channel: true } } },
  })
  const visits = new Map<string, CountedVisit[]>()
  for (const { elderId, day, servedSeconds, visit } of rows) {
    const one = { day, servedSeconds: servedSeconds ?? 0, channel: visit.channel as Channel }
    visits.set(elderId, [...(visits.get(elderId) ?? []), one])
  }
  return visits
}

function groupBy<T extends { elderId: string }>(rows: readonly T[]): (elderId: string) => T[] {
  const groups = new Map<string, T[]>()
  for (const row of rows) groups.set(row.elderId, [...(groups.get(row.elderId) ?? []), row])
  return (elderId) => groups.get(elderId) ?? []
}
