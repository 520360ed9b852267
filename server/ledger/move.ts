import { Refusal } from '../../shared/core/refusals'
import type { Reader, Tx } from '../core/db'
import { post } from './post'

/** What a verb that moves points from one account to another is asked. The amount is above zero. */
export type Move = {
  id: string
  refType: string
  refId: string
  milliPoints: bigint
  /** when the lot that the receiver gets is over; without it never */
  expiresAt?: Date | null
  happenedAt: Date
  byId: string
  explanation: unknown
}

/** @throws Refusal as `post` does */
export async function move(tx: Tx, kind: string, ask: Move & { from: string; to: string }, at: Date): Promise<void> {
  const { from, to, milliPoints, expiresAt, ...rest } = ask
  if (milliPoints <= 0n || from === to) throw new Refusal('AMOUNT')
  const { programmeId } = await findAccount(tx, from)
  const postings = [
    { accountId: from, milliPoints: -milliPoints },
    { accountId: to, milliPoints, expiresAt },
  ]
  await post(tx, [{ ...rest, programmeId, kind, revision: 0, postings }], at)
}

/** @throws Refusal ACCOUNT_UNKNOWN */
export async function findAccount(tx: Reader, id: string) {
  const account = await tx.ledgerAccount.findUnique({ where: { id } })
  if (account === null) throw new Refusal('ACCOUNT_UNKNOWN')
  return account
}
