export type Clock = ReturnType<typeof newClock>

/** The emulator's clock. It stands still until a test moves it; `running` follows the real one instead, from the same start. */
export function newClock(start: Date, running = false) {
  let offsetMs = running ? start.getTime() - Date.now() : start.getTime()
  const now = () => new Date(running ? Date.now() + offsetMs : offsetMs)
  return {
    now,
    advance(seconds: number) {
      offsetMs += seconds * 1000
    },
    minute: () => Math.floor(now().getTime() / 60_000),
    /** The calendar day in Shanghai, which WeChat's daily quotas go by. */
    day: () => Math.floor((now().getTime() / 3_600_000 + 8) / 24),
  }
}
