import { addSeconds, dayOf } from '../../shared/core/time'
import type { Db } from '../core/db'
import { longestSetting } from '../region/settings'

/** That a text was found fine is kept as long as that a message was sent; what staff looked at, or what is hidden, stays. */
export async function forgetTexts(db: Db, at: Date): Promise<number> {
  const messageKeepDays = await longestSetting(db, 'messageKeepDays', dayOf(at))
  const { count } = await db.textCheck.deleteMany({
    where: {
      state: { in: ['fine', 'unchecked'] },
      decidedAt: null,
      doneAt: { lt: addSeconds(at, -messageKeepDays * 86_400) },
    },
  })
  return count
}
