import { addSeconds, dayOf } from '../../shared/core/time'
import type { Db } from '../core/db'
import { countyPaths } from '../region/queries'
import { settingsAt } from '../region/settings'

const DAY_SECONDS = 86_400

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
      data: { placeSealed: null, placeHmac: null },
    })
    forgotten += count
  }
  return forgotten
}
