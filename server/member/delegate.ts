import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { addSeconds, dayOf, holdsOn } from '../../shared/core/time'
import type { delegationInput } from '../../shared/member/input'
import { whyNotGiveRole, whyNotStandIn } from '../../shared/member/rules'
import type { DelegationsView, StandIn } from '../../shared/member/view'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import type { Role } from '../../shared/session/view'
import { ROLE_WORDS } from '../../shared/session/words'
import { type Actor, inScope, postsOver } from '../core/actor'
import type { RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, execute, type Reader, type Tx, underPath } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { openPersons } from '../person/vault'
import { regionNames } from '../region/queries'
import { settingsAt } from '../region/settings'

type Post = RowOf<'StaffRole'>
const DAY_SECONDS = 86_400
const SHOWN_MAX = 200

/**
 * Lends a post to somebody of the same or a higher level for a time; it ends by itself. Whoever holds the post lends it, or
 * whoever gives posts there; who only stands in lends nothing.
 *
 * @throws Refusal NOT_FOUND, NOT_ALLOWED, ROLE_CONFLICT, DELEGATION_SPAN, DELEGATION_TAKEN
 */
export async function delegate(
  db: Db,
  actor: Actor,
  input: z.infer<typeof delegationInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'delegate', input, at }, async () => {
      const post = await findPost(tx, actor, input.staffId, at)
      // of two who lend the post at once, the second sees the first
      await execute(tx, `UPDATE staff_role SET "regionPath" = "regionPath" WHERE "id" = $1`, post.id)
      const [fromAt, untilAt] = [new Date(input.fromAt), new Date(input.untilAt)]
      const { delegationDaysMax } = await settingsAt(tx, post.regionPath, dayOf(at))
      // a form takes a while to be sent
      const begins = fromAt < at ? at : fromAt
      if (
        fromAt < addSeconds(at, -300) ||
        untilAt <= begins ||
        untilAt > addSeconds(begins, Number(delegationDaysMax) * DAY_SECONDS)
      )
        throw new Refusal('DELEGATION_SPAN', { field: 'untilAt' })
      const toPersonId = await findStandIn(tx, post, input.toStaffId, at)
      const taken = await tx.delegation.count({
        where: { staffRoleId: post.id, endedAt: null, fromAt: { lt: untilAt }, untilAt: { gt: begins } },
      })
      if (taken > 0) throw new Refusal('DELEGATION_TAKEN')
      await tx.delegation.create({
        data: {
          ...{
            id: input.id,
            staffRoleId: post.id,
            fromPersonId: post.personId,
            toPersonId,
            regionPath: post.regionPath,
          },
          ...{ fromAt: begins, untilAt, reason: input.reason, byPersonId: actor.personId, recordedAt: at },
        },
      })
      await logOperation(tx, actor, {
        ...{ at, action: 'delegate', resource: 'staff', resourceId: post.id, regionPath: post.regionPath },
        after: { role: post.role, personId: toPersonId, ownerPersonId: post.personId, validTo: untilAt.toISOString() },
      })
      return { id: input.id }
    }),
  )
}

/** Takes a lent post back before its end. @throws Refusal NOT_FOUND */
export async function endDelegation(db: Db, actor: Actor, id: string, at: Date): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const one = await tx.delegation.findUnique({ where: { id } })
    const post = one === null ? null : await tx.staffRole.findUnique({ where: { id: one.staffRoleId } })
    if (one === null || post === null || !mayLend(actor, post)) throw new Refusal('NOT_FOUND')
    const ended = await tx.delegation.updateMany({
      where: { id, endedAt: null, untilAt: { gt: at } },
      data: { endedAt: at, endedByPersonId: actor.personId },
    })
    if (ended.count > 0)
      await logOperation(tx, actor, {
        ...{ at, action: 'endDelegation', resource: 'staff', resourceId: one.staffRoleId, regionPath: one.regionPath },
        before: { personId: one.toPersonId, validTo: one.untilAt.toISOString() },
      })
    return { id }
  })
}

/** What is lent in the actor's regions, by him and to him, newest first; and the own posts. */
export async function listDelegations(db: Db, keys: Keys, actor: Actor, at: Date): Promise<DelegationsView> {
  const { personId } = actor
  const rows = await db.delegation.findMany({
    where: { OR: [inScope(actor, can('staff.read')), { fromPersonId: personId }, { toPersonId: personId }] },
    orderBy: [{ fromAt: 'desc' }, { id: 'desc' }],
    take: SHOWN_MAX,
  })
  const posts = await db.staffRole.findMany({ where: { id: { in: rows.map((one) => one.staffRoleId) } } })
  const postOf = new Map(posts.map((one) => [one.id, one]))
  const own = (await db.staffRole.findMany({ where: { personId } })).filter((one) => holdsOn(one, dayOf(at)))
  const names = await namesOf(db, keys, [...rows.flatMap((one) => [one.fromPersonId, one.toPersonId]), personId])
  const regions = await regionNames(
    db,
    [...posts, ...own].map((one) => one.regionId),
  )
  return {
    items: rows.map((row) => {
      const post = postOf.get(row.staffRoleId)
      const over = row.endedAt !== null || row.untilAt <= at
      return {
        ...{ id: row.id, reason: row.reason, fromAt: row.fromAt.toISOString() },
        untilAt: (row.endedAt ?? row.untilAt).toISOString(),
        roleWord: post === undefined ? '' : ROLE_WORDS[post.role as Role],
        regionName: regions.get(post?.regionId ?? '')?.name ?? '',
        fromName: names.get(row.fromPersonId) ?? '',
        toName: names.get(row.toPersonId) ?? '',
        state: over ? ('over' as const) : row.fromAt > at ? ('coming' as const) : ('running' as const),
        mayEnd: !over && post !== undefined && mayLend(actor, post),
      }
    }),
    posts: own.map((one) => show(one, names, regions)),
  }
}

/** Who of the same county may do this post: same or higher level, and none of what is held alone. */
export async function listStandIns(db: Db, keys: Keys, actor: Actor, staffId: string, at: Date): Promise<StandIn[]> {
  const post = await findPost(db, actor, staffId, at)
  const rows = await colleaguesOf(db, post, at)
  const names = await namesOf(
    db,
    keys,
    rows.map((one) => one.personId),
  )
  const regions = await regionNames(
    db,
    rows.map((one) => one.regionId),
  )
  return rows.slice(0, SHOWN_MAX).map((one) => show(one, names, regions))
}

async function findPost(db: Reader, actor: Actor, staffId: string, at: Date): Promise<Post> {
  const post = await db.staffRole.findUnique({ where: { id: staffId } })
  if (post === null || !mayLend(actor, post) || !holdsOn(post, dayOf(at))) throw new Refusal('NOT_FOUND')
  return post
}

/** The own post, or one that the actor could give, in his own right. */
function mayLend(actor: Actor, post: { personId: string; regionPath: string; role: string }): boolean {
  const inOwnRight = { ...actor, roles: actor.roles.filter((one) => one.standsInFor === undefined) }
  const own = postsOver(inOwnRight, can('staff.appoint'), post.regionPath)
  return post.personId === actor.personId || whyNotGiveRole(own, post.role as Role) === null
}

async function findStandIn(tx: Tx, post: Post, toStaffId: string, at: Date): Promise<string> {
  const found = (await colleaguesOf(tx, post, at)).find((one) => one.id === toStaffId)
  if (found === undefined) throw new Refusal('NOT_ALLOWED', { field: 'toStaffId' })
  return found.personId
}

/** One row a person: the first of the posts for which he may stand in. */
async function colleaguesOf(db: Reader, post: Post, at: Date): Promise<Post[]> {
  const region = await db.region.findUnique({ where: { id: post.regionId } })
  const county = region?.countyId == null ? region : await db.region.findUnique({ where: { id: region.countyId } })
  const rows = await db.staffRole.findMany({
    where: { regionPath: underPath(county?.path ?? post.regionPath), personId: { not: post.personId } },
    orderBy: [{ regionPath: 'asc' }, { id: 'asc' }],
  })
  const today = rows.filter((one) => holdsOn(one, dayOf(at)))
  const rolesOf = (personId: string) => today.filter((one) => one.personId === personId).map((one) => one.role as Role)
  const seen = new Set<string>()
  return today.filter((one) => {
    if (seen.has(one.personId) || whyNotStandIn(rolesOf(one.personId), post.role as Role) !== null) return false
    seen.add(one.personId)
    return true
  })
}

function show(one: Post, names: Map<string, string>, regions: Awaited<ReturnType<typeof regionNames>>): StandIn {
  return {
    id: one.id,
    name: names.get(one.personId) ?? '',
    roleWord: ROLE_WORDS[one.role as Role],
    regionName: regions.get(one.regionId)?.name ?? '',
  }
}

async function namesOf(db: Reader, keys: Keys, personIds: readonly string[]): Promise<Map<string, string>> {
  const persons = await openPersons(db, keys, [...new Set(personIds)])
  return new Map([...persons].map(([id, { name }]) => [id, maskName(name)]))
}
