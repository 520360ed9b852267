import type { DecideInput } from '../../../shared/audit/input'
import { REASONS, RESOLUTIONS } from '../../../shared/audit/reasons'
import type { Outcomes } from '../../../shared/audit/view'
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

export function reasonsFor(use: Decision | 'exception'): ReasonOption[] {
  return ALL.filter((reason) => reason.for.includes(use)).map(({ code, words }) => ({ code, words }))
}

export const RESOLUTION_OPTIONS = Object.entries(RESOLUTIONS).map(([value, label]) => ({ value, label }))

/** 其他 says nothing by itself: it needs a sentence. */
export function needsNote(reasonCode: string | null): boolean {
  return reasonCode === 'otherTrue' || reasonCode === 'otherFalse'
}

export function decide(input: DecideInput): Promise<Outcomes> {
  return post<Outcomes>('/audit/decisions', input)
}
