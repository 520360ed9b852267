import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  blindIndex,
  isWrappedByOldKey,
  type KeyRing,
  newDataKey,
  openField,
  sealField,
  unwrapKey,
  wrapKey,
} from '../../server/core/crypto'

const place = { table: 'person', column: 'name', personId: 'wang', version: 1 }
const ring: KeyRing = [{ id: '2026a', key: newDataKey() }]

/** The same text with one bit of one sealed byte turned over. */
function withBitTurned(sealed: string, bit: number): string {
  const cut = sealed.lastIndexOf('.') + 1
  const bytes = Buffer.from(sealed.slice(cut), 'base64url')
  const at = Math.floor(bit / 8) % bytes.length
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8))
  return sealed.slice(0, cut) + bytes.toString('base64url')
}

describe('a sealed field', () => {
  test('opens to what was sealed, whatever the text', () => {
    const dataKey = newDataKey()
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(openField(dataKey, sealField(dataKey, text, place), place)).toBe(text)
      }),
    )
  })

  test('is another text each time, so that equal names do not show', () => {
    const dataKey = newDataKey()
    expect(sealField(dataKey, '王秀英', place)).not.toBe(sealField(dataKey, '王秀英', place))
    expect(sealField(dataKey, '王秀英', place)).toMatch(/^v1\.[\w-]+$/)
  })

  test.each([
    ['table', { ...place, table: 'address' }],
    ['column', { ...place, column: 'phone' }],
    ['person', { ...place, personId: 'zhang' }],
    ['version', { ...place, version: 2 }],
    ['boundary between table and column', { ...place, table: 'personn', column: 'ame' }],
  ])('does not open in another %s', (_what, elsewhere) => {
    const dataKey = newDataKey()
    const sealed = sealField(dataKey, '王秀英', place)
    expect(() => openField(dataKey, sealed, elsewhere)).toThrow()
  })

  test("does not open with another person's key", () => {
    const sealed = sealField(newDataKey(), '王秀英', place)
    expect(() => openField(newDataKey(), sealed, place)).toThrow()
  })

  test('does not open when a single bit has changed', () => {
    const dataKey = newDataKey()
    const sealed = sealField(dataKey, '王秀英', place)
    fc.assert(
      fc.property(fc.nat(8 * 37 - 1), (bit) => {
        expect(() => openField(dataKey, withBitTurned(sealed, bit), place)).toThrow()
      }),
    )
  })

  test.each(['', 'v1.', 'v1.AAAA', 'v2.AAAA', '王秀英'])('%j is not one', (text) => {
    expect(() => openField(newDataKey(), text, place)).toThrow()
  })

  test('says nothing of its content or key when it does not open', () => {
    const dataKey = newDataKey()
    const sealed = sealField(dataKey, '王秀英', place)
    let message = ''
    try {
      openField(newDataKey(), sealed, place)
    } catch (error) {
      message = String(error)
    }
    expect(message).not.toBe('')
    expect(message).not.toContain('王秀英')
    expect(message).not.toContain(dataKey.toString('hex'))
  })
})

describe('a wrapped data key', () => {
  test('opens for its person only', () => {
    const dataKey = newDataKey()
    const wrapped = wrapKey(ring, dataKey, 'wang')
    expect(unwrapKey(ring, wrapped, 'wang')).toEqual(dataKey)
    expect(() => unwrapKey(ring, wrapped, 'zhang')).toThrow()
  })

  test('opens after the ring got a new key, and asks to be wrapped again', () => {
    const dataKey = newDataKey()
    const wrapped = wrapKey(ring, dataKey, 'wang')
    const rotated: KeyRing = [{ id: '2027a', key: newDataKey() }, ...ring]
    expect(unwrapKey(rotated, wrapped, 'wang')).toEqual(dataKey)
    expect(isWrappedByOldKey(ring, wrapped)).toBe(false)
    expect(isWrappedByOldKey(rotated, wrapped)).toBe(true)
    expect(isWrappedByOldKey(rotated, wrapKey(rotated, dataKey, 'wang'))).toBe(false)
  })

  test('does not open when its key has left the ring, or another key took its name', () => {
    const wrapped = wrapKey(ring, newDataKey(), 'wang')
    expect(() => unwrapKey([{ id: '2027a', key: newDataKey() }], wrapped, 'wang')).toThrow('2026a')
    expect(() => unwrapKey([{ id: '2026a', key: newDataKey() }], wrapped, 'wang')).toThrow()
  })

  test('does not open when a single bit has changed', () => {
    const wrapped = wrapKey(ring, newDataKey(), 'wang')
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

describe('a blind index', () => {
  const key = Buffer.alloc(32, 7)

  test('is the same for the same value, and another for another value, kind or key', () => {
    const index = blindIndex(key, 'phone', '13812345678')
    expect(index).toMatch(/^[0-9a-f]{32}$/)
    expect(blindIndex(key, 'phone', '13812345678')).toBe(index)
    expect(blindIndex(key, 'phone', '13812345679')).not.toBe(index)
    expect(blindIndex(key, 'idNumber', '13812345678')).not.toBe(index)
    expect(blindIndex(Buffer.alloc(32, 8), 'phone', '13812345678')).not.toBe(index)
  })
})
