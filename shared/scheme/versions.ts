import type { Day } from '../core/time'
import type { SchemeDocument } from './document'

/** A published scheme of one region from a day on; published versions never change. */
export type SchemeVersion = {
  id: string
  version: number
  regionPath: string
  validFrom: Day
  document: SchemeDocument
}

/**
 * The rules of a place on a day: of the regions along its path the most specific that published any, there the latest that
 * had begun. A town that joined later than its county falls under the county's until its own begin.
 */
export function inForce<V extends { version: number; regionPath: string; validFrom: Day }>(
  versions: readonly V[],
  regionPath: string,
  day: Day,
): V | null {
  let best: V | null = null
  for (const one of versions)
    if (one.validFrom <= day && regionPath.startsWith(one.regionPath) && (best === null || goesBefore(one, best)))
      best = one
  return best
}

function goesBefore(
  a: { version: number; regionPath: string; validFrom: Day },
  b: { version: number; regionPath: string; validFrom: Day },
): boolean {
  if (a.regionPath.length !== b.regionPath.length) return a.regionPath.length > b.regionPath.length
  if (a.validFrom !== b.validFrom) return a.validFrom > b.validFrom
  return a.version > b.version
}
