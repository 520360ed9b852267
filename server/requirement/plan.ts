import { addDays, type Day, dayOf, daysBetween } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import { type Hand, planVisits, rungOf, type ToVisit } from '../../shared/requirement/plan'
import { intervalWords } from '../../shared/requirement/rules'
import type { HelperPlan, Plan, PlanRow } from '../../shared/requirement/view'
import { groupBy } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, query, underPath } from '../core/db'
import { elderNames, lastVisitDays } from '../elder/queries'
import { openPairs } from '../pairing/queries'
import { openPersons } from '../person/vault'
import { numbersOf, regionNames } from '../region/queries'
import { settingsAt } from '../region/settings'
import { countyAround } from './lives'
import { placesOf } from './near'
import { findOwed, type Owed } from './owed'
import { countByVillage } from './rollup'

/** 您常去: who came most often lately. */
const USUAL_DAYS = 90
/** More than this nobody plans at once. */
const ELDERS_MOST = 2000

type Place = { id: string; path: string; name: string }

/**
 * What is to be done at a village or town today: who is owed a visit and until when, what is overdue and whose matter that
 * is by now, whom to send, and where there is nobody to send. For a county it says only where nobody serves.
 */
export async function planOf(db: Db, keys: Keys, region: Place, at: Date): Promise<Plan> {
  const today = dayOf(at)
  const county = await countyAround(db, region.path)
  const isSheet = county !== null && county.path !== region.path
  const townPath = isSheet ? townOf(county.path, region.path) : region.path
  return {
    today,
    regionName: region.name,
    rows: isSheet ? await rowsOf(db, keys, region.path, townPath, at) : [],
    unserved: await unservedVillages(db, region.path, today),
  }
}

/**
 * The plan by helper: everybody of the place with what he took on and what he should, also who has nothing to do; and who from
 * elsewhere in the town is sent here. Most visits first.
 */
export async function planOfHelpers(db: Db, keys: Keys, region: Place, at: Date): Promise<HelperPlan> {
  const { today, regionName, rows } = await planOf(db, keys, region, at)
  const { planLoadMost } = await settingsAt(db, region.path, today)
  const goerOf = (row: PlanRow) => row.taken?.memberId ?? (row.ordered ? undefined : row.helper?.memberId)
  const visitsOf = groupBy(rows, (row) => goerOf(row) ?? '')
  const county = await countyAround(db, region.path)
  const isSheet = county !== null && county.path !== region.path
  const sent = rows.flatMap((row) => goerOf(row) ?? [])
  const hands = isSheet ? await findHands(db, region.path, sent) : []
  const nameOf = await helperNames(db, keys, hands)
  const places = await regionNames(
    db,
    hands.map(({ regionId }) => regionId),
  )
  return {
    ...{ today, regionName, most: planLoadMost },
    rows: hands
      .map(({ memberId, regionId, tasks }) => ({
        ...{ memberId, regionId, regionName: places.get(regionId)?.name ?? '', maskedName: nameOf(memberId) },
        ...{ tasks, visits: visitsOf(memberId) },
      }))
      .sort((a, b) => b.visits.length - a.visits.length || (a.memberId < b.memberId ? -1 : 1)),
    left: visitsOf(''),
  }
}

/** "/1/2/3/" and "/1/2/3/4/5/" → "/1/2/3/4/" */
export function townOf(countyPath: string, path: string): string {
  return `${countyPath}${numbersOf(path)[numbersOf(countyPath).length]}/`
}

async function rowsOf(db: Db, keys: Keys, path: string, townPath: string, at: Date): Promise<PlanRow[]> {
  const today = dayOf(at)
  const elders = await db.elder.findMany({
    where: { regionPath: underPath(path), endedDay: null, categories: { some: {} } },
    select: { id: true, regionId: true, regionPath: true },
    orderBy: [{ regionPath: 'asc' }, { id: 'asc' }],
    take: ELDERS_MOST,
  })
  const owed = await findOwed(
    db,
    elders.map(({ id }) => id),
    at,
  )
  const due = elders.filter(({ id }) => owed.has(id))
  const ids = due.map(({ id }) => id)
  const orders = await db.order.findMany({
    where: { elderId: { in: ids }, state: { in: ['open', 'accepted'] } },
    select: { elderId: true, memberId: true, wantedDay: true },
    orderBy: [{ wantedDay: 'desc' }, { id: 'asc' }],
  })
  const ordered = new Set(orders.map(({ elderId }) => elderId))
  const takers = orders.flatMap(({ elderId, memberId, wantedDay }) =>
    memberId === null ? [] : [{ elderId, memberId, wantedDay }],
  )
  const takerName = await helperNames(db, keys, takers)
  // of several orders of an elder the first to come
  const takenOf = new Map(
    takers.map(({ elderId, memberId, wantedDay }) => [
      elderId,
      { memberId, wantedDay, maskedName: takerName(memberId) },
    ]),
  )
  const { ladderTownDays, ladderCountyDays } = await settingsAt(db, path, today)
  const helperOf = await whomToSend(
    db,
    keys,
    townPath,
    due.flatMap(({ id, regionPath }) => {
      const now = owed.get(id)?.now
      return now === null || now === undefined || ordered.has(id) ? [] : [{ elderId: id, regionPath, dueTo: now.dueTo }]
    }),
    today,
  )
  const [names, last, regions] = [
    await elderNames(db, keys, ids),
    await lastVisitDays(db, ids),
    await regionNames(
      db,
      due.map(({ regionId }) => regionId),
    ),
  ]
  return due
    .map(({ id, regionId }): PlanRow => {
      const { now, overdueDays } = owed.get(id) as Owed
      return {
        ...{ elderId: id, regionId, regionName: regions.get(regionId)?.name ?? '' },
        maskedName: names.get(id)?.maskedName ?? '',
        requirement: now === null ? '' : intervalWords(now.requirement),
        dueTo: now?.dueTo ?? null,
        dueAt: now?.dueAt?.toISOString() ?? null,
        daysLeft: now === null ? null : daysBetween(today, now.dueTo),
        overdueDays,
        rung: overdueDays === 0 ? null : rungOf(overdueDays, ladderTownDays, ladderCountyDays),
        lastVisitDay: last.get(id) ?? null,
        ordered: ordered.has(id),
        taken: takenOf.get(id) ?? null,
        helper: helperOf.get(id) ?? null,
      }
    })
    .sort((a, b) => b.overdueDays - a.overdueDays || (a.dueTo ?? '9').localeCompare(b.dueTo ?? '9'))
}

/** Whom to send to these elders of a town: who is paired, came lately or has not far to go, none of them too often. */
export async function whomToSend(
  db: Db,
  keys: Keys,
  townPath: string,
  elders: readonly Pick<ToVisit, 'elderId' | 'regionPath' | 'dueTo'>[],
  today: Day,
): Promise<Map<string, NonNullable<PlanRow['helper']>>> {
  const ids = elders.map(({ elderId }) => elderId)
  const { planLoadMost } = await settingsAt(db, townPath, today)
  const came = await whoCame(db, ids, today)
  const pairs = await openPairs(db, ids)
  const paired = groupBy(pairs, ({ elderId }) => elderId)
  const hands = await findHands(
    db,
    townPath,
    pairs.map(({ memberId }) => memberId),
  )
  const placeOf = await placesOf(db, keys, elders, hands)
  const planned = planVisits(
    elders.map((one) => ({
      ...one,
      place: placeOf.elder(one.elderId),
      came: came.get(one.elderId) ?? [],
      paired: paired(one.elderId).map(({ memberId }) => memberId),
    })),
    hands.map((one) => ({ ...one, place: placeOf.village(one.regionPath) })),
    planLoadMost,
  )
  const nameOf = await helperNames(db, keys, [...planned.values()])
  return new Map([...planned].map(([id, one]) => [id, { ...one, maskedName: nameOf(one.memberId) }]))
}

/** Helpers of the town, and those who are paired with one of these elders wherever they live. */
async function findHands(
  db: Db,
  townPath: string,
  pairedIds: readonly string[],
): Promise<(Omit<Hand, 'place'> & { regionId: string })[]> {
  const members = await db.member.findMany({
    where: { state: 'active', OR: [{ regionPath: underPath(townPath) }, { id: { in: [...new Set(pairedIds)] } }] },
    select: { id: true, regionId: true, regionPath: true },
  })
  const taken = await db.order.groupBy({
    by: ['memberId'],
    where: { memberId: { in: members.map(({ id }) => id) }, state: 'accepted' },
    _count: true,
  })
  const tasksOf = new Map(taken.map((one) => [one.memberId, one._count]))
  return members.map(({ id, regionId, regionPath }) => ({
    ...{ memberId: id, regionId, regionPath },
    tasks: tasksOf.get(id) ?? 0,
  }))
}

async function whoCame(
  db: Db,
  elderIds: readonly string[],
  today: Day,
): Promise<Map<string, { memberId: string; times: number }[]>> {
  const rows = await query<{ elderId: string; memberId: string; times: bigint }>(
    db,
    `SELECT e."elderId", v."memberId", COUNT(*) AS "times" FROM visit_elder AS e JOIN visit AS v ON v."id" = e."visitId"
     WHERE e."elderId" IN LIST($1) AND e."day" >= $2 AND e."counted" GROUP BY e."elderId", v."memberId"`,
    [...elderIds],
    addDays(today, -USUAL_DAYS),
  )
  const found = new Map<string, { memberId: string; times: number }[]>()
  for (const { elderId, memberId, times } of rows)
    found.set(elderId, [...(found.get(elderId) ?? []), { memberId, times: Number(times) }])
  return found
}

async function helperNames(
  db: Db,
  keys: Keys,
  planned: readonly { memberId: string }[],
): Promise<(memberId: string) => string> {
  const members = await db.member.findMany({
    where: { id: { in: [...new Set(planned.map(({ memberId }) => memberId))] } },
    select: { id: true, personId: true },
  })
  const persons = await openPersons(
    db,
    keys,
    members.map(({ personId }) => personId),
  )
  const personOf = new Map(members.map(({ id, personId }) => [id, personId]))
  return (memberId: string) => maskName(persons.get(personOf.get(memberId) ?? '')?.name ?? '')
}

/** 无人服务的村: somebody is still to be visited this month, no helper is at home there, and nobody came lately. */
async function unservedVillages(db: Db, path: string, today: Day): Promise<Plan['unserved']> {
  const counts = await countByVillage(db, path, today.slice(0, 7))
  const missing = [...counts].filter(([, { due, visited }]) => due > visited)
  const { gte, lt } = underPath(path)
  const served = await query<{ path: string }>(
    db,
    `SELECT DISTINCT "regionPath" AS "path" FROM member WHERE "state" = 'active' AND "regionPath" >= $1 AND "regionPath" < $2
     UNION SELECT DISTINCT "regionPath" AS "path" FROM visit WHERE "regionPath" >= $1 AND "regionPath" < $2 AND "day" >= $3 AND "counted"`,
    gte,
    lt,
    addDays(today, -USUAL_DAYS),
  )
  const known = new Set(served.map((one) => one.path))
  const bare = missing.filter(([village]) => !known.has(village))
  const regions = await db.region.findMany({
    where: { no: { in: bare.map(([village]) => numbersOf(village).at(-1) ?? 0) } },
    select: { id: true, no: true, name: true },
  })
  return bare.flatMap(([village, { due, visited }]) => {
    const region = regions.find(({ no }) => no === numbersOf(village).at(-1))
    return region === undefined ? [] : [{ regionId: region.id, regionName: region.name, due, missing: due - visited }]
  })
}
