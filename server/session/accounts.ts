import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { whyNotGiveRole } from '../../shared/member/rules'
import type { accessInput, accountReasonInput } from '../../shared/session/input'
import { can } from '../../shared/session/permissions'
import type { Role } from '../../shared/session/view'
import { type Actor, inScope, isSelf, postsOver } from '../core/actor'
import type { Db, Tx } from '../core/db'
import { logOperation } from '../core/operation-log'

/** Turns the account behind a post off, in seconds and everywhere, or on again. @throws Refusal as findGoverned */
export async function setAccess(
  db: Db,
  actor: Actor,
  staffId: string,
  { access, reason }: z.infer<typeof accessInput>,
  at: Date,
): Promise<{ id: string }> {
  const off = access === 'off'
  return govern(db, actor, staffId, at, { action: off ? 'disable' : 'enable', reason }, async (tx, personId) => {
    await tx.person.updateMany({ where: { id: personId, erasedAt: null }, data: { disabledAt: off ? at : null } })
    if (off) await endAllSessions(tx, personId, at)
    await tx.staffLogin.updateMany({ where: { personId }, data: { failures: 0, lockedUntil: null } })
    return { after: { access } }
  })
}

/**
 * Takes password, authenticator and recovery codes away from who lost them, and ends what was begun with them. They are set
 * anew after a login by the own phone. @throws Refusal as findGoverned
 */
export async function resetLogin(
  db: Db,
  actor: Actor,
  staffId: string,
  { reason }: z.infer<typeof accountReasonInput>,
  at: Date,
): Promise<{ id: string }> {
  return govern(db, actor, staffId, at, { action: 'resetLogin', reason }, async (tx, personId) => {
    await tx.recoveryCode.deleteMany({ where: { personId } })
    const { count } = await tx.staffLogin.deleteMany({ where: { personId } })
    await endAllSessions(tx, personId, at)
    return { before: { hasLogin: count > 0 } }
  })
}

/** Ends all sessions of one of the staff: of a phone that was lost, of a desk left open. @throws Refusal as findGoverned */
export async function signOutStaff(
  db: Db,
  actor: Actor,
  staffId: string,
  { reason }: z.infer<typeof accountReasonInput>,
  at: Date,
): Promise<{ id: string }> {
  return govern(db, actor, staffId, at, { action: 'signOut', reason }, async (tx, personId) => {
    await endAllSessions(tx, personId, at)
    return {}
  })
}

type Change = { before?: Record<string, unknown>; after?: Record<string, unknown> }

/** Does something to the account behind a post, by whoever governs it, and writes it into the log in the same commit. */
async function govern(
  db: Db,
  actor: Actor,
  staffId: string,
  at: Date,
  { action, reason }: { action: string; reason: string },
  act: (tx: Tx, personId: string) => Promise<Change>,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const { personId, regionPath } = await findGoverned(tx, actor, staffId, at)
    const { before, after } = await act(tx, personId)
    await logOperation(tx, actor, {
      ...{ at, action, resource: 'staff', resourceId: staffId, regionPath },
      ...(before && { before }),
      after: { ...after, reason },
    })
    return { id: staffId }
  })
}

async function endAllSessions(tx: Tx, personId: string, at: Date): Promise<void> {
  await tx.session.updateMany({ where: { personId, revokedAt: null }, data: { revokedAt: at } })
  await tx.deskCode.deleteMany({ where: { personId } })
}

/**
 * The post through which the actor governs its holder's account: not the own one, and of all posts the holder has none outside
 * the actor's regions or above the actor's rank. Who also holds a post elsewhere is governed by who is above both.
 *
 * @throws Refusal NOT_FOUND, NOT_ALLOWED
 */
async function findGoverned(tx: Tx, actor: Actor, staffId: string, at: Date) {
  const roles = can('staff.access')
  const post = await tx.staffRole.findFirst({ where: { id: staffId, AND: [inScope(actor, roles)] } })
  if (post === null) throw new Refusal('NOT_FOUND')
  const { personId } = post
  if (isSelf(actor, personId)) throw new Refusal('NOT_ALLOWED')
  const held = await tx.staffRole.findMany({
    where: { personId, OR: [{ validTo: null }, { validTo: { gte: dayOf(at) } }] },
  })
  for (const one of [post, ...held]) refuse(whyNotGiveRole(postsOver(actor, roles, one.regionPath), one.role as Role))
  return post
}
