import type { DecideInput } from '../../../shared/audit/input'
import { type Dictionary, STANDARD } from '../../../shared/audit/reasons'
import { whyNotReason } from '../../../shared/audit/rules'
import type { Outcomes, QueueRow } from '../../../shared/audit/view'
import { post } from '../core/call'
import { useOne } from '../core/use-list'

export type Decision = DecideInput['decision']

export interface ReasonOption {
  code: string
  words: string
}

/** The words of the desk: the standard ones until the county's own have come. */
export function useDictionary(): Dictionary {
  return useOne<Dictionary>('/audit/dictionary', {}).data ?? STANDARD
}

/** The reasons a decision may have. What has open exceptions passes only with a reason that explains an exception. */
export function reasonsFor({ reasons }: Dictionary, decision: Decision, hasExceptions: boolean): ReasonOption[] {
  const use = decision === 'approve' && hasExceptions ? 'exception' : decision
  return reasons.filter((one) => one.active && one.uses.includes(use)).map(({ code, words }) => ({ code, words }))
}

export function resolutionsOf({ resolutions }: Dictionary): { value: string; label: string }[] {
  return resolutions.filter(({ active }) => active).map(({ code, words }) => ({ value: code, label: words }))
}

/** Whether this reason says nothing without a sentence of one's own. */
export function needsNote(dictionary: Dictionary, decision: Decision, reasonCode: string | null): boolean {
  return reasonCode !== null && whyNotReason({ decision, reasonCode }, dictionary) === 'REQUIRED'
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
