import type { z } from 'zod'
import { dayOf, firstDayOf, lastDayOf, type Month } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import type { missingQuery } from '../../shared/requirement/input'
import {
  daysAsked,
  type ElderMonth,
  isOverdue,
  type JudgedRequirement,
  judgeMonth,
  marksOf,
  type Requirement,
  requirementSentence,
} from '../../shared/requirement/rules'
import type { CoverageElder } from '../../shared/requirement/view'
import { type Actor, DESK } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Prisma, Reader } from '../core/db'
import { cursorOf, readCursor } from '../core/input'
import { elderNames } from '../elder/queries'
import { openPersons } from '../person/vault'
import { regionNames } from '../region/queries'
import { countiesOf, findLives, findRequirements, type JudgedLife, type RuleFilter } from './lives'
import { scopeOf } from './scope'

type Query = z.output<typeof missingQuery>
export type Judged = { life: JudgedLife; month: ElderMonth }
/** What a month is judged by. */
export type Ground = { month: Month; requirements: readonly Requirement[]; countyIds: readonly string[] }
/** How many elders are judged at a time while a page fills. */
const CHUNK = 400

/** Elders a month is about, one line each: who is still to be visited, who was, who is away. */
export async function listCoverageElders(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: Query,
  at: Date,
): Promise<{ items: CoverageElder[]; next: string | null }> {
  const { path, within } = await scopeOf(db, actor, DESK, query.regionId)
  const ground = await readGround(db, path, query.month, query)
  const today = dayOf(at)
  const found = new Map<string, Judged & { key: string }>()
  let after = readCursor(query.cursor, 2)
  while (found.size <= query.limit) {
    const homes = await db.elderResidence.findMany({
      where: {
        AND: [
          within,
          livedHere(query.month),
          { elder: maybeIn(ground, query.state) },
          after === null
            ? {}
            : {
                OR: [
                  { regionPath: { gt: after[0] as string } },
                  { regionPath: after[0] as string, elderId: { gt: after[1] as string } },
                ],
              },
        ],
      },
      select: { elderId: true, regionPath: true },
      orderBy: [{ regionPath: 'asc' }, { elderId: 'asc' }],
      take: CHUNK,
    })
    const judged = new Map(
      (
        await judgeElders(
          db,
          homes.map((home) => home.elderId),
          ground,
        )
      ).map((one) => [one.life.elderId, one]),
    )
    for (const { elderId, regionPath } of homes) {
      const one = judged.get(elderId)
      // who moved has two homes in the month, and is listed at the one of the last due day
      if (one?.month.regionPath === regionPath && isWanted(one.month, query.state, today))
        found.set(elderId, { ...one, key: cursorOf(regionPath, elderId) })
    }
    const last = homes.at(-1)
    if (last === undefined || homes.length < CHUNK) break
    after = [last.regionPath, last.elderId]
  }
  const page = [...found.values()].slice(0, query.limit)
  return {
    items: await showElders(db, keys, page, query.month, today),
    next: found.size > query.limit ? (page.at(-1)?.key ?? null) : null,
  }
}

export async function readGround(db: Reader, path: string, month: Month, filter: RuleFilter = {}): Promise<Ground> {
  const [requirements, countyIds] = await Promise.all([findRequirements(db, month, filter), countiesOf(db, path)])
  return { month, requirements, countyIds }
}

const sometimeIn = (month: Month) => ({
  validFrom: { lte: lastDayOf(month) },
  OR: [{ validTo: null }, { validTo: { gte: firstDayOf(month) } }],
})

/** A home somebody had on some day of the month. */
export function livedHere(month: Month): Prisma.ElderResidenceWhereInput {
  return sometimeIn(month)
}

/** Elders with a category, on some day of the month, that a requirement asks for: no other can be listed. */
export function maybeListed({ month, requirements }: Ground): Prisma.ElderWhereInput {
  return {
    categories: {
      some: { category: { in: [...new Set(requirements.map((one) => one.category))] }, ...sometimeIn(month) },
    },
  }
}

/** Visits of the month in the counties it is judged for. */
export function visitsOf({ month, countyIds }: Ground) {
  return { month, countyId: { in: [...countyIds] } }
}

/** Those of whom one state can be true, so that few others are judged for a page. */
function maybeIn(ground: Ground, state: Query['state']): Prisma.ElderWhereInput {
  const counted = { counted: true, ...visitsOf(ground) }
  const end = lastDayOf(ground.month)
  if (state === 'exited')
    return {
      ...maybeListed(ground),
      exits: { some: { validFrom: { lte: end }, OR: [{ validTo: null }, { validTo: { gte: end } }] } },
    }
  if (state === 'visited') return { ...maybeListed(ground), visitElders: { some: counted } }
  return state === 'missing' ? { ...maybeListed(ground), visitElders: { none: counted } } : maybeListed(ground)
}

export async function judgeElders(
  db: Reader,
  elderIds: readonly string[],
  { month, requirements }: Ground,
): Promise<Judged[]> {
  const lives = await findLives(db, elderIds, daysAsked(requirements, month))
  return lives.map((life) => ({ life, month: judgeMonth(life, requirements, life.visits, month) }))
}

function isWanted(month: ElderMonth, state: Query['state'], today: string): boolean {
  if (month.regionId === null) return false
  if (state === 'overdue') return isOverdue(month, today)
  if (state === 'exited') return month.exitKind !== null
  if (!month.due) return false
  return state === 'due' || month.visited === (state === 'visited')
}

/** The strictest requirement with something owed: the one a list shows. */
export function shownRequirement(month: ElderMonth): JudgedRequirement | undefined {
  return month.requirements.find((one) => one.periods.length > 0) ?? month.requirements[0]
}

/** Categories held on some day of the month. */
export function categoriesIn(life: JudgedLife, month: Month): string[] {
  const held = life.tags.filter(
    (tag) => tag.validFrom <= lastDayOf(month) && (tag.validTo === null || tag.validTo >= firstDayOf(month)),
  )
  return [...new Set(held.map((tag) => tag.category))]
}

async function showElders(
  db: Reader,
  keys: Keys,
  page: readonly Judged[],
  month: Month,
  today: string,
): Promise<CoverageElder[]> {
  const ids = page.map((one) => one.life.elderId)
  const [names, regions, last] = await Promise.all([
    elderNames(db, keys, ids),
    regionNames(
      db,
      page.map((one) => one.month.regionId ?? ''),
    ),
    lastVisits(db, keys, ids),
  ])
  return page.map(({ life, month: judged }) => {
    const shown = shownRequirement(judged)
    const visit = last.get(life.elderId)
    return {
      elderId: life.elderId,
      maskedName: names.get(life.elderId)?.maskedName ?? '',
      regionId: judged.regionId ?? '',
      regionName: regions.get(judged.regionId ?? '')?.name ?? '',
      categories: categoriesIn(life, month),
      requirement: shown === undefined ? '' : requirementSentence(shown.requirement),
      periods: shown === undefined ? [] : marksOf(shown, month, today),
      visitedThisMonth: judged.visited,
      exitKind: judged.exitKind,
      lastVisitDay: visit?.day ?? null,
      lastHelperName: visit?.helperName ?? null,
    }
  })
}

/** The last counted visit of each elder, and who made it. */
async function lastVisits(
  db: Reader,
  keys: Keys,
  elderIds: readonly string[],
): Promise<Map<string, { day: string; helperName: string }>> {
  const days = await db.visitElder.groupBy({
    by: ['elderId'],
    where: { elderId: { in: [...elderIds] }, counted: true },
    _max: { day: true },
  })
  const wanted = days.flatMap(({ elderId, _max }) => (_max.day === null ? [] : [{ elderId, day: _max.day }]))
  const rows =
    wanted.length === 0
      ? []
      : await db.visitElder.findMany({
          where: { counted: true, OR: wanted },
          select: { elderId: true, day: true, visit: { select: { memberPersonId: true } } },
        })
  const persons = await openPersons(db, keys, [...new Set(rows.map((one) => one.visit.memberPersonId))])
  return new Map(
    rows.map((one) => [
      one.elderId,
      { day: one.day, helperName: maskName(persons.get(one.visit.memberPersonId)?.name ?? '') },
    ]),
  )
}
