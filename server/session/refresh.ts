import { Refusal } from '../../shared/core/refusals'
import { addSeconds } from '../../shared/core/time'
import type { Tokens } from '../../shared/session/view'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { SESSION_DAYS, tokensOf } from './start'
import { familyOf, nextRefreshToken, refreshHashOf } from './tokens'

/** A lost answer may be asked for again this long, with the same nonce. */
const GRACE_SECONDS = 10

/**
 * Exchanges a refresh token for the next one. A token used twice means that somebody else has it: the session ends for both,
 * however often the other has gone on meanwhile, unless it is the same request again within the grace. Of a person whose
 * account is off nothing is exchanged.
 *
 * @throws Refusal SESSION_ENDED
 */
export async function refreshSession(
  db: Db,
  keys: Keys,
  input: { refreshToken: string; nonce: string },
  at: Date,
): Promise<Tokens> {
  const hash = refreshHashOf(input.refreshToken)
  const next = nextRefreshToken(input.refreshToken, input.nonce, keys)
  const outcome = await db.$transaction(async (tx) => {
    const moved = await tx.$queryRaw<{ id: string; personId: string }[]>`
      UPDATE session SET "refreshHash" = ${refreshHashOf(next)}, "previousHash" = ${hash}, "rotatedAt" = ${at}, "expiresAt" = ${addSeconds(at, SESSION_DAYS * 86_400)}
      WHERE "refreshHash" = ${hash} AND "revokedAt" IS NULL AND "expiresAt" > ${at}
        AND NOT EXISTS (SELECT 1 FROM person AS p WHERE p."id" = "personId" AND p."disabledAt" IS NOT NULL) RETURNING "id", "personId"`
    if (moved[0] !== undefined) return moved[0]
    const id = familyOf(input.refreshToken, keys)
    const family = id === null ? null : await tx.session.findUnique({ where: { id } })
    // the newest one, of an account that is off or a session that is over: refused, but nobody else has it
    if (family === null || family.revokedAt !== null || family.refreshHash === hash) return null
    const isLast = family.previousHash === hash && family.refreshHash === refreshHashOf(next)
    if (isLast && at <= addSeconds(family.rotatedAt, GRACE_SECONDS)) return family
    await tx.session.update({ where: { id: family.id }, data: { revokedAt: at } })
    return null
  })
  if (outcome === null) throw new Refusal('SESSION_ENDED')
  return tokensOf({ personId: outcome.personId, sessionId: outcome.id }, next, keys, at)
}
