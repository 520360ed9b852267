import { addDays, type Day, lastDayOf, type Month } from '../../shared/core/time'
import {
  type Channel,
  type CountedVisit,
  concerns,
  type ElderLife,
  type ExitKind,
  type Interval,
  type Nature,
  type Requirement,
} from '../../shared/requirement/rules'
import { findBy, groupBy, type RowOf } from '../core/bulk'
import { query, type Reader, underPath } from '../core/db'
import { numbersOf } from '../region/queries'

type RequirementRow = Awaited<ReturnType<Reader['requirement']['findUniqueOrThrow']>>
export type Days = { first: Day; last: Day }
/** A week of a month may end this many days after it. */
const WEEK_DAYS = 7
/** An elder as the rules judge him or her. */
export type JudgedLife = ElderLife & { elderId: string; personId: string; visits: CountedVisit[] }

export type RuleFilter = { category?: string | undefined; interval?: Interval | undefined }

/**
 * The rules that say anything about a month, of all regions: who moved to another county this week was owed visits where he
 * came from.
 */
export async function findRequirements(
  db: Reader,
  month: Month,
  { category, interval }: RuleFilter = {},
): Promise<Requirement[]> {
  const rows = await db.requirement.findMany({
    where: {
      validFrom: { lte: addDays(lastDayOf(month), WEEK_DAYS) },
      ...(category === undefined ? {} : { category }),
      ...(interval === undefined ? {} : { interval }),
    },
    orderBy: { id: 'asc' },
  })
  return rows.map(requirementOf).filter((one) => concerns(one, month))
}

/** The rules in force on a day. */
export async function requirementsOn(db: Reader, day: Day): Promise<Requirement[]> {
  const rows = await db.requirement.findMany({
    where: { validFrom: { lte: day }, OR: [{ validTo: null }, { validTo: { gte: day } }] },
    orderBy: { id: 'asc' },
  })
  return rows.map(requirementOf)
}

export function requirementOf({
  id,
  regionPath,
  category,
  interval,
  intervalLength,
  channels,
  natures,
  minSeconds,
  validFrom,
  validTo,
}: RequirementRow): Requirement {
  return {
    id,
    regionPath,
    category,
    interval: interval as Interval,
    intervalLength,
    channels: channels.split(',') as Channel[],
    natures: natures.split(',') as Nature[],
    minSeconds,
    validFrom,
    validTo,
  }
}

/** The counties whose visits a region's elders may have had: the one around it, or all below it. */
export async function countiesAt(db: Reader, path: string): Promise<{ id: string; path: string }[]> {
  const around = await countyAround(db, path)
  if (around !== null) return [around]
  const below = await db.region.findMany({
    where: { path: underPath(path), countyId: { not: null } },
    select: { id: true, countyId: true, path: true },
    orderBy: { path: 'asc' },
  })
  return below.filter((one) => one.id === one.countyId)
}

export async function countiesOf(db: Reader, path: string): Promise<string[]> {
  return (await countiesAt(db, path)).map((one) => one.id)
}

/** The county (or zone) a path lies in; null above counties. */
export async function countyAround(db: Reader, path: string): Promise<{ id: string; path: string } | null> {
  const around = await db.region.findMany({
    where: { no: { in: numbersOf(path) } },
    select: { id: true, countyId: true, path: true },
  })
  return around.find((one) => one.id === one.countyId) ?? null
}

/** Elders whose record became part of another's: by the one that went, the one that stayed. Few, and found by their index. */
export async function keptBy(db: Reader, elderIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await query<{ goneId: string; keptId: string }>(
    db,
    `SELECT g."id" AS "goneId", k."id" AS "keptId" FROM person AS p
     JOIN elder AS g ON g."personId" = p."id" JOIN elder AS k ON k."personId" = p."mergedInto"
     WHERE p."mergedInto" IS NOT NULL AND (g."id" IN LIST($1) OR k."id" IN LIST($1))`,
    [...elderIds],
  )
  return new Map(rows.map(({ goneId, keptId }) => [goneId, keptId]))
}

/** Those who have the visits of another record, too. */
export async function findKept(db: Reader): Promise<string[]> {
  const rows = await query<{ id: string }>(
    db,
    `SELECT DISTINCT k."id" FROM person AS p JOIN elder AS k ON k."personId" = p."mergedInto" WHERE p."mergedInto" IS NOT NULL`,
  )
  return rows.map(({ id }) => id)
}

/**
 * Reads what the rules need of these elders, with their counted visits on some days; a query for each table. Of two records of
 * one human the one that stayed has the visits of both, and the other one lives nowhere: each human is owed and counted once.
 */
export async function findLives(db: Reader, elderIds: readonly string[], { first, last }: Days): Promise<JudgedLife[]> {
  const ids = [...new Set(elderIds)]
  const kept = await keptBy(db, ids)
  const [elders, homes, tags, exits, events, visits] = await Promise.all([
    findBy(db, 'Elder', 'id', ids),
    findBy(db, 'ElderResidence', 'elderId', ids),
    findBy(db, 'ElderCategory', 'elderId', ids),
    findBy(db, 'ElderExit', 'elderId', ids),
    findBy(db, 'ElderEvent', 'elderId', ids),
    query<RowOf<'VisitElder'> & { checkInAt: Date }>(
      db,
      `SELECT e.*, v."checkInAt" FROM visit_elder AS e JOIN visit AS v ON v."id" = e."visitId"
       WHERE e."elderId" IN LIST($1) AND e."day" >= $2 AND e."day" <= $3 AND e."counted"`,
      [...new Set([...ids, ...kept.keys()])],
      first,
      last,
    ),
  ])
  const of = <T extends { elderId: string }>(rows: readonly T[]) => groupBy(rows, ({ elderId }) => elderId)
  const [homesOf, tagsOf, exitsOf, eventsOf] = [of(homes), of(tags), of(exits), of(events)]
  const visitsOf = groupBy(visits, ({ elderId }) => kept.get(elderId) ?? elderId)
  return elders.map(({ id, personId, endedDay }) => ({
    elderId: id,
    personId,
    endedDay,
    residences: kept.has(id) ? [] : homesOf(id),
    tags: tagsOf(id),
    exits: exitsOf(id).map((exit) => ({ ...exit, kind: exit.kind as ExitKind })),
    events: eventsOf(id),
    visits: visitsOf(id).map(({ day, checkInAt, channel, nature, servedSeconds }) => ({
      day,
      beganAt: checkInAt,
      channel: channel as Channel,
      nature: nature as Nature,
      servedSeconds: servedSeconds ?? 0,
    })),
  }))
}
