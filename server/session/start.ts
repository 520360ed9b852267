import { addSeconds } from '../../shared/core/time'
import type { Tokens } from '../../shared/session/view'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { newId } from '../core/ids'
import { bindDevice, registerKey } from './device'
import { ACCESS_SECONDS, newRefreshToken, refreshHashOf, signAccess } from './tokens'

/** A phone stays logged in for a month of silence. */
export const SESSION_DAYS = 30

/** The phone somebody logs in with. */
export type Phone = { deviceId?: string | undefined; deviceKey?: string | undefined }

/**
 * Opens a session for a person who has proved who they are, and binds the first device they come with.
 * @throws Refusal DEVICE_KEY
 */
export async function startSession(
  db: Db,
  keys: Keys,
  personId: string,
  { deviceId, deviceKey }: Phone,
  at: Date,
  how: Actor['how'] = 'wechat',
): Promise<Tokens> {
  const sessionId = newId(at)
  const refreshToken = newRefreshToken(sessionId, keys)
  await db.$transaction(async (tx) => {
    if (deviceId !== undefined && deviceKey !== undefined) await registerKey(tx, deviceId, deviceKey, at)
    if (deviceId !== undefined) await bindDevice(tx, personId, deviceId, at)
    await tx.session.create({
      data: {
        id: sessionId,
        personId,
        refreshHash: refreshHashOf(refreshToken),
        rotatedAt: at,
        deviceId: deviceId ?? null,
        how,
        provedAt: at,
        createdAt: at,
        expiresAt: addSeconds(at, SESSION_DAYS * 86_400),
      },
    })
  })
  return tokensOf({ personId, sessionId }, refreshToken, keys, at)
}

export function tokensOf(
  access: { personId: string; sessionId: string },
  refreshToken: string,
  keys: Keys,
  at: Date,
): Tokens {
  return {
    accessToken: signAccess(access, keys, at),
    refreshToken,
    accessExpiresAt: addSeconds(at, ACCESS_SECONDS).toISOString(),
    personId: access.personId,
  }
}
