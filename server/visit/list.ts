import type { VisitListQuery } from '../../shared/visit/input'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Prisma, Reader } from '../core/db'
import { toPage } from '../core/input'
import { cursorAfter, findVisits, whereOfDesk } from './queries'
import { showVisits } from './show'

type PageOf = { limit: number; cursor?: string | undefined }

/** Visits of the desk's regions, the newest first. */
export async function listVisits(db: Reader, keys: Keys, actor: Actor, query: VisitListQuery, at: Date) {
  return pageOfVisits(db, keys, actor, await whereOfDesk(db, actor, query), query, at)
}

export async function pageOfVisits(
  db: Reader,
  keys: Keys,
  actor: Actor,
  where: Prisma.VisitWhereInput,
  page: PageOf,
  at: Date,
) {
  const rows = await findVisits(db, where, { cursor: page.cursor, take: page.limit + 1 })
  const shown = new Map((await showVisits(db, keys, actor, rows, at)).map((one) => [one.id, one]))
  return toPage(rows, page.limit, ({ id }) => shown.get(id) as NonNullable<ReturnType<typeof shown.get>>, cursorAfter)
}
