import { addSeconds, dayOf } from '../../shared/core/time'
import type { Db } from '../core/db'
import { longestSetting } from '../region/settings'

/** Whether something was sent is looked up for some weeks; what it told stays in the list of notices. */
export async function forgetMessages(db: Db, at: Date): Promise<number> {
  const messageKeepDays = await longestSetting(db, 'messageKeepDays', dayOf(at))
  const { count } = await db.message.deleteMany({
    where: { doneAt: { lt: addSeconds(at, -messageKeepDays * 86_400) } },
  })
  return count
}
