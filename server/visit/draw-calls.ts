import { addSeconds } from '../../shared/core/time'
import { insertNew } from '../core/bulk'
import type { Keys } from '../core/config'
import { blindIndex } from '../core/crypto'
import { type Db, query, type Reader, type Tx, transact } from '../core/db'
import { readSettings } from './settings'

/** What began longer ago was looked at before. */
const WITHIN_SECONDS = 3 * 86_400
/** Below this a visit of an elder without a phone is always asked about. */
const WEAK_LEVEL = 1

type Ended = { id: string; regionPath: string; day: string; level: number; phones: bigint }

/**
 * Puts visits on the list of calls: all that were proved weakly at elders without a phone, and of the others as many in a
 * hundred as the place asks. Whom the lot falls on can't be known beforehand, and asked again it is the same.
 *
 * @returns how many came on the list
 */
export async function drawCalls(db: Db, keys: Keys, at: Date): Promise<number> {
  const ended = await query<Ended>(
    db,
    `SELECT v."id", v."regionPath", v."day", v."level",
       (SELECT COUNT(*) FROM visit_elder AS e JOIN elder AS o ON o."id" = e."elderId"
        WHERE e."visitId" = v."id" AND o."ownPhone") AS "phones"
     FROM visit AS v
     WHERE v."state" IN ('finished', 'confirmed', 'approved') AND v."checkInAt" >= $1 AND v."siteId" IS NULL
       AND NOT EXISTS (SELECT 1 FROM call_draw AS d WHERE d."visitId" = v."id")`,
    addSeconds(at, -WITHIN_SECONDS),
  )
  return transact(db, (tx) => draw(tx, keys, ended, at))
}

/** The same for visits another verb has just written. */
export async function drawForVisits(tx: Tx, keys: Keys, visitIds: readonly string[], at: Date): Promise<number> {
  const rows = await query<Omit<Ended, 'phones'>>(
    tx,
    `SELECT "id", "regionPath", "day", "level" FROM visit WHERE "id" IN LIST($1)`,
    [...visitIds],
  )
  const phones = await phonesOf(tx, visitIds)
  return draw(
    tx,
    keys,
    rows.map((row) => ({ ...row, phones: phones.get(row.id) ?? 0n })),
    at,
  )
}

async function phonesOf(db: Reader, visitIds: readonly string[]): Promise<Map<string, bigint>> {
  const rows = await query<{ visitId: string; phones: bigint }>(
    db,
    `SELECT e."visitId", COUNT(*) AS "phones" FROM visit_elder AS e JOIN elder AS o ON o."id" = e."elderId"
     WHERE e."visitId" IN LIST($1) AND o."ownPhone" GROUP BY e."visitId"`,
    [...visitIds],
  )
  return new Map(rows.map(({ visitId, phones }) => [visitId, phones]))
}

async function draw(tx: Tx, keys: Keys, ended: readonly Ended[], at: Date): Promise<number> {
  const settings = await readSettings(tx, ended)
  const rows = ended.flatMap(({ id, regionPath, day, level, phones }) => {
    const isWeak = level <= WEAK_LEVEL && Number(phones) === 0
    const isDrawn = lotOf(keys, id) < settings(regionPath, day).callSamplePercent
    if (!isWeak && !isDrawn) return []
    return [{ visitId: id, regionPath, reason: isWeak ? 'weak' : 'sample', drawnAt: at, closedAt: null }]
  })
  return (await insertNew(tx, 'call_draw', rows, 'visitId')).length
}

/** 0–99.99. Phones make the ids of their visits, so the id alone would let somebody choose. */
function lotOf(keys: Keys, visitId: string): number {
  return (Number.parseInt(blindIndex(keys.index, 'call', visitId).slice(0, 8), 16) % 10_000) / 100
}
