import { Refusal } from '../../shared/core/refusals'
import type { VisitScanInput } from '../../shared/visit/input'
import { type Raised, raisedByPlate } from '../../shared/visit/raise'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Tx } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { consumeUses, rotatingTokenOf, usesOf } from '../plate/rotating'
import { readDoors } from './elders'
import { askedBy, evidenceOf, judgeEnd, type Offline, type Press, readEndKnowledge, recordedAt } from './end'
import { findRunning } from './ending'
import { lockHelpersOf } from './lock'
import { raise } from './raise'
import { readSettings } from './settings'

/**
 * The helper scans the plate while serving: proof that somebody was there, and of the exit if it follows soon. A plate that
 * was taken out of use meanwhile is recorded with E10.
 *
 * @throws Refusal NOT_FOUND, VISIT_NOT_IN_PROGRESS, PLATE_UNKNOWN, PLATE_KIND for another door's plate
 */
export async function scanDuring(
  db: Db,
  keys: Keys,
  actor: Actor,
  visitId: string,
  input: VisitScanInput,
  at: Date,
  offline?: Offline,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      {
        ...{ key: input.id, personId: actor.personId, verb: 'scanDuring', input: { visitId, ...askedBy(input) } },
        at: recordedAt({ at, offline }),
      },
      () =>
        keepScan(tx, keys, visitId, {
          ...{ actor, code: input.code, place: input.place, deviceAt: input.deviceAt, at, offline },
        }),
    ),
  )
}

async function keepScan(tx: Tx, keys: Keys, visitId: string, press: Press): Promise<{ id: string }> {
  const { actor, at } = press
  const learntAt = recordedAt(press)
  await lockHelpersOf(tx, [visitId])
  const [visit] = await findRunning(tx, [visitId])
  if (visit === undefined || visit.memberPersonId !== actor.personId) throw new Refusal('NOT_FOUND')
  if (visit.state !== 'inProgress') throw new Refusal('VISIT_NOT_IN_PROGRESS')
  const doors = await readDoors(tx, keys, [visit])
  const settings = await readSettings(tx, [visit])
  const known = await readEndKnowledge(tx, keys, [press])
  const judged = judgeEnd(press, doors(visit, settings(visit.regionPath, visit.day)), 'out', known)
  const { plate } = judged.arrival
  const screen = rotatingTokenOf(press.code ?? '') === null ? null : known.rotating(press, 'out')
  if (screen !== null && screen.whyNot !== null) throw new Refusal(screen.whyNot, { field: 'code' })
  if (plate === 'otherDoor') throw new Refusal('PLATE_KIND', { field: 'code' })
  if (plate !== 'inForce' && plate !== 'revoked') throw new Refusal('PLATE_UNKNOWN', { field: 'code' })
  await tx.visitEvidence.create({ data: evidenceOf(visitId, 'during', press, judged, known) })
  await consumeUses(tx, usesOf(judged.screen, visit.memberId, 'out', visitId, at))
  const raised: [string, Raised[]] = [visitId, raisedByPlate({ phase: 'during', plate })]
  const flag = (await raise(tx, new Map([raised]), visit.exceptions, () => learntAt)).get(visitId)
  if (flag !== undefined) await tx.visit.update({ where: { id: visitId }, data: { flag } })
  await logOperation(tx, actor, {
    at: learntAt,
    action: 'scan',
    resource: 'visit',
    resourceId: visitId,
    regionPath: visit.regionPath,
  })
  return { id: visitId }
}
