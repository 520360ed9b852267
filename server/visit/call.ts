import { Refusal } from '../../shared/core/refusals'
import { addSeconds, dayOf } from '../../shared/core/time'
import type { CallInput } from '../../shared/visit/input'
import { whyNotStep } from '../audit/duties'
import type { Actor } from '../core/actor'
import { insertAll } from '../core/bulk'
import { type Db, query, type Reader, type Tx, transact } from '../core/db'
import { newId } from '../core/ids'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { settingsAt } from '../region/settings'
import { answerVisits } from './confirm'
import { whyNotAnswer } from './policy'

export type Called = { id: string; moved: boolean; missedCallAt: string | null }

/**
 * Staff rang, or asked at the door. Reached, the elder's answer confirms the visit, disputes it, or is kept beside an answer
 * that was known; not reached, it changes nothing but when to ring again.
 *
 * @throws Refusal NOT_FOUND, NOT_ALLOWED, CONFIRM_OWN, CALL_NOTHING
 */
export async function recordCall(db: Db, actor: Actor, visitId: string, input: CallInput, at: Date): Promise<Called> {
  return transact(db, (tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'call', input: { visitId, ...input }, at }, () =>
      writeCall(tx, actor, visitId, input, at),
    ),
  )
}

/** The same inside somebody's transaction. `id`: a call that is known by a name of its own, as one of a file. */
export async function writeCall(
  tx: Tx,
  actor: Actor,
  visitId: string,
  input: CallInput,
  at: Date,
  id: string = newId(at),
): Promise<Called> {
  const { elderId, reached, answer } = input
  const [visit] = await query<{ regionPath: string; memberPersonId: string; siteId: string | null; state: string }>(
    tx,
    `SELECT "regionPath", "memberPersonId", "siteId", "state" FROM visit WHERE "id" = $1`,
    visitId,
  )
  if (visit === undefined) throw new Refusal('NOT_FOUND')
  const elders = await query<{ elderId: string }>(tx, `SELECT "elderId" FROM visit_elder WHERE "visitId" = $1`, visitId)
  const reason = whyNotAnswer(actor, { ...visit, elders }, { elderId, how: 'phone' })
  if (reason !== null) throw new Refusal(reason)
  if (visit.state === 'inProgress') throw new Refusal('CALL_NOTHING')
  const step = await whyNotStep(tx, actor, 'verify', visit.regionPath, at)
  if (step !== null) throw new Refusal(step)
  const nextAt = reached ? null : await nextTry(tx, visit.regionPath, input.nextAt, at)
  const row = {
    ...{ id, visitId, elderId, regionPath: visit.regionPath, reached, nextAt, at },
    answer: answer ?? null,
    satisfaction: input.satisfaction ?? null,
    note: input.note === undefined || input.note === '' ? null : input.note,
    byPersonId: actor.personId,
  }
  await insertAll(tx, 'call_back', [row])
  await logOperation(tx, actor, {
    at,
    action: reached ? 'call' : 'missCall',
    resource: 'visit',
    resourceId: visitId,
    regionPath: visit.regionPath,
    after: { elderId, answer },
  })
  const moved = answer !== undefined && (await answers(tx, actor, visitId, { ...input, answer }, at))
  await closeDraw(tx, visitId, visit.regionPath, reached, at)
  return { id: row.id, moved, missedCallAt: reached ? null : at.toISOString() }
}

/** @returns whether the answer moved the visit; what was said already, or can't be taken back by telephone, moves nothing */
async function answers(
  tx: Tx,
  actor: Actor,
  visitId: string,
  { id, elderId, answer }: CallInput & { answer: 'yes' | 'no' | 'unsure' },
  at: Date,
): Promise<boolean> {
  const [outcome] = await answerVisits(tx, [{ actor, visitId, input: { id, elderId, answer, how: 'phone' }, at }])
  const refusal = outcome?.refusal ?? null
  if (refusal === null) return true
  if (refusal.code === 'CONFIRM_ALREADY' || refusal.code === 'CONFIRM_TOO_LATE') return false
  throw refusal
}

async function nextTry(tx: Tx, regionPath: string, asked: string | undefined, at: Date): Promise<Date> {
  if (asked !== undefined && new Date(asked) > at) return new Date(asked)
  const { callRetryHours } = await settingsAt(tx, regionPath, dayOf(at))
  return addSeconds(at, callRetryHours * 3600)
}

/** What was drawn is done with when somebody was reached, or was rung often enough. */
async function closeDraw(tx: Tx, visitId: string, regionPath: string, reached: boolean, at: Date): Promise<void> {
  const { callTriesMax } = await settingsAt(tx, regionPath, dayOf(at))
  const tries = (await callsOf(tx, [visitId])).get(visitId)?.times ?? 0
  if (!reached && tries < callTriesMax) return
  await tx.callDraw.updateMany({ where: { visitId, closedAt: null }, data: { closedAt: at } })
}

export type Calls = { times: number; lastAt: Date; nextAt: Date | null }

/** How often staff rang in vain about each of these visits, when last, and when to ring again. */
export async function callsOf(db: Reader, visitIds: readonly string[]): Promise<Map<string, Calls>> {
  const rows = await query<{ visitId: string; at: Date; nextAt: Date | null }>(
    db,
    `SELECT "visitId", "at", "nextAt" FROM call_back WHERE "visitId" IN LIST($1) AND NOT "reached" ORDER BY "at"`,
    [...visitIds],
  )
  const calls = new Map<string, Calls>()
  for (const { visitId, at, nextAt } of rows)
    calls.set(visitId, { times: (calls.get(visitId)?.times ?? 0) + 1, lastAt: at, nextAt })
  return calls
}
