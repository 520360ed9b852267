import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Reader } from '../core/db'
import { toPage } from '../core/input'
import { cursorAfter, findOrders, showOrders, whereOfList } from './queries'

type OrderListQuery = Parameters<typeof whereOfList>[2] & { limit: number; cursor?: string | undefined }

/** Orders the actor may see, the newest first. */
export async function listOrders(db: Reader, keys: Keys, actor: Actor, query: OrderListQuery, at: Date) {
  const rows = await findOrders(db, await whereOfList(db, actor, query, at), {
    cursor: query.cursor,
    take: query.limit + 1,
  })
  const shown = new Map((await showOrders(db, keys, actor, rows, at)).map((order) => [order.id, order]))
  return toPage(rows, query.limit, ({ id }) => shown.get(id) as NonNullable<ReturnType<typeof shown.get>>, cursorAfter)
}
