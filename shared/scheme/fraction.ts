/** An exact number: numerator over a positive denominator. No floating point touches time or points. */
export type Fraction = { n: bigint; d: bigint }

export const ZERO: Fraction = { n: 0n, d: 1n }

export function plus(a: Fraction, b: Fraction): Fraction {
  if (a.n === 0n) return b
  if (b.n === 0n) return a
  return a.d === b.d ? { n: a.n + b.n, d: a.d } : { n: a.n * b.d + b.n * a.d, d: a.d * b.d }
}

export function minus(a: Fraction, b: Fraction): Fraction {
  return plus(a, { n: -b.n, d: b.d })
}

export function times(a: Fraction, n: bigint, d: bigint): Fraction {
  return { n: a.n * n, d: a.d * d }
}

export function isLess(a: Fraction, b: Fraction): boolean {
  return a.n * b.d < b.n * a.d
}

/** In lowest terms: what is kept from visit to visit must not grow. */
export function reduced({ n, d }: Fraction): Fraction {
  if (n === 0n) return ZERO
  const divisor = greatestDivisor(n < 0n ? -n : n, d)
  return divisor === 1n ? { n, d } : { n: n / divisor, d: d / divisor }
}

/** As it is kept: "1/3". */
export function fractionKey({ n, d }: Fraction): string {
  return `${n}/${d}`
}

export function readFraction(text: string): Fraction {
  const [n = '0', d = '1'] = text.split('/')
  return { n: BigInt(n), d: BigInt(d) }
}

/** A fraction that isn't negative, as a whole multiple of `step`. Half goes up. */
export function toStep({ n, d }: Fraction, step: bigint, mode: 'down' | 'up' | 'half'): bigint {
  const unit = d * step
  const whole = n / unit
  const rest = n - whole * unit
  if (rest === 0n || mode === 'down') return whole * step
  return mode === 'up' || rest * 2n >= unit ? (whole + 1n) * step : whole * step
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [big, small] = [a, b]
  while (small !== 0n) [big, small] = [small, big % small]
  return big
}
