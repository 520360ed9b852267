import { execFileSync, spawnSync } from 'node:child_process'
import { getCiphers } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  blindIndex,
  isWrappedByOldKey,
  type KeyRing,
  newDataKey,
  openField,
  SUITES,
  type Suite,
  sealField,
  unwrapKey,
  wrapKey,
} from '../../server/core/crypto'

const place = { table: 'person', column: 'name', personId: 'wang', version: 1 }
const ring: KeyRing = [{ id: '2026a', key: newDataKey('aes').key }]
const SHAPE = { aes: /^v1\.[\w-]+$/, sm: /^v2\.[\w-]+$/ }

/** The same text with one bit of one sealed byte turned over. */
function withBitTurned(sealed: string, bit: number): string {
  const cut = sealed.lastIndexOf('.') + 1
  const bytes = Buffer.from(sealed.slice(cut), 'base64url')
  const at = Math.floor(bit / 8) % bytes.length
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8))
  return sealed.slice(0, cut) + bytes.toString('base64url')
}

describe.each(SUITES)('a field sealed with %s', (suite) => {
  test('opens to what was sealed, whatever the text', () => {
    const dataKey = newDataKey(suite)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(openField(dataKey, sealField(dataKey, text, place), place)).toBe(text)
      }),
    )
  })

  test('is another text each time, so that equal names do not show', () => {
    const dataKey = newDataKey(suite)
    expect(sealField(dataKey, '王秀英', place)).not.toBe(sealField(dataKey, '王秀英', place))
    expect(sealField(dataKey, '王秀英', place)).toMatch(SHAPE[suite])
  })

  test.each([
    ['table', { ...place, table: 'address' }],
    ['column', { ...place, column: 'phone' }],
    ['person', { ...place, personId: 'zhang' }],
    ['version', { ...place, version: 2 }],
    ['boundary between table and column', { ...place, table: 'personn', column: 'ame' }],
  ])('does not open in another %s', (_what, elsewhere) => {
    const dataKey = newDataKey(suite)
    const sealed = sealField(dataKey, '王秀英', place)
    expect(() => openField(dataKey, sealed, elsewhere)).toThrow()
  })

  test("does not open with another person's key", () => {
    const sealed = sealField(newDataKey(suite), '王秀英', place)
    expect(() => openField(newDataKey(suite), sealed, place)).toThrow()
  })

  test('does not open when a single bit has changed', () => {
    const dataKey = newDataKey(suite)
    const sealed = sealField(dataKey, '王秀英', place)
    fc.assert(
      fc.property(fc.nat(8 * 37 - 1), (bit) => {
        expect(() => openField(dataKey, withBitTurned(sealed, bit), place)).toThrow()
      }),
    )
  })

  test.each(['', 'v1.', 'v1.AAAA', 'v2.AAAA', 'v3.AAAA', '王秀英'])('%j is not one', (text) => {
    expect(() => openField(newDataKey(suite), text, place)).toThrow()
  })

  test('says nothing of its content or key when it does not open', () => {
    const dataKey = newDataKey(suite)
    const sealed = sealField(dataKey, '王秀英', place)
    let message = ''
    try {
      openField(newDataKey(suite), sealed, place)
    } catch (error) {
      message = String(error)
    }
    expect(message).not.toBe('')
    expect(message).not.toContain('王秀英')
    expect(message).not.toContain(Buffer.from(dataKey.key).toString('hex'))
  })
})

describe.each(SUITES)('a data key wrapped with %s', (suite) => {
  test('opens for its person only', () => {
    const dataKey = newDataKey(suite)
    const wrapped = wrapKey(ring, dataKey, 'wang')
    expect(unwrapKey(ring, wrapped, 'wang')).toEqual(dataKey)
    expect(() => unwrapKey(ring, wrapped, 'zhang')).toThrow()
  })

  test('opens after the ring got a new key, and asks to be wrapped again', () => {
    const dataKey = newDataKey(suite)
    const wrapped = wrapKey(ring, dataKey, 'wang')
    const rotated: KeyRing = [{ id: '2027a', key: newDataKey(suite).key }, ...ring]
    expect(unwrapKey(rotated, wrapped, 'wang')).toEqual(dataKey)
    expect(isWrappedByOldKey(ring, wrapped)).toBe(false)
    expect(isWrappedByOldKey(rotated, wrapped)).toBe(true)
    expect(isWrappedByOldKey(rotated, wrapKey(rotated, dataKey, 'wang'))).toBe(false)
  })

  test('does not open when its key has left the ring, or another key took its name', () => {
    const wrapped = wrapKey(ring, newDataKey(suite), 'wang')
    expect(() => unwrapKey([{ id: '2027a', key: newDataKey(suite).key }], wrapped, 'wang')).toThrow('2026a')
    expect(() => unwrapKey([{ id: '2026a', key: newDataKey(suite).key }], wrapped, 'wang')).toThrow()
  })

  test('does not open when a single bit has changed', () => {
    const wrapped = wrapKey(ring, newDataKey(suite), 'wang')
    fc.assert(
      fc.property(fc.nat(8 * 60 - 1), (bit) => {
        expect(() => unwrapKey(ring, withBitTurned(wrapped, bit), 'wang')).toThrow()
      }),
    )
  })

  test.each(['', 'k1', 'k1.2026a', 'k1.2026a.', 'v1.2026a.AAAA'])('%j is not one', (text) => {
    expect(() => unwrapKey(ring, text, 'wang')).toThrow()
  })
})

describe.each(SUITES)('a blind index of %s', (suite) => {
  const key = { suite, key: Buffer.alloc(32, 7) }

  test('is the same for the same value, and another for another value, kind or key', () => {
    const index = blindIndex(key, 'phone', '13812345678')
    expect(index).toMatch(/^[0-9a-f]{32}$/)
    expect(blindIndex(key, 'phone', '13812345678')).toBe(index)
    expect(blindIndex(key, 'phone', '13812345679')).not.toBe(index)
    expect(blindIndex(key, 'idNumber', '13812345678')).not.toBe(index)
    expect(blindIndex({ suite, key: Buffer.alloc(32, 8) }, 'phone', '13812345678')).not.toBe(index)
  })
})

test('a value of one suite doesn’t open with a key of the other', () => {
  const dataKey = newDataKey('aes')
  const sealed = sealField(dataKey, '王秀英', place)
  expect(() => openField({ ...dataKey, suite: 'sm' }, sealed, place)).toThrow()
})

/** Some builds of openssl leave out what isn't of their country. */
const hasSm =
  spawnSync('openssl', ['enc', '-sm4-ctr', '-K', '0'.repeat(32), '-iv', '0'.repeat(32)], { input: 'x' }).status === 0
if (!hasSm) console.warn('the openssl of this machine has no SM4: ours is not compared with it')

test('no runtime this was tried on has SM4-GCM; one that has it shall get it', () => {
  expect(getCiphers().filter((name) => /sm4.*gcm/i.test(name))).toEqual([])
})

describe.runIf(hasSm)('what is sealed with sm is what the openssl command makes of SM4 and SM3', () => {
  const openssl = (args: string[], input: Buffer) => execFileSync('openssl', args, { input })
  const hmac = (key: Buffer, ...parts: (string | Buffer)[]) =>
    openssl(
      ['dgst', '-sm3', '-mac', 'HMAC', '-macopt', `hexkey:${key.toString('hex')}`, '-binary'],
      Buffer.concat(parts.map((one) => Buffer.from(one))),
    )
  const aad = Buffer.from(JSON.stringify(['v2', place.table, place.column, place.personId, place.version]))
  const length = Buffer.alloc(8)
  length.writeBigUInt64BE(BigInt(aad.length))
  const dataKey = newDataKey('sm' satisfies Suite)
  const key = Buffer.from(dataKey.key)
  const cipherKey = () => hmac(key, 'encrypt').subarray(0, 16).toString('hex')

  test('it authenticates and deciphers what we sealed', () => {
    const bytes = Buffer.from(sealField(dataKey, '王秀英 13812345678', place).slice(3), 'base64url')
    const [iv, tag, text] = [bytes.subarray(0, 16), bytes.subarray(16, 48), bytes.subarray(48)]
    expect(hmac(hmac(key, 'authenticate'), length, aad, iv, text).equals(tag)).toBe(true)
    const plain = openssl(['enc', '-d', '-sm4-ctr', '-K', cipherKey(), '-iv', iv.toString('hex')], text)
    expect(plain.toString('utf8')).toBe('王秀英 13812345678')
  })

  test('we open what it sealed', () => {
    const iv = Buffer.alloc(16, 9)
    const text = openssl(['enc', '-sm4-ctr', '-K', cipherKey(), '-iv', iv.toString('hex')], Buffer.from('于得水'))
    const tag = hmac(hmac(key, 'authenticate'), length, aad, iv, text)
    expect(openField(dataKey, `v2.${Buffer.concat([iv, tag, text]).toString('base64url')}`, place)).toBe('于得水')
  })

  test('the blind index is its HMAC too', () => {
    const digest = hmac(key, JSON.stringify(['phone', '13812345678']))
      .subarray(0, 16)
      .toString('hex')
    expect(blindIndex(dataKey, 'phone', '13812345678')).toBe(digest)
  })
})
