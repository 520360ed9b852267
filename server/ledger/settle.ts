import type { Tx } from '../core/db'
import { systemAccount } from './accounts'
import { type Move, move } from './move'

/**
 * Pays off with the merchants what was handed over.
 *
 * SETTLE: redemptionDue −x, settled +x
 */
export async function settleDue(tx: Tx, ask: Move & { programmeId: string }, at: Date): Promise<void> {
  const { programmeId, ...rest } = ask
  const from = await systemAccount(tx, programmeId, 'redemptionDue')
  const to = await systemAccount(tx, programmeId, 'settled')
  await move(tx, 'SETTLE', { ...rest, from, to }, at)
}
