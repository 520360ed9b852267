import { addDays, firstDayOf, lastDayOf, type Month, startOfDay } from '../../shared/core/time'
import { FACT_KEYS, type FactKey, type Facts, noFacts } from '../../shared/report/templates'
import { Prisma, type Reader, underPath } from '../core/db'

const { sql, join } = Prisma
type Row = { path: string } & Partial<Record<FactKey, bigint | number | string | null>>
/** Every state a visit that ended can have: named, so that the index over states and days answers. */
export const ENDED = ['finished', 'confirmed', 'disputed', 'approved', 'returned']

/** What was done in a month, village by village at or below a path, as the records stand now. What was owed is not in it. */
export async function workByVillage(db: Reader, path: string, month: Month): Promise<Map<string, Facts>> {
  const { gte, lt } = underPath(path)
  const [first, last] = [firstDayOf(month), lastDayOf(month)]
  const [from, to] = [startOfDay(first), startOfDay(addDays(last, 1))]
  const under = (alias: string) => {
    const column = Prisma.raw(`${alias}."regionPath"`)
    return sql`${column} >= ${gte} AND ${column} < ${lt}`
  }
  const visits = db.$queryRaw<Row[]>`
    SELECT v."regionPath" AS "path",
      SUM(CASE WHEN v."counted" THEN 1 ELSE 0 END) AS "visits",
      SUM(CASE WHEN v."counted" THEN v."servedSeconds" ELSE 0 END) AS "seconds",
      SUM(CASE WHEN v."counted" AND v."nature" = 'volunteer' THEN v."servedSeconds" ELSE 0 END) AS "volunteerSeconds",
      SUM(CASE WHEN v."counted" AND v."nature" = 'mutualAid' THEN v."servedSeconds" ELSE 0 END) AS "mutualAidSeconds",
      SUM(CASE WHEN v."counted" AND v."nature" = 'dutyPaid' THEN v."servedSeconds" ELSE 0 END) AS "dutyPaidSeconds",
      SUM(CASE WHEN v."counted" AND v."channel" <> 'inPerson' THEN 1 ELSE 0 END) AS "remoteVisits",
      SUM(CASE WHEN v."counted" AND v."level" = 0 THEN 1 ELSE 0 END) AS "manualVisits",
      SUM(CASE WHEN v."state" = 'returned' THEN 1 ELSE 0 END) AS "returnedVisits",
      SUM(CASE WHEN v."flag" = 'red' THEN 1 ELSE 0 END) AS "redVisits",
      SUM(COALESCE(v."awardedMilliPoints", 0)) AS "awardedMilliPoints"
    FROM visit AS v
    WHERE v."state" IN (${join(ENDED)}) AND v."checkInAt" >= ${from} AND v."checkInAt" < ${to} AND ${under('v')}
    GROUP BY v."regionPath"`
  const asked = db.$queryRaw<Row[]>`
    SELECT o."regionPath" AS "path", COUNT(*) AS "orders" FROM help_order AS o
    WHERE o."createdAt" >= ${from} AND o."createdAt" < ${to} AND ${under('o')} GROUP BY o."regionPath"`
  const done = db.$queryRaw<Row[]>`
    SELECT o."regionPath" AS "path", COUNT(*) AS "ordersDone" FROM help_order AS o
    WHERE o."state" = 'done' AND o."closedAt" >= ${from} AND o."closedAt" < ${to} AND ${under('o')} GROUP BY o."regionPath"`
  const redeemed = db.$queryRaw<Row[]>`
    SELECT r."regionPath" AS "path", SUM(r."priceMilliPoints") AS "redeemedMilliPoints", SUM(r."costFen") AS "redeemedFen"
    FROM redemption AS r
    WHERE r."state" = 'fulfilled' AND r."resolvedAt" >= ${from} AND r."resolvedAt" < ${to} AND ${under('r')}
    GROUP BY r."regionPath"`
  const elders = db.$queryRaw<Row[]>`
    SELECT h."regionPath" AS "path", COUNT(*) AS "elders" FROM elder_residence AS h JOIN elder AS e ON e."id" = h."elderId"
    WHERE h."validFrom" <= ${last} AND (h."validTo" IS NULL OR h."validTo" >= ${last}) AND (e."endedDay" IS NULL OR e."endedDay" > ${last})
      AND ${under('h')} GROUP BY h."regionPath"`
  const members = db.$queryRaw<Row[]>`
    SELECT m."regionPath" AS "path", COUNT(*) AS "members" FROM member AS m
    WHERE m."joinedDay" <= ${last} AND (m."endedDay" IS NULL OR m."endedDay" > ${last}) AND ${under('m')}
    GROUP BY m."regionPath"`
  const found = new Map<string, Facts>()
  for (const query of [visits, asked, done, redeemed, elders, members])
    for (const row of await query) {
      const facts = found.get(row.path) ?? noFacts()
      for (const key of FACT_KEYS) if (row[key] !== undefined) facts[key] = wholeOf(row[key])
      found.set(row.path, facts)
    }
  return found
}

/** A sum as either database hands it over: PostgreSQL's is a numeric. */
function wholeOf(value: bigint | number | string | null | undefined): bigint {
  return BigInt(String(value ?? 0).split('.')[0] as string)
}
