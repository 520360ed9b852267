import { type Db, query, underPath } from '../core/db'
import { logEach } from '../core/operation-log'
import { AT_ONCE, forgetByCounty } from '../region/keep'

/**
 * Photographs of paper go when the county's time since the decision is over, rejected ones too; their hashes stay, and the
 * log of operations says that they went.
 *
 * @returns how many went
 */
export function forgetPaperPictures(db: Db, at: Date): Promise<number> {
  return forgetByCounty(db, 'pictureKeepDays', at, (path, before) => forgetSome(db, path, before, at))
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
