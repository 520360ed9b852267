import { addSeconds } from '../../shared/core/time'
import type { Db } from '../core/db'

const KEPT_DAYS = 400

/** What somebody was told more than a year ago is told no more; what it was about stays where it is. */
export async function forgetNotices(db: Db, at: Date): Promise<number> {
  const { count } = await db.notice.deleteMany({ where: { createdAt: { lt: addSeconds(at, -KEPT_DAYS * 86_400) } } })
  return count
}
