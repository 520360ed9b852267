import type { Tx } from '../core/db'
import { systemAccount } from './accounts'
import { findAccount, type Move, move } from './move'
import { type ReverseAsk, undoFreeze } from './post'

/**
 * Puts points aside while something is looked into.
 *
 * FREEZE: member −x, frozen +x
 *
 * @param ask.milliPoints without it all that is free
 */
export async function freeze(
  tx: Tx,
  ask: Omit<Move, 'milliPoints'> & { from: string; milliPoints: bigint | null },
  at: Date,
): Promise<void> {
  const account = await findAccount(tx, ask.from)
  const to = await systemAccount(tx, account.programmeId, 'frozen')
  const milliPoints = ask.milliPoints ?? account.postedMilliPoints - account.pendingMilliPoints
  await move(tx, 'FREEZE', { ...ask, to, milliPoints }, at)
}

/**
 * Gives frozen points back, into the lots they came from.
 *
 * UNFREEZE: frozen −x, member +x
 *
 * @throws Refusal NOT_FOUND, ALREADY_POSTED the second time
 */
export function unfreeze(tx: Tx, ask: ReverseAsk, at: Date): Promise<void> {
  return undoFreeze(tx, ask, at)
}
