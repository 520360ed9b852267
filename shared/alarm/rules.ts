import { addSeconds } from '../core/time'

export const LEVELS = ['village', 'town', 'county'] as const
export type Level = (typeof LEVELS)[number]
export const LEVEL_WORDS: Record<Level, string> = { village: '村', town: '镇街', county: '区县' }

/** Who answers for an alarm that is due, and until when; at the county it stays, and is asked about again each time. */
export function escalated(level: Level, at: Date, stepMinutes: number): { level: Level; dueAt: Date } {
  const next = LEVELS[Math.min(LEVELS.indexOf(level) + 1, LEVELS.length - 1)] as Level
  return { level: next, dueAt: addSeconds(at, stepMinutes * 60) }
}
