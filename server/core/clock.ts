import { Refusal } from '../../shared/core/refusals'

/** Clocks are corrected by a few seconds now and then: that much earlier is told as the time it was already. */
const CORRECTED_SECONDS = 5

/**
 * A clock that never goes back: the order of the books is the order of time. A machine whose clock was set back is told so
 * instead of being served, until it is right again.
 *
 * @throws Refusal SERVER_CLOCK
 */
export function steadyClock(clock: () => Date): () => Date {
  let latest = clock()
  return () => {
    const now = clock()
    if (now >= latest) {
      latest = now
      return now
    }
    if (latest.getTime() - now.getTime() > CORRECTED_SECONDS * 1000) throw new Refusal('SERVER_CLOCK')
    return latest
  }
}
