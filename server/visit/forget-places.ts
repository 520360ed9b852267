import { addSeconds, dayOf } from '../../shared/core/time'
import type { Db, Tx } from '../core/db'
import { countyPaths } from '../region/queries'
import { settingsAt } from '../region/settings'

const DAY_SECONDS = 86_400
const NOWHERE_KEPT = { placeSealed: null, placeHmac: null }

/**
 * Where phones were is kept no longer than the setting of the county says; how far that was from the plate stays.
 * @returns of how many proofs it was forgotten
 */
export async function forgetPlaces(db: Db, at: Date): Promise<number> {
  let forgotten = 0
  for (const { path } of await countyPaths(db)) {
    const { placeKeepDays } = await settingsAt(db, path, dayOf(at))
    const { count } = await db.visitEvidence.updateMany({
      where: {
        recordedAt: { lt: addSeconds(at, -placeKeepDays * DAY_SECONDS) },
        placeSealed: { not: null },
        visit: { regionPath: { startsWith: path } },
      },
      data: NOWHERE_KEPT,
    })
    forgotten += count
  }
  return forgotten
}

/**
 * Who takes back the consent has no place kept from then on: not where the phone was, nor what tells it apart. How far that
 * was from the door, and how well the visit was proved by it, stays as it was.
 */
export async function forgetPlacesOf(tx: Tx, personId: string): Promise<number> {
  const merged = await tx.person.findMany({ where: { mergedInto: personId }, select: { id: true } })
  const ids = [personId, ...merged.map(({ id }) => id)]
  const { count } = await tx.visitEvidence.updateMany({
    where: { placeSealed: { not: null }, visit: { memberPersonId: { in: ids } } },
    data: NOWHERE_KEPT,
  })
  return count
}
