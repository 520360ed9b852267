/**
 * Runs a bounded number of jobs at once and lets a bounded number wait; null instead of a promise when both are full.
 * A slow host must not pile up requests until memory ends.
 */
export function newQueue(limits: {
  running: number
  waiting: number
}): <T>(job: () => Promise<T>) => Promise<T> | null {
  const waiting: (() => void)[] = []
  let running = 0

  return function enter<T>(job: () => Promise<T>): Promise<T> | null {
    if (running < limits.running) {
      running += 1
      return run(job)
    }
    if (waiting.length >= limits.waiting) return null
    return new Promise<void>((start) => waiting.push(start)).then(() => run(job))
  }

  async function run<T>(job: () => Promise<T>): Promise<T> {
    try {
      return await job()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
