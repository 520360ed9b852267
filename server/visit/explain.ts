import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { explanationsFor, whyNotAppeal, whyNotEnd } from '../../shared/visit/appeal'
import type { AppealInput, ExplainInput } from '../../shared/visit/input'
import type { VisitState } from '../../shared/visit/view'
import { type Actor, isSelf } from '../core/actor'
import { insertAll } from '../core/bulk'
import { type Db, type Tx, transact } from '../core/db'
import { newId } from '../core/ids'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { settingsAt } from '../region/settings'
import { queueTexts } from '../text/queue'
import { lockHelpersOf } from './lock'
import { type Ended, findEnded } from './move'

/**
 * The helper says why something is odd; of an auto-closed visit also when it really ended. It settles nothing: whoever
 * decides reads it.
 *
 * @throws Refusal NOT_FOUND, EXPLAIN_NOTHING, EXPLAIN_CLAIM
 */
export async function explain(
  db: Db,
  actor: Actor,
  visitId: string,
  input: ExplainInput,
  at: Date,
): Promise<{ id: string }> {
  return transact(db, (tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'explain', input: { visitId, ...input }, at },
      async () => {
        const visit = await findOwn(tx, actor, visitId)
        const { code, reasonCode, note, endAt } = input
        const isOpen = visit.exceptions.some((one) => one.code === code && one.resolvedAt === null)
        if (!isOpen || !explanationsFor(code).some((one) => one.code === reasonCode))
          throw new Refusal('EXPLAIN_NOTHING')
        const claimed = endAt === undefined ? null : new Date(endAt)
        if (claimed !== null && (code !== 'E01' || whyNotEnd(visit, claimed) !== null))
          throw new Refusal('EXPLAIN_CLAIM', { field: 'endAt' })
        const id = newId(at)
        await insertAll(tx, 'helper_note', [
          {
            ...{ id, visitId, code, reasonCode, at },
            note: note === undefined || note === '' ? null : note,
            claimedEndAt: claimed,
            byPersonId: actor.personId,
          },
        ])
        await queueNote(tx, actor, visit, { id, kind: 'helperNote', note }, at)
        await noteOf(tx, actor, visit, 'explain', { code, reasonCode }, at)
        return { id: visitId }
      },
    ),
  )
}

/**
 * The helper doesn't agree that a visit was returned; somebody else than who returned it looks again.
 *
 * @throws Refusal NOT_FOUND, APPEAL_NOT_RETURNED, APPEAL_WAITS, APPEAL_TOO_LATE
 */
export async function appeal(
  db: Db,
  actor: Actor,
  visitId: string,
  input: AppealInput,
  at: Date,
): Promise<{ id: string }> {
  return transact(db, (tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'appeal', input: { visitId, ...input }, at },
      async () => {
        await lockHelpersOf(tx, [visitId])
        const visit = await findOwn(tx, actor, visitId)
        const waiting = await tx.appeal.findFirst({ where: { openVisitId: visitId } })
        const { appealDays } = await settingsAt(tx, visit.regionPath, dayOf(at))
        const state = visit.state as VisitState
        refuse(whyNotAppeal({ state, returnedAt: returnedAt(visit), isAppealed: waiting !== null }, at, appealDays))
        const { id, reasonCode, note } = input
        await tx.appeal.create({
          data: {
            ...{ id, visitId, openVisitId: visitId, regionPath: visit.regionPath, state: 'waiting', reasonCode, at },
            note: note === undefined || note === '' ? null : note,
            byPersonId: actor.personId,
          },
        })
        await queueNote(tx, actor, visit, { id, kind: 'appeal', note }, at)
        await noteOf(tx, actor, visit, 'appeal', { reasonCode }, at)
        return { id: visitId }
      },
    ),
  )
}

/** When staff returned it last; null while it isn't returned. */
export function returnedAt(visit: {
  state: string
  decisions: readonly { decision: string; at: Date }[]
}): Date | null {
  const last = visit.decisions.at(-1)
  return visit.state === 'returned' && last?.decision === 'return' ? last.at : null
}

async function findOwn(tx: Tx, actor: Actor, visitId: string): Promise<Ended> {
  const [visit] = await findEnded(tx, [visitId])
  if (visit === undefined || !isSelf(actor, visit.memberPersonId)) throw new Refusal('NOT_FOUND')
  return visit
}

async function queueNote(
  tx: Tx,
  actor: Actor,
  { regionPath }: Ended,
  { id, kind, note }: { id: string; kind: 'helperNote' | 'appeal'; note: string | undefined },
  at: Date,
): Promise<void> {
  if (note !== undefined && note !== '')
    await queueTexts(tx, [{ id, kind, byPersonId: actor.personId, regionPath }], at)
}

function noteOf(tx: Tx, actor: Actor, visit: Ended, action: string, after: object, at: Date): Promise<void> {
  return logOperation(tx, actor, {
    at,
    action,
    resource: 'visit',
    resourceId: visit.id,
    regionPath: visit.regionPath,
    after,
  })
}
