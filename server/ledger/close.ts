import { Refusal } from '../../shared/core/refusals'
import type { Posting } from '../../shared/ledger/rules'
import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { openRecovery, systemAccount } from './accounts'
import { type OpenLot, openLotsOf } from './lots'
import { type Account, recoveryIdOf } from './order'
import { post } from './post'
import { lock } from './write'

type Closing = { id: string; accountId: string; refType: string; refId: string; byId: string; explanation: unknown }

/**
 * Closes an account for good: death, or moving away. Its points go to the heir or the pool and keep their time; or they
 * expire. Who moves to another county takes them along first (transfer.ts).
 *
 * CLOSE: member −all, heir (pool, expired) +all
 *
 * @param ask.to the heir's or the pool's account; null: they expire
 * @throws Refusal ACCOUNT_HELD while something is held
 */
export async function close(tx: Tx, ask: Closing & { to: string | null }, at: Date): Promise<void> {
  const account = await lockToClose(tx, ask.accountId, ask.to === null ? [] : [ask.to])
  const to = ask.to ?? (await systemAccount(tx, account.programmeId, 'expired'))
  await empty(tx, 'CLOSE', account, to, ask, at)
  await markClosed(tx, account.id, at)
}

/**
 * Two accounts of one person become one; what the closed one owed goes along.
 *
 * MERGE: duplicate −all, kept +all; kept's recovery −owed, duplicate's recovery +owed
 */
export async function merge(tx: Tx, ask: Closing & { to: string }, at: Date): Promise<void> {
  if (ask.to === ask.accountId) throw new Refusal('AMOUNT')
  const others = [ask.to, recoveryIdOf(ask.accountId), recoveryIdOf(ask.to)]
  const account = await lockToClose(tx, ask.accountId, others)
  await empty(tx, 'MERGE', account, ask.to, ask, at)
  await moveDebt(tx, account, ask, at)
  await markClosed(tx, account.id, at)
}

/** Locks all that will be touched at once, so that no two wait for each other. */
async function lockToClose(tx: Tx, accountId: string, others: readonly string[]): Promise<Account> {
  const account = (await lock(tx, [accountId, ...others])).get(accountId)
  if (account === undefined) throw new Refusal('ACCOUNT_UNKNOWN')
  if (account.isClosed) throw new Refusal('ACCOUNT_CLOSED')
  if (account.pendingMilliPoints > 0n) throw new Refusal('ACCOUNT_HELD')
  return account
}

async function empty(tx: Tx, kind: string, account: Account, to: string, ask: Closing, at: Date): Promise<void> {
  const { id, refType, refId, byId, explanation } = ask
  if (account.postedMilliPoints === 0n) return
  const lots = await openLotsOf(tx, account.id)
  const postings = [{ accountId: account.id, milliPoints: -account.postedMilliPoints }, ...creditsLike(lots, to)]
  const draft = { id, programmeId: account.programmeId, kind, refType, refId, revision: 0 }
  await post(tx, [{ ...draft, happenedAt: at, byId, explanation, postings }], at)
}

/** One credit for each time at which lots are over, so that nobody's points live longer by moving. */
export function creditsLike(lots: readonly OpenLot[], to: string): Posting[] {
  const byTime = new Map<number | null, bigint>()
  for (const { expiresAt, milliPoints } of lots) {
    const time = expiresAt?.getTime() ?? null
    byTime.set(time, (byTime.get(time) ?? 0n) + milliPoints)
  }
  return [...byTime]
    .filter(([, milliPoints]) => milliPoints !== 0n)
    .map(([time, milliPoints]) => ({
      accountId: to,
      milliPoints,
      expiresAt: time === null ? null : new Date(time),
    }))
}

async function moveDebt(tx: Tx, account: Account, ask: Closing & { to: string }, at: Date): Promise<void> {
  const [owing, kept] = [recoveryIdOf(account.id), recoveryIdOf(ask.to)]
  const debt = (await lock(tx, [owing])).get(owing)
  if (debt === undefined || debt.postedMilliPoints === 0n) return
  const { programmeId } = account
  await openRecovery(tx, ask.to, programmeId, at)
  const { refType, refId, byId, explanation } = ask
  const postings = [
    { accountId: kept, milliPoints: debt.postedMilliPoints },
    { accountId: owing, milliPoints: -debt.postedMilliPoints },
  ]
  const draft = { id: idFrom('MERGE', ask.id, 'debt'), programmeId, kind: 'MERGE', refType: `${refType}Debt`, refId }
  await post(tx, [{ ...draft, revision: 0, happenedAt: at, byId, explanation, postings }], at)
}

async function markClosed(tx: Tx, accountId: string, at: Date): Promise<void> {
  const closed = await tx.ledgerAccount.updateMany({
    where: { id: accountId, closedAt: null, postedMilliPoints: 0n, pendingMilliPoints: 0n },
    data: { closedAt: at },
  })
  if (closed.count === 0) throw new Refusal('CHANGED_MEANWHILE')
}
