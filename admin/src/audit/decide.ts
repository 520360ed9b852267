import type { DecideInput } from '../../../shared/audit/input'
import { REASONS, RESOLUTIONS } from '../../../shared/audit/reasons'
import { whyNotReason } from '../../../shared/audit/rules'
import type { Outcomes, QueueRow } from '../../../shared/audit/view'
import { post } from '../core/call'

export type Decision = DecideInput['decision']

export interface ReasonOption {
  code: string
  words: string
}

const ALL: readonly (ReasonOption & { for: readonly string[] })[] = Object.entries(REASONS).map(([code, reason]) => ({
  code,
  ...reason,
}))

/** The reasons a decision may have. What has open exceptions passes only with a reason that explains an exception. */
export function reasonsFor(decision: Decision, hasExceptions: boolean): ReasonOption[] {
  const use = decision === 'approve' && hasExceptions ? 'exception' : decision
  return ALL.filter((reason) => reason.for.includes(use)).map(({ code, words }) => ({ code, words }))
}

export const RESOLUTION_OPTIONS = Object.entries(RESOLUTIONS).map(([value, label]) => ({ value, label }))

/** Whether this reason says nothing without a sentence of one's own. */
export function needsNote(decision: Decision, reasonCode: string | null): boolean {
  return reasonCode !== null && whyNotReason({ decision, reasonCode }) === 'REQUIRED'
}

export function decide(input: DecideInput): Promise<Outcomes> {
  return post<Outcomes>('/audit/decisions', input)
}

/** What the ticked rows come to. */
export function sumOf(rows: readonly QueueRow[]): { n: number; seconds: number; milliPoints: string } {
  return {
    n: rows.length,
    seconds: rows.reduce((sum, { servedSeconds }) => sum + (servedSeconds ?? 0), 0),
    milliPoints: String(rows.reduce((sum, { expectedMilliPoints }) => sum + BigInt(expectedMilliPoints ?? '0'), 0n)),
  }
}
