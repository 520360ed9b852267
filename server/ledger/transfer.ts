import { Refusal } from '../../shared/core/refusals'
import type { Posting } from '../../shared/ledger/rules'
import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { clearingAccount, issuanceAccount } from './accounts'
import { close, creditsLike } from './close'
import { firstOf, openLotsOf } from './lots'
import { findAccount } from './move'
import { post } from './post'
import { lock } from './write'

type Transfer = { id: string; from: string; to: string; milliPoints: bigint; byId: string; explanation: unknown }

/**
 * Points that move to the programme of another county with their owner: a pair of transactions, one in each county's books.
 * Between the two the counties owe each other, until they settle.
 *
 * TRANSFER_REGION: member −x, clearing(here, there) +x · there: clearing(there, here) −x, member +x
 *
 * @throws Refusal PROGRAMME_MIXED when both accounts are of one programme
 */
export async function transferRegion(tx: Tx, ask: Transfer, at: Date): Promise<void> {
  const { id, from, to, milliPoints, byId, explanation } = ask
  const [here, there] = [await findAccount(tx, from), await findAccount(tx, to)]
  if (here.programmeId === there.programmeId) throw new Refusal('PROGRAMME_MIXED')
  if (milliPoints <= 0n) throw new Refusal('AMOUNT')
  await lock(tx, [from, to])
  const lots = firstOf(await openLotsOf(tx, from), milliPoints)
  const [outgoing, incoming] = [
    await clearingAccount(tx, here.programmeId, there.programmeId),
    await clearingAccount(tx, there.programmeId, here.programmeId),
  ]
  const common = { kind: 'TRANSFER_REGION', refId: id, revision: 0, happenedAt: at, byId, explanation }
  const out: Posting[] = [
    { accountId: from, milliPoints: -milliPoints },
    { accountId: outgoing, milliPoints },
  ]
  const into: Posting[] = [{ accountId: incoming, milliPoints: -milliPoints }, ...creditsLike(lots, to)]
  await post(
    tx,
    [
      {
        ...common,
        id: idFrom('TRANSFER', id, 'out'),
        programmeId: here.programmeId,
        refType: 'transferOut',
        postings: out,
      },
      {
        ...common,
        id: idFrom('TRANSFER', id, 'in'),
        programmeId: there.programmeId,
        refType: 'transferIn',
        postings: into,
      },
    ],
    at,
  )
}

/**
 * Closes the account of somebody who moves to another county: what is there goes along first.
 *
 * TRANSFER_REGION as above, of all there is; then nothing is left to move
 *
 * @throws Refusal ACCOUNT_HELD while something is held
 */
export async function moveAway(
  tx: Tx,
  ask: {
    id: string
    requestId: string
    accountId: string
    to: string
    refType: string
    refId: string
    byId: string
    explanation: unknown
  },
  at: Date,
): Promise<void> {
  const { requestId, accountId, to, byId, explanation } = ask
  const account = (await lock(tx, [accountId, to])).get(accountId)
  if (account !== undefined && account.pendingMilliPoints > 0n) throw new Refusal('ACCOUNT_HELD')
  const milliPoints = account?.postedMilliPoints ?? 0n
  if (milliPoints > 0n)
    await transferRegion(tx, { id: requestId, from: accountId, to, milliPoints, byId, explanation }, at)
  await close(tx, { ...ask, to: null }, at)
}

/**
 * What two counties owe each other is paid, and both clearing accounts are zero again: the points are no longer of the one
 * and have become the other's.
 *
 * SETTLE: clearing(here, there) −x, issuance here +x · there: issuance −x, clearing(there, here) +x
 */
export async function settleClearing(
  tx: Tx,
  ask: { id: string; here: string; there: string; byId: string; explanation: unknown },
  at: Date,
): Promise<void> {
  const { id, here, there, byId, explanation } = ask
  const [outgoing, incoming] = [await clearingAccount(tx, here, there), await clearingAccount(tx, there, here)]
  const locked = await lock(tx, [outgoing, incoming])
  const common = { kind: 'SETTLE', refId: id, revision: 0, happenedAt: at, byId, explanation }
  const drafts = []
  for (const [programmeId, clearing, side] of [
    [here, outgoing, 'clearingOut'],
    [there, incoming, 'clearingIn'],
  ] as const) {
    const owed = locked.get(clearing)?.postedMilliPoints ?? 0n
    if (owed === 0n) continue
    const issuance = await issuanceAccount(tx, programmeId)
    const postings = [
      { accountId: clearing, milliPoints: -owed },
      { accountId: issuance, milliPoints: owed },
    ]
    drafts.push({ ...common, id: idFrom('SETTLE', id, side), programmeId, refType: side, postings })
  }
  await post(tx, drafts, at)
}
