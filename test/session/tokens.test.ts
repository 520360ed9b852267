import { createHmac, randomUUID } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../server/core/config'
import { ACCESS_SECONDS, readAccess, signAccess } from '../../server/session/tokens'

const { keys } = readConfig({ NODE_ENV: 'test' })
const at = new Date('2026-11-22T01:00:00Z')
const access = { personId: randomUUID(), sessionId: randomUUID() }
const seconds = (count: number) => new Date(at.getTime() + count * 1000)
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claims = {
  sub: access.personId,
  sid: access.sessionId,
  iss: 'mulin',
  aud: 'mulin-api',
  iat: at.getTime() / 1000,
  exp: at.getTime() / 1000 + 600,
}

test('a token is read back as who and which session', () => {
  expect(readAccess(signAccess(access, keys, at), keys, at)).toEqual(access)
})

test('a token lives ten minutes to the second', () => {
  const token = signAccess(access, keys, at)
  expect(readAccess(token, keys, seconds(ACCESS_SECONDS - 1))).toEqual(access)
  expect(() => readAccess(token, keys, seconds(ACCESS_SECONDS))).toThrow('TOKEN_EXPIRED')
})

test('a token of the key before still works after a rotation, and no longer when that key is gone', () => {
  const token = signAccess(access, keys, at)
  const fresh = { id: 'b', key: Buffer.alloc(32, 7) }
  expect(readAccess(token, { ...keys, token: [fresh, ...keys.token] }, at)).toEqual(access)
  expect(() => readAccess(token, { ...keys, token: [fresh] }, at)).toThrow('NOT_LOGGED_IN')
})

describe('nobody gets in with', () => {
  const secret = Buffer.from(keys.token[0].key)
  const signed = (header: object, body: object, key: Buffer = secret) => {
    const text = `${part(header)}.${part(body)}`
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
  }
  const header = { alg: 'HS256', typ: 'JWT', kid: 'a' }
  test.each([
    ['no signature', `${part({ alg: 'none', kid: 'a' })}.${part(claims)}.`],
    ['another algorithm', jwt.sign(claims, secret, { algorithm: 'HS512', keyid: 'a' })],
    ['another key', signed(header, claims, Buffer.alloc(32, 1))],
    ['a key id that is a path', signed({ ...header, kid: '../../dev/null' }, claims)],
    ['no key id', signed({ alg: 'HS256' }, claims)],
    ['another audience', signed(header, { ...claims, aud: 'other' })],
    ['another issuer', signed(header, { ...claims, iss: 'other' })],
    ['no session', signed(header, { ...claims, sid: undefined })],
    ['a part too many', `${signed(header, claims)}.more`],
    ['a signature cut short', signed(header, claims).slice(0, -1)],
    ['its signature in another spelling', `${signed(header, claims)}=`],
    ['a body that is no object', signed(header, 'null' as never)],
    ['nonsense', 'a.b.c'],
    ['nothing', ''],
  ])('%s', (_, token) => {
    expect(() => readAccess(token, keys, at)).toThrow('NOT_LOGGED_IN')
  })

  test('a token that never ends', () => {
    expect(() => readAccess(signed(header, { ...claims, exp: undefined }), keys, at)).toThrow('TOKEN_EXPIRED')
  })

  test('though the same token, rightly signed, is let in', () => {
    expect(readAccess(signed(header, claims), keys, at)).toEqual(access)
  })
})
