import { addSeconds, dayOf } from '../../shared/core/time'
import type { NumberKey } from '../../shared/region/settings'
import type { Db } from '../core/db'
import { countyPaths } from './queries'
import { settingsAt } from './settings'

/** So many at a time, so that a commit of a job stays short. */
export const AT_ONCE = 200

/**
 * Lets go what each county keeps no longer.
 *
 * @param key the setting that says for how many days it is kept
 * @param forgetSome lets go at most `AT_ONCE` of what is older below a path, and says how many; asked again while it is that many
 * @returns how many went
 */
export async function forgetByCounty(
  db: Db,
  key: NumberKey,
  at: Date,
  forgetSome: (path: string, before: Date) => Promise<number>,
): Promise<number> {
  let forgotten = 0
  for (const { path } of await countyPaths(db)) {
    const { [key]: days } = await settingsAt(db, path, dayOf(at))
    const before = addSeconds(at, -days * 86_400)
    for (let some = AT_ONCE; some === AT_ONCE; forgotten += some) some = await forgetSome(path, before)
  }
  return forgotten
}
