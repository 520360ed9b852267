import { type DestinationStream, pino } from 'pino'

/** One line per request: id, actor id, route, status, ms. Never names, phones, places or bodies. */
export type Log = Pick<pino.Logger, 'info' | 'warn' | 'error'>

/** Writes to `to`, the standard output unless said otherwise. */
export function newLog(level: 'info' | 'silent', to?: DestinationStream): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: ['err.config', 'err.meta'] }
  return to === undefined ? pino(options) : pino(options, to)
}

const PLACES = 6

/** What a log may say of a bug: its message may quote a query's values, so only its kind, code and place. */
export function bugOf(error: unknown): object {
  if (!(error instanceof Error)) return { name: typeof error }
  const at = (error.stack ?? '')
    .replace(error.message, '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, PLACES)
    .map((line) => line.trim())
  return { name: error.name, code: (error as { code?: unknown }).code, at }
}
