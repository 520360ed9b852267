import { Refusal } from '../../shared/core/refusals'
import { availableOf, MILLI_POINTS_MAX } from '../../shared/ledger/rules'
import type { Tx } from '../core/db'
import { creditsLike } from './close'
import { firstOf, openLotsOf } from './lots'
import { type Move, move } from './move'
import { post } from './post'
import { lock } from './write'

export type Given = Omit<Move, 'expiresAt'> & { from: string; to: string }

/**
 * One member's points to another member of the same programme. Who may give to whom, and how much, is the scheme's to say.
 *
 * GIFT: from −x, to +x; a credit for each time at which lots are over
 */
export function gift(tx: Tx, ask: Given, at: Date): Promise<void> {
  return hand(tx, 'GIFT', ask, at)
}

/**
 * A member's points to the pool, for whoever needs them more.
 *
 * DONATE: member −x, pool +x
 */
export function donate(tx: Tx, ask: Move & { from: string; to: string }, at: Date): Promise<void> {
  return move(tx, 'DONATE', ask, at)
}

/** The same to an elder or an organisation: as old as they are, as a gift. */
export function donateTo(tx: Tx, ask: Given, at: Date): Promise<void> {
  return hand(tx, 'DONATE', ask, at)
}

/** Points keep the time they have: by being given nothing lives longer. */
async function hand(tx: Tx, kind: string, ask: Given, at: Date): Promise<void> {
  const { from, to, milliPoints, ...rest } = ask
  if (milliPoints <= 0n || milliPoints > MILLI_POINTS_MAX || from === to) throw new Refusal('AMOUNT')
  const account = (await lock(tx, [from, to])).get(from)
  if (account === undefined) throw new Refusal('ACCOUNT_UNKNOWN')
  if (availableOf(account) < milliPoints) throw new Refusal('POINTS_NOT_ENOUGH')
  const credits = creditsLike(firstOf(await openLotsOf(tx, from), milliPoints), to)
  const postings = [{ accountId: from, milliPoints: -milliPoints }, ...credits]
  await post(tx, [{ ...rest, programmeId: account.programmeId, kind, revision: 0, postings }], at)
}
