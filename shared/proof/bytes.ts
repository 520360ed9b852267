/** Bytes as text and back, where neither Buffer nor atob can be counted on. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at])
}

export function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Null for anything but pairs of hexadecimal digits. */
export function fromHex(text: string): Uint8Array | null {
  if (!/^([0-9a-f]{2})*$/.test(text)) return null
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** RFC 4648 section 4, with padding. */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = [bytes[at], bytes[at + 1], bytes[at + 2]]
    const bits = a * 65_536 + (b ?? 0) * 256 + (c ?? 0)
    text += ALPHABET[bits >> 18]
    text += ALPHABET[(bits >> 12) & 63]
    text += b === undefined ? '=' : ALPHABET[(bits >> 6) & 63]
    text += c === undefined ? '=' : ALPHABET[bits & 63]
  }
  return text
}

/** Null for anything that toBase64 would not have written: one value has one spelling. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null
  const digits = [...text.replace(/=+$/, '')].map((letter) => ALPHABET.indexOf(letter))
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4))
  for (let at = 0; at < bytes.length; at += 1) {
    const digit = Math.floor((at * 4) / 3)
    const [high, low] = [digits[digit] ?? 0, digits[digit + 1] ?? 0]
    bytes[at] = ((high << (2 + 2 * (at % 3))) | (low >> (4 - 2 * (at % 3)))) & 255
  }
  return toBase64(bytes) === text ? bytes : null
}
