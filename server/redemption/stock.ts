import { type Day, dayOf } from '../../shared/core/time'
import { leftOf, periodStart, type StockPeriod } from '../../shared/redemption/rules'
import { type RowOf, updateRows } from '../core/bulk'
import { driverOf, query, type Tx } from '../core/db'

type Row = RowOf<'ProductStock'>
export type Want = { productId: string; pointId: string; pieces: number }

/**
 * Takes pieces from the shelves, first asked first served; a shelf that is filled anew each period is full again in a new
 * one. Locked as it is read, so that of two who want the last piece one gets none.
 *
 * @returns whether each want was met, in order
 */
export async function takeEach(tx: Tx, wants: readonly Want[], day: Day): Promise<boolean[]> {
  const shelves = await findShelves(tx, wants)
  const met = wants.map(({ productId, pointId, pieces }) => {
    const shelf = shelves.find((one) => one.productId === productId && one.pointId === pointId)
    if (shelf === undefined || leftOf(shelf, day) < pieces) return false
    shelf.left = leftOf(shelf, day) - pieces
    shelf.periodFrom = periodStart(shelf.period, day)
    return true
  })
  await keepShelves(
    tx,
    shelves.filter((shelf) =>
      wants.some((want, place) => met[place] && want.productId === shelf.productId && want.pointId === shelf.pointId),
    ),
  )
  return met
}

/** Puts a piece back, unless its shelf was filled anew since it was taken. */
export async function putBack(tx: Tx, want: Want & { heldAt: Date }, day: Day): Promise<void> {
  const [shelf] = await findShelves(tx, [want])
  if (shelf === undefined) return
  const taken = periodStart(shelf.period, dayOf(want.heldAt))
  if (taken !== periodStart(shelf.period, day)) return
  shelf.left = leftOf(shelf, day) + want.pieces
  shelf.periodFrom = periodStart(shelf.period, day)
  await keepShelves(tx, [shelf])
}

/** In the order of their keys, so that no two wait for each other; on SQLite nobody else writes. */
async function findShelves(tx: Tx, wants: readonly Want[]): Promise<(Row & { period: StockPeriod })[]> {
  const lock = driverOf(tx).provider === 'postgresql' ? ' FOR NO KEY UPDATE' : ''
  const productIds = [...new Set(wants.map((one) => one.productId))]
  const pointIds = [...new Set(wants.map((one) => one.pointId))]
  const rows = await query<Row & { period: StockPeriod }>(
    tx,
    `SELECT * FROM product_stock WHERE "productId" IN LIST($1) AND "pointId" IN LIST($2) ORDER BY "productId", "pointId"${lock}`,
    productIds,
    pointIds,
  )
  return rows
}

async function keepShelves(tx: Tx, shelves: readonly Row[]): Promise<void> {
  await updateRows(
    tx,
    'product_stock',
    ['productId', 'pointId'],
    shelves.map(({ productId, pointId, left, periodFrom }) => ({ productId, pointId, left, periodFrom })),
  )
}

/** So that two who fill a shelf at once both count. */
export async function lockStock(tx: Tx, productId: string, pointId: string): Promise<void> {
  await findShelves(tx, [{ productId, pointId, pieces: 0 }])
}
