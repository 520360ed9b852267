import { dayOf } from '../../shared/core/time'
import { leftOf, MEAL_TIMES, type MealTime, type StockPeriod } from '../../shared/redemption/rules'
import type { MealView } from '../../shared/redemption/view'
import type { Actor } from '../core/actor'
import type { Db } from '../core/db'
import { ownPoints } from './policy'

/** The meals served by card at the actor's own points, in the order of the day, with how many had them today. */
export async function listMeals(db: Db, actor: Actor, at: Date): Promise<MealView[]> {
  const day = dayOf(at)
  const stocks = await db.productStock.findMany({
    where: { pointId: { in: ownPoints(actor) }, product: { kind: 'meal', active: true, mealTime: { not: null } } },
    include: { product: true },
  })
  const served = await db.redemption.groupBy({
    by: ['productId', 'pointId'],
    where: { pointId: { in: ownPoints(actor) }, mealDay: day, state: 'fulfilled' },
    _count: { id: true },
  })
  return stocks
    .map(({ product, pointId, ...shelf }) => ({
      productId: product.id,
      pointId,
      name: product.name,
      mealTime: product.mealTime as MealTime,
      priceMilliPoints: String(product.priceMilliPoints),
      left: leftOf({ ...shelf, period: shelf.period as StockPeriod }, day),
      servedToday: served.find((one) => one.productId === product.id && one.pointId === pointId)?._count.id ?? 0,
    }))
    .sort((a, b) => MEAL_TIMES.indexOf(a.mealTime) - MEAL_TIMES.indexOf(b.mealTime) || (a.name < b.name ? -1 : 1))
}
