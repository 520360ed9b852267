import { addSeconds, dayOf } from '../../shared/core/time'
import type { Db } from '../core/db'
import { longestSetting } from '../region/settings'

/** Screens nobody began or ended a visit with go after a while; those that are evidence of one stay with it. */
export async function forgetScreens(db: Db, at: Date): Promise<number> {
  const screenKeepDays = await longestSetting(db, 'screenKeepDays', dayOf(at))
  const unused = {
    expiresAt: { lt: addSeconds(at, -screenKeepDays * 86_400) },
    uses: { none: { visitId: { not: null } } },
  }
  const old = await db.rotatingSession.findMany({ where: unused, select: { id: true }, take: 500 })
  const ids = old.map((one) => one.id)
  return db.$transaction(async (tx) => {
    await tx.rotatingUse.deleteMany({ where: { sessionId: { in: ids }, visitId: null } })
    const { count } = await tx.rotatingSession.deleteMany({ where: { id: { in: ids }, uses: { none: {} } } })
    return count
  })
}
