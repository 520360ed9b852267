import { serviceRecordLeaf } from '../../shared/proof/leaf'
import { findBy, groupBy, type RowOf } from '../core/bulk'
import { query, type Reader } from '../core/db'
import { newSalt } from '../core/ids'
import { commit } from '../ledger/leaf'

/** A visit as its leaf would tell it today. `operation` is the last change that was logged of it. */
export type LiveRecord = NonNullable<Awaited<ReturnType<typeof readLive>>[number]>
type SealedRecord = { refId: string; revision: number; data: string | null }

const SETTLED = ['confirmed', 'disputed', 'approved', 'returned']

/** Visits with everything their leaf is made of, in the order of their ids. */
export async function readLive(db: Reader, visitIds: readonly string[]) {
  const ids = [...visitIds]
  const visits = await findBy(db, 'Visit', 'id', ids, ' ORDER BY "id"')
  const inOrder = async <M extends 'VisitElder' | 'VisitEvidence' | 'Confirmation' | 'VisitDecision'>(
    model: M,
    order: string,
  ) =>
    groupBy(
      (await findBy(db, model, 'visitId', ids, ` ORDER BY "${order}"`)) as (RowOf<M> & { visitId: string })[],
      ({ visitId }) => visitId,
    )
  const eldersOf = await inOrder('VisitElder', 'elderId')
  const evidenceOf = await inOrder('VisitEvidence', 'id')
  const answersOf = await inOrder('Confirmation', 'revision')
  const decisionsOf = await inOrder('VisitDecision', 'revision')
  const operations = await query<{ id: string; resourceId: string }>(
    db,
    `SELECT "id", "resourceId" FROM operation_log
     WHERE "resource" = 'visit' AND "resourceId" IN LIST($1) AND "after" IS NOT NULL ORDER BY "at", "id"`,
    ids,
  )
  const last = new Map(operations.map((one) => [one.resourceId, one.id]))
  return visits.map((visit) => ({
    visit: {
      ...visit,
      elders: eldersOf(visit.id),
      evidence: evidenceOf(visit.id),
      confirmations: answersOf(visit.id),
      decisions: decisionsOf(visit.id),
    },
    operation: last.get(visit.id) ?? null,
  }))
}

/** Hours are sealed once somebody stood by them, or once they earned. */
export function isSettled({ visit }: LiveRecord): boolean {
  return SETTLED.includes(visit.state) || visit.awardedMilliPoints !== null
}

/** The last leaf of each visit that has one. */
export async function lastRecords(db: Reader, visitIds: readonly string[]): Promise<Map<string, SealedRecord>> {
  const rows = await query<SealedRecord>(
    db,
    `SELECT "refId", "revision", "data" FROM log_leaf
     WHERE "type" = 'serviceRecord' AND "refId" IN LIST($1) ORDER BY "revision"`,
    [...visitIds],
  )
  return new Map(rows.map((one) => [one.refId, one]))
}

/** The leaf a visit would have with this revision and salt. */
export function recordText(live: LiveRecord, revision: number, salt: string): string {
  return recordWith(live, revision, recordCommitments(commitmentTexts(live), salt))
}

/** What the commitments of a visit's leaf stand for. */
export type RecordOpening = { elders: string; evidence: string }

export function commitmentTexts({ visit }: LiveRecord): RecordOpening {
  const elders = visit.elders.map((one) => one.elderId).join(',')
  return { elders: visit.siteId === null ? elders : `site ${visit.siteId}`, evidence: evidenceText(visit) }
}

export function recordCommitments({ elders, evidence }: RecordOpening, salt: string): RecordOpening {
  return { elders: commit(salt, 'elders', elders), evidence: commit(salt, 'evidence', evidence) }
}

/** The same with commitments that can't be opened any more. */
export function recordWith(
  { visit, operation }: LiveRecord,
  revision: number,
  commitments: { elders: string; evidence: string },
): string {
  return serviceRecordLeaf({ ...visit, elders: visit.elders.length }, revision, operation, commitments)
}

/** What has to be sealed of these visits: settled ones without a leaf, and those that changed by a logged operation. */
export async function freshRecords(db: Reader, visitIds: readonly string[]) {
  const live = (await readLive(db, visitIds)).filter(isSettled)
  const sealed = await lastRecords(db, visitIds)
  return live.flatMap((one) => {
    const before = sealed.get(one.visit.id)
    if (before !== undefined && operationOf(before) === one.operation) return []
    const revision = before === undefined ? 0 : before.revision + 1
    const salt = newSalt()
    return [{ refId: one.visit.id, revision, salt, data: recordText(one, revision, salt) }]
  })
}

export function operationOf({ data }: SealedRecord): string | null {
  return (JSON.parse(data ?? '{}') as { operation?: string | null }).operation ?? null
}

/**
 * Evidence, answers and decisions, one line each: rows that are only ever added. Without the place, which is forgotten in
 * time; how far it was from the door stays, and is proved.
 */
function evidenceText({ evidence, confirmations, decisions }: LiveRecord['visit']): string {
  const lasting = evidence.map(({ placeSealed: _sealed, placeHmac: _hmac, ...row }) => row)
  return [...lasting, ...confirmations, ...decisions]
    .map((row) => JSON.stringify(Object.entries(row).sort()))
    .join('\n')
}
