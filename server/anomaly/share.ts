import type { ManualShare, PublicShare } from '../../shared/anomaly/view'
import { Refusal } from '../../shared/core/refusals'
import { firstDayOf, lastDayOf } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, homeOf } from '../core/actor'
import type { Keys } from '../core/config'
import { type Db, query, type Reader, underPath } from '../core/db'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames } from '../region/queries'

type Line = { regionId: string; visits: number; manual: number; elders: number }
/** Aggregates of fewer elders could point at somebody. */
const PUBLIC_LEAST = 5

/** Of the ended visits of a month, how many were typed in instead of scanned: by village and by who typed them. */
export async function manualShare(
  db: Db,
  keys: Keys,
  actor: Actor,
  asked: { regionId?: string | undefined; month: string },
): Promise<ManualShare> {
  const region = await findRegionInScope(
    db,
    actor,
    can('anomaly.read'),
    asked.regionId ?? homeOf(actor, can('anomaly.read')),
  )
  const lines = await byVillage(db, region.path, asked.month)
  const clerks = await byClerk(db, region.path, asked.month)
  const persons = await openPersons(
    db,
    keys,
    clerks.map(({ personId }) => personId),
  )
  const typed = clerks.reduce((sum, { lines: own }) => sum + own, 0)
  return {
    ...(await shown(db, region.name, lines, asked.month)),
    clerks: clerks.map(({ personId, lines: own }) => ({
      name: maskName(persons.get(personId)?.name ?? ''),
      lines: own,
      percent: percentOf(own, typed),
    })),
  }
}

/** The same for everybody: only places where enough elders were served, and no clerk. */
export async function publicShare(db: Db, asked: { regionId: string; month: string }): Promise<PublicShare> {
  const region = await db.region.findUnique({ where: { id: asked.regionId } })
  if (region === null || region.countyId === null) throw new Refusal('NOT_FOUND')
  const lines = (await byVillage(db, region.path, asked.month)).filter(({ elders }) => elders >= PUBLIC_LEAST)
  return { ...(await shown(db, region.name, lines, asked.month)), regionName: region.name }
}

async function shown(db: Reader, name: string, lines: readonly Line[], month: string) {
  const names = await regionNames(
    db,
    lines.map(({ regionId }) => regionId),
  )
  const visits = lines.reduce((sum, one) => sum + one.visits, 0)
  const manual = lines.reduce((sum, one) => sum + one.manual, 0)
  return {
    month,
    all: { name, visits, manual, percent: percentOf(manual, visits) },
    villages: lines.map((one) => ({
      ...{ name: names.get(one.regionId)?.name ?? '', visits: one.visits, manual: one.manual },
      percent: percentOf(one.manual, one.visits),
    })),
  }
}

async function byVillage(db: Reader, path: string, month: string): Promise<Line[]> {
  const { gte, lt } = underPath(path)
  const rows = await query<{ regionId: string; visits: bigint; manual: bigint; elders: bigint }>(
    db,
    `SELECT v."regionId", COUNT(DISTINCT v."id") AS "visits",
       COUNT(DISTINCT CASE WHEN v."level" = 0 THEN v."id" END) AS "manual", COUNT(DISTINCT e."elderId") AS "elders"
     FROM visit AS v JOIN visit_elder AS e ON e."visitId" = v."id"
     WHERE v."regionPath" >= $1 AND v."regionPath" < $2 AND v."day" >= $3 AND v."day" <= $4 AND v."state" <> 'inProgress'
     GROUP BY v."regionId" ORDER BY v."regionId"`,
    gte,
    lt,
    firstDayOf(month),
    lastDayOf(month),
  )
  return rows.map(({ regionId, visits, manual, elders }) => ({
    ...{ regionId, visits: Number(visits), manual: Number(manual), elders: Number(elders) },
  }))
}

async function byClerk(db: Reader, path: string, month: string): Promise<{ personId: string; lines: number }[]> {
  const { gte, lt } = underPath(path)
  const rows = await query<{ personId: string; lines: bigint }>(
    db,
    `SELECT "enteredByPersonId" AS "personId", COUNT(*) AS "lines" FROM visit
     WHERE "regionPath" >= $1 AND "regionPath" < $2 AND "day" >= $3 AND "day" <= $4 AND "enteredByPersonId" IS NOT NULL
     GROUP BY "enteredByPersonId" ORDER BY COUNT(*) DESC, "enteredByPersonId"`,
    gte,
    lt,
    firstDayOf(month),
    lastDayOf(month),
  )
  return rows.map(({ personId, lines }) => ({ personId, lines: Number(lines) }))
}

/** Rounded up to a tenth: what was typed in is never shown as nothing. */
function percentOf(part: number, all: number): string {
  const tenths = all === 0 ? 0 : Math.ceil((part * 1000) / all)
  return `${Math.floor(tenths / 10)}.${tenths % 10}`
}
