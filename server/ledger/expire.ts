import { Refusal } from '../../shared/core/refusals'
import { type LotRef, MILLI_POINTS_MAX } from '../../shared/ledger/rules'
import type { Db, Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { systemAccount } from './accounts'
import { findAccount, move } from './move'
import type { Account, WhyNot } from './order'
import { postEach } from './post'
import { lock } from './write'

type Over = { accountId: string; programmeId: string; transactionId: string; no: number | bigint; left: bigint }
type Refused = { accountId: string; whyNot: NonNullable<WhyNot> }
const ACCOUNTS = 200

/**
 * Takes away what is over, of the accounts behind `after` in the order of their ids; an account's lots in one transaction, or in
 * as many as they need where they are more than one may move. What is held stays until the hold is resolved.
 *
 * EXPIRE: member −x (the lots are listed), expired +x
 *
 * @returns how many accounts lost points, of which the books refused to take them, and the last one that was looked at, or null
 *   when all were
 */
export async function expire(
  tx: Tx,
  after: string,
  at: Date,
): Promise<{ expired: number; refused: Refused[]; last: string | null }> {
  const due = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT a."id" FROM ledger_entry AS e JOIN ledger_account AS a ON a."id" = e."accountId"
    WHERE e."lotExpiresAt" <= ${at} AND e."accountSeq" >= a."lotsFrom" AND a."closedAt" IS NULL AND a."id" > ${after}
    ORDER BY a."id" LIMIT ${ACCOUNTS}`
  const accounts = await lock(
    tx,
    due.map((one) => one.id),
  )
  const asked = []
  for (const account of accounts.values()) {
    const moves = inMoves(await lotsToTake(tx, account, at))
    for (const [place, from] of moves.entries())
      asked.push({ accountId: account.id, draft: await expiryOf(tx, account, from, place, at) })
  }
  const outcomes = await postEach(
    tx,
    asked.map((one) => one.draft),
    at,
  )
  const refused: Refused[] = []
  const expired = new Set<string>()
  for (const [place, { accountId }] of asked.entries()) {
    const whyNot = outcomes[place] ?? null
    if (whyNot === null) expired.add(accountId)
    else refused.push({ accountId, whyNot })
  }
  return { expired: expired.size, refused, last: due.length < ACCOUNTS ? null : (due.at(-1)?.id ?? null) }
}

/**
 * The same for all accounts, a few hundred in one commit. Answers how many lost points.
 *
 * @throws Error once all were looked at, when the books refused to take from some: nothing they may refuse is asked of them here
 */
export async function expireAll(db: Db, at: Date): Promise<number> {
  let total = 0
  const notTaken: Refused[] = []
  let after: string | null = ''
  while (after !== null) {
    const from: string = after
    const { expired, refused, last } = await db.$transaction((tx) => expire(tx, from, at))
    total += expired
    notTaken.push(...refused)
    after = last
  }
  const [first] = notTaken
  if (first !== undefined)
    throw new Error(`${notTaken.length} expiries were refused, the first of ${first.accountId}: ${first.whyNot}`)
  return total
}

/** The lots that are over, or as much of them as nothing is held of. */
async function lotsToTake(tx: Tx, account: Account, at: Date): Promise<LotRef[]> {
  let available = account.postedMilliPoints - account.pendingMilliPoints
  const lots: LotRef[] = []
  for (const lot of await lotsOver(tx, account.id, account.lotsFrom, at)) {
    const left = BigInt(lot.left)
    const milliPoints = left < available ? left : available
    if (milliPoints <= 0n) break
    lots.push({ transactionId: lot.transactionId, no: Number(lot.no), milliPoints })
    available -= milliPoints
  }
  return lots
}

/** One transaction moves so much and no more; a lot alone is never more, since one opened it. */
function inMoves(lots: readonly LotRef[]): LotRef[][] {
  const moves: LotRef[][] = []
  let room = 0n
  for (const lot of lots) {
    if (lot.milliPoints > room) {
      moves.push([])
      room = MILLI_POINTS_MAX
    }
    moves.at(-1)?.push(lot)
    room -= lot.milliPoints
  }
  return moves
}

async function expiryOf(tx: Tx, { id, programmeId }: Account, from: readonly LotRef[], place: number, at: Date) {
  const milliPoints = from.reduce((sum, lot) => sum + lot.milliPoints, 0n)
  const refId = `${id}@${at.toISOString()}${place === 0 ? '' : `/${place + 1}`}`
  const lots = from.map((lot) => ({ ...lot, milliPoints: String(lot.milliPoints) }))
  return {
    ...{ id: idFrom('EXPIRE', refId), programmeId, kind: 'EXPIRE', refType: 'expiry', refId, revision: 0 },
    ...{ happenedAt: at, byId: 'clock', explanation: { lots } },
    postings: [
      { accountId: id, milliPoints: -milliPoints, from },
      { accountId: await systemAccount(tx, programmeId, 'expired'), milliPoints },
    ],
  }
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
