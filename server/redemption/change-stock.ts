import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import type { stockInput } from '../../shared/redemption/input'
import { type Actor, mayOver } from '../core/actor'
import type { Db } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'

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
        const { pointId, change } = input
        const product = await tx.product.findUnique({ where: { id: productId } })
        const isOffered =
          product !== null &&
          actor.roles.some(
            ({ role, regionPath }) =>
              ['countyAdmin', 'townStaff'].includes(role) &&
              (regionPath.startsWith(product.regionPath) || product.regionPath.startsWith(regionPath)),
          )
        if (!isOffered) throw new Refusal('NOT_FOUND')
        const point = await tx.redemptionPoint.findUnique({ where: { id: pointId } })
        const isHere =
          point !== null &&
          (point.regionPath.startsWith(product.regionPath) || product.regionPath.startsWith(point.regionPath))
        if (!isHere || !mayOver(actor, ['countyAdmin', 'townStaff'], point.regionPath))
          throw new Refusal('POINT_UNKNOWN', { field: 'pointId' })
        await tx.$executeRaw`INSERT INTO product_stock ("productId", "pointId", "left") VALUES (${productId}, ${pointId}, 0) ON CONFLICT ("productId", "pointId") DO NOTHING`
        const changed = await tx.productStock.updateMany({
          where: { productId, pointId, left: { gte: -change } },
          data: { left: { increment: change } },
        })
        if (changed.count === 0) throw new Refusal('OUT_OF_STOCK', { field: 'change' })
        await logOperation(tx, actor, {
          at,
          action: 'changeStock',
          resource: 'product',
          resourceId: productId,
          regionPath: point.regionPath,
          after: { pointId, change },
        })
        return { id: productId }
      },
    ),
  )
}
