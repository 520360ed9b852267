import { addDays, clockOf, dayOf, instantOf } from '../core/time'

export const TRIES_MOST = 6
const FIRST_PAUSE_SECONDS = 60
const PAUSE_SECONDS_MOST = 3600

/**
 * How long to wait before the next try: twice as long each time, up to an hour, and not the same for all.
 *
 * @param tries how many there were
 * @param spread 0 … 1, another one for each message
 */
export function pauseSeconds(tries: number, spread: number): number {
  const most = Math.min(FIRST_PAUSE_SECONDS * 2 ** (tries - 1), PAUSE_SECONDS_MOST)
  return Math.round(most / 2 + (most / 2) * spread)
}

/**
 * When the quiet hours that `at` lies in are over, or null outside of them. From 21 to 8 goes over midnight; the same hour
 * twice is no quiet at all.
 */
export function quietUntil(at: Date, fromHour: number, toHour: number): Date | null {
  if (fromHour === toHour) return null
  const hour = Number(clockOf(at).slice(0, 2))
  const overNight = fromHour > toHour
  const isQuiet = overNight ? hour >= fromHour || hour < toHour : hour >= fromHour && hour < toHour
  if (!isQuiet) return null
  const day = overNight && hour >= fromHour ? addDays(dayOf(at), 1) : dayOf(at)
  return instantOf(day, `${String(toHour).padStart(2, '0')}:00`)
}
