import { z } from 'zod'
import { instantView, pageOf, placeNameView } from '../core/view'

export const requirementView = placeNameView.extend({
  id: z.string(),
  category: z.string(),
  categoryWord: z.string(),
  interval: z.enum(['event', 'days', 'week', 'month', 'quarter']),
  intervalLength: z.number().nullable(),
  /** 每周 1 次，上门，至少 15 分钟 */
  sentence: z.string(),
  channels: z.array(z.string()),
  natures: z.array(z.string()),
  minSeconds: z.number(),
  validFrom: z.string(),
  validTo: z.string().nullable(),
  /** the rule that this one changed, from its first day */
  replacesId: z.string().nullable(),
})
export type RequirementView = z.infer<typeof requirementView>

/** Coverage = due elders with at least one counted visit ÷ due; fulfilment = requirements met ÷ requirements due. Percent texts are rounded down. */
export const coverageRowView = placeNameView.extend({
  kindName: z.string(),
  due: z.number(),
  visited: z.number(),
  missing: z.number(),
  coveragePercent: z.string().nullable(),
  requirementsDue: z.number(),
  requirementsMet: z.number(),
  fulfilmentPercent: z.string().nullable(),
  /** in their own columns, never in due */
  exits: z.object({ hospital: z.number(), away: z.number(), died: z.number(), moved: z.number(), refused: z.number() }),
})
export type CoverageRow = z.infer<typeof coverageRowView>
export const coverageView = z.object({
  month: z.string(),
  regionId: z.string(),
  total: coverageRowView,
  rows: z.array(coverageRowView),
  definition: z.object({ coverage: z.string(), fulfilment: z.string() }),
  /** month reports that were signed: their places show what was signed */
  signed: z.array(placeNameView.extend({ reportId: z.string(), version: z.number(), signedAt: instantView })),
})
export type Coverage = z.infer<typeof coverageView>

const mark = z.enum(['met', 'overdue', 'due', 'none'])
export const coverageElderView = placeNameView.extend({
  elderId: z.string(),
  maskedName: z.string(),
  categories: z.array(z.string()),
  requirement: z.string(),
  /** one mark a period: ✓ met, ! overdue, ● still due, – not applicable */
  periods: z.array(z.object({ label: z.string(), mark })),
  /** the same for each ISO week of the month, whatever the rule's interval: whether somebody came */
  weeks: z.array(z.object({ week: z.number(), mark })),
  visitedThisMonth: z.boolean(),
  exitKind: z.string().nullable(),
  /** why and since when nothing is owed, and who approved it, masked */
  exit: z
    .object({ validFrom: z.string(), validTo: z.string().nullable(), reason: z.string(), approvedBy: z.string() })
    .nullable(),
  lastVisitDay: z.string().nullable(),
  lastChannel: z.string().nullable(),
  lastHelperName: z.string().nullable(),
  /** who is paired with the elder, masked */
  pairedNames: z.array(z.string()),
  /** of a signed month: the records have come to say something else */
  changedSince: z.boolean(),
})
export type CoverageElder = z.infer<typeof coverageElderView>
export const coverageElderPage = pageOf(coverageElderView)

/** Hours against requirement: one elder, one month. */
export const hoursRowView = z.object({
  elderId: z.string(),
  maskedName: z.string(),
  categories: z.array(z.string()),
  requirement: z.string(),
  requiredVisits: z.number(),
  /** ended in the month, whatever became of them */
  doneVisits: z.number(),
  validVisits: z.number(),
  missingVisits: z.number(),
  overServed: z.number(),
  validSeconds: z.number(),
  returnedVisits: z.number(),
  returnedSeconds: z.number(),
  waitingVisits: z.number(),
  byNature: z.object({ volunteer: z.number(), mutualAid: z.number(), dutyPaid: z.number() }),
  /** valid seconds by evidence, L0 … L4 */
  byLevel: z.array(z.number()).length(5),
  /** who gave the valid time, the longest first */
  helpers: z.array(z.object({ maskedName: z.string(), seconds: z.number() })),
  exitKind: z.string().nullable(),
})
export type HoursRow = z.infer<typeof hoursRowView>
export const hoursView = z.object({
  month: z.string(),
  regionId: z.string(),
  regionName: z.string(),
  agencyName: z.string(),
  rows: z.array(hoursRowView),
  total: hoursRowView.omit({
    ...{ elderId: true, maskedName: true, categories: true, requirement: true, exitKind: true, helpers: true },
  }),
})
export type Hours = z.infer<typeof hoursView>

/** The same month by helper: what was given, how well proved, and how much of it to one elder. */
export const helperRowView = placeNameView.extend({
  memberId: z.string(),
  maskedName: z.string(),
  visits: z.number(),
  validSeconds: z.number(),
  byNature: z.object({ volunteer: z.number(), mutualAid: z.number(), dutyPaid: z.number() }),
  byLevel: z.array(z.number()).length(5),
  exceptions: z.number(),
  returnedVisits: z.number(),
  /** valid time typed in by staff or from paper, of all valid time; rounded down */
  manualPercent: z.string().nullable(),
  /** of the valid time, what went to the elder visited longest; rounded down */
  topPairPercent: z.string().nullable(),
  elders: z.number(),
})
export type HelperRow = z.infer<typeof helperRowView>
export const helperHoursView = z.object({ month: z.string(), regionName: z.string(), rows: z.array(helperRowView) })
export type HelperHours = z.infer<typeof helperHoursView>

/** Whom to send, and why him. */
export const planHelperView = z.object({
  memberId: z.string(),
  maskedName: z.string(),
  why: z.enum(['paired', 'usual', 'village', 'near', 'town']),
  /** whole ones; null unless being near is why */
  kilometres: z.int().nullable(),
})
/** What is to be done at a place: the most overdue first. */
export const planRowView = placeNameView.extend({
  elderId: z.string(),
  maskedName: z.string(),
  /** 每周 1 次; '' when nothing is owed today and something was missed */
  requirement: z.string(),
  dueTo: z.string().nullable(),
  /** after an event: the moment */
  dueAt: instantView.nullable(),
  daysLeft: z.number().nullable(),
  overdueDays: z.number(),
  /** whose matter an overdue one is by now */
  rung: z.enum(['village', 'town', 'county']).nullable(),
  lastVisitDay: z.string().nullable(),
  /** somebody was asked already */
  ordered: z.boolean(),
  /** who took it, and for which day */
  taken: z.object({ memberId: z.string(), maskedName: z.string(), wantedDay: z.string() }).nullable(),
  helper: planHelperView.nullable(),
})
export type PlanRow = z.infer<typeof planRowView>
export const planView = z.object({
  today: z.string(),
  regionName: z.string(),
  rows: z.array(planRowView),
  unserved: z.array(placeNameView.extend({ due: z.number(), missing: z.number() })),
})
export type Plan = z.infer<typeof planView>

/** The same by helper: whom each goes to, who took it on already and who should. */
export const planOfHelperView = placeNameView.extend({
  memberId: z.string(),
  maskedName: z.string(),
  /** orders he took, here and elsewhere */
  tasks: z.number(),
  visits: z.array(planRowView),
})
export type PlanOfHelper = z.infer<typeof planOfHelperView>
export const helperPlanView = z.object({
  today: z.string(),
  regionName: z.string(),
  /** nobody is given more at a time */
  most: z.number(),
  rows: z.array(planOfHelperView),
  /** whom nobody goes to */
  left: z.array(planRowView),
})
export type HelperPlan = z.infer<typeof helperPlanView>
