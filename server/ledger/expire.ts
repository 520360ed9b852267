import { Refusal } from '../../shared/core/refusals'
import type { LotRef } from '../../shared/ledger/rules'
import type { Db, Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { systemAccount } from './accounts'
import { findAccount, move } from './move'
import { postEach } from './post'
import { lock } from './write'

type Over = { accountId: string; programmeId: string; transactionId: string; no: number | bigint; left: bigint }
const ACCOUNTS = 200

/**
 * Takes away what is over, of the accounts behind `after` in the order of their ids; an account's lots in one transaction.
 * What is held stays until the hold is resolved.
 *
 * EXPIRE: member −x (the lots are listed), expired +x
 *
 * @returns how many accounts lost points, and the last one that was looked at, or null when all were
 */
export async function expire(tx: Tx, after: string, at: Date): Promise<{ expired: number; last: string | null }> {
  const due = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT a."id" FROM ledger_entry AS e JOIN ledger_account AS a ON a."id" = e."accountId"
    WHERE e."lotExpiresAt" <= ${at} AND e."accountSeq" >= a."lotsFrom" AND a."closedAt" IS NULL AND a."id" > ${after}
    ORDER BY a."id" LIMIT ${ACCOUNTS}`
  const accounts = await lock(
    tx,
    due.map((one) => one.id),
  )
  const drafts = []
  for (const account of accounts.values()) {
    let available = account.postedMilliPoints - account.pendingMilliPoints
    const from: LotRef[] = []
    for (const lot of await lotsOver(tx, account.id, account.lotsFrom, at)) {
      const left = BigInt(lot.left)
      const milliPoints = left < available ? left : available
      if (milliPoints <= 0n) break
      from.push({ transactionId: lot.transactionId, no: Number(lot.no), milliPoints })
      available -= milliPoints
    }
    const milliPoints = from.reduce((sum, lot) => sum + lot.milliPoints, 0n)
    if (milliPoints === 0n) continue
    const { id, programmeId } = account
    const refId = `${id}@${at.toISOString()}`
    const lots = from.map((lot) => ({ ...lot, milliPoints: String(lot.milliPoints) }))
    drafts.push({
      ...{ id: idFrom('EXPIRE', refId), programmeId, kind: 'EXPIRE', refType: 'expiry', refId, revision: 0 },
      ...{ happenedAt: at, byId: 'clock', explanation: { lots } },
      postings: [
        { accountId: id, milliPoints: -milliPoints, from },
        { accountId: await systemAccount(tx, programmeId, 'expired'), milliPoints },
      ],
    })
  }
  const outcomes = await postEach(tx, drafts, at)
  const expired = outcomes.filter((whyNot) => whyNot === null).length
  return { expired, last: due.length < ACCOUNTS ? null : (due.at(-1)?.id ?? null) }
}

/** The same for all accounts, a few hundred in one commit. Answers how many lost points. */
export async function expireAll(db: Db, at: Date): Promise<number> {
  let total = 0
  let after: string | null = ''
  while (after !== null) {
    const from: string = after
    const { expired, last } = await db.$transaction((tx) => expire(tx, from, at))
    total += expired
    after = last
  }
  return total
}

function lotsOver(tx: Tx, accountId: string, lotsFrom: number, at: Date): Promise<Over[]> {
  return tx.$queryRaw<Over[]>`
    SELECT * FROM (
      SELECT e."accountId", e."programmeId", e."transactionId", e."no", e."accountSeq", COALESCE((
        SELECT u."leftMilliPoints" FROM ledger_lot_use AS u WHERE u."lotTransactionId" = e."transactionId" AND u."lotNo" = e."no"
        ORDER BY u."useNo" DESC LIMIT 1), e."lotMilliPoints") AS "left"
      FROM ledger_entry AS e WHERE e."accountId" = ${accountId} AND e."accountSeq" >= ${lotsFrom} AND e."lotExpiresAt" <= ${at}) AS lot
    WHERE lot."left" > 0 ORDER BY lot."accountSeq"`
}

/**
 * Gives back what expired, as a lot with a time of its own. Two persons have agreed: the reference is their request.
 *
 * RESTORE: expired −x, member +x
 *
 * @throws Refusal NOT_FOUND when `expiryId` is no expiry, AMOUNT for more than expired, all that was restored of it taken together
 */
export async function restore(
  tx: Tx,
  ask: {
    id: string
    requestId: string
    expiryId: string
    milliPoints: bigint | null
    expiresAt: Date | null
    byId: string
    explanation: unknown
  },
  at: Date,
): Promise<void> {
  const { id, requestId, expiryId, expiresAt, byId, explanation } = ask
  const found = await tx.ledgerTransaction.findUnique({ where: { id: expiryId }, include: { entries: true } })
  const taken = found?.entries.find((one) => one.amountMilliPoints < 0n)
  if (found?.kind !== 'EXPIRE' || taken === undefined) throw new Refusal('NOT_FOUND')
  const milliPoints = ask.milliPoints ?? -taken.amountMilliPoints
  await lock(tx, [taken.accountId])
  if (milliPoints + (await restoredOf(tx, expiryId)) > -taken.amountMilliPoints) throw new Refusal('AMOUNT')
  const { programmeId } = await findAccount(tx, taken.accountId)
  const from = await systemAccount(tx, programmeId, 'expired')
  const reference = { id, refType: 'request', refId: requestId, happenedAt: at, byId, explanation }
  await move(tx, 'RESTORE', { ...reference, from, to: taken.accountId, milliPoints, expiresAt }, at)
}

/** What requests that were agreed to have given back of an expiry so far. */
async function restoredOf(tx: Tx, expiryId: string): Promise<bigint> {
  const [row] = await tx.$queryRaw<{ restored: bigint }[]>`
    SELECT CAST(COALESCE(SUM(e."amountMilliPoints"), 0) AS BIGINT) AS "restored"
    FROM ledger_request AS q JOIN ledger_transaction AS t ON t."kind" = 'RESTORE' AND t."refType" = 'request' AND t."refId" = q."id"
      JOIN ledger_entry AS e ON e."transactionId" = t."id" AND e."amountMilliPoints" > 0
    WHERE q."kind" = 'RESTORE' AND q."transactionId" = ${expiryId}`
  return BigInt(row?.restored ?? 0)
}
