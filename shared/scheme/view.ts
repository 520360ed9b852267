import { z } from 'zod'
import { milliPointsView } from '../core/view'

export const problemView = z.object({ path: z.string(), sentence: z.string(), severity: z.enum(['error', 'warning']) })
/** One section of a scheme as people say it. */
export const schemeSentenceView = z.object({ section: z.string(), sentence: z.string() })
export const checkView = z.object({ problems: z.array(problemView), sentences: z.array(schemeSentenceView) })

const common = {
  id: z.string(),
  regionId: z.string(),
  regionName: z.string(),
  validFrom: z.string(),
  title: z.string(),
  sample: z.boolean(),
  document: z.record(z.string(), z.unknown()),
  sentences: z.array(schemeSentenceView),
}
export const schemeView = z.object({
  ...common,
  version: z.number(),
  publishedAt: z.string(),
  publishedByName: z.string().nullable(),
  /** whether it holds today where nothing more specific was published */
  inForce: z.boolean(),
})
export type SchemeView = z.infer<typeof schemeView>
export const draftView = z.object({
  ...common,
  state: z.enum(['draft', 'submitted', 'published', 'withdrawn']),
  changedAt: z.string(),
  changedByName: z.string(),
  submittedAt: z.string().nullable(),
  submittedByName: z.string().nullable(),
  problems: z.array(problemView),
  /** why this actor may not publish it now, or null */
  whyNotPublish: z.string().nullable(),
  whyNotPublishSentence: z.string().nullable(),
  trialId: z.string().nullable(),
})
export type DraftView = z.infer<typeof draftView>
export const schemesView = z.object({ versions: z.array(schemeView), drafts: z.array(draftView) })

export const presetView = z.object({
  code: z.string(),
  title: z.string(),
  sample: z.boolean(),
  sources: z.array(z.string()),
  document: z.record(z.string(), z.unknown()),
  sentences: z.array(schemeSentenceView),
})
export type PresetView = z.infer<typeof presetView>

const change = z.object({ before: milliPointsView, after: milliPointsView })
const personChange = change.extend({ personId: z.string(), name: z.string(), visits: z.number() })
/** What the visits of the span would have brought under the draft, beside what they brought. */
export const trialResultView = z.object({
  visits: z.number(),
  people: z.number(),
  before: milliPointsView,
  after: milliPointsView,
  pool: milliPointsView,
  gainers: z.number(),
  losers: z.number(),
  same: z.number(),
  months: z.array(change.extend({ month: z.string(), visits: z.number() })),
  places: z.array(change.extend({ regionPath: z.string(), name: z.string(), visits: z.number() })),
  gains: z.array(personChange),
  losses: z.array(personChange),
  cuts: z.array(z.object({ code: z.string(), sentence: z.string(), visits: z.number(), milliPoints: milliPointsView })),
  zeros: z.array(z.object({ reason: z.string(), visits: z.number() })),
  /** money that would have to stand behind what was issued, and where the price of a point comes from */
  fundFen: z.number().nullable(),
  fundBasis: z.enum(['offset', 'catalogue']).nullable(),
})
export type TrialResult = z.infer<typeof trialResultView>
export const trialView = z.object({
  id: z.string(),
  draftId: z.string(),
  from: z.string(),
  to: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  days: z.number(),
  doneDays: z.number(),
  result: trialResultView.nullable(),
})
export type TrialView = z.infer<typeof trialView>

export const runView = z.object({
  problems: z.array(problemView),
  outcomes: z.array(z.record(z.string(), z.unknown())),
  people: z.array(z.record(z.string(), z.unknown())),
  poolMilliPoints: milliPointsView,
})
export const jsonSchemaView = z.record(z.string(), z.unknown())
