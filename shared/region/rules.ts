import type { RefusalCode } from '../core/refusals'
import type { Day } from '../core/time'
import { SETTINGS } from './settings'

/** A county, and a zone that governs like one, own the programme of everything below them. */
export const COUNTY_LEVEL = 3

export type Kind = { code: string; level: number }

/**
 * Why a region of this kind can't lie right below one of that kind. Levels may be left out (a zone has villages), and a
 * zone may govern like a county or like a town: it lies below either.
 */
export function whyNotBelow(kind: Kind, parent: Kind): RefusalCode | null {
  return kind.level > parent.level || (kind.code === 'zone' && kind.level === parent.level) ? null : 'REGION_KIND'
}

/** Why a region can't be given another parent: it would lie below itself, or above where it may. */
export function whyNotMoveRegion(
  region: { path: string; kind: Kind },
  parent: { path: string; kind: Kind },
): RefusalCode | null {
  return parent.path.startsWith(region.path) ? 'REGION_KIND' : whyNotBelow(region.kind, parent.kind)
}

/** Why a change of the tree can't begin on this day: what was recorded under the old tree stays recorded. */
export function whyNotFrom(validFrom: Day, today: Day): RefusalCode | null {
  return validFrom < today ? 'DATE_IN_PAST' : null
}

/** Why this value can't be set: unknown, of the wrong kind, or outside its limits. */
export function whyNotSetting(key: string, value: string | number): RefusalCode | null {
  if (!Object.hasOwn(SETTINGS, key)) return 'SETTING_UNKNOWN'
  const spec = SETTINGS[key as keyof typeof SETTINGS]
  if (spec.kind === 'text') {
    if (typeof value !== 'string') return 'BAD_INPUT'
    return value.trim() === '' ? 'REQUIRED' : null
  }
  return typeof value === 'number' && value >= spec.least && value <= spec.most ? null : 'BAD_INPUT'
}
