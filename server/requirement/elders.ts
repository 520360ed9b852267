import type { z } from 'zod'
import { dayOf, firstDayOf, lastDayOf, type Month } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import type { missingQuery } from '../../shared/requirement/input'
import { type ElderMonth, type JudgedRequirement, judgeMonth, marksOf, requirementSentence, type Requirement } from '../../shared/requirement/rules'
import type { CoverageElder } from '../../shared/requirement/view'
import { type Actor, DESK } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Reader } from '../core/db'
import { cursorOf, readCursor } from '../core/input'
import { elderNames } from '../elder/queries'
import { openPersons } from '../person/vault'
import { regionNames } from '../region/queries'
import { periodDays } from './count'
import { findLives, findRequirements, type JudgedLife } from './lives'
import { scopeOf } from './scope'

type Query = z.output<typeof missingQuery>
export type Judged = { life: JudgedLife; month: ElderMonth }
/** How many listed elders are judged at a time while a page fills. */
const CHUNK = 400

/** Elders a month is about, one line each: who is still to be visited, who was, who is away. */
export async function listCoverageElders(db: Db, keys: Keys, actor: Actor, query: Query, at: Date): Promise<{ items: CoverageElder[]; next: string | null }> {
  const { path, within } = await scopeOf(db, actor, DESK, query.regionId)
  const requirements = await findRequirements(db, path, periodDays(query.month), query.category)
  const found: (Judged & { key: string })[] = []
  let after = readCursor(query.cursor, 2)
  while (found.length <= query.limit) {
    const rows = await db.elder.findMany({
      where: { AND: [within, listedIn(requirements, query.month), after === null ? {} : { OR: [{ regionPath: { gt: after[0] as string } }, { regionPath: after[0] as string, id: { gt: after[1] as string } }] }] },
      select: { id: true, regionPath: true },
      orderBy: [{ regionPath: 'asc' }, { id: 'asc' }],
      take: CHUNK,
    })
    const judged = new Map((await judgeElders(db, rows.map((one) => one.id), requirements, query.month)).map((one) => [one.life.elderId, one]))
    for (const { id, regionPath } of rows) {
      const one = judged.get(id)
      if (one !== undefined && isWanted(one.month, query.state)) found.push({ ...one, key: cursorOf(regionPath, id) })
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < CHUNK) break
    after = [last.regionPath, last.id]
  }
  const page = found.slice(0, query.limit)
  return { items: await showElders(db, keys, page, query.month, dayOf(at)), next: found.length > query.limit ? (page.at(-1)?.key ?? null) : null }
}

/** Elders with a tag, on some day of the month, that a requirement asks for. */
export function listedIn(requirements: readonly Requirement[], month: Month) {
  const { first, last } = periodDays(month)
  return { categories: { some: { category: { in: [...new Set(requirements.map((one) => one.category))] }, validFrom: { lte: last }, OR: [{ validTo: null }, { validTo: { gte: first } }] } } }
}

export async function judgeElders(db: Reader, elderIds: readonly string[], requirements: readonly Requirement[], month: Month): Promise<Judged[]> {
  const lives = await findLives(db, elderIds, periodDays(month))
  return lives.map((life) => ({ life, month: judgeMonth(life, requirements, life.visits, month) }))
}

function isWanted(month: ElderMonth, state: Query['state']): boolean {
  if (month.regionId === null) return false
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
  const held = life.tags.filter((tag) => tag.validFrom <= lastDayOf(month) && (tag.validTo === null || tag.validTo >= firstDayOf(month)))
  return [...new Set(held.map((tag) => tag.category))]
}

async function showElders(db: Reader, keys: Keys, page: readonly Judged[], month: Month, today: string): Promise<CoverageElder[]> {
  const ids = page.map((one) => one.life.elderId)
  const [names, regions, last] = await Promise.all([elderNames(db, keys, ids), regionNames(db, page.map((one) => one.month.regionId ?? '')), lastVisits(db, keys, ids)])
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
async function lastVisits(db: Reader, keys: Keys, elderIds: readonly string[]): Promise<Map<string, { day: string; helperName: string }>> {
  const days = await db.visitElder.groupBy({ by: ['elderId'], where: { elderId: { in: [...elderIds] }, counted: true }, _max: { day: true } })
  const wanted = days.flatMap(({ elderId, _max }) => (_max.day === null ? [] : [{ elderId, day: _max.day }]))
  const rows = wanted.length === 0 ? [] : await db.visitElder.findMany({ where: { counted: true, OR: wanted }, select: { elderId: true, day: true, visit: { select: { memberPersonId: true } } } })
  const persons = await openPersons(db, keys, [...new Set(rows.map((one) => one.visit.memberPersonId))])
  return new Map(rows.map((one) => [one.elderId, { day: one.day, helperName: maskName(persons.get(one.visit.memberPersonId)?.name ?? '') }]))
}

