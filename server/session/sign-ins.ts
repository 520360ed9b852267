import { dayOf, holdsOn } from '../../shared/core/time'
import type { Role } from '../../shared/session/view'
import type { Actor } from '../core/actor'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'

/** Who tried with a number nobody of the staff has. */
const NOBODY = 'nobody'

/** Writes down that somebody signed in with a password, or tried to: good and bad ones, without what was typed. */
export async function logSignIn(db: Db, personId: string | null, ok: boolean, at: Date): Promise<void> {
  const posts = personId === null ? [] : await db.staffRole.findMany({ where: { personId } })
  const roles = posts
    .filter((one) => holdsOn(one, dayOf(at)))
    .map(({ role, regionId, regionPath, redemptionPointId, duty }) => ({
      role: role as Role,
      ...{ regionId, regionPath, redemptionPointId, duty },
    }))
    .sort((one, other) => one.regionPath.length - other.regionPath.length)
  const actor: Actor = {
    ...{ personId: personId ?? NOBODY, sessionId: '', deviceId: null, how: 'password', provedAt: null, roles },
    ...{ member: null, elder: null, proxyOf: [], requestId: '' },
  }
  await db.$transaction((tx) =>
    logOperation(tx, actor, {
      ...{ at, action: ok ? 'signIn' : 'signInFailed', resource: 'session', resourceId: actor.personId },
      regionPath: roles[0]?.regionPath ?? '/',
    }),
  )
}
