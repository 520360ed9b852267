import type { z } from 'zod'
import { copyWith } from '../../shared/core/copy'
import { Refusal } from '../../shared/core/refusals'
import { can } from '../../shared/session/permissions'
import { answeredOf, whyNotConfirm } from '../../shared/visit/rules'
import type { currentVisitView, VisitState, visitDetailView, visitView } from '../../shared/visit/view'
import { mayCorrectNow, nextDecision, whyNotDecideNow } from '../audit/desk'
import { hasDuty, readApart } from '../audit/duties'
import { type Actor, mayOver } from '../core/actor'
import { joined, keysOf, type Settled, settled } from '../core/batch'
import type { Keys } from '../core/config'
import { type Db, type Reader, readTogether } from '../core/db'
import { scanAgainUntil } from './challenge'
import { readVisitContext, type VisitContext } from './context'
import { latest } from './outcome'
import { mayRead, whyNotAnswer } from './policy'
import { type DeskAnswers, type DetailParts, presentCurrent, presentDetail, presentVisit } from './present'
import { findPostings, findRecords, type VisitLine, type VisitRecord } from './queries'
import { readSettings } from './settings'
import { readPlateKinds } from './timeline'

export type VisitShown = z.input<typeof visitView>
type Detail = z.input<typeof visitDetailView>
type Current = z.input<typeof currentVisitView>

/** Lines as this actor may see them, in their order; a handful of queries for all of them. */
export async function showVisits(
  db: Reader,
  keys: Keys,
  actor: Actor,
  visits: readonly VisitLine[],
  at: Date,
): Promise<VisitShown[]> {
  const context = { ...(await readVisitContext(db, keys, visits)), actor, at }
  return visits.map((visit) => presentVisit(visit, context))
}

/** @throws Refusal NOT_FOUND for what the actor may not know of */
export async function showVisit(db: Db, keys: Keys, actor: Actor, id: string, at: Date): Promise<Detail> {
  return detailOf(db, { keys, actor, id, at })
}

/** The same with what a phone shows while somebody serves. */
export async function showCurrent(db: Db, keys: Keys, actor: Actor, id: string, at: Date): Promise<Current> {
  return currentOf(db, { keys, actor, id, at })
}

type ShowAsk = { keys: Keys; actor: Actor; id: string; at: Date }

/** Whose writes were one commit ask for what they see at the same moment: it is read once for all. */
const detailOf = joined<ShowAsk, Detail>({ apart: () => [], work: (db, asks) => showAll(db, asks, presentDetail) })
const currentOf = joined<ShowAsk, Current>({ apart: () => [], work: (db, asks) => showAll(db, asks, presentCurrent) })

async function showAll<T>(
  db: Db,
  asks: readonly ShowAsk[],
  present: (visit: VisitRecord, context: VisitContext, parts: DetailParts) => T,
): Promise<Settled<T>[]> {
  const { visits, around, settings, isApart, postingsOf, wordsOf, untilOf } = await readTogether(db, (reader) =>
    readAll(reader, asks),
  )
  return asks.map(({ actor, id, at }) => {
    const visit = visits.get(id)
    if (visit === undefined || !mayRead(actor, visit)) return { answer: null, refusal: new Refusal('NOT_FOUND') }
    const limits = settings(visit.regionPath, visit.day)
    const desk = deskAnswers(actor, visit, at, {
      correctHours: limits.correctHours,
      isApart: isApart(visit.regionPath),
    })
    const parts = {
      settings: limits,
      desk,
      postings: postingsOf(id),
      words: wordsOf(visit),
      scanAgainUntil: visit.memberPersonId === actor.personId ? untilOf(id, at) : null,
    }
    return settled(present(visit, copyWith(around, { actor, at }), parts))
  })
}

/** All that is shown of a list, each kind of thing read once. */
async function readAll(db: Reader, asks: readonly ShowAsk[]) {
  const found = await findRecords(db, [...new Set(asks.map(({ id }) => id))])
  const keys = keysOf(asks)
  const [around, settings, isApart, postingsOf, wordsOf, untilOf] = await Promise.all([
    readVisitContext(db, keys, found),
    readSettings(db, found),
    readApart(db, found, latest(asks)),
    findPostings(db, found),
    readPlateKinds(db, found),
    scanAgainUntil(db, keys, found),
  ])
  const visits = new Map(found.map((visit) => [visit.id, visit]))
  return { visits, around, settings, isApart, postingsOf, wordsOf, untilOf }
}

function deskAnswers(
  actor: Actor,
  visit: VisitRecord,
  at: Date,
  { correctHours, isApart }: { correctHours: number; isApart: boolean },
): DeskAnswers | null {
  if (!mayOver(actor, can('visit.read'), visit.regionPath)) return null
  const [first] = visit.elders
  const mayCall = first !== undefined && whyNotAnswer(actor, visit, { elderId: first.elderId, how: 'phone' }) === null
  const answered = answeredOf(visit.confirmations)
  const isOpen = (['yes', 'no'] as const).some(
    (answer) =>
      whyNotConfirm({ state: visit.state as VisitState }, answered, { answer, how: 'phone' }, at, correctHours) ===
      null,
  )
  return {
    mayCorrectEnd: mayCorrectNow(actor, visit),
    whyNotDecide: whyNotDecideNow(actor, visit, { decision: nextDecision(visit), isBatch: false, isApart }),
    mayConfirmByPhone: mayCall && isOpen && (!isApart || hasDuty(actor, ['verify'], visit.regionPath)),
  }
}
