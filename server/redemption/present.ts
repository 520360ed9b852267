import type { RefusalCode } from '../../shared/core/refusals'
import type { Day } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import {
  fulfilSentence,
  leftOf,
  missingPoints,
  type RedemptionState,
  type StockPeriod,
  whyNotRedeem,
  whyNotSentence,
} from '../../shared/redemption/rules'
import type {
  LookUpView,
  MyRedemption,
  OfferView,
  PointView,
  ProductView,
  RedemptionView,
} from '../../shared/redemption/view'
import { compileForPerson } from '../../shared/scheme/fields'
import type { Db } from '../core/db'

export type RedemptionRow = Awaited<ReturnType<Db['redemption']['findUniqueOrThrow']>>
type PointRow = Awaited<ReturnType<Db['redemptionPoint']['findUniqueOrThrow']>>
type ProductRow = Awaited<ReturnType<Db['product']['findUniqueOrThrow']>> & {
  stocks: { pointId: string; left: number; perPeriod: number; period: string; periodFrom: string }[]
}
/** A redemption with the names around it. */
export type Shown = {
  redemption: RedemptionRow
  product: { name: string; icon: string } | undefined
  point: PointRow | undefined
  personName: string
  regionName: string
}

export function presentPoint(point: PointRow, regionName: string): PointView {
  const { id, name, address, phone, openingHours, active, regionId } = point
  return { id, name, address, phone, openingHours, active, regionId, regionName }
}

/** @param points in the order they are shown; a stock at another point is left out */
export function presentProduct(
  product: ProductRow,
  points: readonly PointRow[],
  regionName: string,
  day: Day,
): ProductView {
  const rule = product.whoRule === '' ? null : compileForPerson(product.whoRule)
  return {
    id: product.id,
    name: product.name,
    icon: product.icon,
    kind: product.kind as ProductView['kind'],
    description: product.description,
    priceMilliPoints: String(product.priceMilliPoints),
    costFen: product.costFen,
    holdHours: product.holdHours,
    mostAtOnce: product.mostAtOnce,
    mealTime: product.mealTime as ProductView['mealTime'],
    whoRule: product.whoRule,
    whoSaid: rule === null ? '' : rule.ok ? rule.said : product.whoRule,
    active: product.active,
    regionId: product.regionId,
    regionName,
    stocks: points.flatMap(({ id, name, address, openingHours }) => {
      const stock = product.stocks.find((one) => one.pointId === id)
      if (stock === undefined) return []
      const shelf = { ...stock, period: stock.period as StockPeriod }
      const { period, perPeriod } = shelf
      return [{ pointId: id, pointName: name, address, openingHours, left: leftOf(shelf, day), period, perPeriod }]
    }),
  }
}

/** @param whyNotPaid why no money stands behind it; said when nothing nearer is missing */
export function presentOffer(
  product: ProductView,
  availableMilliPoints: bigint,
  whyNotPaid: RefusalCode | null,
): OfferView {
  const offer = {
    active: product.active,
    priceMilliPoints: BigInt(product.priceMilliPoints),
    left: product.stocks.reduce((sum, one) => sum + one.left, 0),
  }
  const missing = missingPoints(offer, availableMilliPoints)
  const whyNot = whyNotRedeem(offer, availableMilliPoints) ?? whyNotPaid
  return {
    ...product,
    whyNot,
    whyNotSentence: whyNotSentence(whyNot, missing),
    missingMilliPoints: missing === null ? null : String(missing),
  }
}

export function presentRedemption({ redemption, product, point, personName, regionName }: Shown): RedemptionView {
  return {
    id: redemption.id,
    state: redemption.state as RedemptionState,
    productName: product?.name ?? '',
    productIcon: product?.icon ?? '',
    quantity: redemption.quantity,
    priceMilliPoints: String(redemption.priceMilliPoints),
    costFen: redemption.costFen,
    pointId: redemption.pointId,
    pointName: point?.name ?? '',
    pointAddress: point?.address ?? '',
    pointPhone: point?.phone ?? '',
    openingHours: point?.openingHours ?? '',
    personMaskedName: maskName(personName),
    heldAt: redemption.heldAt.toISOString(),
    expiresAt: redemption.expiresAt.toISOString(),
    resolvedAt: redemption.resolvedAt?.toISOString() ?? null,
    regionId: redemption.regionId,
    regionName,
  }
}

/** With the code, as long as something can be fetched with it. */
export function presentMine(shown: Shown, publicUrl: string): MyRedemption {
  const { state, code } = shown.redemption
  const isHeld = state === 'held'
  return { ...presentRedemption(shown), code: isHeld ? code : null, qr: isHeld ? `${publicUrl}/x/${code}` : null }
}

export function presentLookUp(shown: Shown, whyNot: RefusalCode | null): LookUpView {
  const redemption = presentRedemption(shown)
  const { resolvedAt } = shown.redemption
  return { redemption, whyNot, whyNotSentence: fulfilSentence(whyNot, { resolvedAt, pointName: redemption.pointName }) }
}
