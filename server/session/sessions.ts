import { Refusal } from '../../shared/core/refusals'
import type { SecurityView, SessionView } from '../../shared/session/view'
import type { Actor } from '../core/actor'
import type { Db } from '../core/db'

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
