import { addSeconds, dayOf } from '../../shared/core/time'
import type { Db } from '../core/db'
import { longestSetting } from '../region/settings'

/** Drafts that came to nothing go with their trials; what was published stays, and so does what waits for a second person. */
export async function forgetDrafts(db: Db, at: Date): Promise<number> {
  const draftKeepDays = await longestSetting(db, 'draftKeepDays', dayOf(at))
  const old = await db.schemeDraft.findMany({
    where: { state: { in: ['draft', 'withdrawn'] }, changedAt: { lt: addSeconds(at, -draftKeepDays * 86_400) } },
    select: { id: true },
    take: 500,
  })
  const ids = old.map((one) => one.id)
  return db.$transaction(async (tx) => {
    await tx.schemeTrial.deleteMany({ where: { draftId: { in: ids } } })
    const { count } = await tx.schemeDraft.deleteMany({
      where: { id: { in: ids }, state: { in: ['draft', 'withdrawn'] } },
    })
    return count
  })
}
