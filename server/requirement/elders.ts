import type { z } from 'zod'
import { dayOf, firstDayOf, lastDayOf, type Month } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import type { missingQuery } from '../../shared/requirement/input'
import {
  countMonths,
  type ElderMonth,
  type ExitKind,
  isOverdue,
  type JudgedRequirement,
  marksOf,
  requirementSentence,
  weekMarksOf,
} from '../../shared/requirement/rules'
import type { CoverageElder } from '../../shared/requirement/view'
import { can } from '../../shared/session/permissions'
import { type Actor, pathsOf } from '../core/actor'
import { groupBy } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, type Prisma, type Reader, underPath } from '../core/db'
import { cursorOf, readCursor } from '../core/input'
import { elderNames } from '../elder/queries'
import { openPairs } from '../pairing/queries'
import { openPersons } from '../person/vault'
import { numbersOf, regionNames } from '../region/queries'
import { type FrozenElder, type FrozenPlace, frozenElders, frozenPlaces } from '../report/frozen'
import {
  eachJudged,
  type Ground,
  type Judged,
  judgeElders,
  livedHere,
  maybeListed,
  readGround,
  visitsOf,
} from './judge'
import { findKept, type JudgedLife } from './lives'
import { scopeOf } from './scope'

type Query = z.output<typeof missingQuery>

/** How many elders are judged at a time while a page fills. */
const CHUNK = 400

/** A line of the list; `frozen`: what was signed of it, `live`: what the records say now. */
type Line = Judged & { frozen?: FrozenElder; live?: ElderMonth }
type After = { regionPath: string; elderId: string } | null

/**
 * Elders a month is about, one line each: who is still to be visited, who was, who is away. Those of places whose month was
 * signed come first and are those that were counted then, so that the list is as long as the number it explains.
 */
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
  const [part = 'frozen', regionPath, elderId] = readCursor(query.cursor, 3) ?? []
  const after: After = regionPath === undefined || elderId === undefined ? null : { regionPath, elderId }
  const paths = pathsOf(actor, can('requirement.read')).flatMap((own) =>
    own.startsWith(path) ? [own] : path.startsWith(own) ? [path] : [],
  )
  const frozen = await frozenPlaces(db, paths, query.month)
  const most = query.limit + 1
  const lines = part === 'frozen' ? await frozenLines(db, ground, frozen, query, after, most) : []
  const isWhole = paths.every((one) => frozen.some((place) => one.startsWith(place.path)))
  if (lines.length < most && !isWhole) {
    const outside = frozen.length === 0 ? {} : { NOT: frozen.map((one) => ({ regionPath: underPath(one.path) })) }
    const kept = await findKept(db)
    const homes = { AND: [within, livedHere(query.month), { elder: maybeIn(ground, query.state, kept) }, outside] }
    const from = part === 'live' ? after : null
    lines.push(...(await liveLines(db, ground, homes, query.state, today, from, most - lines.length)))
  }
  const page = lines.slice(0, query.limit)
  const last = page.at(-1)
  const cursor = cursorOf(last?.frozen ? 'frozen' : 'live', last?.month.regionPath ?? '', last?.life.elderId ?? '')
  return {
    items: await showElders(db, keys, page, query.month, today),
    next: lines.length > query.limit ? cursor : null,
  }
}

async function frozenLines(
  db: Db,
  ground: Ground,
  places: readonly FrozenPlace[],
  query: Query,
  after: After,
  most: number,
): Promise<Line[]> {
  const rows = await frozenElders(db, places, query, after, most)
  const ids = rows.map(({ elderId }) => elderId)
  const judged = new Map((await judgeElders(db, ids, ground)).map((one) => [one.life.elderId, one]))
  const numbers = rows.map(({ regionPath }) => numbersOf(regionPath).at(-1) ?? 0)
  const regions = await db.region.findMany({ where: { no: { in: numbers } }, select: { id: true, no: true } })
  const idOf = new Map(regions.map(({ id, no }) => [no, id]))
  return rows.flatMap((row) => {
    const one = judged.get(row.elderId)
    if (one === undefined) return []
    const { exitKind, regionPath, due, visited } = row
    const regionId = idOf.get(numbersOf(regionPath).at(-1) ?? 0) ?? null
    const month = { ...one.month, regionPath, regionId, due, visited, exitKind: exitKind as ExitKind | null }
    return [{ life: one.life, month, frozen: row, live: one.month }]
  })
}

async function liveLines(
  db: Db,
  ground: Ground,
  homes: Prisma.ElderResidenceWhereInput,
  state: Query['state'],
  today: string,
  after: After,
  most: number,
): Promise<Line[]> {
  const found = new Map<string, Line>()
  for await (const judged of eachJudged(db, homes, ground, { after, chunk: CHUNK })) {
    for (const one of judged) if (isWanted(one.month, state, today)) found.set(one.life.elderId, one)
    if (found.size >= most) break
  }
  return [...found.values()].slice(0, most)
}

/** Whether the records have come to say something else of an elder than what was signed. */
function isChanged({ frozen, live }: Line): boolean {
  if (frozen === undefined || live === undefined) return false
  const { requirementsDue, requirementsMet } = countMonths([live])
  return (
    frozen.due !== live.due ||
    frozen.visited !== live.visited ||
    frozen.exitKind !== live.exitKind ||
    frozen.regionPath !== live.regionPath ||
    frozen.requirementsDue !== requirementsDue ||
    frozen.requirementsMet !== requirementsMet
  )
}

/** Those of whom one state can be true, so that few others are judged for a page; who was visited under a record that became `kept`, too. */
function maybeIn(ground: Ground, state: Query['state'], kept: readonly string[]): Prisma.ElderWhereInput {
  const counted = { counted: true, ...visitsOf(ground) }
  const end = lastDayOf(ground.month)
  if (state === 'exited')
    return {
      ...maybeListed(ground),
      exits: { some: { validFrom: { lte: end }, OR: [{ validTo: null }, { validTo: { gte: end } }] } },
    }
  if (state === 'visited')
    return { AND: [maybeListed(ground), { OR: [{ visitElders: { some: counted } }, { id: { in: [...kept] } }] }] }
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
  page: readonly Line[],
  month: Month,
  today: string,
): Promise<CoverageElder[]> {
  const ids = page.map((one) => one.life.elderId)
  const away = page.filter((one) => one.month.exitKind !== null).map((one) => one.life.elderId)
  const [names, regions, last, paired, exits] = [
    await elderNames(db, keys, ids),
    await regionNames(
      db,
      page.map((one) => one.month.regionId ?? ''),
    ),
    await lastVisits(db, keys, ids),
    await pairedNames(db, keys, ids),
    await exitsAt(db, keys, away, lastDayOf(month)),
  ]
  return page.map((line) => {
    const { life, month: judged } = line
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
      weeks: weekMarksOf(judged, life.visits, month, today),
      visitedThisMonth: judged.visited,
      exitKind: judged.exitKind,
      exit: exits.find((one) => one.elderId === life.elderId && one.kind === judged.exitKind)?.shown ?? null,
      lastVisitDay: visit?.day ?? null,
      lastChannel: visit?.channel ?? null,
      lastHelperName: visit?.helperName ?? null,
      pairedNames: paired(life.elderId).map((one) => one.name),
      changedSince: isChanged(line),
    }
  })
}

/** Who is paired with each of them, masked. */
async function pairedNames(db: Reader, keys: Keys, elderIds: readonly string[]) {
  const pairs = await openPairs(db, elderIds)
  const members = await db.member.findMany({
    where: { id: { in: [...new Set(pairs.map(({ memberId }) => memberId))] } },
    select: { id: true, personId: true },
  })
  const persons = await openPersons(
    db,
    keys,
    members.map(({ personId }) => personId),
  )
  const nameOf = new Map(members.map(({ id, personId }) => [id, maskName(persons.get(personId)?.name ?? '')]))
  return groupBy(
    pairs.map(({ elderId, memberId }) => ({ elderId, name: nameOf.get(memberId) ?? '' })),
    ({ elderId }) => elderId,
  )
}

/** The exits that stand on a day, with who approved them, masked. */
async function exitsAt(db: Reader, keys: Keys, elderIds: readonly string[], day: string) {
  const rows = await db.elderExit.findMany({
    where: {
      elderId: { in: [...elderIds] },
      validFrom: { lte: day },
      OR: [{ validTo: null }, { validTo: { gte: day } }],
    },
  })
  const persons = await openPersons(
    db,
    keys,
    rows.map((one) => one.approvedByPersonId),
  )
  return rows.map(({ elderId, kind, validFrom, validTo, reason, approvedByPersonId }) => ({
    elderId,
    kind,
    shown: { validFrom, validTo, reason, approvedBy: maskName(persons.get(approvedByPersonId)?.name ?? '') },
  }))
}

/** The last counted visit of each elder, and who made it. */
async function lastVisits(
  db: Reader,
  keys: Keys,
  elderIds: readonly string[],
): Promise<Map<string, { day: string; channel: string; helperName: string }>> {
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
          select: { elderId: true, day: true, channel: true, visit: { select: { memberPersonId: true } } },
        })
  const persons = await openPersons(db, keys, [...new Set(rows.map((one) => one.visit.memberPersonId))])
  return new Map(
    rows.map(({ elderId, day, channel, visit }) => [
      elderId,
      { day, channel, helperName: maskName(persons.get(visit.memberPersonId)?.name ?? '') },
    ]),
  )
}
