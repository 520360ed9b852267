import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type CodeKind,
  mintPlateToken,
  mintRotatingToken,
  newCodeId,
  type Phase,
  printedNumber,
  readPlateToken,
  readPrintedNumber,
  readRotatingToken,
  secondsLeftOfStep,
  serialOf,
} from '../../server/core/code-tokens'
import type { KeyRing } from '../../server/core/crypto'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const PRINTED = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const SCENE = /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}$/
const ring: KeyRing = [{ id: 'a', key: randomBytes(32) }]
const newer: KeyRing = [{ id: 'b', key: randomBytes(32) }, ...ring]

const kinds = fc.constantFrom<CodeKind>('d', 'e', 'x', 'c')
const phases = fc.constantFrom<Phase>('in', 'out')
const ids = fc.integer({ min: 0, max: 1 }).map(newCodeId)
const times = fc.date({ min: new Date('2026-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
const later = (at: Date, seconds: number) => new Date(at.getTime() + seconds * 1000)

function replaced(text: string, place: number, by: string): string {
  return text.slice(0, place) + by + text.slice(place + 1)
}

describe('a plate token', () => {
  test('gives back the plate it was minted for, and fits a URL and a scene of 32 characters', () => {
    fc.assert(
      fc.property(kinds, ids, (kind, id) => {
        const token = mintPlateToken(ring, kind, id)
        expect(token).toMatch(/^P1a[0-9A-Za-z]{28}$/)
        expect(token).toMatch(SCENE)
        expect(readPlateToken(ring, kind, token)).toBe(id)
      }),
    )
  })

  test('of one kind is no token of another', () => {
    fc.assert(
      fc.property(kinds, kinds, ids, (kind, other, id) => {
        fc.pre(kind !== other)
        expect(readPlateToken(ring, other, mintPlateToken(ring, kind, id))).toBeNull()
      }),
    )
  })

  test('with any character changed is refused', () => {
    fc.assert(
      fc.property(kinds, ids, fc.nat(30), fc.constantFrom(...BASE62), (kind, id, place, letter) => {
        const token = mintPlateToken(newer, kind, id)
        fc.pre(token[place] !== letter)
        expect(readPlateToken(newer, kind, replaced(token, place, letter))).toBeNull()
      }),
      { numRuns: 2000 },
    )
  })

  test('printed under an older key is still read, and under a key that left the ring no more', () => {
    const old = mintPlateToken(ring, 'd', newCodeId())
    expect(readPlateToken(newer, 'd', old)).toBe(old.slice(3, 14))
    expect(mintPlateToken(newer, 'd', newCodeId())).toMatch(/^P1b/)
    expect(readPlateToken([{ id: 'b', key: newer[0].key }], 'd', old)).toBeNull()
    expect(readPlateToken([{ id: 'a', key: randomBytes(32) }], 'd', old)).toBeNull()
  })

  test('says which key it was minted with, and not another that happens to be equal', () => {
    const { key } = ring[0]
    const token = mintPlateToken(ring, 'd', newCodeId())
    expect(readPlateToken([...ring, { id: 'c', key }], 'd', replaced(token, 2, 'c'))).toBeNull()
  })

  test('is never hit by guessing: of 100,000 random tokens none is accepted', () => {
    const random = randomBytes(100_000 * 28)
    const guesses = Array.from({ length: 100_000 }, (_, guess) => {
      const letters = random.subarray(guess * 28, guess * 28 + 28)
      return `P1a${[...letters].map((byte) => BASE62.charAt(byte % 62)).join('')}`
    })
    const at = new Date('2026-11-22T01:00:00Z')
    const moment = { phase: 'in', at, stepSeconds: 15 } as const
    expect(guesses.filter((guess) => readPlateToken(ring, 'd', guess) !== null)).toEqual([])
    expect(guesses.filter((guess) => readRotatingToken(ring, `R${guess.slice(1)}`, moment) !== null)).toEqual([])
  })

  test.each([
    '',
    'P1',
    'P2a0000000000000000000000000000',
    `P1a${'z'.repeat(28)}`,
    `P1a${'0'.repeat(29)}`,
    `P1a${'门'.repeat(28)}`,
    `P1a${'0'.repeat(28)}\n`,
  ])('%j is none, and does not throw', (text) => {
    expect(readPlateToken(ring, 'd', text)).toBeNull()
  })
})

describe('a rotating token', () => {
  const moment = { phase: 'in', at: new Date('2026-11-22T01:00:00Z'), stepSeconds: 15 } as const

  test('is read in its own step and in the next one, not in the third and never before', () => {
    fc.assert(
      fc.property(ids, phases, times, fc.integer({ min: 5, max: 60 }), (session, phase, time, stepSeconds) => {
        const at = new Date(Math.floor(time.getTime() / 1000 / stepSeconds) * stepSeconds * 1000)
        const token = mintRotatingToken(ring, session, { phase, at, stepSeconds })
        const readAfter = (seconds: number) =>
          readRotatingToken(ring, token, { phase, at: later(at, seconds), stepSeconds })?.sessionId ?? null
        expect(readAfter(0)).toBe(session)
        expect(readAfter(2 * stepSeconds - 1)).toBe(session)
        expect(readAfter(2 * stepSeconds)).toBeNull()
        expect(readAfter(-1)).toBeNull()
      }),
    )
  })

  test('says in which step it was shown', () => {
    const token = mintRotatingToken(ring, newCodeId(), moment)
    const shown = readRotatingToken(ring, token, moment)?.step
    expect(readRotatingToken(ring, token, { ...moment, at: later(moment.at, 15) })?.step).toBe(shown)
  })

  test('of the arrival does not serve for the departure', () => {
    const token = mintRotatingToken(ring, newCodeId(), moment)
    expect(readRotatingToken(ring, token, { ...moment, phase: 'out' })).toBeNull()
  })

  test('of another key or another kind of token is refused', () => {
    const session = newCodeId()
    const token = mintRotatingToken(ring, session, moment)
    expect(readRotatingToken([{ id: 'a', key: randomBytes(32) }], token, moment)).toBeNull()
    expect(readPlateToken(ring, 'd', `P${token.slice(1)}`)).toBeNull()
    expect(readRotatingToken(ring, mintPlateToken(ring, 'd', session), moment)).toBeNull()
  })

  test('with any character changed is refused', () => {
    fc.assert(
      fc.property(ids, fc.nat(30), fc.constantFrom(...BASE62), (session, place, letter) => {
        const token = mintRotatingToken(ring, session, moment)
        fc.pre(token[place] !== letter)
        expect(readRotatingToken(ring, replaced(token, place, letter), moment)).toBeNull()
      }),
      { numRuns: 2000 },
    )
  })

  test('tells the screen when the next one is due', () => {
    expect(secondsLeftOfStep(moment)).toBe(15)
    expect(secondsLeftOfStep({ ...moment, at: later(moment.at, 14) })).toBe(1)
  })
})

describe('the number printed under a code', () => {
  test('is three groups of four without I, O, 0 and 1, and is read back however it is typed', () => {
    fc.assert(
      fc.property(ids, (id) => {
        const printed = printedNumber(id)
        expect(printed).toMatch(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/)
        expect(readPrintedNumber(printed)).toBe(serialOf(id))
        expect(readPrintedNumber(` ${printed.toLowerCase().replaceAll('-', ' ')} `)).toBe(serialOf(id))
        expect(readPrintedNumber(printed.replaceAll('-', '—'))).toBe(serialOf(id))
      }),
    )
  })

  test('with one wrong character, or two that changed places, is refused', () => {
    fc.assert(
      fc.property(ids, fc.nat(11), fc.nat(11), fc.constantFrom(...PRINTED), (id, place, other, letter) => {
        const serial = serialOf(id)
        const [here, there] = [serial.charAt(place), serial.charAt(other)]
        if (here !== letter) expect(readPrintedNumber(replaced(serial, place, letter))).toBeNull()
        if (here !== there) expect(readPrintedNumber(replaced(replaced(serial, place, there), other, here))).toBeNull()
      }),
      { numRuns: 2000 },
    )
  })

  test.each(['', 'ABCD', 'ABCD-EFGH-JKL', 'ABCD-EFGH-JKL0', 'ABCD-EFGH-JKLMN', '1234-5678-9012'])(
    '%j is none',
    (text) => {
      expect(readPrintedNumber(text)).toBeNull()
    },
  )

  test('is hardly ever shared: 30,000 plates have 30,000 numbers', () => {
    const serials = Array.from({ length: 30_000 }, () => serialOf(newCodeId()))
    expect(new Set(serials).size).toBe(30_000)
  })
})
