import { copyWith } from '../core/copy'

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

/** The same with everything as text already, as a database tells it. */
export type LeafTexts = {
  id: string
  programmeId: string
  kind: string
  refType: string
  refId: string
  revision: string
  heldAccountId: string | null
  heldMilliPoints: string | null
  heldUntil: string | null
  resolves: string | null
  reverses: string | null
  happenedAt: string
  recordedAt: string
  explanation: string
}
export type LeafEntryTexts = {
  accountId: string
  accountSeq: string | null
  amountMilliPoints: string
  balanceAfterMilliPoints: string | null
  lotMilliPoints: string | null
  lotExpiresAt: string | null
}

/**
 * The canonical bytes of a transaction, written once with its header and never made again for anything but checking.
 * docs/PROOF.md describes them.
 */
export function transactionLeaf(one: LeafTransaction, commitments: LeafCommitments): string {
  const texts = copyWith(one, {
    revision: one.revision.toString(),
    heldMilliPoints: one.heldMilliPoints?.toString() ?? null,
    heldUntil: one.heldUntil?.toISOString() ?? null,
    happenedAt: one.happenedAt.toISOString(),
    recordedAt: one.recordedAt.toISOString(),
  })
  const entries = one.entries.map((entry) => ({
    accountId: entry.accountId,
    accountSeq: entry.accountSeq?.toString() ?? null,
    amountMilliPoints: entry.amountMilliPoints.toString(),
    balanceAfterMilliPoints: entry.balanceAfterMilliPoints?.toString() ?? null,
    lotMilliPoints: entry.lotMilliPoints?.toString() ?? null,
    lotExpiresAt: entry.lotExpiresAt?.toISOString() ?? null,
  }))
  return leafText(texts, entries, one.lotUses, commitments)
}

/**
 * What `canonicalJson` would write, member by member: an audit writes millions, and knows the order of the names. A test
 * compares the two.
 */
export function leafText(
  one: LeafTexts,
  entries: readonly LeafEntryTexts[],
  lotUses: string | null,
  { by, explanation }: LeafCommitments,
): string {
  let moved = ''
  for (const entry of entries)
    moved += `${moved === '' ? '' : ','}{"account":${said(entry.accountId)},"balance":${said(entry.balanceAfterMilliPoints)},"expires":${said(entry.lotExpiresAt)},"lot":${said(entry.lotMilliPoints)},"milliPoints":${said(entry.amountMilliPoints)},"seq":${said(entry.accountSeq)}}`
  const isHold = one.heldAccountId !== null || one.heldMilliPoints !== null || one.heldUntil !== null
  const hold = isHold
    ? `{"account":${said(one.heldAccountId)},"milliPoints":${said(one.heldMilliPoints)},"until":${said(one.heldUntil)}}`
    : 'null'
  const scheme = schemeOf(one.explanation)
  const rules = scheme === null ? 'null' : `{"id":${said(scheme.id)},"version":${said(scheme.version)}}`
  return (
    `{"commitments":{"by":${said(by)},"explanation":${said(explanation)}},"entries":[${moved}],` +
    `"happenedAt":${said(one.happenedAt)},"hold":${hold},"id":${said(one.id)},"kind":${said(one.kind)},` +
    `"lotUses":${said(lotUses)},"programme":${said(one.programmeId)},"recordedAt":${said(one.recordedAt)},` +
    `"ref":[${said(one.refType)},${said(one.refId)}],"resolves":${said(one.resolves)},"reverses":${said(one.reverses)},` +
    `"revision":${said(one.revision)},"scheme":${rules},"type":"transaction","v":"1"}`
  )
}

/** Nothing in it is escaped: ids, numbers and times, which is nearly everything. */
const PLAIN = /^[ !#-[\]-~]*$/

/** A text as JSON writes it: RFC 8785 takes ECMAScript's own escapes. */
function said(value: string | null): string {
  if (value === null) return 'null'
  return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value)
}

/** The rules it was reckoned by, where an explanation names them. */
function schemeOf(explanation: string): { id: string; version: string } | null {
  if (!explanation.includes('"schemeId"')) return null
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
