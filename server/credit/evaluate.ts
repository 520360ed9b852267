import { addDays, dayOf } from '../../shared/core/time'
import { type CreditInputs, daysCounted, gradeOf } from '../../shared/credit/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, homeOf } from '../core/actor'
import { groupBy, insertAll } from '../core/bulk'
import { type Db, query, type Tx, transact, underPath } from '../core/db'
import { newId } from '../core/ids'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { findRegionInScope } from '../region/queries'
import { type Helper, readInputs, sumOf } from './inputs'
import { ruleOn } from './rule'

type County = { id: string; path: string }
type Graded = { graded: number; changed: number }

/** Every night for every county: what holds from tomorrow on. */
export async function gradeAll(db: Db, at: Date): Promise<Graded> {
  const regions = await db.region.findMany({
    where: { countyId: { not: null } },
    select: { id: true, countyId: true, path: true },
  })
  const all: Graded = { graded: 0, changed: 0 }
  for (const { id, countyId, path } of regions) {
    if (id !== countyId) continue
    const { graded, changed } = await transact(db, (tx) => gradeCounty(tx, { id, path }, at))
    all.graded += graded
    all.changed += changed
  }
  return all
}

/** The same now, for the actor's county: what was found today counts from tomorrow on. */
export async function gradeNow(
  db: Db,
  actor: Actor,
  input: { id: string },
  at: Date,
): Promise<Graded & { id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'gradeNow', input, at }, async () => {
      const region = await findRegionInScope(tx, actor, can('credit.rule'), homeOf(actor, can('credit.rule')))
      const done = await gradeCounty(tx, region, at)
      const about = { action: 'grade', resource: 'credit', resourceId: region.id, regionPath: region.path }
      await logOperation(tx, actor, { ...about, at, after: done })
      return { ...done, id: input.id }
    }),
  )
}

type Subject = {
  subjectKind: 'helper' | 'organisation'
  subjectId: string
  regionPath: string
  size: number
  inputs: CreditInputs
}

/** Counts, grades, and writes down every grade or score that is other than the last time. A grade holds from the next day: no day has two. */
async function gradeCounty(tx: Tx, county: County, at: Date): Promise<Graded> {
  const day = addDays(dayOf(at), 1)
  const rule = await ruleOn(tx, county, day, at)
  const { fromDay, toDay } = daysCounted(day, rule.document.windowMonths)
  const { gte, lt } = underPath(county.path)
  const helpers = await query<Helper>(
    tx,
    `SELECT "id" AS "memberId", "personId", "regionPath" FROM member
     WHERE "state" <> 'ended' AND "regionPath" >= $1 AND "regionPath" < $2 ORDER BY "id"`,
    gte,
    lt,
  )
  const inputs = await readInputs(tx, helpers, county.path, { fromDay, toDay })
  const inputsOf = (memberId: string): CreditInputs => inputs.get(memberId) ?? sumOf([])
  const subjects: Subject[] = [
    ...helpers.map(({ memberId, personId, regionPath }): Subject => {
      return { subjectKind: 'helper', subjectId: personId, regionPath, size: 1, inputs: inputsOf(memberId) }
    }),
    ...(await teamsOf(tx, county, toDay)).map(({ id, regionPath, memberIds }): Subject => {
      const sum = sumOf(memberIds.map(inputsOf))
      return { subjectKind: 'organisation', subjectId: id, regionPath, size: memberIds.length, inputs: sum }
    }),
  ]
  const last = await lastOf(tx, county)
  const rows = subjects.flatMap(({ inputs: counted, ...subject }) => {
    const { grade, milliScore } = gradeOf(rule.document, counted, subject.size)
    const before = last.get(subject.subjectId)
    if (before?.ruleId === rule.id && before.grade === grade && before.milliScore === milliScore) return []
    const made = { ruleId: rule.id, countyId: county.id, recordedAt: at }
    return [
      { id: newId(at), ...subject, ...made, grade, milliScore, inputs: JSON.stringify(counted), fromDay, toDay, day },
    ]
  })
  await insertAll(tx, 'credit_grade', rows)
  return { graded: subjects.length, changed: rows.length }
}

type Last = { subjectId: string; ruleId: string; grade: string | null; milliScore: number }

async function lastOf(tx: Tx, { path }: County): Promise<Map<string, Last>> {
  const { gte, lt } = underPath(path)
  const rows = await query<Last>(
    tx,
    `SELECT "subjectId", "ruleId", "grade", "milliScore" FROM credit_grade AS g
     WHERE "regionPath" >= $1 AND "regionPath" < $2 AND NOT EXISTS (
       SELECT 1 FROM credit_grade AS l WHERE l."subjectId" = g."subjectId"
         AND (l."day" > g."day" OR (l."day" = g."day" AND l."recordedAt" > g."recordedAt")))`,
    gte,
    lt,
  )
  return new Map(rows.map((one) => [one.subjectId, one]))
}

/** Bodies with helpers on a day, and those helpers. */
async function teamsOf(tx: Tx, { path }: County, day: string) {
  const { gte, lt } = underPath(path)
  const rows = await query<{ id: string; regionPath: string; memberId: string }>(
    tx,
    `SELECT DISTINCT o."id", o."regionPath", r."memberId" FROM organisation AS o
     JOIN member_record AS r ON r."organisationId" = o."id" JOIN member AS m ON m."id" = r."memberId"
     WHERE o."regionPath" >= $1 AND o."regionPath" < $2 AND o."active" AND r."kind" = 'team' AND r."withdrawnAt" IS NULL
       AND m."state" <> 'ended' AND r."day" <= $3 AND (r."untilDay" IS NULL OR r."untilDay" >= $3)
     ORDER BY o."id", r."memberId"`,
    ...[gte, lt, day],
  )
  const membersOf = groupBy(rows, ({ id }) => id)
  const bodies = new Map(rows.map((one) => [one.id, one]))
  return [...bodies.values()].map(({ id, regionPath }) => ({
    ...{ id, regionPath },
    memberIds: membersOf(id).map(({ memberId }) => memberId),
  }))
}
