import { Refusal } from '../../shared/core/refusals'
import type { VisitListQuery } from '../../shared/visit/input'
import { type Actor, DESK, inScope } from '../core/actor'
import type { Db, Prisma, Reader } from '../core/db'
import { cursorOf, readCursor } from '../core/input'
import { findRegionInScope } from '../region/queries'
import { mayRead } from './policy'

/** What a line of a list is made of. */
const LINE = {
  elders: { select: { elderId: true, elder: { select: { personId: true } } } },
  exceptions: { orderBy: { code: 'asc' } },
  confirmations: { orderBy: { revision: 'asc' } },
  decisions: { orderBy: { revision: 'asc' } },
} as const satisfies Prisma.VisitInclude

const NEWEST_FIRST = [{ checkInAt: 'desc' }, { id: 'desc' }] as const satisfies Prisma.VisitOrderByWithRelationInput[]

export type VisitLine = Awaited<ReturnType<typeof findVisits>>[number]
export type VisitRecord = Awaited<ReturnType<typeof findVisit>>

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
    query.regionId === undefined ? undefined : (await findRegionInScope(db, actor, DESK, query.regionId)).path
  const filters: Prisma.VisitWhereInput = {
    day: { ...(query.from && { gte: query.from }), ...(query.to && { lte: query.to }) },
    ...(query.memberId && { memberId: query.memberId }),
    ...(query.elderId && { elders: { some: { elderId: query.elderId } } }),
    ...(query.state && { state: query.state }),
    ...(query.level !== undefined && { level: query.level }),
    ...(query.exception && { exceptions: { some: { code: query.exception } } }),
    ...(query.nature && { nature: query.nature }),
  }
  return { AND: [inScope(actor, DESK, within), filters] }
}

/** One visit with its whole evidence. */
export function findVisit(db: Reader, id: string) {
  return db.visit.findUnique({
    where: { id },
    include: { ...LINE, evidence: { orderBy: [{ at: 'asc' }, { id: 'asc' }] } },
  })
}

/** @throws Refusal NOT_FOUND for what the actor may not know of */
export async function findReadable(db: Db, actor: Actor, id: string): Promise<NonNullable<VisitRecord>> {
  const visit = await findVisit(db, id)
  if (visit === null || !mayRead(actor, visit)) throw new Refusal('NOT_FOUND')
  return visit
}

/** The visit a helper is at, the latest if there are several. */
export async function findCurrent(db: Db, actor: Actor): Promise<VisitRecord> {
  if (actor.member === null) return null
  const running = await db.visit.findFirst({
    where: { memberId: actor.member.id, state: 'inProgress' },
    orderBy: [...NEWEST_FIRST],
    select: { id: true },
  })
  return running === null ? null : findVisit(db, running.id)
}

/** The transactions that a visit's awards are on the books with, and their reversals, as they happened. */
export async function findPostings(db: Reader, visitId: string) {
  const awards = await db.ledgerTransaction.findMany({
    where: { refType: 'visit', refId: visitId },
    include: { entries: true },
  })
  const reversals = await db.ledgerTransaction.findMany({
    where: { reverses: { in: awards.map(({ id }) => id) } },
    include: { entries: true },
  })
  return [...awards, ...reversals]
}

function after(cursor: string | undefined): Prisma.VisitWhereInput {
  const keys = readCursor(cursor, 2)
  if (keys === null) return {}
  const [at, id] = keys as [string, string]
  const checkInAt = new Date(at)
  if (Number.isNaN(checkInAt.getTime())) throw new Refusal('BAD_INPUT', { field: 'cursor' })
  return { OR: [{ checkInAt: { lt: checkInAt } }, { checkInAt, id: { lt: id } }] }
}
