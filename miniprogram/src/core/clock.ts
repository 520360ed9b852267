/** How far the server's clock is ahead of this phone's, in milliseconds; learnt from its answers. */
let aheadMs = 0

/** The only place of the app that reads the phone's clock. */
export function phoneTime(): number {
  return Date.now()
}

/** The time as the server has it. The phone only decides by it what to show, never what counts. */
export function now(): Date {
  return new Date(phoneTime() + aheadMs)
}

/** A `Date` header is cut to the second, so a difference of less than two seconds is none. */
export function learnServerTime(dateHeader: string | undefined): void {
  const served = Date.parse(dateHeader ?? '')
  if (Number.isNaN(served)) return
  const ahead = served - phoneTime()
  aheadMs = Math.abs(ahead) < 2000 ? 0 : ahead
}
