import { readFileSync } from 'node:fs'

/**
 * The most memory this process ever held, in MB. `resourceUsage().maxRSS` would answer that of the process that started it,
 * where that one was larger: Linux hands it down.
 */
export function peakMegabytes(): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return Math.round(Number(kilobytes) / 1024)
}
