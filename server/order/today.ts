import type { z } from 'zod'
import { addDays, type Day, dayOf, monthOf } from '../../shared/core/time'
import type { todayView } from '../../shared/order/view'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import { type Db, underPath } from '../core/db'
import { owedTo } from '../elder/owed'
import { addressesOf, elderNames, lastVisitDays } from '../elder/queries'
import { balanceOf } from '../ledger/queries'
import { findAccountOfPerson } from '../member/account'
import { monthOfMembers } from '../member/queries'
import { openPairsOf } from '../pairing/queries'
import { openPersons } from '../person/vault'
import { regionNames } from '../region/queries'
import { programmeOf } from '../scheme/queries'
import { countOpen, findOrders, showOrders } from './queries'

type Today = z.input<typeof todayView>
type Member = NonNullable<Actor['member']>

const ORDERS_MOST = 50
const DUE_MOST = 50
/** 您常去: who came most often lately. */
const USUAL_DAYS = 90
const HOURS: Record<string, string> = { morning: '08:00', afternoon: '13:00', any: '24:00' }

/** 今天要去: what the helper accepted, who in the village is owed a visit, and how the month stands. */
export async function todayOf(db: Db, keys: Keys, actor: Actor, member: Member, at: Date): Promise<Today> {
  const orders = await ordersOfToday(db, keys, actor, member, at)
  const current = await db.visit.findFirst({
    where: { memberId: member.id, state: 'inProgress' },
    orderBy: { checkInAt: 'desc' },
    select: { id: true },
  })
  const paired = (await openPairsOf(db, [member.id])).map(({ elderId }) => elderId)
  return {
    orders,
    due: await dueAround(db, keys, member, paired, new Set(orders.map(({ elderId }) => elderId)), dayOf(at)),
    paired: paired.length,
    openNearby: await countOpen(db, actor, at),
    current: current === null ? null : { visitId: current.id },
    monthSeconds: (await monthOfMembers(db, [member.id], monthOf(at))).get(member.id)?.seconds ?? 0,
    ...(await pointsOf(db, actor.personId, member)),
  }
}

/** Who will go there sees where and whom to call: that is what accepting an order opens. */
async function ordersOfToday(db: Db, keys: Keys, actor: Actor, member: Member, at: Date): Promise<Today['orders']> {
  const rows = await findOrders(
    db,
    { memberId: member.id, state: 'accepted', wantedDay: { lte: dayOf(at) } },
    { take: ORDERS_MOST },
  )
  const elders = await db.elder.findMany({ where: { id: { in: rows.map(({ elderId }) => elderId) } } })
  const addresses = await addressesOf(db, keys, elders)
  const persons = await openPersons(
    db,
    keys,
    elders.map(({ personId }) => personId),
  )
  const lastDays = await lastVisitDays(
    db,
    elders.map(({ id }) => id),
  )
  const owed = await owedTo(
    db,
    elders.map(({ id }) => id),
    dayOf(at),
  )
  const phones = new Map(elders.map(({ id, personId }) => [id, persons.get(personId)?.phone ?? null]))
  const shown = await showOrders(db, keys, actor, rows, at)
  return shown
    .map((order) => ({
      ...order,
      address: addresses.get(order.elderId) ?? '',
      phone: phones.get(order.elderId) ?? null,
      distanceMetres: null,
      lastVisitDay: lastDays.get(order.elderId) ?? null,
      owedSentence: owed.get(order.elderId)?.sentence ?? null,
    }))
    .sort((a, b) => hourOf(a).localeCompare(hourOf(b)))
}

function hourOf({ wantedDay, wantedTime }: { wantedDay: Day; wantedTime: string }): string {
  return `${wantedDay} ${HOURS[wantedTime] ?? wantedTime}`
}

/**
 * Elders of the helper's village, and those paired with the helper, who are owed a visit and have none ordered: the paired
 * ones first, then those the helper usually visits.
 */
async function dueAround(
  db: Db,
  keys: Keys,
  member: Member,
  paired: readonly string[],
  going: ReadonlySet<string>,
  today: Day,
): Promise<Today['due']> {
  const elders = await db.elder.findMany({
    where: {
      OR: [{ regionPath: underPath(member.regionPath) }, { id: { in: [...paired] } }],
      endedDay: null,
      categories: { some: {} },
    },
  })
  const owed = await owedTo(
    db,
    elders.map(({ id }) => id),
    today,
  )
  const due = elders.flatMap((elder) => {
    const sentence = owed.get(elder.id)?.sentence ?? null
    return sentence === null || going.has(elder.id) ? [] : [{ ...elder, sentence }]
  })
  const ids = due.map(({ id }) => id)
  const lastDays = await lastVisitDays(db, ids)
  const usual = await usuallyVisited(db, member.id, ids, today)
  const names = await elderNames(db, keys, ids, today)
  const regions = await regionNames(
    db,
    due.map(({ regionId }) => regionId),
  )
  return due
    .map(({ id, regionId, sentence }) => ({
      elderId: id,
      elderName: names.get(id)?.calledName ?? '',
      regionName: regions.get(regionId)?.name ?? '',
      owedSentence: sentence,
      lastVisitDay: lastDays.get(id) ?? null,
      usualHelper: usual.has(id),
      paired: paired.includes(id),
    }))
    .sort(
      (a, b) =>
        Number(b.paired) - Number(a.paired) ||
        Number(b.usualHelper) - Number(a.usualHelper) ||
        (a.lastVisitDay ?? '').localeCompare(b.lastVisitDay ?? '') ||
        a.elderId.localeCompare(b.elderId),
    )
    .slice(0, DUE_MOST)
}

/** Of these elders, those whom nobody visited more often lately than this helper. */
async function usuallyVisited(db: Db, memberId: string, elderIds: readonly string[], today: Day): Promise<Set<string>> {
  const rows = await db.visitElder.findMany({
    where: { elderId: { in: [...elderIds] }, counted: true, day: { gte: addDays(today, -USUAL_DAYS) } },
    select: { elderId: true, visit: { select: { memberId: true } } },
  })
  const times = new Map<string, Map<string, number>>()
  for (const { elderId, visit } of rows) {
    const own = times.get(elderId) ?? new Map<string, number>()
    times.set(elderId, own.set(visit.memberId, (own.get(visit.memberId) ?? 0) + 1))
  }
  return new Set(
    [...times].flatMap(([elderId, own]) =>
      (own.get(memberId) ?? 0) > 0 && own.get(memberId) === Math.max(...own.values()) ? [elderId] : [],
    ),
  )
}

async function pointsOf(
  db: Db,
  personId: string,
  member: Member,
): Promise<Pick<Today, 'availableMilliPoints' | 'waitingMilliPoints'>> {
  const programme = await programmeOf(db, member.countyId)
  const accountId = programme === null ? null : await findAccountOfPerson(db, personId, programme.id)
  const waiting = await db.visit.aggregate({
    where: { memberId: member.id, state: { in: ['finished', 'confirmed'] }, awardedMilliPoints: null },
    _sum: { expectedMilliPoints: true },
  })
  return {
    availableMilliPoints: String((await balanceOf(db, accountId)).availableMilliPoints),
    waitingMilliPoints: String(waiting._sum.expectedMilliPoints ?? 0n),
  }
}
