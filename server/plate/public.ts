import { dayOf } from '../../shared/core/time'
import type { PublicPlate } from '../../shared/plate/view'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { settingsAt } from '../region/settings'
import { programmeNameAt } from './print'
import { findPlate } from './queries'
import { findScreenOf } from './rotating'

/** What any camera may learn from a code: who runs it and whom to call. Nothing about who lives there. */
export async function findPublicPlate(db: Db, keys: Keys, token: string, at: Date): Promise<PublicPlate> {
  const found = await findPlate(db, keys, token)
  const screen = found === null ? await findScreenOf(db, keys, token, at) : null
  const path = found?.plate.regionPath ?? screen?.regionPath ?? '/'
  const { agencyName, hotline } = await settingsAt(db, path, dayOf(at))
  return {
    state: found?.state ?? (screen === null ? 'unknown' : 'inForce'),
    agencyName,
    hotline,
    programmeName: await programmeNameAt(db, path),
  }
}
