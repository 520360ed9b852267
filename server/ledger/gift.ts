import type { Tx } from '../core/db'
import { type Move, move } from './move'

/**
 * One member's points to another member of the same programme. Who may give to whom, and how much, is the scheme's to say.
 *
 * GIFT: from −x, to +x
 */
export function gift(tx: Tx, ask: Move & { from: string; to: string }, at: Date): Promise<void> {
  return move(tx, 'GIFT', ask, at)
}

/**
 * A member's points to the pool, for whoever needs them more.
 *
 * DONATE: member −x, pool +x
 */
export function donate(tx: Tx, ask: Move & { from: string; to: string }, at: Date): Promise<void> {
  return move(tx, 'DONATE', ask, at)
}
