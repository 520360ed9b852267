import type { Day } from '../../shared/core/time'
import type { SchemeDocument } from '../../shared/scheme/document'
import type { Reader } from '../core/db'

export type SchemeInForce = { id: string; version: number; programmeId: string; document: SchemeDocument }
type Row = { id: string; version: number; programmeId: string; document: string }

const SHOWN = { id: true, version: true, programmeId: true, document: true } as const

/**
 * The rules in force at a place on a day: of the regions along its path the most specific that published any, there the
 * latest that had begun. null where nothing was published yet.
 */
export async function schemeOn(db: Reader, regionPath: string, day: Day): Promise<SchemeInForce | null> {
  const found = await db.scheme.findMany({
    where: { regionPath: { in: pathsAbove(regionPath) }, validFrom: { lte: day } },
    select: { ...SHOWN, regionPath: true, validFrom: true },
  })
  const [best] = found.sort(
    (a, b) =>
      b.regionPath.length - a.regionPath.length || b.validFrom.localeCompare(a.validFrom) || b.version - a.version,
  )
  return best === undefined ? null : read(best)
}

/** Published rules by their ids: what a visit was judged by stays what it is judged by. */
export async function schemesById(db: Reader, ids: readonly string[]): Promise<Map<string, SchemeInForce>> {
  const found = await db.scheme.findMany({ where: { id: { in: [...new Set(ids)] } }, select: SHOWN })
  return new Map(found.map((row) => [row.id, read(row)]))
}

/** The programme of a county (or zone); null where none was opened. */
export async function programmeOf(db: Reader, countyId: string): Promise<{ id: string; name: string } | null> {
  return db.programme.findFirst({
    where: { regionId: countyId },
    orderBy: { code: 'asc' },
    select: { id: true, name: true },
  })
}

/** "/1/4/20/" → "/1/", "/1/4/", "/1/4/20/". */
function pathsAbove(path: string): string[] {
  const steps = path.split('/').filter((step) => step !== '')
  return steps.map((_, place) => `/${steps.slice(0, place + 1).join('/')}/`)
}

function read({ id, version, programmeId, document }: Row): SchemeInForce {
  return { id, version, programmeId, document: JSON.parse(document) as SchemeDocument }
}
