import { createHash, createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { Refusal } from '../../shared/core/refusals'
import type { Keys } from '../core/config'

/** Ten minutes: a stolen access token is soon worth nothing, and the session behind it is checked anyway. */
export const ACCESS_SECONDS = 600
const ALGORITHM = 'HS256'
const ISSUER = 'mulin'
const AUDIENCE = 'mulin-api'

/** A KeyObject, made once: with a string secret each check costs twenty times as much. */
const keyObjects = new WeakMap<Uint8Array, KeyObject>()
function keyObject(key: Uint8Array): KeyObject {
  const known = keyObjects.get(key)
  if (known !== undefined) return known
  const made = createSecretKey(Buffer.from(key))
  keyObjects.set(key, made)
  return made
}

export type Access = { personId: string; sessionId: string }

export function signAccess({ personId, sessionId }: Access, keys: Keys, at: Date): string {
  const [newest] = keys.token
  const iat = Math.floor(at.getTime() / 1000)
  return jwt.sign({ sub: personId, sid: sessionId, iat, exp: iat + ACCESS_SECONDS }, keyObject(newest.key), {
    algorithm: ALGORITHM,
    keyid: newest.id,
    issuer: ISSUER,
    audience: AUDIENCE,
  })
}

/**
 * Whose token this is. The algorithm is pinned and the key is chosen from our ring only.
 * @throws Refusal TOKEN_EXPIRED, or NOT_LOGGED_IN for anything that isn't a token of ours
 */
export function readAccess(token: string, keys: Keys, at: Date): Access {
  try {
    const key = keyNamed(token, keys)
    if (key === undefined) throw new Refusal('NOT_LOGGED_IN')
    const claims = jwt.verify(token, keyObject(key.key), {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      clockTimestamp: Math.floor(at.getTime() / 1000),
    })
    if (typeof claims === 'string' || typeof claims.sub !== 'string' || typeof claims.sid !== 'string')
      throw new Refusal('NOT_LOGGED_IN')
    return { personId: claims.sub, sessionId: claims.sid }
  } catch (error) {
    if (error instanceof jwt.TokenExpiredError) throw new Refusal('TOKEN_EXPIRED')
    throw error instanceof Refusal ? error : new Refusal('NOT_LOGGED_IN')
  }
}

/** The one of our keys that the token says it was signed with: its header alone is read for that. */
function keyNamed(token: string, { token: ring }: Keys) {
  const header: unknown = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString())
  return ring.find((one) => one.id === (header as { kid?: unknown } | null)?.kid)
}

/**
 * A refresh token names its session and is marked with our key, so that any token of a family is known as one, however old.
 * The secret in the middle is what counts: only its hash is kept.
 */
export function newRefreshToken(sessionId: string, keys: Keys): string {
  return marked(sessionId, randomBytes(32).toString('base64url'), keys.token[0].key)
}

function marked(sessionId: string, secret: string, key: Uint8Array): string {
  const mark = createHmac('sha256', keyObject(key)).update(`family|${sessionId}|${secret}`).digest('base64url')
  return `${sessionId}.${secret}.${mark.slice(0, 22)}`
}

/** Whose family a refresh token belongs to; null for what we never gave out. */
export function familyOf(token: string, keys: Keys): string | null {
  const [sessionId = '', secret = ''] = token.split('.')
  const known = keys.token.some(({ key }) => refreshHashOf(marked(sessionId, secret, key)) === refreshHashOf(token))
  return known ? sessionId : null
}

/**
 * The refresh token that follows another: the same old token and nonce give the same new one, so a lost answer can be asked
 * for again without storing any token.
 */
export function nextRefreshToken(old: string, nonce: string, keys: Keys): string {
  const [{ key }] = keys.token
  const secret = createHmac('sha256', keyObject(key)).update(`refresh|${old}|${nonce}`).digest('base64url')
  return marked(old.split('.')[0] ?? '', secret, key)
}

export function refreshHashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
