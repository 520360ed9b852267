import type { WaitingConfirmation } from '../../../shared/visit/view'
import { get } from '../core/call'
import { type Query, useQuery } from '../core/use-query'
import type { Cared } from '../elder/cared'

export interface Confirmations {
  /** What waits for a word. */
  waiting: WaitingConfirmation[]
  /** What was answered lately, and may still be corrected for a day. */
  recent: WaitingConfirmation[]
}

/** What everybody this person sees to was asked; kept for the day without a network. */
export function useConfirmations(): Query<Confirmations> {
  return useQuery('confirmations', () => get<Confirmations>('/confirmations'), { keptAs: 'confirmations' })
}

export function waitingFor(cared: Cared, all: Confirmations): WaitingConfirmation[] {
  return all.waiting.filter((one) => one.elderId === cared.elderId)
}
