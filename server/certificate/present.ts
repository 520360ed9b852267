import type { CertificateView } from '../../shared/certificate/view'

type Row = {
  no: string
  kind: string
  fromDay: string
  toDay: string
  issuedAt: Date
  leaf: string
  revokedAt: Date | null
}

/** The sums are those of the leaf: what was sealed, not what is found today. */
export function presentCertificate(one: Row): CertificateView {
  const { count, seconds } = JSON.parse(one.leaf) as { count: string; seconds: string | null }
  return {
    no: one.no,
    kind: one.kind === 'service' ? 'service' : 'statement',
    fromDay: one.fromDay,
    toDay: one.toDay,
    issuedAt: one.issuedAt.toISOString(),
    count: Number(count),
    seconds: seconds === null ? null : Number(seconds),
    revokedAt: one.revokedAt?.toISOString() ?? null,
  }
}
