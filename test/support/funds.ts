import { randomUUID } from 'node:crypto'
import { dayOf } from '../../shared/core/time'
import type { Place, World } from './world'

/** Money of a region for the year of the clock, as two persons would have agreed to it. */
export async function addFund(
  { db, places, clock }: Pick<World, 'db' | 'places' | 'clock'>,
  given: {
    place?: Place
    budgetFen?: bigint
    year?: number
    priority?: number
    kinds?: string
    productIds?: string
  } = {},
): Promise<string> {
  const place = given.place ?? places.county
  const { id } = await db.fundLine.create({
    data: {
      id: randomUUID(),
      regionId: place.id,
      regionPath: place.path,
      year: given.year ?? Number(dayOf(clock.now).slice(0, 4)),
      name: '福彩公益金',
      source: 'welfareLottery',
      kinds: given.kinds ?? '',
      productIds: given.productIds ?? '',
      priority: given.priority ?? 10,
      active: true,
      budgetFen: given.budgetFen ?? 100_000_000n,
    },
  })
  return id
}
