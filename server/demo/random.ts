/** Numbers in [0, 1), the same for the same seed. */
export type Random = () => number

/**
 * A stream of its own for every seed and key ("elder", 4711): what is drawn for one person doesn't depend on who was
 * drawn before, so people can be made one at a time and in any order. Mulberry32, started from a mixed hash.
 */
export function randomFor(seed: number, ...keys: (string | number)[]): Random {
  let state = mix(seed | 0)
  for (const key of keys) state = typeof key === 'number' ? mix(state ^ key) : hash(state, key)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

export function chance(random: Random, probability: number): boolean {
  return random() < probability
}

/** A whole number from `least` to `most`, both included. */
export function wholeBetween(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1))
}

export function pick<T>(random: Random, list: ArrayLike<T>): T {
  const found = list[Math.floor(random() * list.length)]
  if (found === undefined) throw new RangeError('nothing to pick from')
  return found
}

/** Picks from [what, weight] pairs; the weights need not sum to anything. */
export function pickWeighted<T>(random: Random, pairs: readonly (readonly [what: T, weight: number])[]): T {
  let rest = random() * pairs.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [what, weight] of pairs) {
    rest -= weight
    if (rest < 0) return what
  }
  throw new RangeError('nothing to pick from')
}

/** Around 0, mostly within ±1, never beyond ±2: the sum of four draws. */
export function aroundZero(random: Random): number {
  return random() + random() + random() + random() - 2
}

/** FNV-1a. */
function hash(state: number, text: string): number {
  let next = state
  for (let place = 0; place < text.length; place++) next = Math.imul(next ^ text.charCodeAt(place), 0x01000193)
  return mix(next)
}

/** The finaliser of murmur3: neighbouring numbers become unrelated ones. */
function mix(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}
