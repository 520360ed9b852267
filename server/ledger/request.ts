import { Refusal } from '../../shared/core/refusals'
import type { RequestKind } from '../../shared/ledger/rules'
import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { insertRowsOf } from '../core/rows'
import { close } from './close'
import { restore } from './expire'
import { freeze, unfreeze } from './freeze'
import { grant } from './grant'
import { postManual } from './manual'
import { reverse } from './post'

export type LedgerRequest = {
  id: string
  programmeId: string
  kind: string
  accountId: string
  milliPoints: bigint | null
  transactionId: string | null
  otherAccountId: string | null
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
 * @throws Refusal REQUEST_OWN for one's own account, EVIDENCE_NEEDED, AMOUNT, IDEMPOTENCY_CONFLICT
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
  await tx.ledgerRequest.create({ data: { ...request, askedAt: at } })
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
      return close(tx, { ...reference, accountId, to: otherAccountId }, at)
  }
}
