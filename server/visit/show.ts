import type { z } from 'zod'
import { answeredOf, whyNotConfirm } from '../../shared/visit/rules'
import type { currentVisitView, VisitState, visitDetailView, visitView } from '../../shared/visit/view'
import { nextDecision, whyNotDecideNow } from '../audit/desk'
import { type Actor, DESK, mayOver } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Reader } from '../core/db'
import { settingsAt } from '../region/settings'
import { readVisitContext } from './context'
import { whyNotAnswer } from './policy'
import { type DeskAnswers, type DetailParts, presentCurrent, presentDetail, presentVisit } from './present'
import { findPostings, findReadable, type VisitLine, type VisitRecord } from './queries'
import { readEvidenceWords } from './timeline'

export type VisitShown = z.input<typeof visitView>

/** Lines as this actor may see them, in their order; a handful of queries for all of them. */
export async function showVisits(
  db: Reader,
  keys: Keys,
  actor: Actor,
  visits: readonly VisitLine[],
  at: Date,
): Promise<VisitShown[]> {
  const context = await readVisitContext(db, keys, actor, visits, at)
  return visits.map((visit) => presentVisit(visit, context))
}

/** @throws Refusal NOT_FOUND for what the actor may not know of */
export async function showVisit(
  db: Db,
  keys: Keys,
  actor: Actor,
  id: string,
  at: Date,
): Promise<z.input<typeof visitDetailView>> {
  const visit = await findReadable(db, actor, id)
  return presentDetail(visit, await readVisitContext(db, keys, actor, [visit], at), await partsOf(db, actor, visit, at))
}

export async function showCurrent(
  db: Db,
  keys: Keys,
  actor: Actor,
  visit: NonNullable<VisitRecord>,
  at: Date,
): Promise<z.input<typeof currentVisitView>> {
  return presentCurrent(
    visit,
    await readVisitContext(db, keys, actor, [visit], at),
    await partsOf(db, actor, visit, at),
  )
}

async function partsOf(db: Db, actor: Actor, visit: NonNullable<VisitRecord>, at: Date): Promise<DetailParts> {
  const settings = await settingsAt(db, visit.regionPath, visit.day)
  return {
    settings,
    desk: deskAnswers(actor, visit, at, settings.correctHours),
    postings: await findPostings(db, visit.id),
    words: await readEvidenceWords(db, visit),
  }
}

function deskAnswers(
  actor: Actor,
  visit: NonNullable<VisitRecord>,
  at: Date,
  correctHours: number,
): DeskAnswers | null {
  if (!mayOver(actor, DESK, visit.regionPath)) return null
  const [first] = visit.elders
  const mayCall = first !== undefined && whyNotAnswer(actor, visit, { elderId: first.elderId, how: 'phone' }) === null
  const answered = answeredOf(visit.confirmations)
  const isOpen = (['yes', 'no'] as const).some(
    (answer) =>
      whyNotConfirm({ state: visit.state as VisitState }, answered, { answer, how: 'phone' }, at, correctHours) ===
      null,
  )
  return {
    whyNotDecide: whyNotDecideNow(actor, visit, { decision: nextDecision(visit), isBatch: false }),
    mayConfirmByPhone: mayCall && isOpen,
  }
}
