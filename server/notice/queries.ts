import type { z } from 'zod'
import type { noticeListQuery } from '../../shared/notice/input'
import type { NoticeView } from '../../shared/notice/view'
import type { Actor } from '../core/actor'
import type { Db } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'

/** What somebody was told, the newest first. */
export async function listNotices(
  db: Db,
  actor: Actor,
  query: z.infer<typeof noticeListQuery>,
): Promise<{ items: NoticeView[]; next: string | null }> {
  const before = readCursor(query.cursor, 2)
  const createdAt = new Date(before?.[0] ?? 0)
  const rows = await db.notice.findMany({
    where: {
      personId: actor.personId,
      ...(before === null
        ? {}
        : { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: before[1] as string } }] }),
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  })
  return toPage(
    rows,
    query.limit,
    ({ id, kind, title, body, phoneLink, deskLink, createdAt, readAt }) => ({
      ...{ id, kind, title, body, phoneLink, deskLink },
      ...{ createdAt: createdAt.toISOString(), isRead: readAt !== null },
    }),
    (row) => cursorOf(row.createdAt.toISOString(), row.id),
  )
}

export async function countUnread(db: Db, actor: Actor): Promise<{ unread: number }> {
  return { unread: await db.notice.count({ where: { personId: actor.personId, readAt: null } }) }
}
