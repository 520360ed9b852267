import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { addDays, dayOf, startOfDay } from '../../shared/core/time'
import { whyNotPaid } from '../../shared/fund/rules'
import { relationFor } from '../../shared/member/rules'
import { readCode } from '../../shared/plate/rules'
import type { redemptionListQuery } from '../../shared/redemption/input'
import { type RedemptionState, whyNotFulfil } from '../../shared/redemption/rules'
import type {
  CatalogueView,
  LookUpView,
  MyRedemption,
  OfferView,
  PointView,
  ProductView,
  RedemptionView,
} from '../../shared/redemption/view'
import type { Relation } from '../../shared/scheme/document'
import { priceOfOffer } from '../../shared/scheme/gates'
import { RELATION_WORDS } from '../../shared/scheme/words'
import { can } from '../../shared/session/permissions'
import { type Actor, holds, inScope, NOWHERE, pathsOf } from '../core/actor'
import { joined, keysOf, type Settled, settled } from '../core/batch'
import { findBy } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, type Prisma, type Reader, underPath } from '../core/db'
import { cursorOf, readCursor } from '../core/input'
import { findLines } from '../fund/draw'
import { balanceOf } from '../ledger/queries'
import { findAccountOfPerson } from '../member/account'
import { kinOf } from '../member/kin'
import { openNames, openPersons } from '../person/vault'
import { findRegionInScope, numbersOf, pathsAbove, regionNames } from '../region/queries'
import { programmeOf, schemeOn } from '../scheme/queries'
import { readShown } from '../text/shown'
import { overdraftOf } from './gate'
import { findHolder, mayRedeemFor, ownPoints } from './policy'
import {
  presentLookUp,
  presentMine,
  presentOffer,
  presentPoint,
  presentProduct,
  presentRedemption,
  type RedemptionRow,
  type Shown,
} from './present'

type PageAsk = { limit: number; cursor?: string | undefined }

const withStocks = { stocks: true } as const

/** What a person may redeem where he is at home, each with the reason why not. What can be had comes first, then the cheapest. */
export async function catalogue(
  db: Db,
  keys: Keys,
  actor: Actor,
  elderId: string | undefined,
  at: Date,
): Promise<CatalogueView> {
  const holder = await findHolder(db, actor, elderId)
  const programme = await programmeOf(db, holder.countyId)
  if (programme === null) return { availableMilliPoints: '0', offers: [], beneficiaries: null }
  const { availableMilliPoints } = await balanceOf(db, await findAccountOfPerson(db, holder.personId, programme.id))
  const spendable = availableMilliPoints + (await overdraftOf(db, holder.regionPath, at))
  const products = await db.product.findMany({
    where: { programmeId: programme.id, active: true, regionPath: { in: pathsAbove(holder.regionPath) } },
    include: withStocks,
    orderBy: [{ priceMilliPoints: 'asc' }, { id: 'asc' }],
  })
  const document = (await schemeOn(db, holder.regionPath, dayOf(at)))?.document
  const priced = products.map((one) => ({ ...one, priceMilliPoints: priceOfOffer(document, one) }))
  const texts = await readShown(
    db,
    priced.map(({ id }) => id),
  )
  const read = priced.map((one) => ({
    ...one,
    ...{ name: texts(one.id, one.name), description: texts(one.id, one.description) },
  }))
  const shown = await showProducts(db, read, at, { activePointsOnly: true })
  const lines = await findLines(db, [holder.regionPath], at)
  const offers = shown.map((product) =>
    presentOffer(product, spendable, whyNotPaid(lines, { ...product, productId: product.id })),
  )
  const canBeHad = (offer: OfferView) => (offer.whyNot === null ? 0 : 1)
  return {
    availableMilliPoints: String(availableMilliPoints),
    offers: offers.sort((a, b) => canBeHad(a) - canBeHad(b)),
    beneficiaries: await beneficiariesOf(db, keys, holder.personId, document?.redeem?.relations),
  }
}

/** Oneself and confirmed relatives, as far as the rules let something be redeemed for them. */
async function beneficiariesOf(
  db: Reader,
  keys: Keys,
  personId: string,
  relations: readonly Relation[] | undefined,
): Promise<CatalogueView['beneficiaries']> {
  if (relations === undefined) return null
  const kin = (await kinOf(db, personId)).filter(({ state }) => state === 'confirmed')
  const otherOf = (row: { personId: string; otherPersonId: string }) =>
    row.personId === personId ? row.otherPersonId : row.personId
  const persons = await openPersons(db, keys, kin.map(otherOf))
  const relatives = kin.flatMap((row) => {
    const relation = relationFor({ ...row, relation: row.relation as Relation }, personId)
    if (!relations.includes(relation)) return []
    return [{ kinId: row.id, words: `${RELATION_WORDS[relation]} ${persons.get(otherOf(row))?.name ?? ''}` }]
  })
  return relations.includes('self') ? [{ kinId: null, words: '自己' }, ...relatives] : relatives
}

/** All products of the places the staff keep and of those above them. */
export async function listProducts(db: Db, actor: Actor, at: Date): Promise<ProductView[]> {
  const below = pathsOf(actor, can('product.read'))
  const products = await db.product.findMany({
    where: {
      OR: [
        { regionPath: { in: [...new Set(below.flatMap(pathsAbove))] } },
        ...below.map((path) => ({ regionPath: underPath(path) })),
      ],
    },
    include: withStocks,
    orderBy: [{ active: 'desc' }, { priceMilliPoints: 'asc' }, { id: 'asc' }],
  })
  return showProducts(db, products, at)
}

export async function findProduct(db: Db, productId: string, at: Date): Promise<ProductView> {
  const product = await db.product.findUniqueOrThrow({ where: { id: productId }, include: withStocks })
  const [view] = await showProducts(db, [product], at)
  return view as ProductView
}

type ProductRow = Prisma.ProductGetPayload<{ include: typeof withStocks }>

async function showProducts(
  db: Reader,
  products: readonly ProductRow[],
  at: Date,
  { activePointsOnly = false } = {},
): Promise<ProductView[]> {
  const points = await db.redemptionPoint.findMany({
    where: {
      id: { in: [...new Set(products.flatMap((one) => one.stocks.map((stock) => stock.pointId)))] },
      ...(activePointsOnly ? { active: true } : {}),
    },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  })
  const regions = await regionNames(
    db,
    products.map((one) => one.regionId),
  )
  return products.map((one) => presentProduct(one, points, regions.get(one.regionId)?.name ?? '', dayOf(at)))
}

/** The points of the actor's counties; staff see the closed ones too. */
export async function listPoints(db: Db, actor: Actor): Promise<PointView[]> {
  const paths = await countyPaths(db, actor)
  const points = await db.redemptionPoint.findMany({
    where: {
      OR: paths.map((path) => ({ regionPath: underPath(path) })),
      ...(actor.roles.length > 0 ? {} : { active: true }),
    },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  })
  const regions = await regionNames(
    db,
    points.map((one) => one.regionId),
  )
  return points.map((one) => presentPoint(one, regions.get(one.regionId)?.name ?? ''))
}

export async function findPoint(db: Db, pointId: string): Promise<PointView> {
  const point = await db.redemptionPoint.findUniqueOrThrow({ where: { id: pointId } })
  const regions = await regionNames(db, [point.regionId])
  return presentPoint(point, regions.get(point.regionId)?.name ?? '')
}

/** The county around each of the actor's places; for a city, the city itself. */
async function countyPaths(db: Reader, actor: Actor): Promise<string[]> {
  const homes = [actor.member, actor.elder, ...actor.proxyOf, ...actor.roles].flatMap((one) =>
    one === null ? [] : [one.regionPath],
  )
  const regions = await db.region.findMany({
    where: { no: { in: [...new Set(homes.flatMap(numbersOf))] } },
    select: { id: true, countyId: true, path: true },
  })
  const counties = regions.filter((one) => one.id === one.countyId).map((one) => one.path)
  return [...new Set(homes.map((home) => counties.find((county) => home.startsWith(county)) ?? home))]
}

/** A redemption of the actor's own, or of an elder he may redeem for. @throws Refusal NOT_FOUND */
export async function findOwnRedemption(db: Reader, actor: Actor, redemptionId: string): Promise<RedemptionRow> {
  const redemption = await db.redemption.findUnique({ where: { id: redemptionId } })
  if (redemption === null) throw new Refusal('NOT_FOUND')
  const owners = await ownPersons(db, actor)
  if (!owners.includes(redemption.personId)) throw new Refusal('NOT_FOUND')
  return redemption
}

async function ownPersons(db: Reader, actor: Actor): Promise<string[]> {
  const elderIds = actor.proxyOf.filter(({ elderId }) => mayRedeemFor(actor, elderId)).map((one) => one.elderId)
  const elders =
    elderIds.length === 0
      ? []
      : await db.elder.findMany({ where: { id: { in: elderIds } }, select: { personId: true } })
  return [actor.personId, ...elders.map((one) => one.personId)]
}

export async function findMine(
  db: Db,
  keys: Keys,
  actor: Actor,
  redemptionId: string,
  publicUrl: string,
): Promise<MyRedemption> {
  const own = await findOwnRedemption(db, actor, redemptionId)
  const [shown] = await asShown(db, await showRedemptions(db, keys, [own]))
  return presentMine(shown as Shown, publicUrl)
}

/** What the actor, or an elder he may redeem for, has redeemed; the latest first. */
export async function listMine(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: PageAsk & { elderId?: string | undefined },
  publicUrl: string,
): Promise<{ items: MyRedemption[]; next: string | null }> {
  const personIds =
    query.elderId === undefined ? await ownPersons(db, actor) : [(await findHolder(db, actor, query.elderId)).personId]
  const { rows, next } = await pageOfRedemptions(db, { personId: { in: personIds } }, query)
  const shown = await asShown(db, await showRedemptions(db, keys, rows))
  return { items: shown.map((one) => presentMine(one, publicUrl)), next }
}

/** The desk sees its regions, a point what is fetched there. */
export async function listRedemptions(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: z.infer<typeof redemptionListQuery>,
): Promise<{ items: RedemptionView[]; next: string | null }> {
  const { rows, next } = await pageOfRedemptions(db, await redemptionsWhere(db, actor, query), query)
  const shown = await showRedemptions(db, keys, rows)
  return { items: shown.map(presentRedemption), next }
}

async function redemptionsWhere(
  db: Db,
  actor: Actor,
  query: z.infer<typeof redemptionListQuery>,
): Promise<Prisma.RedemptionWhereInput> {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('redemption.read', 'redemption.atPoint'), query.regionId)).path
  const atDesk = can('redemption.read').some((role) => holds(actor, role))
  const desk = atDesk ? inScope(actor, can('redemption.read'), within).OR : [NOWHERE]
  // a counter sees what is fetched there, wherever the people live
  const counter = ownPoints(actor).map((pointId) => ({
    pointId,
    ...(within === undefined || !atDesk ? {} : { regionPath: underPath(within) }),
  }))
  return {
    AND: [
      { OR: [...desk, ...counter] },
      query.pointId === undefined ? {} : { pointId: query.pointId },
      query.fundLineId === undefined ? {} : { fundLineId: query.fundLineId },
      query.state === undefined ? {} : { state: query.state },
      query.from === undefined ? {} : { heldAt: { gte: startOfDay(query.from) } },
      query.to === undefined ? {} : { heldAt: { lt: startOfDay(addDays(query.to, 1)) } },
    ],
  }
}

async function pageOfRedemptions(
  db: Reader,
  where: Prisma.RedemptionWhereInput,
  { limit, cursor }: PageAsk,
): Promise<{ rows: RedemptionRow[]; next: string | null }> {
  const after = readCursor(cursor, 2)
  const later: Prisma.RedemptionWhereInput =
    after === null
      ? {}
      : {
          OR: [
            { heldAt: { lt: new Date(Number(after[0])) } },
            { heldAt: new Date(Number(after[0])), id: { lt: after[1] ?? '' } },
          ],
        }
  const rows = await db.redemption.findMany({
    where: { AND: [where, later] },
    orderBy: [{ heldAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    rows: page,
    next: rows.length > limit && last !== undefined ? cursorOf(last.heldAt.getTime(), last.id) : null,
  }
}

/** What a scanned or typed code is for, and whether it may be handed over here and now. @throws Refusal REDEMPTION_CODE */
export async function lookUp(db: Db, keys: Keys, actor: Actor, code: string, at: Date): Promise<LookUpView> {
  const redemption = await findByCode(db, code)
  if (redemption === null || !(await isOfActorsProgramme(db, actor, redemption)))
    throw new Refusal('REDEMPTION_CODE', { field: 'code' })
  const [shown] = await showRedemptions(db, keys, [redemption])
  const points = ownPoints(actor)
  const here = points.find((pointId) => pointId === redemption.pointId) ?? points[0] ?? ''
  return presentLookUp(
    shown as Shown,
    whyNotFulfil({ ...redemption, state: redemption.state as RedemptionState }, here, at),
  )
}

/** The redemption of `…/x/12345678` or of eight typed digits: the held one, else the last that had them. */
export async function findByCode(db: Reader, text: string): Promise<RedemptionRow | null> {
  const read = readCode(text)
  if (read === null || (read.kind !== 'redemption' && read.kind !== 'digits')) return null
  const same = await db.redemption.findMany({ where: { code: read.value }, orderBy: { heldAt: 'desc' }, take: 20 })
  return same.find((one) => one.state === 'held') ?? same[0] ?? null
}

/** A counter of another county learns nothing of it. */
async function isOfActorsProgramme(db: Reader, actor: Actor, redemption: RedemptionRow): Promise<boolean> {
  if (ownPoints(actor).includes(redemption.pointId)) return true
  const programme = await db.programme.findUniqueOrThrow({ where: { id: redemption.programmeId } })
  const region = await db.region.findUniqueOrThrow({ where: { id: programme.regionId } })
  return actor.roles.some((one) => one.role === 'redemptionPoint' && one.regionPath.startsWith(region.path))
}

/** What a counter sees of what it handed over; who hand over at the same moment ask once for all. */
export function findShown(db: Db, keys: Keys, redemptionId: string): Promise<RedemptionView> {
  return shownOf(db, { keys, redemptionId })
}

const shownOf = joined<{ keys: Keys; redemptionId: string }, RedemptionView>({
  apart: () => [],
  work: async (db, asks) => {
    const ids = asks.map(({ redemptionId }) => redemptionId)
    const shown = await showRedemptions(db, keysOf(asks), await findBy(db, 'Redemption', 'id', ids))
    const views = new Map(shown.map((one) => [one.redemption.id, presentRedemption(one)]))
    return ids.map((id): Settled<RedemptionView> => {
      const view = views.get(id)
      return view === undefined ? { answer: null, refusal: new Refusal('NOT_FOUND') } : settled(view)
    })
  },
})

/** With the words for others in place of a name that is hidden; a counter sees the name it hands things over by. */
async function asShown(db: Reader, shown: readonly Shown[]): Promise<Shown[]> {
  const texts = await readShown(
    db,
    shown.map(({ redemption }) => redemption.productId),
  )
  return shown.map((one) =>
    one.product === undefined
      ? one
      : { ...one, product: { ...one.product, name: texts(one.redemption.productId, one.product.name) } },
  )
}

/** A redemption with the names that go with it; a page takes a handful of queries. */
async function showRedemptions(db: Reader, keys: Keys, rows: readonly RedemptionRow[]): Promise<Shown[]> {
  const [products, points, persons, regions] = await Promise.all([
    findBy(
      db,
      'Product',
      'id',
      rows.map((one) => one.productId),
    ),
    findBy(
      db,
      'RedemptionPoint',
      'id',
      rows.map((one) => one.pointId),
    ),
    openNames(
      db,
      keys,
      rows.map((one) => one.personId),
    ),
    regionNames(
      db,
      rows.map((one) => one.regionId),
    ),
  ])
  return rows.map((redemption) => ({
    redemption,
    product: products.find((one) => one.id === redemption.productId),
    point: points.find((one) => one.id === redemption.pointId),
    personName: persons.get(redemption.personId)?.name ?? '',
    regionName: regions.get(redemption.regionId)?.name ?? '',
  }))
}
