import { addSeconds, dayOf, type Month, nextMonth } from '../../shared/core/time'
import {
  type CoverageCounts,
  countMonths,
  daysAsked,
  type ElderMonth,
  judgeMonth,
} from '../../shared/requirement/rules'
import { insertAll } from '../core/bulk'
import { type Db, execute, query, type Reader, type Tx, transact, underPath } from '../core/db'
import { newId } from '../core/ids'
import { withSigned } from '../report/frozen'
import { countLive, NOBODY, plus } from './count'
import { countiesOf, findLives, findRequirements, keptBy, type RuleFilter } from './lives'

/** How many elders are judged in one commit. */
const CHUNK = 500
/** With more of them changed since the last turn of the job, live rows answer sooner. */
const STALE_MAX = 2000
/** A month that was begun this long ago and isn't whole was left by a process that died. */
const LOST_SECONDS = 900

/**
 * The two figures of a month for every village with a listed elder, at or below a path. Places whose month report was signed
 * keep what was signed; the others say what the records say now.
 */
export function countByVillage(
  db: Reader,
  path: string,
  month: Month,
  filter: RuleFilter = {},
): Promise<Map<string, CoverageCounts>> {
  return withSigned(db, path, month, filter, () => countUnsigned(db, path, month, filter))
}

/**
 * What the records say now: added up from months that are judged already, with those judged anew of whom something changed
 * since; from live rows where the months aren't whole. The same numbers either way, which `coverageDrift` checks.
 */
export async function countUnsigned(
  db: Reader,
  path: string,
  month: Month,
  filter: RuleFilter = {},
): Promise<Map<string, CoverageCounts>> {
  const isAll = filter.category === undefined && filter.interval === undefined
  const rolled = isAll && (await isRolled(db, path, month)) ? await countRolled(db, path, month) : null
  return rolled ?? countLive(db, path, month, filter)
}

async function isRolled(db: Reader, path: string, month: Month): Promise<boolean> {
  const countyIds = await countiesOf(db, path)
  const whole = await db.coverageRoll.count({ where: { countyId: { in: countyIds }, month, rolledAt: { not: null } } })
  return countyIds.length > 0 && whole === countyIds.length
}

type SumRow = Record<'due' | 'visited' | 'requirementsDue' | 'requirementsMet' | keyof CoverageCounts['exits'], bigint>

async function countRolled(db: Reader, path: string, month: Month): Promise<Map<string, CoverageCounts> | null> {
  const { gte, lt } = underPath(path)
  const marked = (
    await query<{ elderId: string }>(
      db,
      `SELECT DISTINCT s."elderId" FROM coverage_stale AS s
       WHERE EXISTS (SELECT 1 FROM elder_residence AS r WHERE r."elderId" = s."elderId" AND r."regionPath" >= $1 AND r."regionPath" < $2)
          OR EXISTS (SELECT 1 FROM elder_month AS m WHERE m."elderId" = s."elderId" AND m."month" = $3 AND m."regionPath" >= $1 AND m."regionPath" < $2)
       LIMIT ${STALE_MAX + 1}`,
      gte,
      lt,
      month,
    )
  ).map(({ elderId }) => elderId)
  const stale = await withKept(db, marked)
  if (stale.length > STALE_MAX) return null
  const exits = Object.keys(NOBODY.exits).map(
    (kind) => `SUM(CASE WHEN "exitKind" = '${kind}' THEN 1 ELSE 0 END) AS "${kind}"`,
  )
  const sums = await query<SumRow & { path: string }>(
    db,
    `SELECT "regionPath" AS "path", SUM("due") AS "due", SUM("visited") AS "visited", SUM("requirementsDue") AS "requirementsDue",
       SUM("requirementsMet") AS "requirementsMet", ${exits.join(', ')}
     FROM elder_month WHERE "month" = $1 AND "regionPath" >= $2 AND "regionPath" < $3 AND NOT ("elderId" IN LIST($4))
     GROUP BY "regionPath"`,
    month,
    gte,
    lt,
    stale,
  )
  const counts = new Map(sums.map((row) => [row.path, countsOf(row)]))
  for (const judged of await judgeAll(db, stale, month)) {
    if (judged.regionPath?.startsWith(path))
      counts.set(judged.regionPath, plus(counts.get(judged.regionPath) ?? NOBODY, countMonths([judged])))
  }
  return counts
}

function countsOf(row: SumRow): CoverageCounts {
  const { died, moved, hospital, refused, away } = row
  return {
    due: Number(row.due),
    visited: Number(row.visited),
    requirementsDue: Number(row.requirementsDue),
    requirementsMet: Number(row.requirementsMet),
    exits: {
      died: Number(died),
      moved: Number(moved),
      hospital: Number(hospital),
      refused: Number(refused),
      away: Number(away),
    },
  }
}

type JudgedMonth = ElderMonth & { elderId: string; month: Month }

async function judgeAll(db: Reader, elderIds: readonly string[], ...months: Month[]): Promise<JudgedMonth[]> {
  const judged: JudgedMonth[] = []
  for (const month of elderIds.length === 0 ? [] : months) {
    const requirements = await findRequirements(db, month)
    for (const life of await findLives(db, elderIds, daysAsked(requirements, month)))
      judged.push({ ...judgeMonth(life, requirements, life.visits, month), elderId: life.elderId, month })
  }
  return judged
}

/** Judges anew whoever changed, then what isn't whole of this month and the one before. The clock's job. */
export async function rollCoverage(db: Db, at: Date): Promise<void> {
  while ((await judgeStale(db)) > 0);
  const counties = await db.region.findMany({
    where: { validTo: null, countyId: { not: null } },
    select: { id: true, countyId: true, path: true },
  })
  const today = dayOf(at).slice(0, 7)
  for (const { id, path } of counties.filter((one) => one.id === one.countyId))
    for (const month of [today, nextMonth(today, -1)]) await rollMonth(db, { countyId: id, path }, month, at)
}

/** Judges a month of a whole county, if nobody did or does. */
export async function rollMonth(
  db: Db,
  { countyId, path }: { countyId: string; path: string },
  month: Month,
  at: Date,
): Promise<void> {
  const known = await db.coverageRoll.findUnique({ where: { countyId_month: { countyId, month } } })
  if (known !== null && (known.rolledAt !== null || known.token > newId(addSeconds(at, -LOST_SECONDS)))) return
  const token = newId(at)
  await db.coverageRoll.upsert({
    where: { countyId_month: { countyId, month } },
    create: { countyId, month, token },
    update: { token, rolledAt: null },
  })
  const { gte, lt } = underPath(path)
  for (let after = ''; ; ) {
    const homes = await query<{ elderId: string }>(
      db,
      `SELECT DISTINCT "elderId" FROM elder_residence
       WHERE "tagged" AND "regionPath" >= $1 AND "regionPath" < $2 AND "elderId" > $3 ORDER BY "elderId" LIMIT ${CHUNK}`,
      gte,
      lt,
      after,
    )
    const last = homes.at(-1)
    if (last === undefined) break
    await transact(db, async (tx) => {
      await inTurn(tx)
      await keep(
        tx,
        homes.map(({ elderId }) => elderId),
        [month],
      )
    })
    after = last.elderId
  }
  // rules that changed meanwhile took the row away: then the month is judged again at the next turn
  await db.coverageRoll.updateMany({ where: { countyId, month, token }, data: { rolledAt: at } })
}

/** @returns how many marks it worked off */
async function judgeStale(db: Db): Promise<number> {
  return transact(db, async (tx) => {
    await inTurn(tx)
    const marks = await query<{ id: string; elderId: string }>(tx, `SELECT * FROM coverage_stale LIMIT ${CHUNK}`)
    if (marks.length === 0) return 0
    const months = await query<{ month: Month }>(tx, 'SELECT DISTINCT "month" FROM coverage_roll')
    await keep(
      tx,
      await withKept(
        tx,
        marks.map(({ elderId }) => elderId),
      ),
      months.map(({ month }) => month),
    )
    await execute(
      tx,
      'DELETE FROM coverage_stale WHERE "id" IN LIST($1)',
      marks.map(({ id }) => id),
    )
    return marks.length
  })
}

/** What changed with a record that went is judged with the one that stayed. */
async function withKept(db: Reader, elderIds: readonly string[]): Promise<string[]> {
  return [...new Set([...elderIds, ...(await keptBy(db, elderIds)).values()])]
}

/** One at a time: what was read before somebody else's commit must not be written after it. */
async function inTurn(tx: Tx): Promise<void> {
  await execute(
    tx,
    `INSERT INTO meta ("key", "value") VALUES ('coverageRoll', '') ON CONFLICT ("key") DO UPDATE SET "value" = ''`,
  )
}

async function keep(tx: Tx, elderIds: readonly string[], months: readonly Month[]): Promise<void> {
  const judged = await judgeAll(tx, elderIds, ...months)
  await execute(
    tx,
    'DELETE FROM elder_month WHERE "elderId" IN LIST($1) AND "month" IN LIST($2)',
    [...elderIds],
    [...months],
  )
  await insertAll(
    tx,
    'elder_month',
    judged.flatMap((one) => (one.regionPath === null ? [] : [rowOf(one, one.regionPath)])),
  )
}

function rowOf(judged: JudgedMonth, regionPath: string) {
  const { due, visited, requirementsDue, requirementsMet } = countMonths([judged])
  const { elderId, month, exitKind } = judged
  return { elderId, month, regionPath, due, visited, requirementsDue, requirementsMet, exitKind: exitKind ?? '' }
}

export type Drift = { path: string; rolled: CoverageCounts; live: CoverageCounts }

/** Villages whose judged months don't say what live rows say; null where the month isn't whole. */
export async function coverageDrift(db: Reader, path: string, month: Month): Promise<Drift[] | null> {
  const rolled = (await isRolled(db, path, month)) ? await countRolled(db, path, month) : null
  if (rolled === null) return null
  const live = await countLive(db, path, month)
  return [...new Set([...rolled.keys(), ...live.keys()])]
    .map((village) => ({ path: village, rolled: rolled.get(village) ?? NOBODY, live: live.get(village) ?? NOBODY }))
    .filter((one) => JSON.stringify(one.rolled) !== JSON.stringify(one.live))
}

/** Every night: a month that drifted is judged again. @returns villages that drifted, by county and month */
export async function checkCoverage(db: Db, at: Date): Promise<{ countyId: string; month: Month; villages: number }[]> {
  const found: { countyId: string; month: Month; villages: number }[] = []
  const rolls = await db.coverageRoll.findMany({
    where: { rolledAt: { not: null }, month: { gte: nextMonth(dayOf(at).slice(0, 7), -1) } },
  })
  for (const { countyId, month } of rolls) {
    const county = await db.region.findUniqueOrThrow({ where: { id: countyId } })
    const drift = await coverageDrift(db, county.path, month)
    if (drift === null || drift.length === 0) continue
    found.push({ countyId, month, villages: drift.length })
    await db.coverageRoll.deleteMany({ where: { countyId, month } })
  }
  return found
}
