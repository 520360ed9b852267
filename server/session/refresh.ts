import { Refusal } from '../../shared/core/refusals'
import { addSeconds } from '../../shared/core/time'
import type { Tokens } from '../../shared/session/view'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { SESSION_DAYS, tokensOf } from './start'
import { nextRefreshToken, refreshHashOf } from './tokens'

/** A lost answer may be asked for again this long, with the same nonce. */
const GRACE_SECONDS = 10

/**
 * Exchanges a refresh token for the next one. A token used twice means that somebody else has it: the session ends for both,
 * unless it is the same request again within the grace.
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
      WHERE "refreshHash" = ${hash} AND "revokedAt" IS NULL AND "expiresAt" > ${at} RETURNING "id", "personId"`
    if (moved[0] !== undefined) return moved[0]
    const twin = await tx.session.findUnique({ where: { previousHash: hash } })
    if (twin === null || twin.revokedAt !== null) return null
    const again = twin.refreshHash === refreshHashOf(next) && at <= addSeconds(twin.rotatedAt, GRACE_SECONDS)
    if (again) return twin
    await tx.session.update({ where: { id: twin.id }, data: { revokedAt: at } })
    return null
  })
  if (outcome === null) throw new Refusal('SESSION_ENDED')
  return tokensOf({ personId: outcome.personId, sessionId: outcome.id }, next, keys, at)
}
