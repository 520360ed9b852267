import type { Day } from '../../shared/core/time'
import { type NumberKey, SETTINGS, type SettingKey, type SettingValues } from '../../shared/region/settings'
import type { RowOf } from '../core/bulk'
import { databaseOf, query, type Reader } from '../core/db'
import { regionsOfPath } from './queries'

export type SettingInForce = { value: string | number; fromRegionName: string | null; validFrom: Day | null }
export type SettingsInForce = Record<SettingKey, SettingInForce>

/** What is read often is remembered this long; another process may have set something meanwhile. */
const CACHE_MS = 5_000
const CACHE_SIZE = 5_000
const caches = new WeakMap<Reader, Map<string, { values: SettingValues; until: number }>>()

/** The settings of a place on a day: the most specific region wins, then the latest day, then what is standard. */
export async function settingsAt(db: Reader, regionPath: string, day: Day): Promise<SettingValues> {
  const cache = cacheOf(databaseOf(db))
  const key = `${regionPath}|${day}`
  const known = cache.get(key)
  // a monotonic clock, not the time of day: a test's clock or a corrected one must not keep old values
  if (known !== undefined && known.until > performance.now()) return known.values
  const inForce = await settingsInForce(db, regionPath, day)
  const values = Object.fromEntries(Object.entries(inForce).map(([name, one]) => [name, one.value])) as SettingValues
  if (cache.size >= CACHE_SIZE) cache.clear()
  cache.set(key, { values, until: performance.now() + CACHE_MS })
  return values
}

/** The settings of a place with where each comes from; read fresh. */
export async function settingsInForce(db: Reader, regionPath: string, day: Day): Promise<SettingsInForce> {
  const regions = await regionsOfPath(db, regionPath)
  const rows = await query<RowOf<'Setting'>>(
    db,
    `SELECT * FROM setting WHERE "regionId" IN LIST($1) AND "validFrom" <= $2 ORDER BY "validFrom" DESC, "version" DESC`,
    regions.map((one) => one.id),
    day,
  )
  const found = Object.entries(SETTINGS).map(([key, spec]): [string, SettingInForce] => {
    for (const region of [...regions].reverse()) {
      const row = rows.find((one) => one.regionId === region.id && one.key === key)
      if (row !== undefined)
        return [
          key,
          { value: JSON.parse(row.value) as string | number, fromRegionName: region.name, validFrom: row.validFrom },
        ]
    }
    return [key, { value: spec.standard, fromRegionName: null, validFrom: null }]
  })
  return Object.fromEntries(found) as SettingsInForce
}

/**
 * How long something is kept that belongs to no place: as long as the place that wants it longest, else as is standard. One
 * place alone can make it shorter, several can't take it from each other.
 */
export async function longestSetting(db: Reader, key: NumberKey, day: Day): Promise<number> {
  const rows = await query<Pick<RowOf<'Setting'>, 'regionId' | 'value'>>(
    db,
    `SELECT "regionId", "value" FROM setting WHERE "key" = $1 AND "validFrom" <= $2 ORDER BY "validFrom" DESC, "version" DESC`,
    key,
    day,
  )
  const inForce = new Map<string, number>()
  for (const { regionId, value } of rows) if (!inForce.has(regionId)) inForce.set(regionId, Number(JSON.parse(value)))
  return inForce.size === 0 ? SETTINGS[key].standard : Math.max(...inForce.values())
}

/** After a setting or the tree changed, this process answers anew at once. */
export function forgetSettings(db: Reader): void {
  caches.delete(databaseOf(db))
}

function cacheOf(db: Reader) {
  const known = caches.get(db)
  if (known !== undefined) return known
  const made = new Map<string, { values: SettingValues; until: number }>()
  caches.set(db, made)
  return made
}
