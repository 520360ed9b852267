import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import type { accessInput } from '../../shared/session/input'
import { can } from '../../shared/session/permissions'
import type { SecurityView, SessionView } from '../../shared/session/view'
import { type Actor, mayOver } from '../core/actor'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'

/** Where I am logged in, and how I may log in. */
export async function mySecurity(db: Db, { personId, sessionId }: Actor, at: Date): Promise<SecurityView> {
  const rows = await db.session.findMany({
    where: { personId, revokedAt: null, expiresAt: { gt: at } },
    orderBy: { rotatedAt: 'desc' },
    take: 50,
  })
  return {
    hasLogin: (await db.staffLogin.count({ where: { personId } })) > 0,
    recoveryCodesLeft: await db.recoveryCode.count({ where: { personId, usedAt: null } }),
    sessions: rows.map(({ id, how, createdAt, rotatedAt }) => ({
      ...{ id, how: how as SessionView['how'], isThis: id === sessionId },
      ...{ createdAt: createdAt.toISOString(), lastAt: rotatedAt.toISOString() },
    })),
  }
}

/** Ends one of my sessions: on a phone that was lost, at a desk I left. */
export async function endSession(db: Db, { personId }: Actor, id: string, at: Date): Promise<{ id: string }> {
  const ended = await db.session.updateMany({ where: { id, personId }, data: { revokedAt: at } })
  if (ended.count === 0) throw new Refusal('NOT_FOUND')
  return { id }
}

/** Turns the account behind a post off, in seconds and everywhere, or on again; not one's own. */
export async function setAccess(
  db: Db,
  actor: Actor,
  staffId: string,
  { access, reason }: z.infer<typeof accessInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const post = await tx.staffRole.findUnique({ where: { id: staffId } })
    if (post === null || !mayOver(actor, can('staff.access'), post.regionPath)) throw new Refusal('NOT_FOUND')
    const { personId, regionPath } = post
    const posts = await tx.staffRole.findMany({ where: { personId } })
    // who also holds a post elsewhere is turned off by who is above both
    if (personId === actor.personId || posts.some((one) => !mayOver(actor, can('staff.access'), one.regionPath)))
      throw new Refusal('NOT_ALLOWED')
    const off = access === 'off'
    await tx.person.updateMany({ where: { id: personId, erasedAt: null }, data: { disabledAt: off ? at : null } })
    if (off) await tx.session.updateMany({ where: { personId, revokedAt: null }, data: { revokedAt: at } })
    await tx.staffLogin.updateMany({ where: { personId }, data: { failures: 0, lockedUntil: null } })
    await logOperation(tx, actor, {
      ...{ at, action: off ? 'disable' : 'enable', resource: 'staff', resourceId: staffId, regionPath },
      after: { access, reason },
    })
    return { id: staffId }
  })
}
