import { z } from 'zod'
import { instantView, milliPointsView, pageOf, placeNameView } from '../core/view'
import { RATING_HOWS } from './said'

export const VISIT_STATES = ['inProgress', 'finished', 'confirmed', 'disputed', 'approved', 'returned'] as const
export type VisitState = (typeof VISIT_STATES)[number]

export const exceptionView = z.object({
  code: z.string(),
  severity: z.enum(['red', 'amber', 'info']),
  sentence: z.string(),
  detail: z.record(z.string(), z.unknown()),
  resolved: z.boolean(),
  reasonCode: z.string().nullable(),
  resolutionCode: z.string().nullable(),
})

/** Why the number is what it is: written by the scheme, kept with the entry. */
export const explanationView = z.object({
  formula: z.string(),
  schemeVersion: z.number(),
  cuts: z.array(z.object({ code: z.string(), sentence: z.string(), milliPoints: milliPointsView })),
  zeroReason: z.string().nullable(),
})
export type ExplanationView = z.infer<typeof explanationView>

export const visitView = placeNameView.extend({
  id: z.string(),
  /** 2611-22-0387 style number people can read out: month-day-last characters */
  number: z.string(),
  state: z.enum(VISIT_STATES),
  memberId: z.string(),
  memberName: z.string(),
  elders: z.array(z.object({ id: z.string(), name: z.string() })),
  /** of a visit to a place where people come together; then nobody is named */
  siteName: z.string().nullable(),
  serviceName: z.string(),
  serviceIcon: z.string(),
  nature: z.enum(['volunteer', 'mutualAid', 'dutyPaid']),
  channel: z.string(),
  day: z.string(),
  checkInAt: instantView,
  checkOutAt: instantView.nullable(),
  servedSeconds: z.number().nullable(),
  counted: z.boolean(),
  level: z.number().nullable(),
  flag: z.enum(['red', 'amber', 'clean']),
  exceptions: z.array(exceptionView),
  expectedMilliPoints: milliPointsView.nullable(),
  awardedMilliPoints: milliPointsView.nullable(),
  /** 一句话: what happens with the points and why */
  pointsSentence: z.string(),
})
export type VisitView = z.infer<typeof visitView>
export const visitPage = pageOf(visitView)

/** What somebody said of a visit: a face of 1 to 3, or a call-back's score of 1 to 5. */
export const ratingView = placeNameView.extend({
  id: z.string(),
  visitId: z.string(),
  visitNumber: z.string(),
  day: z.string(),
  memberId: z.string(),
  memberName: z.string(),
  elderId: z.string(),
  elderName: z.string(),
  how: z.enum(RATING_HOWS),
  score: z.number(),
})
export type RatingView = z.infer<typeof ratingView>
export const ratingPage = pageOf(ratingView)
export const ratingSumsView = z.array(z.object({ how: z.enum(RATING_HOWS), score: z.number(), times: z.number() }))
export type RatingSums = z.infer<typeof ratingSumsView>

export const timelineView = z.object({
  at: instantView,
  kind: z.string(),
  tone: z.enum(['ok', 'wait', 'warn', 'bad', 'none']),
  title: z.string(),
  note: z.string().nullable(),
})
export const visitDetailView = visitView.extend({
  orderId: z.string().nullable(),
  tasks: z.array(z.string()),
  tasksDone: z.array(z.string()),
  evidence: z.array(
    z.object({
      phase: z.enum(['in', 'during', 'out']),
      at: instantView,
      method: z.string(),
      level: z.number(),
      words: z.string(),
      distanceMetres: z.number().nullable(),
      accuracyMetres: z.number().nullable(),
      boundDevice: z.boolean(),
    }),
  ),
  nearMetres: z.number(),
  confirmation: z
    .object({
      answer: z.enum(['yes', 'no', 'unsure']),
      how: z.string(),
      byName: z.string(),
      at: instantView,
      canCorrectUntil: instantView,
    })
    .nullable(),
  decision: z
    .object({
      decision: z.enum(['approve', 'return']),
      reasonCode: z.string(),
      reasonWords: z.string(),
      note: z.string().nullable(),
      byName: z.string(),
      at: instantView,
    })
    .nullable(),
  timeline: z.array(timelineView),
  explanation: explanationView.nullable(),
  /** for the desk: why this actor may not decide, or null */
  whyNotDecide: z.string().nullable(),
  whyNotDecideSentence: z.string().nullable(),
  /** one sentence: the rule, its numbers, and what happens with the points */
  why: z.string(),
  notes: z.array(
    z.object({
      code: z.string(),
      words: z.string(),
      note: z.string().nullable(),
      claimedEndAt: instantView.nullable(),
      at: instantView,
    }),
  ),
  /** calls about it; only the desk is told */
  calls: z.array(
    z.object({
      reached: z.boolean(),
      answer: z.string().nullable(),
      satisfaction: z.number().nullable(),
      note: z.string().nullable(),
      byName: z.string(),
      at: instantView,
    }),
  ),
  appeal: z
    .object({
      id: z.string(),
      state: z.enum(['waiting', 'upheld', 'rejected']),
      reasonWords: z.string(),
      note: z.string().nullable(),
      at: instantView,
      decidedAt: instantView.nullable(),
      decisionNote: z.string().nullable(),
    })
    .nullable(),
  correction: z.object({ wasAt: instantView, wasSeconds: z.number(), byName: z.string(), at: instantView }).nullable(),
  /** for the helper: the open exceptions one may say something about, and why an appeal can't be made, or null */
  mayExplain: z.array(z.string()),
  whyNotAppeal: z.string().nullable(),
  /** for the desk: whether this actor may put right when it ended */
  mayCorrectEnd: z.boolean(),
  /** whether this actor may be asked for a confirmation by telephone */
  mayConfirmByPhone: z.boolean(),
})
export type VisitDetail = z.infer<typeof visitDetailView>

/** 服务中, seen by the helper. */
export const currentVisitView = visitDetailView.extend({
  emergencyPhone: z.string(),
  minSeconds: z.number(),
  /** the plate is to be scanned again until then; null: nothing is asked now */
  scanAgainUntil: instantView.nullable(),
})
export type CurrentVisit = z.infer<typeof currentVisitView>

/** 请确认: one question about one visit of one elder. */
export const waitingConfirmationView = z.object({
  visitId: z.string(),
  elderId: z.string(),
  elderName: z.string(),
  memberName: z.string(),
  memberSex: z.string(),
  serviceName: z.string(),
  checkInAt: instantView,
  checkOutAt: instantView,
  servedSeconds: z.number(),
  answer: z.enum(['yes', 'no', 'unsure']).nullable(),
  answeredAt: instantView.nullable(),
  canCorrectUntil: instantView.nullable(),
  regionName: z.string(),
  /** whether staff have a number to call; without one they ask at the door */ hasPhone: z.boolean(),
  /** when staff last rang in vain; only the desk is told */
  missedCallAt: instantView.nullable(),
  missedCalls: z.number(),
  nextCallAt: instantView.nullable(),
  /** unsure | noPhone | silent | weak | sample; null for who is asked by the app */
  callReason: z.string().nullable(),
  level: z.number().nullable(),
})
export type WaitingConfirmation = z.infer<typeof waitingConfirmationView>
/** What waits for an answer, and what was answered lately. */
export const confirmationsView = z.object({
  waiting: z.array(waitingConfirmationView),
  recent: z.array(waitingConfirmationView),
})
/** Who served at sites: who waits for somebody who saw them, and what was said lately. */
export const siteVisitsView = z.object({ waiting: z.array(visitView), recent: z.array(visitView) })
export type SiteVisits = z.input<typeof siteVisitsView>
export const siteConfirmedView = z.object({
  confirmed: z.number(),
  refused: z.array(z.object({ visitId: z.string(), code: z.string(), sentence: z.string() })),
})
export type SiteConfirmed = z.infer<typeof siteConfirmedView>
/** 服务中, or that nothing is running. */
export const runningView = z.object({ visit: currentVisitView.nullable() })
export const callView = z.object({
  id: z.string(),
  /** whether the answer moved the visit; an answer that was known already is only kept */
  moved: z.boolean(),
  missedCallAt: instantView.nullable(),
})

export const appealView = z.object({
  id: z.string(),
  visitId: z.string(),
  state: z.enum(['waiting', 'upheld', 'rejected']),
  reasonWords: z.string(),
  note: z.string().nullable(),
  byName: z.string(),
  at: instantView,
  decidedByName: z.string().nullable(),
  decidedAt: instantView.nullable(),
  decisionNote: z.string().nullable(),
  visit: visitView,
  /** what staff gave when they returned it, what they wrote, and who it was: the one who doesn't look again */
  returnedWords: z.string().nullable(),
  returnedNote: z.string().nullable(),
  returnedByName: z.string().nullable(),
  /** by when it is to be decided, in words; '' for what is decided */
  dueSentence: z.string(),
  late: z.boolean(),
  /** why this actor may not decide, or null */
  whyNot: z.string().nullable(),
  whyNotSentence: z.string().nullable(),
})
export type AppealView = z.infer<typeof appealView>
export const appealPage = pageOf(appealView)
/** What staff saw at a door. */
export const fieldCheckView = z.object({
  id: z.string(),
  at: instantView,
  recordedAt: instantView,
  result: z.enum(['well', 'away', 'trouble']),
  level: z.number(),
  distanceMetres: z.number().nullable(),
  note: z.string().nullable(),
  byName: z.string(),
})
export type FieldCheckView = z.infer<typeof fieldCheckView>
