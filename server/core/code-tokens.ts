import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { KeyRing } from './crypto'

/** What a code opens, named by the path it is printed with: `/d/` door plate, `/e/` elder card, `/x/` redemption, `/c/` certificate, `/i/` invitation. */
export type CodeKind = 'd' | 'e' | 'x' | 'c' | 'i'
/** Which end of a visit a code on a screen stands for. */
export type Phase = 'in' | 'out'
/** The moment a rotating code is shown or read, on the server's clock. */
export type Moment = { phase: Phase; at: Date; stepSeconds: number }

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ID_BYTES = 8
const ID_LENGTH = 11
const MAC_BYTES = 12
const MAC_LENGTH = 17
const TOKEN = new RegExp(`^([PR])1([0-9A-Za-z])([0-9A-Za-z]{${ID_LENGTH}})([0-9A-Za-z]{${MAC_LENGTH}})$`)

/** Eight random bytes as 11 base62 characters: the id of a plate, or of a session of rotating codes. */
export function newCodeId(): string {
  return toBase62(randomBytes(ID_BYTES), ID_LENGTH)
}

/** The 31 characters printed on a plate: `P1`, key id, plate id, and a MAC that binds the kind. */
export function mintPlateToken(ring: KeyRing, kind: CodeKind, plateId: string): string {
  const [{ id: keyId, key }] = ring
  return `P1${keyId}${plateId}${plateMac(key, keyId, kind, plateId)}`
}

/** The plate id in a token of this kind, or null for anything we did not mint. */
export function readPlateToken(ring: KeyRing, kind: CodeKind, token: string): string | null {
  const parts = partsOf(ring, 'P', token)
  return parts !== null && isSame(parts.mac, plateMac(parts.key, parts.keyId, kind, parts.id)) ? parts.id : null
}

/** The 31 characters a screen shows during one step: `R1`, key id, session id, MAC over session, step and phase. */
export function mintRotatingToken(ring: KeyRing, sessionId: string, moment: Moment): string {
  const [{ id: keyId, key }] = ring
  return `R1${keyId}${sessionId}${rotatingMac(key, keyId, sessionId, stepOf(moment), moment.phase)}`
}

/** The session a code claims to be of; whether it is, readRotatingToken tells. */
export function rotatingSessionOf(ring: KeyRing, token: string): string | null {
  return partsOf(ring, 'R', token)?.id ?? null
}

/** Session and step of a token that is shown now or was a step ago, or null. A photograph is worth at most two steps. */
export function readRotatingToken(
  ring: KeyRing,
  token: string,
  moment: Moment,
  stepsBack = 1,
): { sessionId: string; step: number } | null {
  const parts = partsOf(ring, 'R', token)
  if (parts === null) return null
  const now = stepOf(moment)
  const steps = Array.from({ length: stepsBack + 1 }, (_, back) => now - back)
  const step = steps.find((one) => isSame(parts.mac, rotatingMac(parts.key, parts.keyId, parts.id, one, moment.phase)))
  return step === undefined ? null : { sessionId: parts.id, step }
}

/** Seconds until the code on the screen changes: when the phone should ask for the next one. */
export function secondsLeftOfStep({ at, stepSeconds }: Omit<Moment, 'phase'>): number {
  return stepSeconds - (Math.floor(at.getTime() / 1000) % stepSeconds)
}

function stepOf({ at, stepSeconds }: Omit<Moment, 'phase'>): number {
  return Math.floor(at.getTime() / 1000 / stepSeconds)
}

function partsOf(ring: KeyRing, version: 'P' | 'R', token: string) {
  const [, found, keyId = '', id = '', mac = ''] = TOKEN.exec(token) ?? []
  const key = ring.find((one) => one.id === keyId)?.key
  if (found !== version || key === undefined || !isCodeId(id)) return null
  return { keyId, key, id, mac }
}

/** 62^11 is a little more than 2^64: the rest is nobody's id, or one id would have two spellings. */
function isCodeId(id: string): boolean {
  let value = 0n
  for (const letter of id) value = value * 62n + BigInt(BASE62.indexOf(letter))
  return value < 1n << 64n
}

function plateMac(key: Uint8Array, keyId: string, kind: CodeKind, plateId: string): string {
  return mac(key, `P1|${keyId}|${kind}|${plateId}`)
}

function rotatingMac(key: Uint8Array, keyId: string, sessionId: string, step: number, phase: Phase): string {
  return mac(key, `R1|${keyId}|${sessionId}|${step}|${phase}`)
}

function mac(key: Uint8Array, text: string): string {
  return toBase62(createHmac('sha256', key).update(text).digest().subarray(0, MAC_BYTES), MAC_LENGTH)
}

function toBase62(bytes: Uint8Array, length: number): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  for (let place = 0; place < length; place++) {
    text = BASE62.charAt(Number(rest % 62n)) + text
    rest /= 62n
  }
  return text
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other))
}

/** Without I, O, 0 and 1, which people mix up on paper and on the telephone. */
const PRINTED = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const PRINTED_DATA_LENGTH = 11
const PRINTED_LENGTH = PRINTED_DATA_LENGTH + 1

/**
 * The serial of a plate: what its row is looked up by when somebody types instead of scanning. 55 bits of a hash of the
 * plate id, so that ten million plates hardly ever share one, and a check character.
 */
export function serialOf(plateId: string): string {
  const digest = createHash('sha256').update(`plate serial|${plateId}`).digest()
  const values = [...digest.subarray(0, PRINTED_DATA_LENGTH)].map((byte) => byte % 32)
  return [...values, checkValue(values)].map((value) => PRINTED.charAt(value)).join('')
}

/** A serial as it is printed under the code: `K7M2-9QXD-4TRF`. */
export function printedNumber(plateId: string): string {
  return (serialOf(plateId).match(/.{4}/g) ?? []).join('-')
}

/** The serial somebody typed, or null when a character is missing, wrong or swapped with another. */
export function readPrintedNumber(text: string): string | null {
  const serial = text
    .normalize('NFKC')
    .replace(/[\s\p{Dash}]/gu, '')
    .toUpperCase()
  const values = [...serial].map((letter) => PRINTED.indexOf(letter))
  if (values.length !== PRINTED_LENGTH || values.includes(-1)) return null
  return checkValue(values.slice(0, -1)) === values.at(-1) ? serial : null
}

/**
 * The value that makes the serial sum to zero in GF(32) when each place weighs twice the one after it. All weights
 * differ, so any one wrong character and any two that changed places are noticed.
 */
function checkValue(values: readonly number[]): number {
  return values.reduce((sum, value) => twice(sum ^ value), 0)
}

/** Multiplies by x in GF(2)[x] modulo x^5 + x^2 + 1. */
function twice(value: number): number {
  return value < 16 ? value * 2 : (value * 2) ^ 0b100101
}
