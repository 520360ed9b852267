import { phoneTime } from './clock'
import { newId } from './ids'

const opened = phoneTime()
let latest = 0

/**
 * Milliseconds since the app was opened that never go back, whatever somebody does to the phone's clock. Where the platform
 * has no such clock (older WeChat), the phone's own, kept from going back.
 */
export function monotonicMs(): number {
  const passed = typeof performance === 'object' ? performance.now() : phoneTime() - opened
  latest = Math.max(latest, Math.round(passed))
  return latest
}

let boot: Promise<string> | null = null

/** Another one each time the app is opened: what grows starts anew then. */
export function bootId(): Promise<string> {
  boot ??= newId()
  return boot
}
