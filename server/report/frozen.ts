import type { Month } from '../../shared/core/time'
import { readContent } from '../../shared/report/content'
import type { CoverageCounts } from '../../shared/requirement/rules'
import { Prisma, type Reader, underPath } from '../core/db'
import { pathsAbove } from '../region/queries'
import type { RuleFilter } from '../requirement/lives'

const { sql } = Prisma
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
