import type { Db, Tx } from '../core/db'
import { recordsOf } from '../person/former'
import { forgetByCounty } from '../region/keep'

const NOWHERE_KEPT = { placeSealed: null, placeHmac: null }

/**
 * Where phones were is kept no longer than the setting of the county says; how far that was from the plate stays.
 * @returns of how many proofs it was forgotten
 */
export function forgetPlaces(db: Db, at: Date): Promise<number> {
  return forgetByCounty(db, 'placeKeepDays', at, async (path, before) => {
    const { count } = await db.visitEvidence.updateMany({
      where: { recordedAt: { lt: before }, placeSealed: { not: null }, visit: { regionPath: { startsWith: path } } },
      data: NOWHERE_KEPT,
    })
    return count
  })
}

/**
 * Who takes back the consent has no place kept from then on: not where the phone was, nor what tells it apart. How far that
 * was from the door, and how well the visit was proved by it, stays as it was.
 */
export async function forgetPlacesOf(tx: Tx, personId: string): Promise<number> {
  const ids = await recordsOf(tx, personId)
  const { count } = await tx.visitEvidence.updateMany({
    where: { placeSealed: { not: null }, visit: { memberPersonId: { in: ids } } },
    data: NOWHERE_KEPT,
  })
  return count
}
