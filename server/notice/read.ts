import { Refusal } from '../../shared/core/refusals'
import type { Actor } from '../core/actor'
import type { Db } from '../core/db'

/** Notes that somebody read what he was told. Asked again nothing changes. @throws Refusal NOT_FOUND for another's */
export async function readNotice(db: Db, actor: Actor, id: string, at: Date): Promise<{ id: string }> {
  const notice = await db.notice.findUnique({ where: { id }, select: { personId: true } })
  if (notice?.personId !== actor.personId) throw new Refusal('NOT_FOUND')
  await db.notice.updateMany({ where: { id, readAt: null }, data: { readAt: at } })
  return { id }
}

/** The same for all that waits. */
export async function readAllNotices(db: Db, actor: Actor, at: Date): Promise<{ unread: number }> {
  await db.notice.updateMany({
    where: { personId: actor.personId, readAt: null, createdAt: { lte: at } },
    data: { readAt: at },
  })
  return { unread: await db.notice.count({ where: { personId: actor.personId, readAt: null } }) }
}
