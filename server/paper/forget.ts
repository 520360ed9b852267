import { addSeconds, dayOf } from '../../shared/core/time'
import { type Db, query, underPath } from '../core/db'
import { logEach } from '../core/operation-log'
import { countyPaths } from '../region/queries'
import { settingsAt } from '../region/settings'

const AT_ONCE = 200

/**
 * Photographs of paper go when the county's time since the decision is over, rejected ones too; their hashes stay, and the
 * log of operations says that they went.
 *
 * @returns how many went
 */
export async function forgetPaperPictures(db: Db, at: Date): Promise<number> {
  let forgotten = 0
  for (const { path } of await countyPaths(db)) {
    const { pictureKeepDays } = await settingsAt(db, path, dayOf(at))
    const before = addSeconds(at, -pictureKeepDays * 86_400)
    let some: number
    do {
      some = await forgetSome(db, path, before, at)
      forgotten += some
    } while (some === AT_ONCE)
  }
  return forgotten
}

async function forgetSome(db: Db, path: string, before: Date, at: Date): Promise<number> {
  const { gte, lt } = underPath(path)
  const old = await query<{ id: string; batchId: string; hash: string; regionPath: string }>(
    db,
    `SELECT p."id", p."batchId", p."hash", b."regionPath" FROM paper_picture AS p JOIN paper_batch AS b ON b."id" = p."batchId"
     WHERE p."sealed" IS NOT NULL AND b."decidedAt" < $1 AND b."regionPath" >= $2 AND b."regionPath" < $3 LIMIT ${AT_ONCE}`,
    before,
    gte,
    lt,
  )
  if (old.length === 0) return 0
  await db.$transaction(async (tx) => {
    await tx.paperPicture.updateMany({ where: { id: { in: old.map(({ id }) => id) } }, data: { sealed: null } })
    await logEach(
      tx,
      old.map(({ batchId, hash, regionPath }) => ({
        ...{ actor: null, at, action: 'forgetPicture', resource: 'paper', resourceId: batchId, regionPath },
        after: { hash },
      })),
    )
  })
  return old.length
}
