import type { z } from 'zod'
import { dayOf, firstDayOf, lastDayOf, type Month } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import type { missingQuery } from '../../shared/requirement/input'
import {
  type ElderMonth,
  isOverdue,
  type JudgedRequirement,
  marksOf,
  requirementSentence,
} from '../../shared/requirement/rules'
import type { CoverageElder } from '../../shared/requirement/view'
import { can } from '../../shared/session/permissions'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Prisma, Reader } from '../core/db'
import { cursorOf, readCursor } from '../core/input'
import { elderNames } from '../elder/queries'
import { openPersons } from '../person/vault'
import { regionNames } from '../region/queries'
import { eachJudged, type Ground, type Judged, livedHere, maybeListed, readGround, visitsOf } from './judge'
import type { JudgedLife } from './lives'
import { scopeOf } from './scope'

type Query = z.output<typeof missingQuery>

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
  const { path, within } = await scopeOf(db, actor, can('requirement.read'), query.regionId)
  const ground = await readGround(db, path, query.month, query)
  const today = dayOf(at)
  const found = new Map<string, Judged & { key: string }>()
  const [regionPath, elderId] = readCursor(query.cursor, 2) ?? []
  const homes = { AND: [within, livedHere(query.month), { elder: maybeIn(ground, query.state) }] }
  const after = regionPath === undefined || elderId === undefined ? null : { regionPath, elderId }
  for await (const judged of eachJudged(db, homes, ground, { after, chunk: CHUNK })) {
    for (const one of judged)
      if (isWanted(one.month, query.state, today))
        found.set(one.life.elderId, { ...one, key: cursorOf(one.month.regionPath ?? '', one.life.elderId) })
    if (found.size > query.limit) break
  }
  const page = [...found.values()].slice(0, query.limit)
  return {
    items: await showElders(db, keys, page, query.month, today),
    next: found.size > query.limit ? (page.at(-1)?.key ?? null) : null,
  }
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
