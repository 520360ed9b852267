import { addSeconds, dayOf } from '../../shared/core/time'
import type { Db } from '../core/db'
import { logEach } from '../core/operation-log'
import { countyPaths } from '../region/queries'
import { settingsAt } from '../region/settings'

const AT_ONCE = 200

/**
 * Photographs of signed authorisations go when the county's time since their last day is over; their hashes stay, and the
 * log of operations says that they went.
 *
 * @returns how many went
 */
export async function forgetAuthorisations(db: Db, at: Date): Promise<number> {
  let forgotten = 0
  for (const { path } of await countyPaths(db)) {
    const { pictureKeepDays } = await settingsAt(db, path, dayOf(at))
    const lastDay = dayOf(addSeconds(at, -pictureKeepDays * 86_400))
    let some: number
    do {
      some = await forgetSome(db, path, lastDay, at)
      forgotten += some
    } while (some === AT_ONCE)
  }
  return forgotten
}

async function forgetSome(db: Db, path: string, lastDay: string, at: Date): Promise<number> {
  const old = await db.proxyInvitation.findMany({
    where: { paperSealed: { not: null }, validTo: { lt: lastDay }, regionPath: { startsWith: path } },
    select: { id: true, elderId: true, regionPath: true, paperHash: true },
    take: AT_ONCE,
  })
  if (old.length === 0) return 0
  await db.$transaction(async (tx) => {
    await tx.proxyInvitation.updateMany({ where: { id: { in: old.map(({ id }) => id) } }, data: { paperSealed: null } })
    await logEach(
      tx,
      old.map(({ elderId, paperHash, regionPath }) => ({
        ...{ actor: null, at, action: 'forgetPicture', resource: 'elder', resourceId: elderId, regionPath },
        after: { hash: paperHash },
      })),
    )
  })
  return old.length
}
