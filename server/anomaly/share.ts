import type { ManualShare, PublicShare } from '../../shared/anomaly/view'
import { Refusal } from '../../shared/core/refusals'
import { dayOf, firstDayOf, lastDayOf } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, homeOf } from '../core/actor'
import type { Keys } from '../core/config'
import { type Db, query, type Reader, underPath } from '../core/db'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames } from '../region/queries'
import { settingsAt } from '../region/settings'

type Line = { regionId: string; visits: number; manual: number; elders: number }

/**
 * Of the ended visits of a month, how many were typed in instead of scanned: by village, by the house whose beds the elders
 * lie in, and by who typed them.
 */
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
  const sites = (await bySite(db, region.path, asked.month)).map(({ people: _, ...site }) => site)
  const { villages, ...whole } = await shown(db, region.name, lines, asked.month)
  return {
    ...whole,
    villages: villages.map((one, place) => ({ id: lines[place]?.regionId ?? '', ...one })),
    sites: sites.map((one) => ({ ...one, percent: percentOf(one.manual, one.visits) })),
    clerks: clerks.map(({ personId, lines: own }) => ({
      id: personId,
      name: maskName(persons.get(personId)?.name ?? ''),
      lines: own,
      percent: percentOf(own, typed),
    })),
  }
}

/** The same for everybody: only places where enough elders were served, sites where enough helped, and no clerk by name. */
export async function publicShare(db: Db, asked: { regionId: string; month: string }, at: Date): Promise<PublicShare> {
  const region = await db.region.findUnique({ where: { id: asked.regionId } })
  if (region === null || region.countyId === null) throw new Refusal('NOT_FOUND')
  const { publicLeast } = await settingsAt(db, region.path, dayOf(at))
  const lines = (await byVillage(db, region.path, asked.month)).filter(({ elders }) => elders >= publicLeast)
  const sites = (await bySite(db, region.path, asked.month)).filter(({ people }) => people >= publicLeast)
  const clerks = await byClerk(db, region.path, asked.month)
  const typed = clerks.reduce((sum, { lines: own }) => sum + own, 0)
  return {
    ...(await shown(db, region.name, lines, asked.month)),
    regionName: region.name,
    sites: sites.map(({ name, visits, manual }) => ({ name, visits, manual, percent: percentOf(manual, visits) })),
    clerks:
      clerks.length < publicLeast
        ? null
        : { count: clerks.length, topPercent: percentOf(clerks[0]?.lines ?? 0, typed) },
  }
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
     FROM visit AS v LEFT JOIN visit_elder AS e ON e."visitId" = v."id"
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

/** Typed-in visits have no plate: a visit belongs to the house whose bed one of its elders lies in, or to the site it was at. */
async function bySite(
  db: Reader,
  path: string,
  month: string,
): Promise<{ id: string; name: string; visits: number; manual: number; people: number }[]> {
  const { gte, lt } = underPath(path)
  const rows = await query<{ id: string; name: string; visits: bigint; manual: bigint; people: bigint }>(
    db,
    `SELECT o."id", o."name", COUNT(*) AS "visits", SUM(CASE WHEN s."level" = 0 THEN 1 ELSE 0 END) AS "manual",
       COUNT(DISTINCT s."memberPersonId") AS "people"
     FROM (
       SELECT p."organisationId", v."id", v."level", v."memberPersonId"
       FROM plate AS p JOIN visit_elder AS e ON e."elderId" = p."elderId" JOIN visit AS v ON v."id" = e."visitId"
       WHERE p."kind" = 'bed' AND p."revokedAt" IS NULL AND p."regionPath" >= $1 AND p."regionPath" < $2
         AND v."day" >= $3 AND v."day" <= $4 AND v."state" <> 'inProgress'
       UNION
       SELECT v."siteId", v."id", v."level", v."memberPersonId" FROM visit AS v
       WHERE v."siteId" IS NOT NULL AND v."regionPath" >= $1 AND v."regionPath" < $2
         AND v."day" >= $3 AND v."day" <= $4 AND v."state" <> 'inProgress'
     ) AS s JOIN organisation AS o ON o."id" = s."organisationId"
     GROUP BY o."id", o."name" ORDER BY o."name", o."id"`,
    gte,
    lt,
    firstDayOf(month),
    lastDayOf(month),
  )
  return rows.map(({ id, name, visits, manual, people }) => ({
    ...{ id, name, visits: Number(visits), manual: Number(manual), people: Number(people) },
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
export function percentOf(part: number, all: number): string {
  const tenths = all === 0 ? 0 : Math.ceil((part * 1000) / all)
  return `${Math.floor(tenths / 10)}.${tenths % 10}`
}
