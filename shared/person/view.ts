import { z } from 'zod'
import { instantView, pageOf } from '../core/view'
import { CONSENT_KINDS } from './consents'
export const revealView = z.object({ value: z.string(), seconds: z.number() })

/** What I agreed to, and what not. */
export const consentsView = z.array(
  z.object({
    kind: z.enum(CONSENT_KINDS),
    title: z.string(),
    version: z.string(),
    text: z.string(),
    withdrawnText: z.string(),
    state: z.enum(['given', 'withdrawn', 'none']),
    /** of the text that was agreed to */
    givenVersion: z.string().nullable(),
    at: instantView.nullable(),
    /** the person has what this is about: an elder their proxies, a helper their place */
    concerns: z.boolean(),
  }),
)
export type ConsentsView = z.infer<typeof consentsView>

/** Who looked at what is hidden of me. */
export const looksView = z.array(
  z.object({ at: instantView, roleWord: z.string(), what: z.string(), purpose: z.string().nullable() }),
)
export type LooksView = z.infer<typeof looksView>

export const dataRequestView = z.object({
  id: z.string(),
  personId: z.string(),
  maskedName: z.string(),
  kind: z.enum(['correct', 'erase', 'relative', 'withhold', 'release']),
  /** of relatives who came: what for, who, and by which papers */
  relative: z
    .object({ wish: z.enum(['copy', 'correct', 'erase']), words: z.string(), proofWords: z.string() })
    .nullable(),
  text: z.string(),
  state: z.enum(['open', 'done', 'refused']),
  askedAt: instantView,
  bySelf: z.boolean(),
  decidedAt: instantView.nullable(),
  answer: z.string().nullable(),
  regionName: z.string(),
})
export type DataRequestView = z.infer<typeof dataRequestView>
export const dataRequestPage = pageOf(dataRequestView)
