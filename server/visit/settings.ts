import type { Day } from '../../shared/core/time'
import type { SettingValues } from '../../shared/region/settings'
import type { Reader } from '../core/db'
import { settingsAt } from '../region/settings'

export type SettingsOf = (regionPath: string, day: Day) => SettingValues

/** The settings of many places and days, each read once. */
export async function readSettings(
  db: Reader,
  places: readonly { regionPath: string; day: Day }[],
): Promise<SettingsOf> {
  const values = new Map<string, SettingValues>()
  for (const { regionPath, day } of places) {
    const key = `${regionPath} ${day}`
    if (!values.has(key)) values.set(key, await settingsAt(db, regionPath, day))
  }
  return (regionPath, day) => {
    const found = values.get(`${regionPath} ${day}`)
    if (found === undefined) throw new Error(`settings of ${regionPath} on ${day} were not read`)
    return found
  }
}
