import { canonicalJson } from '../core/canonical'

/** A transaction as its leaf tells it: who moved what when is there, as pseudonyms; why and by whom only as commitments. */
export type LeafTransaction = {
  id: string
  programmeId: string
  kind: string
  refType: string
  refId: string
  revision: number
  heldAccountId: string | null
  heldMilliPoints: bigint | null
  heldUntil: Date | null
  resolves: string | null
  reverses: string | null
  happenedAt: Date
  recordedAt: Date
  /** JSON; its scheme and version are told, the rest is committed to */
  explanation: string
  entries: readonly {
    accountId: string
    accountSeq: number | null
    amountMilliPoints: bigint
    balanceAfterMilliPoints: bigint | null
    lotMilliPoints: bigint | null
    lotExpiresAt: Date | null
  }[]
  /** SHA-256 over the lines of what was taken from lots; null where nothing was */
  lotUses: string | null
}
/** SHA-256 commitments, hexadecimal, to what is erasable. */
export type LeafCommitments = { by: string; explanation: string }

/**
 * The canonical bytes of a transaction, written once with its header and never made again for anything but checking.
 * docs/PROOF.md describes them.
 */
export function transactionLeaf(one: LeafTransaction, commitments: LeafCommitments): string {
  return canonicalJson({
    type: 'transaction',
    v: '1',
    id: one.id,
    programme: one.programmeId,
    kind: one.kind,
    ref: [one.refType, one.refId],
    revision: one.revision.toString(),
    hold:
      one.heldAccountId === null && one.heldMilliPoints === null && one.heldUntil === null
        ? null
        : {
            account: one.heldAccountId,
            milliPoints: one.heldMilliPoints?.toString() ?? null,
            until: one.heldUntil?.toISOString() ?? null,
          },
    resolves: one.resolves,
    reverses: one.reverses,
    happenedAt: one.happenedAt.toISOString(),
    recordedAt: one.recordedAt.toISOString(),
    scheme: schemeOf(one.explanation),
    entries: one.entries.map((entry) => ({
      account: entry.accountId,
      seq: entry.accountSeq?.toString() ?? null,
      milliPoints: entry.amountMilliPoints.toString(),
      balance: entry.balanceAfterMilliPoints?.toString() ?? null,
      lot: entry.lotMilliPoints?.toString() ?? null,
      expires: entry.lotExpiresAt?.toISOString() ?? null,
    })),
    lotUses: one.lotUses,
    commitments: { by: commitments.by, explanation: commitments.explanation },
  })
}

/** The rules it was reckoned by, where an explanation names them. */
function schemeOf(explanation: string): { id: string; version: string } | null {
  const read = readJson(explanation) as { schemeId?: unknown; schemeVersion?: unknown } | null
  return typeof read?.schemeId === 'string' && typeof read.schemeVersion === 'number'
    ? { id: read.schemeId, version: read.schemeVersion.toString() }
    : null
}

/** null for what is no JSON: a row that was tampered with is still compared with its leaf. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
