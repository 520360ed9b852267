export type CallName = 'session' | 'token' | 'phone' | 'plateImage' | 'message' | 'text'

/**
 * Something that goes wrong `times` times, on one call or on any. Where the call may take effect before the answer is
 * lost, `acted` says whether it does: the difference between a message that was never sent and one that was.
 */
export type Fault = { call?: CallName; times: number } & (
  | { kind: 'latency'; ms: number }
  | { kind: 'reset'; acted: boolean }
  | { kind: 'status'; status: number; acted: boolean }
  | { kind: 'truncated' }
  /** half the answer, and then nothing more while the connection stays open */
  | { kind: 'stalled' }
  /** a page of HTML under status 200, as a proxy in between makes them */
  | { kind: 'page'; acted: boolean }
  | { kind: 'jsonAsImage'; errcode: number }
  | { kind: 'errcode'; errcode: number }
)

/** A burst of "system busy". */
export const busy = (times: number, call?: CallName): Fault => ({
  kind: 'errcode',
  errcode: -1,
  times,
  ...(call && { call }),
})
/** One refused token, though it is a good one. */
export const tokenRefused = (call?: CallName): Fault => ({
  kind: 'errcode',
  errcode: 40001,
  times: 1,
  ...(call && { call }),
})
/** The quota of the day is used up. */
export const quotaUsed = (times: number, call?: CallName): Fault => ({
  kind: 'errcode',
  errcode: 45009,
  times,
  ...(call && { call }),
})

/** The fault that hits this call now, if any: in the order they were switched on, each as often as it says. */
export function takeFault(faults: Fault[], call: CallName): Fault | null {
  const fault = faults.find((one) => one.times > 0 && (one.call === undefined || one.call === call))
  if (fault === undefined) return null
  fault.times -= 1
  return fault
}
