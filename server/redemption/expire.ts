import type { Db } from '../core/db'
import { release } from './release'

const BATCH = 500

/** Gives back what nobody fetched in time: points to the holder, the piece to the shelf. Answers how many. */
export async function expireRedemptions(db: Db, at: Date): Promise<number> {
  let expired = 0
  while (true) {
    const late = await db.redemption.findMany({
      where: { state: 'held', expiresAt: { lt: at } },
      orderBy: { expiresAt: 'asc' },
      take: BATCH,
    })
    for (const one of late) {
      // one by one: a redemption that is being handed over this moment only loses itself
      const released = await db.$transaction((tx) => release(tx, one, { state: 'expired', byId: 'clock' }, at))
      if (released) expired += 1
    }
    if (late.length < BATCH) return expired
  }
}
