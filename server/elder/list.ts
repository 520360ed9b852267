import type { z } from 'zod'
import { type Day, dayOf } from '../../shared/core/time'
import type { Page } from '../../shared/core/view'
import type { elderListQuery } from '../../shared/elder/input'
import type { ElderView } from '../../shared/elder/view'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import { readPrintedNumber } from '../core/code-tokens'
import type { Keys } from '../core/config'
import type { Prisma, Reader } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { personWhere } from '../person/search'
import { seesClass2 } from '../person/sight'
import { openPersons } from '../person/vault'
import { findPlate } from '../plate/queries'
import { findRegionInScope, regionNames } from '../region/queries'
import type { Elder } from './find'
import { notVisitedWhere, owedTo } from './owed'
import { type ElderFacts, presentElder } from './present'
import { lastVisitDays } from './queries'

export type ElderQuery = Omit<z.infer<typeof elderListQuery>, 'limit' | 'cursor'>

/** Elders of the actor's regions, village by village. */
export async function listElders(
  db: Reader,
  keys: Keys,
  actor: Actor,
  query: z.infer<typeof elderListQuery>,
  at: Date,
): Promise<Page<ElderView>> {
  const after = readCursor(query.cursor, 2)
  const where = await elderWhere(db, keys, actor, query, dayOf(at))
  if (after !== null)
    where.push({ OR: [{ regionPath: { gt: after[0] } }, { regionPath: after[0], id: { gt: after[1] } }] })
  const rows = await db.elder.findMany({
    where: { AND: where },
    orderBy: [{ regionPath: 'asc' }, { id: 'asc' }],
    take: query.limit + 1,
  })
  const facts = await factsOf(db, keys, actor, rows.slice(0, query.limit), dayOf(at))
  return toPage(
    rows,
    query.limit,
    (row) => presentElder(row, facts.get(row.id) as ElderFacts),
    (row) => cursorOf(row.regionPath, row.id),
  )
}

/** The filters of the list as conditions that begin with the actor's scope; an export takes the same. */
export async function elderWhere(
  db: Reader,
  keys: Keys,
  actor: Actor,
  query: ElderQuery,
  today: Day,
): Promise<Prisma.ElderWhereInput[]> {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('elder.read'), query.regionId)).path
  const where: Prisma.ElderWhereInput[] = [inScope(actor, can('elder.read'), within)]
  if (query.category !== undefined)
    where.push({ categories: { some: { category: query.category, ...inForce(today) } } })
  if (query.state === 'active') where.push({ endedDay: null })
  if (query.state === 'ended') where.push({ endedDay: { not: null } })
  if (query.state === 'noPlate') where.push({ endedDay: null, plates: { none: { revokedAt: null } } })
  if (query.state === 'assessmentDue')
    where.push({
      endedDay: null,
      assessments: { some: { nextDueDay: { lte: today } }, none: { nextDueDay: { gt: today } } },
    })
  if (query.state === 'notVisited') where.push(await notVisitedWhere(db, today))
  if (query.q !== undefined && query.q.trim() !== '') where.push(await searchWhere(db, keys, query.q))
  return where
}

/** By plate number, phone number or the name's pinyin initials. */
async function searchWhere(db: Reader, keys: Keys, q: string): Promise<Prisma.ElderWhereInput> {
  if (readPrintedNumber(q) === null) return { person: personWhere(keys, q) }
  const found = await findPlate(db, keys, q)
  return { id: found?.plate.elderId ?? '' }
}

/** What lists and records show beside the rows, with a handful of queries for all. */
export async function factsOf(
  db: Reader,
  keys: Keys,
  actor: Actor,
  elders: readonly Elder[],
  today: Day,
): Promise<Map<string, ElderFacts>> {
  const ids = elders.map((one) => one.id)
  const persons = await openPersons(
    db,
    keys,
    elders.map((one) => one.personId),
  )
  const regions = await regionNames(
    db,
    elders.map((one) => one.regionId),
  )
  const owed = await owedTo(db, ids, today)
  const lastDays = await lastVisitDays(db, ids)
  const plated = new Set(
    (await db.plate.findMany({ where: { elderId: { in: ids }, revokedAt: null }, select: { elderId: true } })).map(
      (one) => one.elderId,
    ),
  )
  return new Map(
    elders.map((one) => [
      one.id,
      {
        person: persons.get(one.personId),
        regionName: regions.get(one.regionId)?.name ?? '',
        owed: owed.get(one.id),
        hasPlate: plated.has(one.id),
        lastVisitDay: lastDays.get(one.id) ?? null,
        class2: seesClass2(actor, one.regionPath),
        today,
      },
    ]),
  )
}

function inForce(today: Day) {
  return { validFrom: { lte: today }, OR: [{ validTo: null }, { validTo: { gte: today } }] }
}
