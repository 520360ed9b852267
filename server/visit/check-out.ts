import { exitProof } from '../../shared/visit/evidence'
import type { CheckOutInput } from '../../shared/visit/input'
import { whyNotCheckOut } from '../../shared/visit/rules'
import type { VisitState } from '../../shared/visit/view'
import type { Actor } from '../core/actor'
import { joined, keysOf } from '../core/batch'
import { insertAll } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, inOrder, type Tx, transact } from '../core/db'
import { onceEach } from '../core/once'
import { awayFromHome, consumeUses, type Use, usesOf } from '../plate/rotating'
import { readDoors } from './elders'
import {
  askedBy,
  type EndKnowledge,
  type EvidenceRow,
  evidenceOf,
  judgeEnd,
  type Offline,
  type Press,
  readEndKnowledge,
  recordedAt,
} from './end'
import { type Ending, endVisits, findRunning, type Running } from './ending'
import { lockHelpersOf } from './lock'
import { done, type Outcome, refused, settlementOf } from './outcome'
import { readSettings, type SettingsOf } from './settings'

/** `at` is when the helper was done; `offline` says that the server learns of it later. */
export type CheckOutAsk = {
  actor: Actor
  visitId: string
  input: CheckOutInput
  at: Date
  offline?: Offline | undefined
}

/**
 * The helper is done, with a scan or by pressing 帮完了. Too short, too long or far away is recorded, never refused. A press
 * that comes after the clock closed the visit is kept as evidence and changes nothing else.
 *
 * @throws Refusal NOT_FOUND, VISIT_NOT_IN_PROGRESS, CLOCK_WENT_BACK
 */
export async function checkOut(
  db: Db,
  keys: Keys,
  actor: Actor,
  visitId: string,
  input: CheckOutInput,
  at: Date,
  offline?: Offline,
): Promise<{ id: string }> {
  return checkOutOne(db, { keys, actor, visitId, input, at, offline })
}

const checkOutOne = joined<CheckOutAsk & { keys: Keys }, { id: string }>({
  apart: ({ input, visitId }) => [input.id, visitId],
  work: (db, asks) =>
    transact(db, (tx) =>
      onceEach(tx, 'checkOut', asks, onceOf, async (fresh) =>
        (await finishVisits(tx, keysOf(asks), fresh)).map(settlementOf),
      ),
    ),
})

function onceOf({ actor, visitId, input, at, offline }: CheckOutAsk) {
  const asked = { visitId, ...askedBy(input) }
  return { key: input.id, personId: actor.personId, input: asked, at: recordedAt({ at, offline }) }
}

/** Many ends of many helpers in one commit; what has ended already is refused for itself only. */
export async function checkOutVisits(db: Db, keys: Keys, asks: readonly CheckOutAsk[]): Promise<Outcome[]> {
  return transact(db, (tx) => finishVisits(tx, keys, asks))
}

async function finishVisits(tx: Tx, keys: Keys, asks: readonly CheckOutAsk[]): Promise<Outcome[]> {
  if (asks.length === 0) return []
  const ids = asks.map(({ visitId }) => visitId)
  // what is read is what stands once the helpers are locked
  const [, running] = await inOrder(
    tx,
    () => lockHelpersOf(tx, ids),
    () => findRunning(tx, ids),
  )
  const visits = new Map(running.map((visit) => [visit.id, visit]))
  const knowledge = await readKnowledge(tx, keys, asks, [...visits.values()])
  const endings: Ending[] = []
  const uses: Use[] = []
  const late: EvidenceRow[] = []
  const outcomes = asks.map((ask): Outcome => {
    const visit = visits.get(ask.visitId)
    if (visit === undefined || visit.memberPersonId !== ask.actor.personId) return refused(ask.visitId, 'NOT_FOUND')
    if (visit.state === 'finished' && visit.closedBy === 'job') {
      late.push(arrive(ask, visit, knowledge).evidence)
      return done(visit.id)
    }
    const isTwice = endings.some((ending) => ending.visit.id === visit.id)
    const reason = isTwice
      ? 'VISIT_NOT_IN_PROGRESS'
      : whyNotCheckOut({ state: visit.state as VisitState, checkInAt: visit.checkInAt }, ask.at)
    if (reason !== null) return refused(visit.id, reason)
    endings.push(endingOf(ask, visit, knowledge))
    uses.push(...usesOf(arrive(ask, visit, knowledge).screen, visit.memberId, 'out', visit.id, ask.at))
    return done(visit.id)
  })
  await insertAll(tx, 'visit_evidence', late)
  await endVisits(tx, keys, endings)
  await consumeUses(tx, uses)
  return outcomes
}

type Knowledge = {
  ends: EndKnowledge
  doors: Awaited<ReturnType<typeof readDoors>>
  settings: SettingsOf
  /** screens that stood at nobody's home */
  away: ReadonlySet<string>
}

async function readKnowledge(
  tx: Tx,
  keys: Keys,
  asks: readonly CheckOutAsk[],
  visits: readonly Running[],
): Promise<Knowledge> {
  const [ends, doors, settings, away] = await Promise.all([
    readEndKnowledge(tx, keys, asks.map(pressOf)),
    readDoors(tx, keys, visits),
    readSettings(tx, visits),
    awayFromHome(tx, visits.flatMap(beganAtScreen)),
  ])
  return { ends, doors, settings, away }
}

function beganAtScreen({ evidence }: Running): string[] {
  return evidence.flatMap(({ phase, rotatingSessionId }) => (phase === 'in' ? (rotatingSessionId ?? []) : []))
}

function endingOf(ask: CheckOutAsk, visit: Running, knowledge: Knowledge): Ending {
  const { arrival, evidence, level } = arrive(ask, visit, knowledge)
  const { exitScanSeconds } = knowledge.settings(visit.regionPath, visit.day)
  const scans = visit.evidence.filter(({ phase }) => phase === 'during')
  const proof = exitProof({ level, at: ask.at, distanceMetres: arrival.distanceMetres }, scans, exitScanSeconds)
  return {
    visit,
    endAt: ask.at,
    evidence,
    exitLevel: proof.level,
    arrival: { ...arrival, distanceMetres: proof.distanceMetres },
    at: recordedAt(ask),
    tasksDone: ask.input.tasksDone,
    actor: ask.actor,
  }
}

function arrive(ask: CheckOutAsk, visit: Running, { ends, doors, settings, away }: Knowledge) {
  const home = doors(visit, settings(visit.regionPath, visit.day))
  const door = beganAtScreen(visit).some((id) => away.has(id)) ? { ...home, homePoint: null } : home
  const judged = judgeEnd(pressOf(ask), door, 'out', ends)
  return {
    arrival: judged.arrival,
    level: judged.level,
    screen: judged.screen,
    evidence: evidenceOf(visit.id, 'out', pressOf(ask), judged, ends),
  }
}

function pressOf({ actor, input, at, offline }: CheckOutAsk): Press {
  return { actor, code: input.code, place: input.place, deviceAt: input.deviceAt, at, offline }
}
