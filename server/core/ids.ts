import { createHash, randomBytes, randomInt } from 'node:crypto'

/** A UUID of version 7: the time makes new ones sort after old ones, 74 random bits make them unguessable. */
export function newId(at: Date = new Date()): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(at.getTime(), 0, 6)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** An id that follows from others: the same names give the same id, so a repeated write meets its own first row. */
export function idFrom(...names: string[]): string {
  const hex = createHash('sha256').update(names.join('|')).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** `digits` random decimal digits, e.g. "48271936". */
export function newDigits(digits: number): string {
  return String(randomInt(10 ** digits)).padStart(digits, '0')
}
