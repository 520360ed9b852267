import { pino } from 'pino'

/** One line per request: id, actor id, route, status, ms. Never names, phones, places or bodies. */
export type Log = Pick<pino.Logger, 'info' | 'warn' | 'error'>

export function newLog(level: 'info' | 'silent'): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: ['err.config', 'err.meta'] })
}
