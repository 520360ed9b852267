const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export type Chance = ReturnType<typeof newChance>

/** Randomness that is the same for the same seed (mulberry32), so that a failed test fails again. */
export function newChance(seed: number) {
  let state = seed >>> 0

  function next(below: number): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }

  return {
    next,
    letters: (length: number) => Array.from({ length }, () => LETTERS.charAt(next(LETTERS.length))).join(''),
    bytes: (length: number) => Buffer.from(Array.from({ length }, () => next(256))),
    hex8: () =>
      next(2 ** 32)
        .toString(16)
        .padStart(8, '0'),
  }
}
