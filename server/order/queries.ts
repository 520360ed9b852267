import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { orderListQuery } from '../../shared/order/input'
import type { orderDetailView, orderView } from '../../shared/order/view'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, pathsOf } from '../core/actor'
import type { Keys } from '../core/config'
import { type Db, type Prisma, type Reader, underPath } from '../core/db'
import { cursorOf, readCursor } from '../core/input'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames } from '../region/queries'
import { mayRead, nearbyOf } from './policy'
import { type OrderContext, presentOrder, presentOrderDetail } from './present'

type OrderListQuery = z.infer<typeof orderListQuery>
export type OrderLine = Awaited<ReturnType<typeof findOrders>>[number]

const LINE = {
  elder: { select: { personId: true } },
  payment: true,
  market: true,
} as const satisfies Prisma.OrderInclude

/** Orders by any condition, the newest first. */
export function findOrders(
  db: Reader,
  where: Prisma.OrderWhereInput,
  page: { cursor?: string | undefined; take: number },
) {
  return db.order.findMany({
    where: { AND: [where, after(page.cursor)] },
    include: LINE,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: page.take,
  })
}

export function cursorAfter(order: { createdAt: Date; id: string }): string {
  return cursorOf(order.createdAt.toISOString(), order.id)
}

/**
 * What this actor may list: the desk its regions, others their own elders.
 * @throws Refusal NOT_FOUND for a region or elder outside
 */
export async function whereOfList(
  db: Reader,
  actor: Actor,
  query: OrderListQuery,
  at: Date,
): Promise<Prisma.OrderWhereInput> {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('order.read'), query.regionId)).path
  const own = [...(actor.elder === null ? [] : [actor.elder.id]), ...actor.proxyOf.map(({ elderId }) => elderId)]
  const reach: Prisma.OrderWhereInput =
    pathsOf(actor, can('order.read')).length > 0 ? inScope(actor, can('order.read'), within) : { elderId: { in: own } }
  return {
    AND: [
      query.elderId !== undefined && own.includes(query.elderId) ? {} : reach,
      query.elderId === undefined ? {} : { elderId: query.elderId },
      query.state === undefined ? {} : { state: query.state },
      query.unattended === undefined ? {} : { state: 'open', staffFrom: { lte: at } },
    ],
  }
}

/** What a helper may accept: of the own village first, then of the other villages of the town, the most urgent first. */
export async function findOpen(db: Reader, actor: Actor, limit: number, at: Date): Promise<OrderLine[]> {
  if (actor.member === null) return []
  const where = openNearby(actor.member, actor.personId, at)
  const read = (region: Prisma.OrderWhereInput, take: number) =>
    db.order.findMany({
      where: { AND: [where, region] },
      include: LINE,
      orderBy: [{ wantedDay: 'asc' }, { createdAt: 'asc' }, { id: 'asc' }],
      take,
    })
  const own = await read({ regionPath: underPath(actor.member.regionPath) }, limit)
  const others =
    own.length === limit
      ? []
      : await read({ NOT: { regionPath: underPath(actor.member.regionPath) } }, limit - own.length)
  return [...own, ...others]
}

export function countOpen(db: Reader, actor: Actor, at: Date): Promise<number> {
  return actor.member === null
    ? Promise.resolve(0)
    : db.order.count({ where: openNearby(actor.member, actor.personId, at) })
}

type Detail = z.input<typeof orderDetailView>

/** @throws Refusal NOT_FOUND for what the actor may not know of */
export async function showOrder(db: Db, keys: Keys, actor: Actor, id: string, at: Date): Promise<Detail> {
  const order = await findDetail(db, id)
  if (order === null || !mayRead(actor, order)) throw new Refusal('NOT_FOUND')
  return showDetail(db, keys, actor, order, at)
}

/** The order as a verb has just left it, also for who gave it away and could not look it up any more. */
export async function showAfter(db: Db, keys: Keys, actor: Actor, id: string, at: Date): Promise<Detail> {
  const order = await findDetail(db, id)
  if (order === null) throw new Refusal('NOT_FOUND')
  return showDetail(db, keys, actor, order, at)
}

function findDetail(db: Db, id: string) {
  return db.order.findUnique({
    where: { id },
    include: { ...LINE, events: { orderBy: [{ at: 'asc' }, { id: 'asc' }] } },
  })
}

async function showDetail(
  db: Db,
  keys: Keys,
  actor: Actor,
  order: NonNullable<Awaited<ReturnType<typeof findDetail>>>,
  at: Date,
): Promise<Detail> {
  const [memberIds, personIds] = [
    order.events.flatMap(({ memberId }) => memberId ?? []),
    order.events.map(({ byPersonId }) => byPersonId),
  ]
  return presentOrderDetail(order, await readOrderContext(db, keys, actor, [order], at, { memberIds, personIds }))
}

/** Lines as this actor may see them; a handful of queries for all of them. */
export async function showOrders(
  db: Reader,
  keys: Keys,
  actor: Actor,
  orders: readonly OrderLine[],
  at: Date,
): Promise<z.input<typeof orderView>[]> {
  const context = await readOrderContext(db, keys, actor, orders, at)
  return orders.map((order) => presentOrder(order, context))
}

async function readOrderContext(
  db: Reader,
  keys: Keys,
  actor: Actor,
  orders: readonly OrderLine[],
  at: Date,
  more: { memberIds: readonly string[]; personIds: readonly string[] } = { memberIds: [], personIds: [] },
): Promise<OrderContext> {
  const memberIds = [...new Set([...orders.flatMap(({ memberId }) => memberId ?? []), ...more.memberIds])]
  const members = new Map(
    (await db.member.findMany({ where: { id: { in: memberIds } }, select: { id: true, personId: true } })).map(
      (member) => [member.id, member.personId],
    ),
  )
  const persons = await openPersons(db, keys, [
    ...orders.map(({ elder }) => elder.personId),
    ...members.values(),
    ...more.personIds,
  ])
  const services = new Map(
    (await db.service.findMany({ where: { id: { in: [...new Set(orders.map(({ serviceId }) => serviceId))] } } })).map(
      (service) => [service.id, service],
    ),
  )
  const regions = await regionNames(
    db,
    orders.map(({ regionId }) => regionId),
  )
  return {
    actor,
    at,
    personOf: (personId) =>
      persons.get(personId) ?? { name: '', phone: null, idNumber: null, sex: 'unknown', birthDate: null },
    personOfMember: (memberId) => members.get(memberId) ?? '',
    serviceOf: (serviceId) => services.get(serviceId) ?? { name: '', icon: 'question', plannedSeconds: 0 },
    regionNameOf: (regionId) => regions.get(regionId)?.name ?? '',
  }
}

/** Open, not yet over, and not one's own. */
function openNearby(member: { regionPath: string }, personId: string, at: Date): Prisma.OrderWhereInput {
  return {
    state: 'open',
    regionPath: underPath(nearbyOf(member)),
    wantedDay: { gte: dayOf(at) },
    elder: { personId: { not: personId } },
  }
}

function after(cursor: string | undefined): Prisma.OrderWhereInput {
  const keys = readCursor(cursor, 2)
  if (keys === null) return {}
  const [at, id] = keys as [string, string]
  const createdAt = new Date(at)
  if (Number.isNaN(createdAt.getTime())) throw new Refusal('BAD_INPUT', { field: 'cursor' })
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] }
}
