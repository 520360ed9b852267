import { addSeconds, dayOf } from '../../shared/core/time'
import type { Db } from '../core/db'
import { longestSetting } from '../region/settings'

/** What somebody was told long ago is told no more; what it was about stays where it is. */
export async function forgetNotices(db: Db, at: Date): Promise<number> {
  const noticeKeepDays = await longestSetting(db, 'noticeKeepDays', dayOf(at))
  const { count } = await db.notice.deleteMany({
    where: { createdAt: { lt: addSeconds(at, -noticeKeepDays * 86_400) } },
  })
  return count
}
