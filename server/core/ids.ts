import { createHash, randomBytes, randomInt } from 'node:crypto'

let lastTime = -1
let count = 0

/**
 * A UUID of version 7: the time makes new ones sort after old ones, a counter does so within one millisecond of this
 * process, 62 random bits make them unguessable.
 */
export function newId(at: Date = new Date()): string {
  const time = at.getTime()
  count = time === lastTime ? (count + 1) & 0xfff : randomInt(0x400)
  lastTime = time
  const bytes = randomBytes(16)
  bytes.writeUIntBE(time, 0, 6)
  bytes.writeUInt16BE(0x7000 | count, 6)
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const TIMED = /^([0-9a-f]{8}-[0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/**
 * An id that follows from others: the same names give the same id, so a repeated write meets its own first row. It begins with
 * the time of the first name that has one: what is written now stands together in an index, however long the table is.
 */
export function idFrom(...names: string[]): string {
  const hex = createHash('sha256').update(names.join('|')).digest('hex')
  const time = names.map((name) => TIMED.exec(name)?.[1]).find((found) => found !== undefined)
  return `${time ?? `${hex.slice(0, 8)}-${hex.slice(8, 12)}`}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** `digits` random decimal digits, e.g. "48271936". */
export function newDigits(digits: number): string {
  return String(randomInt(10 ** digits)).padStart(digits, '0')
}

/** What keeps a committed value from being guessed: 128 random bits as hexadecimal. */
export function newSalt(): string {
  return randomBytes(16).toString('hex')
}
