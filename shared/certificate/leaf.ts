import { canonicalJson } from '../core/canonical'

export type CertificateKind = 'service' | 'statement'
/** What a certificate says for good. Who it is about is committed to; the annex holds the lines behind the sums. */
export type LeafCertificate = {
  no: string
  kind: CertificateKind
  countyId: string
  fromDay: string
  toDay: string
  issuedAt: Date
  /** SHA-256 commitments to the holder's name and id */
  holder: string
  person: string
  /** service: visits and seconds · statement: entries, and the account with its balances and numbers */
  count: number
  seconds: number | null
  account: { id: string; fromSeq: number; toSeq: number; opening: bigint; closing: bigint } | null
  /** SHA-256 of the annex */
  digest: string
}

export function certificateLeaf(one: LeafCertificate): string {
  return canonicalJson({
    type: 'certificate',
    v: '1',
    no: one.no,
    kind: one.kind,
    county: one.countyId,
    from: one.fromDay,
    to: one.toDay,
    issuedAt: one.issuedAt.toISOString(),
    holder: one.holder,
    person: one.person,
    count: one.count.toString(),
    seconds: one.seconds?.toString() ?? null,
    account:
      one.account === null
        ? null
        : {
            id: one.account.id,
            fromSeq: one.account.fromSeq.toString(),
            toSeq: one.account.toSeq.toString(),
            opening: one.account.opening.toString(),
            closing: one.account.closing.toString(),
          },
    digest: one.digest,
  })
}

/** A line of the annex: its fields, told apart by tabs. */
export const annexLine = (fields: readonly (string | number | bigint)[]): string => `${fields.join('\t')}\n`
export const annexRows = (annex: string): string[][] =>
  annex.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')]))
