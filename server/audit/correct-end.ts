import type { Resolution } from '../../shared/audit/rules'
import { Refusal, refuse } from '../../shared/core/refusals'
import { judgeWithoutScheme } from '../../shared/scheme/rules'
import { whyNotEnd } from '../../shared/visit/appeal'
import type { CorrectEndInput } from '../../shared/visit/input'
import { raisedByLength } from '../../shared/visit/raise'
import { secondsBetween } from '../../shared/visit/rules'
import type { VisitState } from '../../shared/visit/view'
import type { Actor } from '../core/actor'
import { insertAll, updateRows } from '../core/bulk'
import { type Db, type Tx, transact } from '../core/db'
import { newId } from '../core/ids'
import { once } from '../core/once'
import { schemesOn } from '../scheme/queries'
import { judgeExpected, NO_SIDE } from '../visit/award'
import { lockHelpersOf } from '../visit/lock'
import { type Ended, findEnded, moveVisits } from '../visit/move'
import { readSettings } from '../visit/settings'
import { mayDecideRed, tookPart } from './policy'

const BEFORE_AWARD: readonly string[] = ['finished', 'confirmed', 'disputed']

/**
 * An auditor writes down when a visit that the clock closed really ended. What the clock had written stays in its evidence
 * and beside the correction; E01 is settled by it, and the visit goes on from there: counted, paid or waiting like any other.
 *
 * @throws Refusal NOT_FOUND, AUDIT_RED_POWER, AUDIT_OWN, END_NOT_AUTO, END_SPAN
 */
export async function correctEnd(
  db: Db,
  actor: Actor,
  visitId: string,
  input: CorrectEndInput,
  at: Date,
): Promise<{ id: string }> {
  return transact(db, (tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'correctEnd', input: { visitId, ...input }, at }, () =>
      correct(tx, actor, visitId, input, at),
    ),
  )
}

async function correct(
  tx: Tx,
  actor: Actor,
  visitId: string,
  { endAt: asked, note }: CorrectEndInput,
  at: Date,
): Promise<{ id: string }> {
  await lockHelpersOf(tx, [visitId])
  const [visit] = await findEnded(tx, [visitId])
  const endAt = new Date(asked)
  if (visit === undefined || !mayReach(actor, visit)) throw new Refusal('NOT_FOUND')
  if (!mayDecideRed(actor, visit)) throw new Refusal('AUDIT_RED_POWER')
  if (tookPart(actor, visit)) throw new Refusal('AUDIT_OWN')
  if (!BEFORE_AWARD.includes(visit.state) || visit.awardedMilliPoints !== null) throw new Refusal('END_NOT_AUTO')
  refuse(whyNotEnd(visit, endAt), { field: 'endAt' })
  const servedSeconds = secondsBetween(visit.checkInAt, endAt)
  await insertAll(tx, 'end_correction', [
    {
      ...{ id: newId(at), visitId, endAt, servedSeconds, at },
      wasAt: visit.checkOutAt as Date,
      wasSeconds: visit.servedSeconds ?? 0,
      note: note === undefined || note === '' ? null : note,
      byPersonId: actor.personId,
    },
  ])
  await rewrite(tx, visit, endAt, servedSeconds, at)
  await goOn(tx, actor, visitId, servedSeconds, at)
  return { id: visitId }
}

/** Whoever may look at it at all is told why not; nobody else learns that it is there. */
function mayReach(actor: Actor, visit: Ended): boolean {
  return actor.roles.some(({ regionPath }) => visit.regionPath.startsWith(regionPath))
}

/** The visit as it is from now on; it counts again only after it was looked at whether something overlaps. */
async function rewrite(tx: Tx, visit: Ended, endAt: Date, servedSeconds: number, at: Date): Promise<void> {
  const scheme = (await schemesOn(tx, [visit]))(visit)
  const worth = { ...visit, servedSeconds, level: visit.level ?? 0 }
  const expected = scheme === null ? undefined : (await judgeExpected(tx, [{ visit: worth, scheme }], at)).get(visit.id)
  const judgement = expected ?? judgeWithoutScheme(servedSeconds)
  await updateRows(
    tx,
    'visit',
    ['id'],
    [
      {
        id: visit.id,
        checkOutAt: endAt,
        servedSeconds,
        counted: false,
        closedBy: 'staff',
        expectedMilliPoints: judgement.milliPoints,
        carry: (expected?.side ?? NO_SIDE).carry,
        explanation: JSON.stringify(judgement.explanation),
      },
    ],
  )
  await updateRows(tx, 'visit_elder', ['visitId'], [{ visitId: visit.id, servedSeconds, counted: false }])
}

async function goOn(tx: Tx, actor: Actor, visitId: string, servedSeconds: number, at: Date): Promise<void> {
  const [visit] = await findEnded(tx, [visitId])
  if (visit === undefined) throw new Refusal('NOT_FOUND')
  const limits = (await readSettings(tx, [visit]))(visit.regionPath, visit.day)
  const settles = (code: string): Resolution => ({
    code,
    reasonCode: 'forgotToEnd',
    resolutionCode: 'explainedByHelper',
  })
  await moveVisits(tx, [
    {
      visit,
      to: visit.state as VisitState,
      actor,
      action: 'correctEnd',
      // What overlapped only because nobody had pressed doesn't any more; what still does is raised anew.
      settled: [settles('E01'), settles('E02')],
      raised: raisedByLength(servedSeconds, limits),
      reason: '按实际时间改结束',
      at,
    },
  ])
}
