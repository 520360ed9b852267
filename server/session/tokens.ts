import { createHash, createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'
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
 * Whose token this is. One algorithm, a key of our ring, the signature to the letter: read by hand, since each request asks
 * it and the library, which reads whatever a token may be, takes ten times as long.
 *
 * @throws Refusal TOKEN_EXPIRED, or NOT_LOGGED_IN for anything that isn't a token of ours
 */
export function readAccess(token: string, keys: Keys, at: Date): Access {
  const [header = '', body = '', signature = '', ...more] = token.split('.')
  const { alg, kid } = partOf(header)
  const known = keys.token.find(({ id }) => id === kid)
  if (known === undefined || alg !== ALGORITHM || more.length > 0) throw new Refusal('NOT_LOGGED_IN')
  const right = createHmac('sha256', keyObject(known.key)).update(`${header}.${body}`).digest('base64url')
  if (!isSame(right, signature)) throw new Refusal('NOT_LOGGED_IN')
  const { iss, aud, exp, sub, sid } = partOf(body)
  if (iss !== ISSUER || aud !== AUDIENCE || typeof sub !== 'string' || typeof sid !== 'string')
    throw new Refusal('NOT_LOGGED_IN')
  if (typeof exp !== 'number' || Math.floor(at.getTime() / 1000) >= exp) throw new Refusal('TOKEN_EXPIRED')
  return { personId: sub, sessionId: sid }
}

/** A part of a token, opened; nothing for what is none. */
function partOf(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown> | null) ?? {}
  } catch {
    return {}
  }
}

function isSame(right: string, given: string): boolean {
  const [one, other] = [Buffer.from(right), Buffer.from(given)]
  return one.length === other.length && timingSafeEqual(one, other)
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
