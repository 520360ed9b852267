/** What a phone is still busy with: timers that are about to ring, answers that are under way. */
export type Work = ReturnType<typeof newWork>

/** Timers above this are waits of the page itself (a skeleton, a clock): nothing is settled by waiting for them. */
const SOON_MS = 60
const QUIET_TURNS = 4
const PATIENCE_MS = 15_000

export function newWork() {
  const timers = new Map<number, { handle: NodeJS.Timeout; soon: boolean; repeats: boolean; ring: () => void }>()
  const errors: unknown[] = []
  let underWay = 0
  let serial = 0

  function setTimer(repeats: boolean) {
    return (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): number => {
      const id = ++serial
      const ring = () => {
        if (!repeats) timers.delete(id)
        guard(() => callback(...args))
      }
      const handle = repeats ? setInterval(ring, ms) : setTimeout(ring, ms)
      timers.set(id, { handle, soon: !repeats && ms <= SOON_MS, repeats, ring })
      return id
    }
  }

  function clear(id: number): void {
    clearTimeout(timers.get(id)?.handle)
    timers.delete(id)
  }

  /** A phone goes on after an error of a page; a test wants to know of it. */
  function guard(act: () => void): void {
    try {
      act()
    } catch (error) {
      errors.push(error)
    }
  }

  async function during<T>(act: () => Promise<T>): Promise<T> {
    underWay += 1
    try {
      return await act()
    } finally {
      underWay -= 1
    }
  }

  const isBusy = () => underWay > 0 || [...timers.values()].some((one) => one.soon)

  /** Waits until nothing is under way any more, however often one thing starts the next. */
  async function settle(): Promise<void> {
    const began = performance.now()
    for (let quiet = 0; quiet < QUIET_TURNS; quiet = isBusy() ? 0 : quiet + 1) {
      if (performance.now() - began > PATIENCE_MS) throw new Error('the mini-program never comes to rest')
      await new Promise((resolve) => (isBusy() ? setTimeout(resolve, 2) : setImmediate(resolve)))
    }
  }

  /** Much time has passed: what repeats has rung. */
  function ringRepeating(): void {
    for (const { repeats, ring } of [...timers.values()]) if (repeats) ring()
  }

  function stop(): void {
    for (const { handle } of timers.values()) clearTimeout(handle)
    timers.clear()
  }

  return {
    setTimeout: setTimer(false),
    setInterval: setTimer(true),
    clear,
    guard,
    during,
    settle,
    ringRepeating,
    stop,
    errors,
  }
}
