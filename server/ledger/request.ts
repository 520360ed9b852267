import { Refusal } from '../../shared/core/refusals'
import { MILLI_POINTS_MAX, type RequestKind } from '../../shared/ledger/rules'
import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { insertRowsOf } from '../core/rows'
import { close } from './close'
import { restore } from './expire'
import { freeze, unfreeze } from './freeze'
import { grant } from './grant'
import { importBalances } from './import'
import { postManual } from './manual'
import { findAccount } from './move'
import { reverse } from './post'
import { moveAway, settleClearing, transferRegion } from './transfer'

/**
 * The accounts that a request may bring points to, or whose loss it undoes: of the one it is about, of the other side, of the
 * lines of a list, and of all that moved in what it undoes.
 */
export async function accountsConcerned(tx: Tx, request: LedgerRequest): Promise<string[]> {
  const { accountId, otherAccountId, transactionId, detail } = request
  const undone =
    transactionId === null
      ? []
      : await tx.ledgerEntry.findMany({ where: { transactionId }, select: { accountId: true } })
  const lines = detail === null ? [] : readImport(detail)
  const others = [...undone, ...lines].map((one) => one.accountId)
  return [...new Set([accountId, ...others, ...(otherAccountId === null ? [] : [otherAccountId])])]
}

export type LedgerRequest = {
  id: string
  programmeId: string
  kind: string
  accountId: string
  milliPoints: bigint | null
  transactionId: string | null
  otherAccountId: string | null
  /** IMPORT: the rows of the list, as JSON */
  detail: string | null
  reason: string
  evidenceHash: string | null
  /** whose account it is: a person's id */
  beneficiaryId: string | null
  regionPath: string
  askedById: string
}

/**
 * Writes down what somebody asks the books to do. It moves nothing yet.
 *
 * @throws Refusal REQUEST_OWN for one's own account, EVIDENCE_NEEDED, AMOUNT, ACCOUNT_UNKNOWN, ACCOUNT_CLOSED, PROGRAMME_MIXED
 */
export async function askFor(tx: Tx, request: LedgerRequest, at: Date): Promise<void> {
  if (request.beneficiaryId === request.askedById) throw new Refusal('REQUEST_OWN')
  if (request.kind === 'MANUAL' && request.evidenceHash === null)
    throw new Refusal('EVIDENCE_NEEDED', { field: 'evidenceHash' })
  const { milliPoints, kind } = request
  if ((kind === 'MANUAL' || kind === 'GRANT') && (milliPoints === null || milliPoints === 0n))
    throw new Refusal('AMOUNT', { field: 'milliPoints' })
  if (kind !== 'MANUAL' && milliPoints !== null && milliPoints <= 0n)
    throw new Refusal('AMOUNT', { field: 'milliPoints' })
  if (magnitude(milliPoints ?? 0n) > MILLI_POINTS_MAX) throw new Refusal('AMOUNT', { field: 'milliPoints' })
  await refuseAccounts(tx, request)
  await tx.ledgerRequest.create({ data: { ...request, askedAt: at } })
}

/** Kinds that move points into the books of another county. */
const BETWEEN_COUNTIES = ['TRANSFER_REGION', 'SETTLE']

/** What could never be carried out is refused at once, not when the second person looks at it. */
async function refuseAccounts(tx: Tx, { kind, accountId, otherAccountId, programmeId }: LedgerRequest): Promise<void> {
  const account = await findAccount(tx, accountId)
  const other = otherAccountId === null ? null : await findAccount(tx, otherAccountId)
  if (account.closedAt !== null || (other !== null && other.closedAt !== null)) throw new Refusal('ACCOUNT_CLOSED')
  const isElsewhere = other !== null && other.programmeId !== programmeId
  const maySo = BETWEEN_COUNTIES.includes(kind) || (kind === 'CLOSE' && other?.kind === 'member')
  if (account.programmeId !== programmeId || (isElsewhere && !maySo)) throw new Refusal('PROGRAMME_MIXED')
}

const DECISION = { requestId: 'text', decision: 'text', reason: 'text', byId: 'text', at: 'instant' } as const

/**
 * Answers a request; an approved one is carried out in the same commit.
 *
 * @throws Refusal NOT_FOUND, REQUEST_DECIDED, REQUEST_OWN for who asked or gains by it, and what the books refuse
 */
export async function decideOn(
  tx: Tx,
  ask: { requestId: string; decision: 'approve' | 'reject'; reason: string; byId: string },
  at: Date,
): Promise<void> {
  const request = await tx.ledgerRequest.findUnique({ where: { id: ask.requestId } })
  if (request === null) throw new Refusal('NOT_FOUND')
  if (ask.byId === request.askedById || ask.byId === request.beneficiaryId) throw new Refusal('REQUEST_OWN')
  const known = await tx.ledgerDecision.findUnique({ where: { requestId: ask.requestId } })
  const done = await tx.ledgerTransaction.count({ where: { refType: 'request', refId: ask.requestId } })
  if (known !== null || done > 0) throw new Refusal('REQUEST_DECIDED')
  const decided = await insertRowsOf(tx, 'ledger_decision', DECISION, [{ ...ask, at }], { skipTaken: true })
  if (decided === 0) throw new Refusal('REQUEST_DECIDED')
  if (ask.decision === 'approve') await carryOut(tx, request, ask.byId, at)
}

/** Milli-points a clerk asked for by hand since an instant, whichever way they go. */
export async function manualSince(tx: Tx, askedById: string, since: Date): Promise<bigint> {
  const asked = await tx.ledgerRequest.findMany({
    where: { askedById, kind: 'MANUAL', askedAt: { gte: since } },
    select: { milliPoints: true },
  })
  return asked.reduce((sum, { milliPoints }) => sum + magnitude(milliPoints ?? 0n), 0n)
}

/** Milli-points a person granted since an instant without anybody else's agreement. */
export async function grantedAloneSince(tx: Tx, askedById: string, since: Date): Promise<bigint> {
  const asked = await tx.ledgerRequest.findMany({
    where: { askedById, kind: 'GRANT', askedAt: { gte: since }, decision: { is: null } },
    select: { id: true, milliPoints: true },
  })
  const done = await tx.ledgerTransaction.findMany({
    where: { kind: 'GRANT', refType: 'request', refId: { in: asked.map(({ id }) => id) } },
    select: { refId: true },
  })
  const moved = new Set(done.map(({ refId }) => refId))
  return asked.reduce((sum, { id, milliPoints }) => sum + (moved.has(id) ? (milliPoints ?? 0n) : 0n), 0n)
}

export const magnitude = (milliPoints: bigint): bigint => (milliPoints < 0n ? -milliPoints : milliPoints)

/** Does what was asked for. Its transaction has the request as reference, so it is done once. */
export async function carryOut(tx: Tx, request: LedgerRequest, byId: string, at: Date): Promise<void> {
  const { kind, accountId, milliPoints, transactionId, otherAccountId } = request
  const explanation = { reason: request.reason, askedBy: request.askedById, evidence: request.evidenceHash }
  const by = { id: idFrom(kind, request.id), byId, explanation }
  const reference = { ...by, refType: 'request', refId: request.id, happenedAt: at }
  switch (kind as RequestKind) {
    case 'MANUAL':
      return postManual(tx, { ...by, requestId: request.id, accountId, milliPoints: milliPoints ?? 0n }, at)
    case 'GRANT':
      return grant(
        tx,
        { ...reference, from: otherAccountId ?? undefined, to: accountId, milliPoints: milliPoints ?? 0n },
        at,
      )
    case 'RESTORE':
      return restore(
        tx,
        { ...by, requestId: request.id, expiryId: transactionId ?? '', milliPoints, expiresAt: null },
        at,
      )
    case 'REVERSE':
      return reverse(tx, { ...by, transactionId: transactionId ?? '' }, at)
    case 'FREEZE':
      return freeze(tx, { ...reference, from: accountId, milliPoints }, at)
    case 'UNFREEZE':
      return unfreeze(tx, { ...by, transactionId: transactionId ?? '' }, at)
    case 'CLOSE':
      return carryOutClosing(tx, request, reference, at)
    case 'TRANSFER_REGION': {
      const { postedMilliPoints, pendingMilliPoints } = await findAccount(tx, accountId)
      const moving = {
        from: accountId,
        to: otherAccountId ?? '',
        milliPoints: milliPoints ?? postedMilliPoints - pendingMilliPoints,
      }
      return transferRegion(tx, { ...moving, id: request.id, byId, explanation }, at)
    }
    case 'SETTLE': {
      const there = (await findAccount(tx, otherAccountId ?? '')).programmeId
      return settleClearing(tx, { id: request.id, here: request.programmeId, there, byId, explanation }, at)
    }
    case 'IMPORT': {
      const rows = readImport(request.detail ?? '[]')
      const list = {
        importId: request.id,
        programmeId: request.programmeId,
        totalMilliPoints: milliPoints ?? 0n,
        rows,
        byId,
      }
      await importBalances(tx, list, at)
    }
  }
}

async function carryOutClosing(
  tx: Tx,
  { id: requestId, accountId, otherAccountId }: LedgerRequest,
  reference: { id: string; refType: string; refId: string; byId: string; explanation: unknown },
  at: Date,
): Promise<void> {
  const there = otherAccountId === null ? null : await findAccount(tx, otherAccountId)
  const here = await findAccount(tx, accountId)
  if (there !== null && there.programmeId !== here.programmeId)
    return moveAway(tx, { ...reference, requestId, accountId, to: there.id }, at)
  return close(tx, { ...reference, accountId, to: otherAccountId }, at)
}

/** An import as it is kept between the two persons. */
export type ImportDetail = {
  accountId: string
  milliPoints: string
  expiresAt: string | null
  happenedAt: string
  source: string
}[]

const readImport = (detail: string) =>
  (JSON.parse(detail) as ImportDetail).map(({ milliPoints, expiresAt, happenedAt, ...row }) => ({
    ...row,
    milliPoints: BigInt(milliPoints),
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    happenedAt: new Date(happenedAt),
  }))
