import { addSeconds, dayOf } from '../../shared/core/time'
import type { Db } from '../core/db'
import { longestSetting } from '../region/settings'

const DAY_SECONDS = 86_400

/** Sessions that are over, desk codes and counted guesses are kept no longer than the setting says. */
export async function forgetSessions(db: Db, at: Date): Promise<void> {
  const sessionKeepDays = await longestSetting(db, 'sessionKeepDays', dayOf(at))
  const before = addSeconds(at, -sessionKeepDays * DAY_SECONDS)
  await db.session.deleteMany({ where: { OR: [{ revokedAt: { lt: before } }, { expiresAt: { lt: before } }] } })
  await db.deskCode.deleteMany({ where: { expiresAt: { lt: before } } })
  await db.rateLimit.deleteMany({ where: { until: { lt: before } } })
}
