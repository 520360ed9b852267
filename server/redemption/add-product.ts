import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { addProductInput, ProductInput } from '../../shared/redemption/input'
import { compileForPerson } from '../../shared/scheme/fields'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import type { Db } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { findPlaceInScope } from '../region/queries'
import { programmeOf } from '../scheme/queries'
import { queueAgain, queueTexts } from '../text/queue'

/**
 * Offers something for points in a place and all below it. Points come with `changeStock`.
 * @throws Refusal NO_SCHEME where no programme was opened, AMOUNT for a price of nothing (a meal may cost none), EXPRESSION
 */
export async function addProduct(
  db: Db,
  actor: Actor,
  input: z.infer<typeof addProductInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'addProduct', input, at }, async () => {
      const { id, regionId, ...product } = input
      const region = await findPlaceInScope(tx, actor, can('product.keep'), regionId, dayOf(at))
      const programme = await programmeOf(tx, region.countyId)
      if (programme === null) throw new Refusal('NO_SCHEME')
      await tx.product.create({
        data: { id, regionId, regionPath: region.path, programmeId: programme.id, ...columnsOf(product) },
      })
      await queueTexts(tx, [{ id, kind: 'product', byPersonId: actor.personId, regionPath: region.path }], at)
      await logOperation(tx, actor, {
        at,
        action: 'add',
        resource: 'product',
        resourceId: id,
        regionPath: region.path,
        after: product,
      })
      return { id }
    }),
  )
}

/** Replaces what is said of a product; what is held already keeps its price. */
export async function changeProduct(
  db: Db,
  actor: Actor,
  productId: string,
  input: ProductInput,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const before = await tx.product.findFirst({ where: { id: productId, ...inScope(actor, can('product.keep')) } })
    if (before === null) throw new Refusal('NOT_FOUND')
    await tx.product.update({ where: { id: productId }, data: columnsOf(input) })
    const { id, regionId, regionPath, programmeId, priceMilliPoints, ...rest } = before
    if (before.name !== input.name || before.description !== input.description)
      await queueAgain(tx, { id, kind: 'product', byPersonId: actor.personId, regionPath }, at)
    const was = { ...rest, priceMilliPoints: String(priceMilliPoints) }
    await logOperation(tx, actor, {
      at,
      action: 'change',
      resource: 'product',
      resourceId: id,
      regionPath,
      before: was,
      after: input,
    })
    return { id }
  })
}

function columnsOf({ priceMilliPoints, ...rest }: ProductInput) {
  const price = BigInt(priceMilliPoints)
  if (price <= 0n && rest.kind !== 'meal') throw new Refusal('AMOUNT', { field: 'priceMilliPoints' })
  if (rest.mealTime !== null && rest.kind !== 'meal') throw new Refusal('BAD_INPUT', { field: 'mealTime' })
  const rule = rest.whoRule === '' ? null : compileForPerson(rest.whoRule)
  if (rule !== null && !rule.ok) throw new Refusal('EXPRESSION', { field: 'whoRule', ...rule.error })
  return { ...rest, priceMilliPoints: price }
}
