import { Refusal } from '../../shared/core/refusals'
import { can } from '../../shared/session/permissions'
import type { VisitListQuery } from '../../shared/visit/input'
import { type Actor, inScope } from '../core/actor'
import { findBy, findWhereAny, groupBy, type RowOf } from '../core/bulk'
import { query as ask, type Db, type Prisma, type Reader } from '../core/db'
import { cursorOf, readCursor } from '../core/input'
import { helperRecords } from '../person/former'
import { findRegionInScope } from '../region/queries'
import { readShown } from '../text/shown'

/** What a line of a list is made of. */
const LINE = {
  elders: { select: { elderId: true, elder: { select: { personId: true } } } },
  exceptions: { orderBy: { code: 'asc' } },
  confirmations: { orderBy: { revision: 'asc' } },
  decisions: { orderBy: { revision: 'asc' } },
} as const satisfies Prisma.VisitInclude

const NEWEST_FIRST = [{ checkInAt: 'desc' }, { id: 'desc' }] as const satisfies Prisma.VisitOrderByWithRelationInput[]

export type VisitLine = Awaited<ReturnType<typeof findVisits>>[number]
export type VisitRecord = Awaited<ReturnType<typeof findRecords>>[number]

/** Visits by any condition, the newest first. */
export function findVisits(
  db: Reader,
  where: Prisma.VisitWhereInput,
  page: { cursor?: string | undefined; take: number },
) {
  return db.visit.findMany({
    where: { AND: [where, after(page.cursor)] },
    include: LINE,
    orderBy: [...NEWEST_FIRST],
    take: page.take,
  })
}

/** Where the next page of `findVisits` begins. */
export function cursorAfter(visit: { checkInAt: Date; id: string }): string {
  return cursorOf(visit.checkInAt.toISOString(), visit.id)
}

/**
 * What the desk asked for, never more than its regions.
 * @throws Refusal NOT_FOUND for a region outside
 */
export async function whereOfDesk(
  db: Reader,
  actor: Actor,
  query: Partial<VisitListQuery>,
): Promise<Prisma.VisitWhereInput> {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('visit.read'), query.regionId)).path
  const filters: Prisma.VisitWhereInput = {
    day: { ...(query.from && { gte: query.from }), ...(query.to && { lte: query.to }) },
    ...(query.memberId && { memberId: { in: (await helperRecords(db, [query.memberId])).all } }),
    ...(query.elderId && { elders: { some: { elderId: query.elderId } } }),
    ...(query.state && { state: query.state }),
    ...(query.level !== undefined && { level: query.level }),
    ...(query.exception && { exceptions: { some: { code: query.exception } } }),
    ...(query.nature && { nature: query.nature }),
  }
  return { AND: [inScope(actor, can('visit.read'), within), filters] }
}

/** Visits with their whole evidence. */
export async function findRecords(db: Reader, ids: readonly string[]) {
  const own = ({ visitId }: { visitId: string }) => visitId
  const [visits, elders, evidence, find] = await Promise.all([
    findBy(db, 'Visit', 'id', ids),
    ask<{ visitId: string; elderId: string; personId: string; householdId: string }>(
      db,
      `SELECT e."visitId", e."elderId", o."personId", o."householdId"
       FROM visit_elder AS e JOIN elder AS o ON o."id" = e."elderId" WHERE e."visitId" IN LIST($1)`,
      ids,
    ),
    findBy(db, 'VisitEvidence', 'visitId', ids, ' ORDER BY "at", "id"'),
    findWhereAny(db, 'visitId', ids, SAID),
  ])
  const [exceptions, answers, decisions, heardOf] = await Promise.all([
    find('VisitException', ' ORDER BY "code"'),
    find('Confirmation', ' ORDER BY "revision"'),
    find('VisitDecision', ' ORDER BY "revision"'),
    readHeard(db, find),
  ])
  const eldersOf = groupBy(elders, own)
  const evidenceOf = groupBy(evidence, own)
  const exceptionsOf = groupBy(exceptions, own)
  const answersOf = groupBy(answers, own)
  const decisionsOf = groupBy(decisions, own)
  return visits.map((visit) =>
    Object.assign(visit, {
      elders: eldersOf(visit.id).map(({ elderId, personId, householdId }) => ({
        elderId,
        elder: { personId, householdId },
      })),
      evidence: evidenceOf(visit.id),
      exceptions: exceptionsOf(visit.id),
      confirmations: answersOf(visit.id),
      decisions: decisionsOf(visit.id),
      heard: heardOf(visit.id),
    }),
  )
}

export type Heard = {
  notes: RowOf<'HelperNote'>[]
  calls: RowOf<'CallBack'>[]
  appeals: RowOf<'Appeal'>[]
  corrections: RowOf<'EndCorrection'>[]
  complaints: RowOf<'Complaint'>[]
  ratings: RowOf<'VisitRating'>[]
}

/** What may be known of a visit beside what happened; of most there is little of it. */
const SAID = [
  ...(['VisitException', 'Confirmation', 'VisitDecision'] as const),
  ...(['HelperNote', 'CallBack', 'Appeal', 'EndCorrection', 'Complaint', 'VisitRating'] as const),
] as const

/** What was said about ended visits, by helpers, elders on the telephone and staff; nothing while they run. */
async function readHeard(
  db: Reader,
  find: Awaited<ReturnType<typeof findWhereAny<(typeof SAID)[number]>>>,
): Promise<(visitId: string) => Heard> {
  const own = ({ visitId }: { visitId: string }) => visitId
  const inTime = ' ORDER BY "at", "id"'
  const [notes, calls, appeals, corrections, complaints, ratings] = await Promise.all([
    find('HelperNote', inTime),
    find('CallBack', inTime),
    find('Appeal', inTime),
    find('EndCorrection'),
    find('Complaint', ' ORDER BY "openedAt", "id"'),
    find('VisitRating', inTime),
  ])
  const written = [...notes, ...appeals].map(({ id }) => id)
  const shown = await readShown(db, written)
  const asShown = <R extends { id: string; note: string | null }>(row: R): R => ({
    ...row,
    note: shown(row.id, row.note),
  })
  const [notesOf, callsOf, appealsOf] = [
    groupBy(notes.map(asShown), own),
    groupBy(calls, own),
    groupBy(appeals.map(asShown), own),
  ]
  const correctionsOf = groupBy(corrections, own)
  const complaintsOf = groupBy(complaints, own)
  const ratingsOf = groupBy(ratings, own)
  return (id) => ({
    ...{ notes: notesOf(id), calls: callsOf(id), appeals: appealsOf(id), corrections: correctionsOf(id) },
    ...{ complaints: complaintsOf(id), ratings: ratingsOf(id) },
  })
}

/** The visit a helper is at, the latest if there are several. */
export async function findCurrent(db: Db, actor: Actor): Promise<string | null> {
  if (actor.member === null) return null
  const running = await db.visit.findFirst({
    where: { memberId: actor.member.id, state: 'inProgress' },
    orderBy: [...NEWEST_FIRST],
    select: { id: true },
  })
  return running?.id ?? null
}

export type Posting = { kind: string; recordedAt: Date; explanation: string; milliPoints: bigint }

/** What visits were awarded and what was taken back of it, as it happened; by visit id. Who never got anything has nothing. */
export async function findPostings(
  db: Reader,
  visits: readonly Pick<RowOf<'Visit'>, 'id' | 'awardedMilliPoints' | 'awardRevision'>[],
): Promise<(visitId: string) => Posting[]> {
  const paid = visits.filter(
    ({ awardedMilliPoints, awardRevision }) => awardedMilliPoints !== null || awardRevision > 0,
  )
  if (paid.length === 0) return () => []
  const what = `t."kind", t."recordedAt", t."explanation", (
    SELECT MAX(e."amountMilliPoints") FROM ledger_entry AS e WHERE e."transactionId" = t."id") AS "milliPoints"`
  const isAward = `"kind" = 'EARN' AND %."refType" = 'visit' AND %."refId" IN LIST($1)`
  const rows = await ask<Posting & { visitId: string }>(
    db,
    `SELECT t."refId" AS "visitId", ${what} FROM ledger_transaction AS t WHERE t.${isAward.replaceAll('%', 't')}
     UNION ALL
     SELECT a."refId" AS "visitId", ${what}
     FROM ledger_transaction AS a JOIN ledger_transaction AS t ON t."reverses" = a."id"
     WHERE a.${isAward.replaceAll('%', 'a')}`,
    paid.map(({ id }) => id),
  )
  return groupBy(rows, ({ visitId }) => visitId)
}

function after(cursor: string | undefined): Prisma.VisitWhereInput {
  const keys = readCursor(cursor, 2)
  if (keys === null) return {}
  const [at, id] = keys as [string, string]
  const checkInAt = new Date(at)
  if (Number.isNaN(checkInAt.getTime())) throw new Refusal('BAD_INPUT', { field: 'cursor' })
  return { OR: [{ checkInAt: { lt: checkInAt } }, { checkInAt, id: { lt: id } }] }
}
