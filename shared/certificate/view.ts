import { z } from 'zod'
import { instantView } from '../core/view'

export const certificateView = z.object({
  no: z.string(),
  kind: z.enum(['service', 'statement']),
  fromDay: z.string(),
  toDay: z.string(),
  issuedAt: instantView,
  /** visits of a certificate, entries of a statement */
  count: z.number(),
  seconds: z.number().nullable(),
  revokedAt: instantView.nullable(),
})
export type CertificateView = z.infer<typeof certificateView>

/** What everybody may know who holds the number. */
export const publicCertificateView = z.object({
  state: z.enum(['unknown', 'revoked', 'valid']),
  agencyName: z.string(),
  hotline: z.string(),
  maskedName: z.string().nullable(),
  certificate: certificateView.nullable(),
  /** a proof file without the name and the lines, for the page to check itself */
  proof: z.string().nullable(),
  /** the verifier keys of its log */
  keys: z.array(z.string()),
})
export type PublicCertificate = z.infer<typeof publicCertificateView>
