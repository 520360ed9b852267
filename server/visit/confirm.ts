import type { Resolution } from '../../shared/audit/rules'
import type { ConfirmInput } from '../../shared/visit/input'
import { raisedByAnswer, raisedByExit } from '../../shared/visit/raise'
import { type Answer, answeredOf, type How, stateAfter, whyNotConfirm } from '../../shared/visit/rules'
import type { VisitState } from '../../shared/visit/view'
import { hasDuty, readApart } from '../audit/duties'
import type { Actor } from '../core/actor'
import { joined } from '../core/batch'
import { insertAll } from '../core/bulk'
import { type Db, inOrder, type Tx, transact } from '../core/db'
import { newId } from '../core/ids'
import { onceEach } from '../core/once'
import { type Acting, openProxyDesk, type ProxyDesk } from '../elder/proxy-acts'
import { exitKindsOf } from './elders'
import { lockHelpersOf } from './lock'
import { type Ended, findEnded, type Move, moveVisits } from './move'
import { done, latest, type Outcome, refused, settlementOf } from './outcome'
import { whyNotAnswer } from './policy'
import { readSettings, type SettingsOf } from './settings'

/** An answer, however it was given; over HTTP only the ways of `ConfirmInput` are open to everybody. */
export type Answering = Omit<ConfirmInput, 'how' | 'elderId'> & { how: How; elderId: string | null }
/** `givenAt`: the answer was given before, without a network. */
export type ConfirmAsk = { actor: Actor; visitId: string; input: Answering; at: Date; givenAt?: Date | undefined }

/**
 * The elder's answer, by the elder, who acts for the elder, or staff who telephoned. A yes posts what is at its step; a no
 * is E07 and takes back what was posted; within some hours an answer may be corrected.
 *
 * @throws Refusal NOT_FOUND, NOT_ALLOWED, CONFIRM_OWN, CONFIRM_NOT_FINISHED, CONFIRM_ALREADY, CONFIRM_TOO_LATE,
 * PROXY_STOPPED, PROXY_DAILY
 */
export async function confirm(
  db: Db,
  actor: Actor,
  visitId: string,
  input: ConfirmInput,
  at: Date,
  givenAt?: Date,
): Promise<{ id: string }> {
  return confirmOne(db, { actor, visitId, input, at, givenAt })
}

/** The same for an answer whose giver another verb has made sure of. */
export function confirmAs(db: Db, actor: Actor, visitId: string, input: Answering, at: Date): Promise<{ id: string }> {
  return confirmOne(db, { actor, visitId, input, at })
}

type ByProxy = ConfirmAsk & { input: { elderId: string } }

function isByProxy(ask: ConfirmAsk): ask is ByProxy {
  return ask.input.how === 'proxy' && ask.input.elderId !== null
}

const confirmOne = joined<ConfirmAsk, { id: string }>({
  apart: ({ input, visitId }) => [input.id, visitId],
  work: (db, asks) =>
    transact(db, (tx) =>
      onceEach(tx, 'confirm', asks, onceOf, async (fresh) => (await answerVisits(tx, fresh)).map(settlementOf)),
    ),
})

function onceOf({ actor, visitId, input, at }: ConfirmAsk) {
  return { key: input.id, personId: actor.personId, input: { visitId, ...input }, at }
}

/** Many answers in one commit; a refusal refuses its own visit only. */
export async function confirmVisits(db: Db, asks: readonly ConfirmAsk[]): Promise<Outcome[]> {
  return transact(db, (tx) => answerVisits(tx, asks))
}

/** The same inside a commit of another verb. */
export async function answerVisits(tx: Tx, asks: readonly ConfirmAsk[]): Promise<Outcome[]> {
  if (asks.length === 0) return []
  const ids = asks.map(({ visitId }) => visitId)
  // what is read is what stands once the helpers are locked
  const [, ended] = await inOrder(
    tx,
    () => lockHelpersOf(tx, ids),
    () => findEnded(tx, ids),
  )
  const visits = new Map(ended.map((visit) => [visit.id, visit]))
  const [settings, exits] = await Promise.all([readSettings(tx, ended), exitKindsOf(tx, ended)])
  const byProxies = asks.filter(isByProxy)
  const proxies = byProxies.length === 0 ? null : await openProxyDesk(tx, byProxies.map(actingOf))
  const isOthers = await readOthersCalls(tx, asks, [...visits.values()])
  const answered: { ask: ConfirmAsk; move: Move }[] = []
  const outcomes = asks.map((ask): Outcome => {
    const visit = visits.get(ask.visitId)
    const isTwice = answered.some(({ ask: { visitId } }) => visitId === ask.visitId)
    const reason =
      visit === undefined
        ? 'NOT_FOUND'
        : isTwice
          ? 'CONFIRM_ALREADY'
          : (whyNot(ask, visit, settings, proxies) ?? (isOthers(ask, visit) ? 'REVIEWER_DUTY' : null))
    if (visit === undefined || reason !== null) return refused(ask.visitId, reason ?? 'NOT_FOUND')
    answered.push({ ask, move: moveFor(ask, visit, exits.get(visit.id) ?? null) })
    return done(visit.id)
  })
  await insertAll(
    tx,
    'confirmation',
    answered.map(({ ask, move }) => rowOf(ask, move.visit)),
  )
  await proxies?.write()
  await moveVisits(
    tx,
    answered.map(({ move }) => move),
  )
  return outcomes
}

/** Staff's own word for it, by telephone or from where it happened: where the reviewers work apart that is for who verifies. */
const STAFF_ANSWERS: readonly How[] = ['phone', 'site']

/** Asked only where staff answered. */
async function readOthersCalls(tx: Tx, asks: readonly ConfirmAsk[], visits: readonly Ended[]) {
  const called = new Set(asks.flatMap(({ input, visitId }) => (STAFF_ANSWERS.includes(input.how) ? [visitId] : [])))
  if (called.size === 0) return () => false
  const isApart = await readApart(
    tx,
    visits.filter(({ id }) => called.has(id)),
    latest(asks),
  )
  return ({ actor, input }: ConfirmAsk, { regionPath }: Ended) =>
    STAFF_ANSWERS.includes(input.how) && isApart(regionPath) && !hasDuty(actor, ['verify'], regionPath)
}

function actingOf({ actor, visitId, input, at }: ByProxy): Acting {
  return { personId: actor.personId, elderId: input.elderId, kind: 'confirm', refId: visitId, at }
}

function whyNot(ask: ConfirmAsk, visit: Ended, settings: SettingsOf, proxies: ProxyDesk | null) {
  const { actor, input, at, givenAt } = ask
  const { correctHours } = settings(visit.regionPath, visit.day)
  return (
    whyNotAnswer(actor, visit, input) ??
    whyNotConfirm(
      { state: visit.state as VisitState },
      answeredOf(visit.confirmations),
      input,
      givenAt ?? at,
      correctHours,
    ) ??
    (isByProxy(ask) && proxies !== null ? proxies.whyNot(actingOf(ask)) : null)
  )
}

function moveFor({ actor, input, at }: ConfirmAsk, visit: Ended, exitKind: string | null): Move {
  const helperConfirms = visit.mergedInto === actor.personId
  const isKnown = visit.exceptions.some(({ code }) => code === 'E13')
  return {
    visit,
    to: stateAfter(input.answer, visit.state as VisitState),
    actor,
    at,
    action: 'confirm',
    settled: settledBy(input.answer),
    raised: [
      ...raisedByAnswer({ answer: input.answer, helperConfirms, siteId: visit.siteId }),
      ...(isKnown ? [] : raisedByExit(exitKind)),
    ],
    reason: reasonOf(input),
  }
}

function reasonOf({ answer, how }: Answering): string {
  if (how === 'site') return '现场工作人员说没来过'
  return answer === 'no' ? '老人说没来过' : '老人说记不清'
}

/** A definite answer ends the silence; another answer than 没来过 takes that back. */
function settledBy(answer: Answer): Resolution[] {
  const silence = { code: 'E08', reasonCode: 'answered', resolutionCode: 'answered' }
  const denial = { code: 'E07', reasonCode: 'corrected', resolutionCode: 'corrected' }
  return [...(answer === 'unsure' ? [] : [silence]), ...(answer === 'no' ? [] : [denial])]
}

function rowOf({ actor, input, at, givenAt }: ConfirmAsk, visit: Ended) {
  const revision = (visit.confirmations.at(-1)?.revision ?? 0) + 1
  return {
    id: newId(at),
    visitId: visit.id,
    revision,
    answer: input.answer,
    how: input.how,
    elderId: input.elderId,
    byPersonId: actor.personId,
    at: givenAt ?? at,
  }
}
