import type { z } from 'zod'
import { REFUSALS, type RefusalCode } from '../../shared/core/refusals'
import type { SettingValues } from '../../shared/region/settings'
import type { Explanation } from '../../shared/scheme/document'
import { postStepOf } from '../../shared/scheme/rules'
import { appealWords, explanationWords, whyNotAppeal } from '../../shared/visit/appeal'
import { EXCEPTIONS, type ExceptionCode, type Flag } from '../../shared/visit/exceptions'
import { answeredOf, correctableUntil } from '../../shared/visit/rules'
import type { currentVisitView, VisitState, visitDetailView, visitView } from '../../shared/visit/view'
import { exceptionSentence, pointsSentence, visitNumber, whySentence } from '../../shared/visit/words'
import { byNameOf, elderNameOf, memberNameOf, type Viewer, type VisitContext, viewerOf } from './context'
import { returnedAt } from './explain'
import type { Posting, VisitLine, VisitRecord } from './queries'
import { openCodes } from './raise'
import { type EvidenceWords, evidenceWords, presentTimeline } from './timeline'

type Line = z.input<typeof visitView>
type Detail = z.input<typeof visitDetailView>

/** What one viewer may see of a visit in a list. */
export function presentVisit(visit: VisitLine, context: VisitContext): Line {
  const viewer = viewerOf(context.actor, visit)
  const service = context.serviceOf(visit.serviceId)
  return {
    id: visit.id,
    number: visitNumber(visit.id, visit.day),
    regionId: visit.regionId,
    regionName: context.regionOf(visit.regionId).name,
    state: visit.state as VisitState,
    memberId: visit.memberId,
    memberName: memberNameOf(visit, context),
    elders: visit.elders.map(({ elderId, elder }) => ({
      id: elderId,
      name: elderNameOf(elder.personId, viewer, context),
    })),
    siteName: context.siteOf(visit.siteId),
    serviceName: service.name,
    serviceIcon: service.icon,
    nature: visit.nature as Line['nature'],
    channel: visit.channel,
    day: visit.day,
    checkInAt: visit.checkInAt.toISOString(),
    checkOutAt: visit.checkOutAt?.toISOString() ?? null,
    servedSeconds: visit.servedSeconds,
    counted: visit.counted,
    level: visit.level,
    flag: visit.flag as Flag,
    exceptions: presentExceptions(visit, viewer),
    expectedMilliPoints: visit.expectedMilliPoints?.toString() ?? null,
    awardedMilliPoints: visit.awardedMilliPoints?.toString() ?? null,
    pointsSentence: sentenceOf(visit, context),
  }
}

/** What the desk may do with a visit; null for everybody else, who has nothing to decide. */
export type DeskAnswers = { whyNotDecide: RefusalCode | null; mayConfirmByPhone: boolean; mayCorrectEnd: boolean }
export type DetailParts = {
  desk: DeskAnswers | null
  settings: SettingValues
  postings: readonly Posting[]
  words: EvidenceWords
  scanAgainUntil: Date | null
}

export function presentDetail(visit: VisitRecord, context: VisitContext, parts: DetailParts): Detail {
  const { desk, settings } = parts
  const line = presentVisit(visit, context)
  const explanation = presentExplanation(visit.explanation)
  const more = {
    orderId: visit.orderId,
    tasks: JSON.parse(context.serviceOf(visit.serviceId).tasks) as string[],
    tasksDone: JSON.parse(visit.tasksDone) as string[],
    evidence: visit.evidence.map((row) => ({
      phase: row.phase as 'in' | 'during' | 'out',
      at: row.at.toISOString(),
      method: row.method,
      level: row.level,
      words: evidenceWords(row, parts.words),
      distanceMetres: row.distanceMetres,
      accuracyMetres: row.accuracyMetres,
      boundDevice: row.boundDevice,
    })),
    nearMetres: settings.nearMetres,
    confirmation: presentConfirmation(visit, context, settings.correctHours),
    decision: presentDecision(visit, context),
    timeline: presentTimeline(visit, context, parts, line.pointsSentence),
    explanation,
    why: whyOf(visit, context, explanation, line.pointsSentence),
    whyNotDecide: desk?.whyNotDecide ?? null,
    whyNotDecideSentence: desk === null || desk.whyNotDecide === null ? null : REFUSALS[desk.whyNotDecide][1],
    mayConfirmByPhone: desk?.mayConfirmByPhone ?? false,
  }
  return Object.assign(line, more, presentHeard(visit, context, parts))
}

/** What was said about it, and what this viewer may still say. */
function presentHeard(visit: VisitRecord, context: VisitContext, { desk, settings }: DetailParts) {
  const viewer = viewerOf(context.actor, visit)
  const { notes, calls, appeals, corrections } = visit.heard
  const last = viewer === 'elder' ? undefined : appeals.at(-1)
  const [corrected] = corrections
  const open = openCodes(visit.exceptions).filter((code) => EXCEPTIONS[code].severity !== 'info')
  const isAppealed = appeals.some(({ state }) => state === 'waiting')
  const state = visit.state as VisitState
  return {
    notes: (viewer === 'elder' ? [] : notes).map((row) => ({
      code: row.code,
      words: explanationWords(row.reasonCode),
      note: row.note,
      claimedEndAt: row.claimedEndAt?.toISOString() ?? null,
      at: row.at.toISOString(),
    })),
    calls: (viewer === 'desk' ? calls : []).map((row) => ({
      reached: row.reached,
      answer: row.answer,
      satisfaction: row.satisfaction,
      note: row.note,
      byName: byNameOf(row.byPersonId, context),
      at: row.at.toISOString(),
    })),
    appeal:
      last === undefined
        ? null
        : {
            id: last.id,
            state: last.state as 'waiting' | 'upheld' | 'rejected',
            reasonWords: appealWords(last.reasonCode),
            note: last.note,
            at: last.at.toISOString(),
            decidedAt: last.decidedAt?.toISOString() ?? null,
            decisionNote: last.decisionNote,
          },
    correction:
      corrected === undefined
        ? null
        : {
            wasAt: corrected.wasAt.toISOString(),
            wasSeconds: corrected.wasSeconds,
            byName: byNameOf(corrected.byPersonId, context),
            at: corrected.at.toISOString(),
          },
    mayExplain: viewer === 'helper' ? open : [],
    whyNotAppeal:
      viewer === 'helper'
        ? whyNotAppeal({ state, returnedAt: returnedAt(visit), isAppealed }, context.at, settings.appealDays)
        : 'APPEAL_NOT_RETURNED',
    mayCorrectEnd: desk?.mayCorrectEnd ?? false,
  }
}

function whyOf(
  visit: VisitRecord,
  context: VisitContext,
  explained: Detail['explanation'],
  pointsSentence: string,
): string {
  const document = context.schemeOf(visit.schemeId)
  return whySentence({
    state: visit.state as VisitState,
    servedSeconds: visit.servedSeconds,
    level: visit.level,
    postStep: document === null || visit.level === null ? null : postStepOf(document, visit.level),
    formula: explained?.formula ?? null,
    schemeVersion: document === null ? null : (explained?.schemeVersion ?? null),
    points: pointsSentence,
    atSite: visit.siteId !== null,
  })
}

/** 120 is China's ambulance everywhere. */
export function presentCurrent(
  visit: VisitRecord,
  context: VisitContext,
  parts: DetailParts,
): z.input<typeof currentVisitView> {
  return Object.assign(presentDetail(visit, context, parts), {
    emergencyPhone: '120',
    minSeconds: parts.settings.visitSecondsMin,
    scanAgainUntil: parts.scanAgainUntil?.toISOString() ?? null,
  })
}

/** The family is not told how the helper's record is doubted: what concerns them they are asked. */
function presentExceptions({ exceptions }: VisitLine, viewer: Viewer): Line['exceptions'] {
  if (viewer === 'elder') return []
  return exceptions.map((row) => {
    const detail = JSON.parse(row.detail) as Record<string, unknown>
    return {
      code: row.code,
      severity: row.severity as 'red' | 'amber' | 'info',
      sentence: exceptionSentence(row.code as ExceptionCode, detail, viewer === 'desk' ? 'staff' : 'helper'),
      detail,
      resolved: row.resolvedAt !== null,
      reasonCode: row.reasonCode,
      resolutionCode: row.resolutionCode,
    }
  })
}

function sentenceOf(visit: VisitLine, { schemeOf, wordsOf }: VisitContext): string {
  const document = schemeOf(visit.schemeId)
  const open = openCodes(visit.exceptions)
  const red = open.find((code) => EXCEPTIONS[code].severity === 'red')
  const returned = visit.state === 'returned' ? visit.decisions.at(-1) : undefined
  return pointsSentence({
    state: visit.state as VisitState,
    flag: visit.flag as Flag,
    postStep: document === null || visit.level === null ? null : postStepOf(document, visit.level),
    expectedMilliPoints: visit.expectedMilliPoints,
    awardedMilliPoints: visit.awardedMilliPoints,
    zeroReason: presentExplanation(visit.explanation)?.zeroReason ?? null,
    isUnsure: visit.confirmations.at(-1)?.answer === 'unsure',
    isSilent: open.includes('E08'),
    returnedWords: returned === undefined ? null : wordsOf(returned.reasonCode),
    redSentence: red === undefined ? null : redSentence(red, visit),
    atSite: visit.siteId !== null,
  })
}

function redSentence(code: ExceptionCode, { exceptions }: VisitLine): string {
  const row = exceptions.find((one) => one.code === code)
  return exceptionSentence(code, JSON.parse(row?.detail ?? '{}') as Record<string, unknown>, 'helper')
}

function presentExplanation(explanation: string | null): Detail['explanation'] {
  if (explanation === null) return null
  const { formula, schemeVersion, cuts, zeroReason } = JSON.parse(explanation) as Explanation
  return { formula, schemeVersion, cuts, zeroReason }
}

function presentConfirmation(visit: VisitLine, context: VisitContext, correctHours: number): Detail['confirmation'] {
  const last = visit.confirmations.at(-1)
  const answered = answeredOf(visit.confirmations)
  if (last === undefined || answered === null) return null
  return {
    answer: answered.answer,
    how: last.how,
    byName: byNameOf(last.byPersonId, context),
    at: last.at.toISOString(),
    canCorrectUntil: correctableUntil(answered.firstAt, correctHours).toISOString(),
  }
}

function presentDecision(visit: VisitLine, context: VisitContext): Detail['decision'] {
  const last = visit.decisions.at(-1)
  if (last === undefined) return null
  return {
    decision: last.decision as 'approve' | 'return',
    reasonCode: last.reasonCode,
    reasonWords: context.wordsOf(last.reasonCode),
    note: last.note,
    byName: byNameOf(last.byPersonId, context),
    at: last.at.toISOString(),
  }
}
