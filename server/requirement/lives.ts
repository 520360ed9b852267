import type { Day } from '../../shared/core/time'
import type { Channel, CountedVisit, ElderLife, ExitKind, Interval, Requirement } from '../../shared/requirement/rules'
import { type Reader, underPath } from '../core/db'
import { numbersOf, pathsAbove } from '../region/queries'

type RequirementRow = Awaited<ReturnType<Reader['requirement']['findUniqueOrThrow']>>
export type Days = { first: Day; last: Day }
/** An elder as the rules judge him or her. */
export type JudgedLife = ElderLife & { elderId: string; personId: string; visits: CountedVisit[] }

/**
 * The requirements that may matter to elders at or below a path: all of their county, for who moved here this week was owed
 * visits where he came from.
 */
export async function findRequirements(
  db: Reader,
  path: string,
  days: Days,
  category?: string,
): Promise<Requirement[]> {
  const around = await countyAround(db, path)
  const rows = await db.requirement.findMany({
    where: {
      AND: [
        { OR: [{ regionPath: { in: pathsAbove(path) } }, { regionPath: underPath(around?.path ?? path) }] },
        { validFrom: { lte: days.last } },
        { OR: [{ validTo: null }, { validTo: { gte: days.first } }] },
      ],
      ...(category === undefined ? {} : { category }),
    },
    orderBy: { id: 'asc' },
  })
  return rows.map(requirementOf)
}

export function requirementOf({
  id,
  regionPath,
  category,
  interval,
  channels,
  minSeconds,
  validFrom,
  validTo,
}: RequirementRow): Requirement {
  return {
    id,
    regionPath,
    category,
    interval: interval as Interval,
    channels: channels.split(',') as Channel[],
    minSeconds,
    validFrom,
    validTo,
  }
}

/** The counties whose visits a region's elders may have had: the one around it, or all below it. */
export async function countiesOf(db: Reader, path: string): Promise<string[]> {
  const around = await countyAround(db, path)
  if (around !== null) return [around.id]
  const below = await db.region.findMany({
    where: { path: underPath(path), countyId: { not: null } },
    distinct: ['countyId'],
    select: { countyId: true },
  })
  return below.flatMap((one) => one.countyId ?? [])
}

/** The county (or zone) a path lies in; null above counties. */
export async function countyAround(db: Reader, path: string): Promise<{ id: string; path: string } | null> {
  const around = await db.region.findMany({
    where: { no: { in: numbersOf(path) } },
    select: { id: true, countyId: true, path: true },
  })
  return around.find((one) => one.id === one.countyId) ?? null
}

/**
 * Reads what the rules need of these elders, with their counted visits on some days; a query for each table.
 *
 * @param countyIds whose visits count; without it, all
 */
export async function findLives(
  db: Reader,
  elderIds: readonly string[],
  { first, last }: Days,
  countyIds?: readonly string[],
): Promise<JudgedLife[]> {
  const ids = [...new Set(elderIds)]
  const [elders, visits] = await Promise.all([
    db.elder.findMany({
      where: { id: { in: ids } },
      select: {
        id: true,
        personId: true,
        endedDay: true,
        residences: { select: { validFrom: true, validTo: true, regionId: true, regionPath: true } },
        categories: { select: { validFrom: true, validTo: true, category: true } },
        exits: { select: { validFrom: true, validTo: true, kind: true } },
      },
    }),
    db.visitElder.findMany({
      where: {
        elderId: { in: ids },
        counted: true,
        day: { gte: first, lte: last },
        ...(countyIds === undefined ? {} : { countyId: { in: [...countyIds] } }),
      },
      select: { elderId: true, day: true, servedSeconds: true, visit: { select: { channel: true } } },
    }),
  ])
  const byElder = new Map<string, CountedVisit[]>(elders.map((one) => [one.id, []]))
  for (const { elderId, day, servedSeconds, visit } of visits)
    byElder.get(elderId)?.push({ day, channel: visit.channel as Channel, servedSeconds: servedSeconds ?? 0 })
  return elders.map(({ id, personId, endedDay, residences, categories, exits }) => ({
    elderId: id,
    personId,
    endedDay,
    residences,
    tags: categories,
    exits: exits.map((exit) => ({ ...exit, kind: exit.kind as ExitKind })),
    visits: byElder.get(id) ?? [],
  }))
}
