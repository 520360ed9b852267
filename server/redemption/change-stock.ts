import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { type Day, dayOf } from '../../shared/core/time'
import type { stockInput } from '../../shared/redemption/input'
import { leftOf, periodStart, type StockPeriod } from '../../shared/redemption/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import type { Db, Tx } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { lockStock } from './stock'

/**
 * Puts pieces on the shelf of a point in the actor's regions, or takes them off; never below what is left.
 * @throws Refusal NOT_FOUND, POINT_UNKNOWN, OUT_OF_STOCK
 */
export async function changeStock(
  db: Db,
  actor: Actor,
  productId: string,
  input: z.infer<typeof stockInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'changeStock', input: { productId, ...input }, at },
      async () => {
        const { pointId, change, period, perPeriod } = input
        const product = await tx.product.findUnique({ where: { id: productId } })
        const isOffered =
          product !== null &&
          actor.roles.some(
            ({ role, regionPath }) =>
              can('product.stock').includes(role) &&
              (regionPath.startsWith(product.regionPath) || product.regionPath.startsWith(regionPath)),
          )
        if (!isOffered) throw new Refusal('NOT_FOUND')
        const point = await tx.redemptionPoint.findUnique({ where: { id: pointId } })
        const isHere =
          point !== null &&
          (point.regionPath.startsWith(product.regionPath) || product.regionPath.startsWith(point.regionPath))
        if (!isHere || !mayOver(actor, can('product.stock'), point.regionPath))
          throw new Refusal('POINT_UNKNOWN', { field: 'pointId' })
        await tx.$executeRaw`INSERT INTO product_stock ("productId", "pointId", "left") VALUES (${productId}, ${pointId}, 0) ON CONFLICT ("productId", "pointId") DO NOTHING`
        await fill(tx, { productId, pointId, change, period, perPeriod }, dayOf(at))
        await logOperation(tx, actor, {
          at,
          action: 'changeStock',
          resource: 'product',
          resourceId: productId,
          regionPath: point.regionPath,
          after: { pointId, change, period, perPeriod },
        })
        return { id: productId }
      },
    ),
  )
}

type Filling = {
  productId: string
  pointId: string
  change: number
  period: StockPeriod | undefined
  perPeriod: number | undefined
}

/** What is there today, more or less; and, where it is said, how full the shelf is from now on when a period begins. */
async function fill(tx: Tx, { productId, pointId, change, period, perPeriod }: Filling, day: Day): Promise<void> {
  const where = { productId_pointId: { productId, pointId } }
  await lockStock(tx, productId, pointId)
  const row = await tx.productStock.findUniqueOrThrow({ where })
  const shelf = { ...row, period: row.period as StockPeriod }
  const next = { period: period ?? shelf.period, perPeriod: perPeriod ?? shelf.perPeriod }
  const isRefilled = period !== undefined && period !== 'never'
  const left = (isRefilled ? next.perPeriod : leftOf(shelf, day)) + change
  if (left < 0) throw new Refusal('OUT_OF_STOCK', { field: 'change' })
  await tx.productStock.update({ where, data: { ...next, left, periodFrom: periodStart(next.period, day) } })
}
