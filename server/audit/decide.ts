import type { DecideInput } from '../../shared/audit/input'
import type { Dictionary } from '../../shared/audit/reasons'
import { needsSecond, reasonWords, resolutionOf, whyNotReason, whyNotSettled } from '../../shared/audit/rules'
import type { Outcomes } from '../../shared/audit/view'
import { REFUSALS, Refusal, type RefusalCode } from '../../shared/core/refusals'
import { can } from '../../shared/session/permissions'
import { type Raised, raisedByExit } from '../../shared/visit/raise'
import { type Actor, mayOver } from '../core/actor'
import { joined, type Settled, settled } from '../core/batch'
import { findBy, insertAll, updateRows } from '../core/bulk'
import { type Db, type Tx, transact } from '../core/db'
import { newId } from '../core/ids'
import { onceEach } from '../core/once'
import { exitKindsOf } from '../visit/elders'
import { lockHelpersOf } from '../visit/lock'
import { countsAlone, type Ended, findEnded, type Move, moveVisits, spanOf } from '../visit/move'
import { latest } from '../visit/outcome'
import { findOverlaps } from '../visit/overlaps'
import { openCodes, raise } from '../visit/raise'
import { readSettings } from '../visit/settings'
import { whyNotDecideNow } from './desk'
import { dictionariesOf, findDictionary } from './dictionary'
import { readApart } from './duties'
import { proposeFines, UPHELD_COMPLAINT } from './fine'

/**
 * Staff approve or return visits. Approving settles what is odd and posts what waited for it; returning takes back what was
 * posted. A refusal refuses its own visit only; red ones are decided one at a time.
 *
 * @throws Refusal AUDIT_REASON, REQUIRED (note) for the whole press
 * @returns one outcome per visit, in the order asked
 */
export async function decideVisits(db: Db, actor: Actor, input: DecideInput, at: Date): Promise<Outcomes> {
  const reason = whyNotReason(input, await findDictionary(db, actor))
  if (reason !== null) throw new Refusal(reason, { field: reason === 'REQUIRED' ? 'note' : 'reasonCode' })
  return decideOne(db, { actor, input, at })
}

type DecideAsk = { actor: Actor; input: DecideInput; at: Date }

const decideOne = joined<DecideAsk, Outcomes>({
  apart: ({ input }) => [input.id, ...input.visitIds],
  work: (db, asks) =>
    transact(db, (tx) => onceEach(tx, 'decideVisits', asks, onceOf, (fresh) => decideWithin(tx, fresh))),
})

function onceOf({ actor, input, at }: DecideAsk) {
  return { key: input.id, personId: actor.personId, input, at }
}

/** Presses of many desks, on different visits; inside a commit of another verb. */
export async function decideWithin(tx: Tx, asks: readonly DecideAsk[]): Promise<Settled<Outcomes>[]> {
  const visitIds = [...new Set(asks.flatMap(({ input }) => input.visitIds))]
  await lockHelpersOf(tx, visitIds)
  const visits = new Map((await findUpToDate(tx, visitIds, latest(asks))).map((visit) => [visit.id, visit]))
  const approving = new Set(asks.flatMap(({ input }) => (input.decision === 'approve' ? input.visitIds : [])))
  const overlapping = await findOverlapping(
    tx,
    [...visits.values()].filter(({ id }) => approving.has(id)),
  )
  const decided: { ask: DecideAsk; move: Move }[] = []
  const dictionaryOf = await dictionariesOf(tx)
  const isApart = await readApart(tx, [...visits.values()], latest(asks))
  const seconds = await readSeconds(tx, [...visits.values()], approving)
  const answers = asks.map((ask) => {
    const { actor, input, at } = ask
    const ids = [...new Set(input.visitIds)]
    const outcomes = ids.map((visitId) => {
      const visit = visits.get(visitId)
      const apart = isApart(visit?.regionPath ?? '')
      const facts = { isBatch: ids.length > 1, overlaps: overlapping.has(visitId), isApart: apart }
      const refused = visit === undefined ? 'NOT_FOUND' : whyNot(actor, visit, input, facts, dictionaryOf(actor))
      const waits = visit !== undefined && refused === null && input.decision === 'approve' && seconds.waits(visit, ask)
      const code = waits ? 'AUDIT_SECOND' : refused
      if (visit !== undefined && code === null) decided.push({ ask, move: moveFor(actor, visit, input, at) })
      return { visitId, ok: code === null, code, sentence: code === null ? null : REFUSALS[code][1] }
    })
    const done = outcomes.filter(({ ok }) => ok).length
    return settled({ outcomes, done, refused: outcomes.length - done })
  })
  await insertAll(tx, 'first_approval', seconds.firsts)
  await insertAll(
    tx,
    'visit_decision',
    decided.map(({ ask, move }) => rowOf(ask.actor, move.visit, ask.input, ask.at)),
  )
  await moveVisits(
    tx,
    decided.map(({ move }) => move),
  )
  await proposeFines(
    tx,
    decided.flatMap(({ ask: { actor, input, at }, move: { visit } }) =>
      input.decision === 'return' && input.reasonCode === UPHELD_COMPLAINT ? [{ actor, visit, at }] : [],
    ),
  )
  return answers
}

function whyNot(
  actor: Actor,
  visit: Ended,
  input: DecideInput,
  { isBatch, overlaps, isApart }: { isBatch: boolean; overlaps: boolean; isApart: boolean },
  dictionary: Dictionary,
): RefusalCode | null {
  if (!mayOver(actor, can('audit.read'), visit.regionPath)) return 'NOT_FOUND'
  const reason = whyNotDecideNow(actor, visit, { decision: input.decision, isBatch, isApart })
  if (reason !== null) return reason
  if (overlaps) return 'AUDIT_OVERLAP'
  return whyNotSettled({ open: openCodes(visit.exceptions) }, input, dictionary)
}

/**
 * Who approved first what one may not approve alone. `waits` says whether a visit still needs another person, and keeps the
 * first one's word in `firsts`.
 */
async function readSeconds(tx: Tx, visits: readonly Ended[], approving: ReadonlySet<string>) {
  const settings = await readSettings(tx, visits)
  const large = visits.filter(
    (visit) =>
      approving.has(visit.id) &&
      needsSecond(visit.expectedMilliPoints, settings(visit.regionPath, visit.day).auditSecondPoints),
  )
  const rows = await findBy(
    tx,
    'FirstApproval',
    'visitId',
    large.map(({ id }) => id),
  )
  const firsts: { id: string; visitId: string; revision: number; byPersonId: string; reasonCode: string; at: Date }[] =
    []
  const waits = (visit: Ended, { actor, input, at }: DecideAsk): boolean => {
    if (!large.includes(visit)) return false
    const revision = visit.decisions.length
    const first = [...rows, ...firsts].find((one) => one.visitId === visit.id && one.revision === revision)
    const { personId: byPersonId } = actor
    if (first === undefined)
      firsts.push({ id: newId(at), visitId: visit.id, revision, byPersonId, reasonCode: input.reasonCode, at })
    return first === undefined || first.byPersonId === byPersonId
  }
  return { firsts, waits }
}

function moveFor(actor: Actor, visit: Ended, input: DecideInput, at: Date): Move {
  const isApproved = input.decision === 'approve'
  const settled = isApproved
    ? openCodes(visit.exceptions)
        .map((code) => resolutionOf(code, input))
        .filter((one) => one !== null)
    : []
  return {
    visit,
    to: isApproved ? 'approved' : 'returned',
    actor,
    at,
    action: input.decision,
    settled,
    raised: [],
    reason: `社区退回：${reasonWords(input.reasonCode)}`,
  }
}

function rowOf(actor: Actor, visit: Ended, { decision, reasonCode, note }: DecideInput, at: Date) {
  const revision = (visit.decisions.at(-1)?.revision ?? 0) + 1
  return {
    id: newId(at),
    visitId: visit.id,
    revision,
    decision,
    reasonCode,
    note: note ?? null,
    byPersonId: actor.personId,
    at,
  }
}

/** The visits, with what the register came to know of their elders since: an exit reported late is red too. */
async function findUpToDate(tx: Tx, visitIds: readonly string[], at: Date): Promise<Ended[]> {
  const visits = await findEnded(tx, visitIds)
  const exits = await exitKindsOf(tx, visits)
  const late = visits.filter(({ id, exceptions }) => exits.has(id) && !exceptions.some(({ code }) => code === 'E13'))
  if (late.length === 0) return visits
  const raised = new Map(late.map(({ id }): [string, Raised[]] => [id, raisedByExit(exits.get(id) ?? null)]))
  const flags = await raise(
    tx,
    raised,
    late.flatMap(({ exceptions }) => exceptions),
    () => at,
  )
  await updateRows(
    tx,
    'visit',
    ['id'],
    [...flags].map(([id, flag]) => ({ id, flag })),
  )
  return findEnded(tx, visitIds)
}

/** Those that would count once approved, if another counted one of the same helper were not in the way. */
async function findOverlapping(tx: Tx, visits: readonly Ended[]): Promise<Set<string>> {
  const settings = await readSettings(tx, visits)
  const returning = visits.filter(
    (visit) =>
      !visit.counted &&
      visit.state !== 'inProgress' &&
      countsAlone(visit, 'approved', settings(visit.regionPath, visit.day).visitSecondsMin),
  )
  return findOverlaps(tx, returning.map(spanOf))
}
