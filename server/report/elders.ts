import { createHash, type Hash } from 'node:crypto'
import type { Month } from '../../shared/core/time'
import { readContent } from '../../shared/report/content'
import { countMonths, judgeMonth, type Requirement } from '../../shared/requirement/rules'
import { insertRows } from '../core/bulk'
import { type Db, Prisma, query, type Reader, transact, underPath } from '../core/db'
import { eachHome, homesIn, type Judged, readGround } from '../requirement/judge'
import type { SignedMonth } from './frozen'

const { sql } = Prisma
/** So many elders are written with one statement. */
const CHUNK = 1000
/** So many rows are hashed at a time. */
const PAGE = 5000

/**
 * Writes down the elders behind a month report: those of signed places as they were signed, the others as the records stand.
 *
 * @param onShare told how much of it is done, 0 to 1
 */
export async function keepElders(
  db: Db,
  report: { id: string; regionPath: string },
  month: Month,
  signed: readonly SignedMonth[],
  onShare: (share: number) => Promise<void>,
): Promise<EldersDigest> {
  await db.reportElder.deleteMany({ where: { reportId: report.id } })
  for (const one of signed) await copyFrom(db, report, one)
  const taken = signed.map((one) => one.regionPath)
  if (!taken.some((path) => report.regionPath.startsWith(path))) {
    const ground = await readGround(db, report.regionPath, month)
    const homes = homesIn(report.regionPath, ground)
    const all = await db.elderResidence.count({ where: homes })
    let done = 0
    for await (const some of eachHome(db, homes, ground)) {
      const mine = some.filter(({ home: { regionPath } }) => !taken.some((path) => regionPath.startsWith(path)))
      // of a rule that ends with a move the last due day was at the home before: each row stands where its own rules say
      const rows = mine.flatMap(({ home, judged }) =>
        rowsOf(report.id, judged, ground.requirements, month).filter((row) => row.regionPath === home.regionPath),
      )
      for (let from = 0; from < rows.length; from += CHUNK)
        await transact(db, (tx) => insertRows(tx, 'report_elder', rows.slice(from, from + CHUNK)))
      done += some.length
      await onShare(Math.min(1, done / Math.max(1, all)))
    }
  }
  return digestElders(db, report.id)
}

/** A place that was signed before is taken over row by row. */
async function copyFrom(db: Db, { id, regionPath }: { id: string; regionPath: string }, signed: SignedMonth) {
  const { gte, lt } = underPath(signed.regionPath.startsWith(regionPath) ? signed.regionPath : regionPath)
  await transact(db, async (tx) => {
    const part = sql`"regionPath" >= ${gte} AND "regionPath" < ${lt}`
    await tx.$executeRaw`DELETE FROM report_elder WHERE "reportId" = ${id} AND ${part}`
    await tx.$executeRaw`
      INSERT INTO report_elder ("reportId", "elderId", "category", "interval", "regionPath", "exitKind", "due", "visited", "requirementsDue", "requirementsMet")
      SELECT ${id}, "elderId", "category", "interval", "regionPath", "exitKind", "due", "visited", "requirementsDue", "requirementsMet"
      FROM report_elder WHERE "reportId" = ${signed.id} AND ${part}`
  })
}

/** One row for all an elder is owed, and one for each category and interval alone: a board may be narrowed to them. */
function rowsOf(reportId: string, { life, month }: Judged, requirements: readonly Requirement[], of: Month) {
  const own = requirements.filter(({ category }) => life.tags.some((tag) => tag.category === category))
  const categories = ['', ...new Set(own.map((one) => one.category))]
  const intervals = ['', ...new Set(own.map((one) => one.interval))]
  return categories.flatMap((category) =>
    intervals.flatMap((interval) => {
      const asked = own.filter(
        (one) => (category === '' || one.category === category) && (interval === '' || one.interval === interval),
      )
      const judged = asked.length === own.length ? month : judgeMonth(life, asked, life.visits, of)
      if (judged.regionPath === null) return []
      const { requirementsDue, requirementsMet } = countMonths([judged])
      const { regionPath, exitKind, due, visited } = judged
      const { elderId } = life
      return [
        { reportId, elderId, category, interval, regionPath, exitKind, due, visited, requirementsDue, requirementsMet },
      ]
    }),
  )
}

type Row = {
  elderId: string
  category: string
  interval: string
  regionPath: string
  exitKind: string | null
  due: boolean | number
  visited: boolean | number
  requirementsDue: number
  requirementsMet: number
}

export type EldersDigest = { count: number; digest: string; places: Map<string, string> }

/**
 * SHA-256 over all rows in the order of their key, and over those of each village: the signed content names them, so no row
 * can be changed unseen, and the village of one that was is known.
 */
export async function digestElders(db: Reader, reportId: string): Promise<EldersDigest> {
  const hash = createHash('sha256')
  const places = new Map<string, Hash>()
  let count = 0
  let after = ['', '', '', '']
  for (;;) {
    const rows = await query<Row>(
      db,
      `SELECT "elderId", "category", "interval", "regionPath", "exitKind", "due", "visited", "requirementsDue", "requirementsMet"
       FROM report_elder WHERE "reportId" = $1 AND ("category", "interval", "regionPath", "elderId") > ($2, $3, $4, $5)
       ORDER BY "category", "interval", "regionPath", "elderId" LIMIT ${PAGE}`,
      reportId,
      ...(after as [string, string, string, string]),
    )
    for (const row of rows) {
      const { category, interval, regionPath, elderId, exitKind, requirementsDue, requirementsMet } = row
      const [due, visited] = [Boolean(row.due), Boolean(row.visited)]
      const line = `${[category, interval, regionPath, elderId, exitKind ?? '', due, visited, requirementsDue, requirementsMet].join('\t')}\n`
      const place = places.get(regionPath) ?? createHash('sha256')
      hash.update(line)
      places.set(regionPath, place.update(line))
    }
    const last = rows.at(-1)
    count += rows.filter((one) => one.category === '' && one.interval === '').length
    if (last === undefined || rows.length < PAGE) {
      const digests = [...places].map(([path, one]): [string, string] => [path, one.digest('hex')])
      return { count, digest: hash.digest('hex'), places: new Map(digests.sort()) }
    }
    after = [last.category, last.interval, last.regionPath, last.elderId]
  }
}

/** The elders whose row reads otherwise in one report than in another, as a query's FROM and WHERE. */
export function changedElders(now: string, before: string) {
  return sql`
    FROM (SELECT "elderId" FROM report_elder WHERE "reportId" = ${now} AND "category" = '' AND "interval" = ''
          UNION SELECT "elderId" FROM report_elder WHERE "reportId" = ${before} AND "category" = '' AND "interval" = '') AS k
    LEFT JOIN report_elder AS a ON a."elderId" = k."elderId" AND a."reportId" = ${now} AND a."category" = '' AND a."interval" = ''
    LEFT JOIN report_elder AS b ON b."elderId" = k."elderId" AND b."reportId" = ${before} AND b."category" = '' AND b."interval" = ''
    WHERE (a."elderId" IS NULL OR b."elderId" IS NULL OR a."regionPath" <> b."regionPath" OR a."due" <> b."due" OR a."visited" <> b."visited"
      OR COALESCE(a."exitKind", '') <> COALESCE(b."exitKind", '')
      OR a."requirementsDue" <> b."requirementsDue" OR a."requirementsMet" <> b."requirementsMet")`
}

export async function countChanged(db: Reader, now: string, before: string): Promise<number> {
  const [row] = await db.$queryRaw<
    { count: bigint | number }[]
  >`SELECT COUNT(*) AS "count" ${changedElders(now, before)}`
  return Number(row?.count ?? 0)
}

/**
 * Whether the rows behind a signed report are those its content names.
 * @returns the villages whose rows aren't; '' when none can be named
 */
export async function changedPlaces(
  db: Reader,
  { id, content }: { id: string; content: string | null },
): Promise<string[]> {
  const said = content === null ? null : readContent(content).elders
  if (said === null) return []
  const live = await digestElders(db, id)
  if (live.digest === said.digest && String(live.count) === said.count) return []
  const before = new Map(said.places.map((one) => [one.path, one.digest]))
  const paths = [...new Set([...before.keys(), ...live.places.keys()])].sort()
  const changed = paths.filter((path) => before.get(path) !== live.places.get(path))
  return changed.length === 0 ? [''] : changed
}
