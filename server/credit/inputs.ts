import { addDays, type Day, startOfDay } from '../../shared/core/time'
import type { CreditInputs } from '../../shared/credit/rules'
import type { Count } from '../../shared/credit/words'
import { query, type Reader, underPath } from '../core/db'
import { helperRecords } from '../person/former'

export type Helper = { memberId: string; personId: string; regionPath: string }
type Span = { fromDay: Day; toDay: Day }
type Sum = { memberId: string; times: bigint | number }

/** A call of this much is a smile, of this little none. */
const CONTENT = 4
const NOT_CONTENT = 2

/** What was counted of each helper of a place in some days; a statement for each thing that counts, not for each helper. */
export async function readInputs(
  db: Reader,
  helpers: readonly Helper[],
  regionPath: string,
  { fromDay, toDay }: Span,
): Promise<Map<string, CreditInputs>> {
  const { gte, lt } = underPath(regionPath)
  const [from, to] = [startOfDay(fromDay), startOfDay(addDays(toDay, 1))]
  const inputs = new Map(
    helpers.map(({ memberId }) => [memberId, { visits: 0, seconds: 0, counts: {} } as CreditInputs]),
  )
  // what was done under a record that was merged counts for the one that stayed
  const { ownerOf } = await helperRecords(
    db,
    helpers.map(({ memberId }) => memberId),
  )
  const byOwner = new Map(helpers.map(({ memberId }) => [ownerOf(memberId), inputs.get(memberId)]))
  const inputsOf = (memberId: string) => byOwner.get(ownerOf(memberId))
  const visits = await query<Sum & { seconds: bigint | number; returned: bigint | number }>(
    db,
    `SELECT "memberId", SUM(CASE WHEN "counted" THEN 1 ELSE 0 END) AS "times",
       SUM(CASE WHEN "counted" THEN "servedSeconds" ELSE 0 END) AS "seconds",
       SUM(CASE WHEN "state" = 'returned' THEN 1 ELSE 0 END) AS "returned"
     FROM visit WHERE "regionPath" >= $1 AND "regionPath" < $2 AND "day" >= $3 AND "day" <= $4 GROUP BY "memberId"`,
    ...[gte, lt, fromDay, toDay],
  )
  for (const one of visits) {
    const own = inputsOf(one.memberId)
    if (own === undefined) continue
    own.visits += Number(one.times)
    own.seconds += Number(one.seconds)
    add(own, 'returned', Number(one.returned))
  }
  const count = async (what: Count, sql: string, values: (string | Date | number)[]) => {
    for (const { memberId, times } of await query<Sum>(db, sql, ...values)) {
      const own = inputsOf(memberId)
      if (own !== undefined) add(own, what, Number(times))
    }
  }
  const spot = `SELECT v."memberId", COUNT(*) AS "times" FROM spot_item AS s JOIN visit AS v ON v."id" = s."visitId"
    WHERE s."regionPath" >= $1 AND s."regionPath" < $2 AND s."finding" = $3 AND s."foundAt" >= $4 AND s."foundAt" < $5 GROUP BY v."memberId"`
  await count('spotClean', spot, [gte, lt, 'asRecorded', from, to])
  await count('spotProblem', spot, [gte, lt, 'problem', from, to])
  await count(
    'complaint',
    `SELECT v."memberId", COUNT(*) AS "times" FROM complaint AS c JOIN visit AS v ON v."id" = c."visitId"
     WHERE c."regionPath" >= $1 AND c."regionPath" < $2 AND c."state" = 'upheld' AND c."decidedAt" >= $3 AND c."decidedAt" < $4
     GROUP BY v."memberId"`,
    [gte, lt, from, to],
  )
  await count(
    'noShow',
    `SELECT e."memberId", COUNT(*) AS "times" FROM order_event AS e JOIN help_order AS o ON o."id" = e."orderId"
     WHERE o."regionPath" >= $1 AND o."regionPath" < $2 AND e."kind" = 'noShow' AND e."at" >= $3 AND e."at" < $4 GROUP BY e."memberId"`,
    [gte, lt, from, to],
  )
  const rating = `SELECT "memberId", COUNT(*) AS "times" FROM visit_rating
    WHERE "regionPath" >= $1 AND "regionPath" < $2 AND "how" = 'elder' AND "face" = $3 AND "at" >= $4 AND "at" < $5 GROUP BY "memberId"`
  await count('goodRating', rating, [gte, lt, 3, from, to])
  await count('lowRating', rating, [gte, lt, 1, from, to])
  const call = `SELECT v."memberId", COUNT(*) AS "times" FROM call_back AS c JOIN visit AS v ON v."id" = c."visitId"
    WHERE c."regionPath" >= $1 AND c."regionPath" < $2 AND c."satisfaction" BETWEEN $3 AND $4 AND c."at" >= $5 AND c."at" < $6
    GROUP BY v."memberId"`
  await count('goodCall', call, [gte, lt, CONTENT, 5, from, to])
  await count('lowCall', call, [gte, lt, 1, NOT_CONTENT, from, to])
  const record = `SELECT "memberId", COUNT(*) AS "times" FROM member_record
    WHERE "regionPath" >= $1 AND "regionPath" < $2 AND "kind" = $3 AND "withdrawnAt" IS NULL AND "day" >= $4 AND "day" <= $5
    GROUP BY "memberId"`
  await count('training', record, [gte, lt, 'training', fromDay, toDay])
  await count('honour', record, [gte, lt, 'honour', fromDay, toDay])
  await countAnomalies(db, { gte, lt }, { from, to }, inputs)
  return inputs
}

/** Cases are about several; each of them who is a helper bears it, when staff said there was something to it. */
async function countAnomalies(
  db: Reader,
  { gte, lt }: { gte: string; lt: string },
  { from, to }: { from: Date; to: Date },
  inputs: ReadonlyMap<string, CreditInputs>,
): Promise<void> {
  const cases = await query<{ subjects: string }>(
    db,
    `SELECT "subjects" FROM anomaly WHERE "regionPath" >= $1 AND "regionPath" < $2 AND "state" = 'closed' AND "outcome" = 'upheld'
       AND "closedAt" >= $3 AND "closedAt" < $4`,
    ...[gte, lt, from, to],
  )
  for (const { subjects } of cases)
    for (const id of new Set(JSON.parse(subjects) as string[])) {
      const own = inputs.get(id)
      if (own !== undefined) add(own, 'anomaly', 1)
    }
}

function add(inputs: CreditInputs, what: Count, times: number): void {
  if (times > 0) inputs.counts[what] = (inputs.counts[what] ?? 0) + times
}

/** What many share: the sums of all of them. */
export function sumOf(all: readonly CreditInputs[]): CreditInputs {
  const sum: CreditInputs = { visits: 0, seconds: 0, counts: {} }
  for (const { visits, seconds, counts } of all) {
    sum.visits += visits
    sum.seconds += seconds
    for (const [what, times] of Object.entries(counts)) add(sum, what as Count, times)
  }
  return sum
}
