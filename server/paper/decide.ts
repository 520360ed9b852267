import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { dayOf, monthOf } from '../../shared/core/time'
import type { decidePaperInput } from '../../shared/paper/input'
import { natureFor } from '../../shared/service/rules'
import { can } from '../../shared/session/permissions'
import { flagOf } from '../../shared/visit/exceptions'
import { type Raised, raisedBeforePaper } from '../../shared/visit/raise'
import { readApart } from '../audit/duties'
import { type Actor, inScope } from '../core/actor'
import { findBy, insertAll, insertNew, type RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, query, type Tx, transact } from '../core/db'
import { newId } from '../core/ids'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { answerVisits } from '../visit/confirm'
import { drawForVisits } from '../visit/draw-calls'
import { readEldersServed, relativesOf } from '../visit/elders'
import { type Ending, endVisits, findRunning } from '../visit/ending'
import { lockMembers } from '../visit/lock'
import { raise } from '../visit/raise'
import { readSettings } from '../visit/settings'
import { whyNotDecidePaper } from './policy'

type Decision = z.infer<typeof decidePaperInput>
type Batch = RowOf<'PaperBatch'>
type Line = RowOf<'PaperLine'>

/** So many visits are one commit. */
const CHUNK = 200
/** Typed in: nobody was seen at a door. */
const TYPED_LEVEL = 0

/**
 * A second person approves what was entered from paper: then its lines are visits, L0 with E15, signed ones confirmed on
 * paper, and those of elders without a phone on the list of calls. Broken off half way, the same approval goes on.
 *
 * @throws Refusal NOT_FOUND, NOT_ALLOWED, REVIEWER_DUTY, PAPER_DECIDED, PAPER_SECOND, PAPER_NO_PICTURE
 */
export async function decidePaper(
  db: Db,
  keys: Keys,
  actor: Actor,
  batchId: string,
  input: Decision,
  at: Date,
): Promise<{ id: string }> {
  const batch = await claim(db, actor, batchId, input, at)
  if (batch.state !== 'approving') return { id: batchId }
  const lines = await findBy(db, 'PaperLine', 'batchId', [batchId], ' ORDER BY "line"')
  for (let from = 0; from < lines.length; from += CHUNK)
    await transact(db, (tx) => writeVisits(tx, keys, actor, batch, lines.slice(from, from + CHUNK), at))
  await db.paperBatch.updateMany({ where: { id: batchId, state: 'approving' }, data: { state: 'approved' } })
  return { id: batchId }
}

/** Takes the decision: of two at once one is refused, and the same press again goes on where it was. */
async function claim(db: Db, actor: Actor, batchId: string, input: Decision, at: Date): Promise<Batch> {
  await transact(db, (tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'decidePaper', input: { batchId, ...input }, at },
      async () => {
        const batch = await tx.paperBatch.findFirst({ where: { id: batchId, ...inScope(actor, can('paper.read')) } })
        if (batch === null) throw new Refusal('NOT_FOUND')
        const pictures = await tx.paperPicture.count({ where: { batchId } })
        const reason = whyNotDecidePaper(actor, batch, {
          ...{ pictures, isOwn: await isOwn(tx, actor, batchId) },
          isApart: (await readApart(tx, [batch], at))(batch.regionPath),
        })
        if (reason !== null && !(reason === 'PAPER_NO_PICTURE' && input.outcome === 'rejected'))
          throw new Refusal(reason)
        const taken = await tx.paperBatch.updateMany({
          where: { id: batchId, state: 'waiting' },
          data: {
            state: input.outcome === 'approved' ? 'approving' : 'rejected',
            decidedByPersonId: actor.personId,
            decidedAt: at,
            decisionNote: input.note,
          },
        })
        if (taken.count === 0) throw new Refusal('PAPER_DECIDED')
        // What was rejected may be entered anew, put right.
        if (input.outcome === 'rejected')
          await tx.paperLine.updateMany({ where: { batchId }, data: { visitKey: null, sheetKey: null } })
        await logOperation(tx, actor, {
          at,
          action: input.outcome === 'approved' ? 'approvePaper' : 'rejectPaper',
          resource: 'paper',
          resourceId: batchId,
          regionPath: batch.regionPath,
        })
        return { id: batchId }
      },
    ),
  )
  return db.paperBatch.findUniqueOrThrow({ where: { id: batchId } })
}

/** Whether a line is about the actor's own service. */
export async function isOwn(db: Parameters<typeof query>[0], actor: Actor, batchId: string): Promise<boolean> {
  if (actor.member === null) return false
  const rows = await query<{ line: number }>(
    db,
    `SELECT "line" FROM paper_line WHERE "batchId" = $1 AND "memberId" = $2 LIMIT 1`,
    batchId,
    actor.member.id,
  )
  return rows.length > 0
}

async function writeVisits(
  tx: Tx,
  keys: Keys,
  actor: Actor,
  batch: Batch,
  lines: readonly Line[],
  at: Date,
): Promise<void> {
  await lockMembers(tx, [...new Set(lines.map(({ memberId }) => memberId))])
  const there = new Set(
    (
      await query<{ id: string }>(
        tx,
        `SELECT "id" FROM visit WHERE "id" IN LIST($1)`,
        lines.map(({ visitId }) => visitId),
      )
    ).map(({ id }) => id),
  )
  const fresh = lines.filter(({ visitId }) => !there.has(visitId))
  if (fresh.length === 0) return
  await begin(tx, keys, batch, fresh, at)
  const running = new Map(
    (
      await findRunning(
        tx,
        fresh.map(({ visitId }) => visitId),
      )
    ).map((visit) => [visit.id, visit]),
  )
  await endVisits(
    tx,
    keys,
    fresh.flatMap((line): Ending[] => {
      const visit = running.get(line.visitId)
      if (visit === undefined) return []
      const evidence = evidenceOf(line.visitId, 'out', line.checkOutAt, at)
      return [
        {
          ...{ visit, evidence, actor, at, tasksDone: [], arrival: null, fromPaper: true },
          endAt: line.checkOutAt,
          exitLevel: TYPED_LEVEL,
        },
      ]
    }),
  )
  await answerVisits(
    tx,
    fresh
      .filter(({ signedBy }) => signedBy !== 'nobody')
      .map(({ visitId, elderId }) => ({
        actor,
        visitId,
        at,
        input: { id: newId(at), elderId, answer: 'yes', how: 'paper' },
      })),
  )
  await drawForVisits(
    tx,
    keys,
    fresh.map(({ visitId }) => visitId),
    at,
  )
}

/** The lines as visits that have begun; ending them is the same as for any other. */
async function begin(tx: Tx, keys: Keys, batch: Batch, lines: readonly Line[], at: Date): Promise<void> {
  const elders = await readEldersServed(tx, keys, [...new Set(lines.map(({ elderId }) => elderId))])
  const members = new Map(
    (await findBy(tx, 'Member', 'id', [...new Set(lines.map(({ memberId }) => memberId))])).map((one) => [one.id, one]),
  )
  const services = new Map(
    (await findBy(tx, 'Service', 'id', [...new Set(lines.map(({ serviceId }) => serviceId))])).map((one) => [
      one.id,
      one,
    ]),
  )
  const personIds = [...members.values()].map(({ personId }) => personId)
  const relatives = await relativesOf(tx, keys, personIds, [...elders.values()])
  const pairs = await pairsBefore(tx, lines)
  const settings = await readSettings(
    tx,
    lines.flatMap(({ elderId, day }) => ({ regionPath: elders.get(elderId)?.regionPath ?? '/', day })),
  )
  const written = lines.flatMap((line) => {
    const [elder, member, service] = [
      elders.get(line.elderId),
      members.get(line.memberId),
      services.get(line.serviceId),
    ]
    if (elder === undefined || member === undefined || service === undefined) return []
    const { regionId, regionPath, countyId } = elder
    const day = dayOf(line.checkInAt)
    const month = monthOf(line.checkInAt)
    const natures = service.natures.split(',')
    const kind = member.kind as 'volunteer' | 'neighbourHelper'
    const nature = natureFor(kind, natures) ?? natures[0] ?? 'volunteer'
    const pair = `${member.id} ${elder.id} ${month}`
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
    const helperSigned = line.signedBy === 'proxy' && elder.proxies.some((proxy) => proxy.personId === member.personId)
    const raised = raisedBeforePaper(
      {
        pairVisits: pairs.get(pair) ?? 1,
        isRelative: relatives.has(`${member.personId} ${elder.id}`),
        helperSigned,
      },
      settings(regionPath, line.day),
    )
    const place = { regionId, regionPath, countyId, day, month, counted: false }
    return [
      {
        raised,
        row: {
          ...place,
          ...{ id: line.visitId, memberId: member.id, memberPersonId: member.personId, serviceId: service.id },
          ...{ orderId: null, channel: 'inPerson', nature, state: 'inProgress', checkInAt: line.checkInAt },
          ...{ recordedAt: at, tasksDone: '[]', flag: flagOf(raised.map(({ code }) => code)) },
          enteredByPersonId: batch.enteredByPersonId,
        },
        elder: { ...place, visitId: line.visitId, elderId: elder.id, channel: 'inPerson', nature },
        evidence: evidenceOf(line.visitId, 'in', line.checkInAt, at),
      },
    ]
  })
  await insertNew(
    tx,
    'visit',
    written.map(({ row }) => row),
    'id',
  )
  await insertAll(
    tx,
    'visit_elder',
    written.map(({ elder }) => elder),
  )
  await insertAll(
    tx,
    'visit_evidence',
    written.map(({ evidence }) => evidence),
  )
  await raise(tx, new Map(written.map(({ row, raised }): [string, Raised[]] => [row.id, raised])), [], () => at)
}

function evidenceOf(visitId: string, phase: 'in' | 'out', happenedAt: Date, at: Date) {
  return {
    ...{
      id: newId(at),
      visitId,
      phase,
      at: happenedAt,
      recordedAt: at,
      method: 'staff',
      plateId: null,
      rotatingSessionId: null,
    },
    ...{ level: TYPED_LEVEL, deviceId: null, boundDevice: false, placeSealed: null, placeDatum: null, placeHmac: null },
    ...{ distanceMetres: null, accuracyMetres: null },
  }
}

/** Visits of each helper to each elder in the months of these lines, as "member elder month". */
async function pairsBefore(tx: Tx, lines: readonly Line[]): Promise<Map<string, number>> {
  const rows = await query<{ memberId: string; elderId: string; month: string; times: bigint }>(
    tx,
    `SELECT v."memberId", e."elderId", e."month", COUNT(*) AS "times"
     FROM visit_elder AS e JOIN visit AS v ON v."id" = e."visitId"
     WHERE e."elderId" IN LIST($1) AND v."memberId" IN LIST($2) AND e."month" IN LIST($3)
     GROUP BY v."memberId", e."elderId", e."month"`,
    [...new Set(lines.map(({ elderId }) => elderId))],
    [...new Set(lines.map(({ memberId }) => memberId))],
    [...new Set(lines.map(({ checkInAt }) => monthOf(checkInAt)))],
  )
  return new Map(rows.map((row) => [`${row.memberId} ${row.elderId} ${row.month}`, Number(row.times)]))
}
