import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { monthOf } from '../../shared/core/time'
import type { Page } from '../../shared/core/view'
import type { memberListQuery } from '../../shared/member/input'
import type { MemberDetail, MemberView } from '../../shared/member/view'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Prisma, Reader } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { balanceOf } from '../ledger/queries'
import { helperRecords } from '../person/former'
import { personWhere } from '../person/search'
import { seesClass2 } from '../person/sight'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames } from '../region/queries'
import { programmeOf } from '../scheme/queries'
import { findAccountOfPerson } from './account'
import { presentMember, presentMemberDetail } from './present'

export type Member = Awaited<ReturnType<Db['member']['findUniqueOrThrow']>>
type Query = z.infer<typeof memberListQuery>
const DONE_STATES = ['finished', 'confirmed', 'approved']

/** Helpers of the actor's regions, village by village. */
export async function listMembers(db: Db, keys: Keys, actor: Actor, query: Query, at: Date): Promise<Page<MemberView>> {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('member.read'), query.regionId)).path
  const after = readCursor(query.cursor, 2)
  const where: Prisma.MemberWhereInput[] = [inScope(actor, can('member.read'), within)]
  if (query.kind !== undefined) where.push({ kind: query.kind })
  if (query.state !== undefined) where.push({ state: query.state })
  if (query.q !== undefined && query.q.trim() !== '') where.push({ person: personWhere(keys, query.q) })
  if (after !== null)
    where.push({ OR: [{ regionPath: { gt: after[0] } }, { regionPath: after[0], id: { gt: after[1] } }] })
  const rows = await db.member.findMany({
    where: { AND: where },
    orderBy: [{ regionPath: 'asc' }, { id: 'asc' }],
    take: query.limit + 1,
  })
  const shown = await presentAll(db, keys, actor, rows.slice(0, query.limit), at)
  return toPage(
    rows,
    query.limit,
    (row) => shown.get(row.id) as MemberView,
    (row) => cursorOf(row.regionPath, row.id),
  )
}

/** @throws Refusal NOT_FOUND outside the actor's regions */
export async function findMemberDetail(
  db: Db,
  keys: Keys,
  actor: Actor,
  memberId: string,
  at: Date,
): Promise<MemberDetail> {
  const member = await db.member.findFirst({ where: { id: memberId, ...inScope(actor, can('member.read')) } })
  if (member === null) throw new Refusal('NOT_FOUND')
  const view = (await presentAll(db, keys, actor, [member], at)).get(memberId) as MemberView
  const person = (await openPersons(db, keys, [member.personId])).get(member.personId)
  const { all } = await helperRecords(db, [memberId])
  const served = await db.visit.aggregate({
    where: { memberId: { in: all }, state: { in: DONE_STATES } },
    _sum: { servedSeconds: true },
  })
  const programme = await programmeOf(db, member.countyId)
  const accountId = programme === null ? null : await findAccountOfPerson(db, member.personId, programme.id)
  const balance = accountId === null ? null : await balanceOf(db, accountId)
  return presentMemberDetail(view, { person, totalSeconds: served._sum.servedSeconds ?? 0, accountId, balance, at })
}

/** What helpers did in a month, by member: visits that are over and weren't sent back. */
export async function monthOfMembers(
  db: Reader,
  memberIds: readonly string[],
  month: string,
): Promise<Map<string, { seconds: number; visits: number }>> {
  const { all, ownerOf } = await helperRecords(db, memberIds)
  const rows = await db.visit.groupBy({
    by: ['memberId'],
    where: { memberId: { in: all }, month, state: { in: DONE_STATES } },
    _sum: { servedSeconds: true },
    _count: true,
  })
  return new Map(
    memberIds.map((memberId) => {
      const own = rows.filter((row) => ownerOf(row.memberId) === ownerOf(memberId))
      return [
        memberId,
        {
          seconds: own.reduce((sum, row) => sum + (row._sum.servedSeconds ?? 0), 0),
          visits: own.reduce((sum, row) => sum + row._count, 0),
        },
      ]
    }),
  )
}

async function presentAll(
  db: Reader,
  keys: Keys,
  actor: Actor,
  members: readonly Member[],
  at: Date,
): Promise<Map<string, MemberView>> {
  const persons = await openPersons(
    db,
    keys,
    members.map((one) => one.personId),
  )
  const regions = await regionNames(
    db,
    members.map((one) => one.regionId),
  )
  const months = await monthOfMembers(
    db,
    members.map((one) => one.id),
    monthOf(at),
  )
  return new Map(
    members.map((one) => {
      const facts = {
        person: persons.get(one.personId),
        region: regions.get(one.regionId),
        month: months.get(one.id),
        class2: seesClass2(actor, one.regionPath),
      }
      return [one.id, presentMember(one, facts)]
    }),
  )
}
