import { z } from 'zod'
import { instantView, pageOf } from '../core/view'
import { creditDocument } from './document'

const partView = z.object({
  what: z.string(),
  words: z.string(),
  count: z.number(),
  milliPoints: z.number(),
  /** the rule says no more than this */
  isCut: z.boolean(),
})
const gradeView = z.object({
  grade: z.string().nullable(),
  gradeWords: z.string(),
  milliScore: z.number(),
  start: z.number(),
  parts: z.array(partView),
  visits: z.number(),
  seconds: z.number(),
  size: z.number(),
  fromDay: z.string(),
  toDay: z.string(),
  /** from when on it holds */
  day: z.string(),
  ruleVersion: z.number(),
  /** whether the counts that were kept come to the same grade again */
  reproduced: z.boolean(),
})
export type GradeView = z.infer<typeof gradeView>

const appealView = z.object({
  id: z.string(),
  text: z.string(),
  at: instantView,
  state: z.enum(['waiting', 'upheld', 'rejected']),
  stateWords: z.string(),
  decisionNote: z.string(),
  /** why this person can't decide it, in words; null: may */
  whyNot: z.string().nullable(),
})
export const listingView = z.object({
  id: z.string(),
  list: z.enum(['red', 'black']),
  listWords: z.string(),
  kind: z.enum(['helper', 'organisation']),
  memberId: z.string().nullable(),
  name: z.string(),
  regionName: z.string(),
  reason: z.string(),
  fromDay: z.string(),
  untilDay: z.string(),
  state: z.enum(['proposed', 'inForce', 'refused', 'lifted']),
  stateWords: z.string(),
  proposedByName: z.string(),
  decidedByName: z.string().nullable(),
  decisionNote: z.string(),
  liftedReason: z.string(),
  whyNotDecide: z.string().nullable(),
  mayLift: z.boolean(),
  appeals: z.array(appealView),
})
export type ListingView = z.infer<typeof listingView>
export const listingPage = pageOf(listingView)

export const creditRowView = z.object({
  /** of the helper, or of the organisation */
  id: z.string(),
  name: z.string(),
  regionName: z.string(),
  grade: z.string().nullable(),
  gradeWords: z.string(),
  milliScore: z.number().nullable(),
  day: z.string().nullable(),
  listed: z.enum(['red', 'black']).nullable(),
  smiles: z.object({ good: z.number(), fair: z.number(), bad: z.number() }).nullable(),
})
export type CreditRow = z.infer<typeof creditRowView>
export const creditPage = pageOf(creditRowView)

export const creditDetailView = z.object({
  id: z.string(),
  kind: z.enum(['helper', 'organisation']),
  name: z.string(),
  regionName: z.string(),
  /** the latest first */
  grades: z.array(gradeView),
  listings: z.array(listingView),
  ratings: z.object({
    elder: z.object({ good: z.number(), fair: z.number(), bad: z.number() }),
    proxy: z.object({ good: z.number(), fair: z.number(), bad: z.number() }),
    calls: z.object({ times: z.number(), milliAverage: z.number().nullable() }),
  }),
})
export type CreditDetail = z.infer<typeof creditDetailView>

export const creditRuleView = z.object({
  version: z.number(),
  validFrom: z.string(),
  document: creditDocument,
  byName: z.string(),
  recordedAt: instantView.nullable(),
})
export const creditRulesView = z.object({
  regionName: z.string(),
  /** the one in force first; where nobody set one, the standard one */
  rules: z.array(creditRuleView),
  mayChange: z.boolean(),
})
export type CreditRules = z.infer<typeof creditRulesView>
export const gradedView = z.object({ id: z.string(), graded: z.number(), changed: z.number() })

/** What somebody is shown of the own credit, on the phone. */
export const ownCreditView = z.object({
  grade: gradeView.nullable(),
  listings: z.array(listingView),
})
export type OwnCredit = z.infer<typeof ownCreditView>
