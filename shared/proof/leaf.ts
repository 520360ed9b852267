/** The leaves that are no transactions, as text; docs/PROOF.md describes each field. A transaction's is in shared/ledger. */
import { canonicalJson } from '../core/canonical'

export const LEAF_TYPES = [
  'account',
  'transaction',
  'serviceRecord',
  'certificate',
  'reportHash',
  'operationLogHead',
] as const
export type LeafType = (typeof LEAF_TYPES)[number]

export type LeafAccount = {
  id: string
  programmeId: string
  kind: string
  stored: boolean
  lowestMilliPoints: bigint | null
  openedAt: Date
}

/** An account as it was opened; its balances follow from transactions. */
export function accountLeaf(one: LeafAccount): string {
  return canonicalJson({
    type: 'account',
    v: '1',
    id: one.id,
    programme: one.programmeId,
    kind: one.kind,
    stored: yesNo(one.stored),
    lowest: one.lowestMilliPoints?.toString() ?? null,
    openedAt: one.openedAt.toISOString(),
  })
}

export type LeafVisit = {
  id: string
  memberId: string
  serviceId: string
  regionId: string
  day: string
  checkInAt: Date
  checkOutAt: Date | null
  servedSeconds: number | null
  nature: string
  channel: string
  level: number | null
  state: string
  counted: boolean
  awardedMilliPoints: bigint | null
  schemeId: string | null
  elders: number
}

/** A visit once it is settled, and each time it is corrected. `operation` is the change it followed. */
export function serviceRecordLeaf(
  one: LeafVisit,
  revision: number,
  operation: string | null,
  commitments: { elders: string; evidence: string },
): string {
  return canonicalJson({
    type: 'serviceRecord',
    v: '1',
    visit: one.id,
    revision: revision.toString(),
    operation,
    helper: one.memberId,
    service: one.serviceId,
    region: one.regionId,
    day: one.day,
    from: one.checkInAt.toISOString(),
    to: one.checkOutAt?.toISOString() ?? null,
    seconds: one.servedSeconds?.toString() ?? null,
    nature: one.nature,
    channel: one.channel,
    level: one.level?.toString() ?? null,
    state: one.state,
    counted: yesNo(one.counted),
    milliPoints: one.awardedMilliPoints?.toString() ?? null,
    scheme: one.schemeId,
    elders: one.elders.toString(),
    commitments,
  })
}

/** The operations log of a county between two instants, as one hash; sealed with each checkpoint, so it also says when. */
export function operationLogLeaf(one: {
  path: string
  from: Date | null
  to: Date
  count: number
  digest: string
  at: Date
}): string {
  return canonicalJson({
    type: 'operationLogHead',
    v: '1',
    path: one.path,
    from: one.from?.toISOString() ?? null,
    to: one.to.toISOString(),
    count: one.count.toString(),
    digest: one.digest,
    at: one.at.toISOString(),
  })
}

/** A document that was made of the data, by its SHA-256. */
export function reportLeaf(one: { id: string; kind: string; begunAt: Date; endedAt: Date; digest: string }): string {
  return canonicalJson({
    type: 'reportHash',
    v: '1',
    id: one.id,
    kind: one.kind,
    begunAt: one.begunAt.toISOString(),
    endedAt: one.endedAt.toISOString(),
    digest: one.digest,
  })
}

/** That a certificate holds no longer. */
export function revocationLeaf(one: { no: string; at: Date; reason: string }): string {
  return canonicalJson({ type: 'certificate', v: '1', no: one.no, revokedAt: one.at.toISOString(), reason: one.reason })
}

const yesNo = (yes: boolean) => (yes ? 'yes' : 'no')
