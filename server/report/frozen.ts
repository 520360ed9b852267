import type { Month } from '../../shared/core/time'
import { readContent } from '../../shared/report/content'
import type { CoverageCounts } from '../../shared/requirement/rules'
import { Prisma, type Reader, underPath } from '../core/db'
import { pathsAbove } from '../region/queries'
import type { RuleFilter } from '../requirement/lives'

const { empty, join, sql } = Prisma
export type SignedMonth = { id: string; regionPath: string; version: number; signedAt: Date }

/**
 * The signed month reports that speak of places at or below a path, in the order they were signed: of a village the latest
 * holds. `below` leaves out those of the path itself and of places around it: what a corrected version is made without.
 */
export async function signedMonths(
  db: Reader,
  path: string,
  month: Month,
  only: 'all' | 'below' = 'all',
): Promise<SignedMonth[]> {
  const rows = await db.report.findMany({
    where: {
      kind: 'month',
      period: month,
      state: 'signed',
      countyId: { not: null },
      OR: [{ regionPath: underPath(path) }, ...(only === 'all' ? [{ regionPath: { in: pathsAbove(path) } }] : [])],
    },
    select: { id: true, regionPath: true, version: true, signedAt: true },
    orderBy: [{ signedAt: 'asc' }, { id: 'asc' }],
  })
  return rows.flatMap((row) =>
    row.signedAt === null || (only === 'below' && row.regionPath === path) ? [] : [{ ...row, signedAt: row.signedAt }],
  )
}

/** Puts the villages of signed reports in the place of what the records say now. */
export async function overlay<T>(
  live: ReadonlyMap<string, T>,
  path: string,
  signed: readonly SignedMonth[],
  rowsOf: (report: SignedMonth) => Promise<ReadonlyMap<string, T>>,
): Promise<Map<string, T>> {
  const shown = new Map(live)
  for (const report of signed) {
    const part = report.regionPath.startsWith(path) ? report.regionPath : path
    for (const village of [...shown.keys()]) if (village.startsWith(part)) shown.delete(village)
    for (const [village, row] of await rowsOf(report)) if (village.startsWith(part)) shown.set(village, row)
  }
  return shown
}

/** A place whose month was signed: by which report, without the places that were signed again later. */
export type FrozenPlace = { reportId: string; path: string; without: readonly string[] }

/** The signed places at or below some paths: of a village the latest report holds. */
export async function frozenPlaces(db: Reader, paths: readonly string[], month: Month): Promise<FrozenPlace[]> {
  const places: FrozenPlace[] = []
  for (const path of paths) {
    const parts = (await signedMonths(db, path, month)).map((one) => ({
      reportId: one.id,
      path: one.regionPath.startsWith(path) ? one.regionPath : path,
    }))
    for (const [at, part] of parts.entries()) {
      const later = parts.slice(at + 1).map((one) => one.path)
      if (later.some((one) => part.path.startsWith(one))) continue
      places.push({ ...part, without: later.filter((one) => one.startsWith(part.path)) })
    }
  }
  return places
}

export type FrozenElder = {
  elderId: string
  regionPath: string
  exitKind: string | null
  due: boolean
  visited: boolean
  requirementsDue: number
  requirementsMet: number
}
export type FrozenState = 'missing' | 'visited' | 'exited' | 'due' | 'overdue'

/** The elders of signed places as they were signed, by village and id, after one of them. */
export async function frozenElders(
  db: Reader,
  places: readonly FrozenPlace[],
  filter: RuleFilter & { state: FrozenState },
  after: { regionPath: string; elderId: string } | null,
  most: number,
): Promise<FrozenElder[]> {
  if (places.length === 0) return []
  const [category, interval]: string[] = [filter.category ?? '', filter.interval ?? '']
  const within = (path: string) => {
    const { gte, lt } = underPath(path)
    return sql`(e."regionPath" >= ${gte} AND e."regionPath" < ${lt})`
  }
  const parts = places.map(({ reportId, path, without }) => {
    const others = without.map((one) => sql` AND NOT ${within(one)}`)
    return sql`(e."reportId" = ${reportId} AND ${within(path)}${others.length === 0 ? empty : join(others, '')})`
  })
  const isWanted = {
    due: sql`e."due"`,
    visited: sql`e."due" AND e."visited"`,
    missing: sql`e."due" AND NOT e."visited"`,
    exited: sql`e."exitKind" IS NOT NULL`,
    overdue: sql`e."requirementsMet" < e."requirementsDue"`,
  }[filter.state]
  const isAfter =
    after === null
      ? empty
      : sql`AND (e."regionPath" > ${after.regionPath} OR (e."regionPath" = ${after.regionPath} AND e."elderId" > ${after.elderId}))`
  const rows = await db.$queryRaw<FrozenElder[]>`
    SELECT e."elderId", e."regionPath", e."exitKind", e."due", e."visited", e."requirementsDue", e."requirementsMet"
    FROM report_elder AS e
    WHERE e."category" = ${category} AND e."interval" = ${interval} AND ${isWanted} AND (${join(parts, ' OR ')}) ${isAfter}
    ORDER BY e."regionPath", e."elderId" LIMIT ${most}`
  return rows.map((row) => ({ ...row, due: Boolean(row.due), visited: Boolean(row.visited) }))
}

/** What the elders of a report add up to, village by village; of one category or interval alone, or of all. */
export async function countReport(
  db: Reader,
  reportId: string,
  path: string,
  filter: RuleFilter = {},
): Promise<Map<string, CoverageCounts>> {
  const { gte, lt } = underPath(path)
  const [category, interval]: string[] = [filter.category ?? '', filter.interval ?? '']
  const exit = (kind: string) => sql`SUM(CASE WHEN e."exitKind" = ${kind} THEN 1 ELSE 0 END)`
  const rows = await db.$queryRaw<Record<string, bigint | number | string>[]>`
    SELECT e."regionPath" AS "path", SUM(CASE WHEN e."due" THEN 1 ELSE 0 END) AS "due",
      SUM(CASE WHEN e."due" AND e."visited" THEN 1 ELSE 0 END) AS "visited",
      SUM(e."requirementsDue") AS "requirementsDue", SUM(e."requirementsMet") AS "requirementsMet",
      ${exit('died')} AS "died", ${exit('moved')} AS "moved", ${exit('hospital')} AS "hospital",
      ${exit('refused')} AS "refused", ${exit('away')} AS "away"
    FROM report_elder AS e
    WHERE e."reportId" = ${reportId} AND e."category" = ${category} AND e."interval" = ${interval} AND e."regionPath" >= ${gte} AND e."regionPath" < ${lt}
    GROUP BY e."regionPath"`
  return new Map(
    rows.map(({ path: village, ...counts }) => {
      const number = (key: string) => Number(counts[key] ?? 0)
      return [
        String(village),
        {
          due: number('due'),
          visited: number('visited'),
          requirementsDue: number('requirementsDue'),
          requirementsMet: number('requirementsMet'),
          exits: {
            died: number('died'),
            moved: number('moved'),
            hospital: number('hospital'),
            refused: number('refused'),
            away: number('away'),
          },
        },
      ]
    }),
  )
}

/**
 * Coverage as it is shown: places whose month was signed keep their figures, whatever came to light later.
 *
 * @param readLive is asked only where something is left that nobody signed
 */
export async function withSigned(
  db: Reader,
  path: string,
  month: Month,
  filter: RuleFilter,
  readLive: () => Promise<Map<string, CoverageCounts>>,
): Promise<Map<string, CoverageCounts>> {
  const signed = await signedMonths(db, path, month)
  if (signed.length === 0) return readLive()
  const isWhole = signed.some((one) => path.startsWith(one.regionPath))
  const live = isWhole ? new Map<string, CoverageCounts>() : await readLive()
  return overlay(live, path, signed, (report) => countReport(db, report.id, path, filter))
}

/** The content of a signed report. */
export async function contentOfSigned(db: Reader, id: string) {
  const { content } = await db.report.findUniqueOrThrow({ where: { id }, select: { content: true } })
  return readContent(content ?? '{}')
}
