import type { Tx } from '../core/db'
import { issuanceAccount } from './accounts'
import { findAccount, move } from './move'

/**
 * What no rule brings about: a mistake put right, a paper found. Two persons have agreed, neither of them whose account it
 * is; the reference is their request, and the database asks for it too.
 *
 * MANUAL: issuance −x, member +x; or the other way round below zero
 */
export async function postManual(
  tx: Tx,
  ask: { id: string; requestId: string; accountId: string; milliPoints: bigint; byId: string; explanation: unknown },
  at: Date,
): Promise<void> {
  const { id, requestId, accountId, milliPoints, byId, explanation } = ask
  const issuance = await issuanceAccount(tx, (await findAccount(tx, accountId)).programmeId)
  const reference = { id, refType: 'request', refId: requestId, happenedAt: at, byId, explanation }
  const moved =
    milliPoints > 0n
      ? { from: issuance, to: accountId, milliPoints }
      : { from: accountId, to: issuance, milliPoints: -milliPoints }
  await move(tx, 'MANUAL', { ...reference, ...moved }, at)
}
