/** Points are bigint milli-points in code, decimal strings of milli-points at the API, and at most three decimals to read. */

/** 13000n → "13", 1500n → "1.5", −20n → "−0.02" (U+2212). Works on the API's strings too; no floating point. */
export function pointsText(milliPoints: bigint | string): string {
  const value = BigInt(milliPoints)
  const size = value < 0n ? -value : value
  const rest = Number(size % 1000n)
  const sign = value < 0n ? '−' : ''
  if (rest === 0) return `${sign}${size / 1000n}`
  const digits = rest % 100 === 0 ? rest / 100 : rest % 10 === 0 ? rest / 10 : rest
  const places = rest % 100 === 0 ? 1 : rest % 10 === 0 ? 2 : 3
  return `${sign}${size / 1000n}.${String(digits).padStart(places, '0')}`
}

/** Always with a sign: "+13", "−20", "0". */
export function signedPointsText(milliPoints: bigint | string): string {
  const value = BigInt(milliPoints)
  return value > 0n ? `+${pointsText(value)}` : pointsText(value)
}

/** 3900 → "1 小时 5 分钟", 2520 → "42 分钟"; whole minutes, rounded down. */
export function durationText(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (hours === 0) return `${rest} 分钟`
  return rest === 0 ? `${hours} 小时` : `${hours} 小时 ${rest} 分钟`
}

/** Seconds → hours with one decimal, rounded down: 23400 → "6.5". */
export function hoursText(seconds: number): string {
  const tenths = Math.floor(seconds / 360)
  return tenths % 10 === 0 ? `${tenths / 10}` : `${Math.floor(tenths / 10)}.${tenths % 10}`
}

/** n of d as a percentage rounded DOWN to 0.1, so 197/198 is "99.4" and never 100; null when nothing is due. */
export function percentText(met: number, due: number): string | null {
  if (due === 0) return null
  const permille = Math.floor((met * 1000) / due)
  return `${Math.floor(permille / 10)}.${permille % 10}`
}

/** 350 fen → "3.50", −350n → "−3.50". */
export function yuanText(fen: number | bigint): string {
  const value = BigInt(fen)
  const size = value < 0n ? -value : value
  return `${value < 0n ? '−' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`
}
