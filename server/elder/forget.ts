import { dayOf } from '../../shared/core/time'
import type { Db } from '../core/db'
import { logEach } from '../core/operation-log'
import { AT_ONCE, forgetByCounty } from '../region/keep'

/**
 * Photographs of signed authorisations go when the county's time since their last day is over; their hashes stay, and the
 * log of operations says that they went.
 *
 * @returns how many went
 */
export function forgetAuthorisations(db: Db, at: Date): Promise<number> {
  return forgetByCounty(db, 'pictureKeepDays', at, (path, before) => forgetSome(db, path, dayOf(before), at))
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
