import { copyWith } from '../../shared/core/copy'
import { addSeconds } from '../../shared/core/time'
import type { SettingValues } from '../../shared/region/settings'
import type { Judgement } from '../../shared/scheme/document'
import { judgeWithoutScheme } from '../../shared/scheme/rules'
import { type Challenge, unansweredBy } from '../../shared/visit/challenge'
import { levelOfVisit, levelWithChallenge } from '../../shared/visit/evidence'
import type { Flag } from '../../shared/visit/exceptions'
import {
  type Arrival,
  type Raised,
  raisedAtClosing,
  raisedAtFinish,
  raisedByPaper,
  type WholeFacts,
} from '../../shared/visit/raise'
import { isCounted, secondsBetween } from '../../shared/visit/rules'
import type { Actor } from '../core/actor'
import { findBy, groupBy, insertAll, type RowOf, updateRows } from '../core/bulk'
import type { Keys } from '../core/config'
import { query, type Tx } from '../core/db'
import { logEach } from '../core/operation-log'
import { finishForVisits } from '../order/take'
import { schemesOn } from '../scheme/queries'
import { type Award, type Awardable, judgeExpected, NO_SIDE, postDue, type Side } from './award'
import { challengesFor } from './challenge'
import { exitKindsOf } from './elders'
import type { EvidenceRow } from './end'
import { latest } from './outcome'
import { findOverlaps, type Span } from './overlaps'
import { raise } from './raise'
import { readSettings } from './settings'
import { legsOf, pairVisitsOf } from './whole'

export type Running = Awaited<ReturnType<typeof findRunning>>[number]
/** How a running visit comes to its end. `actor` null: the clock closed it, and nobody arrived at an end. */
export type Ending = {
  visit: Running
  endAt: Date
  evidence: EvidenceRow
  exitLevel: number
  arrival: Arrival | null
  tasksDone: readonly string[]
  actor: Actor | null
  /** staff typed it in from paper */
  fromPaper?: boolean
  /** when the press came, or the clock's turn */
  at: Date
}

/** Visits with what ending them takes. Lock their helpers first. */
export async function findRunning(tx: Tx, visitIds: readonly string[]) {
  const ids = [...new Set(visitIds)]
  const [visits, elders, evidence, exceptions] = await Promise.all([
    findBy(tx, 'Visit', 'id', ids),
    query<RowOf<'VisitElder'> & { householdId: string }>(
      tx,
      `SELECT e.*, o."householdId" FROM visit_elder AS e JOIN elder AS o ON o."id" = e."elderId" WHERE e."visitId" IN LIST($1)`,
      ids,
    ),
    findBy(tx, 'VisitEvidence', 'visitId', ids),
    findBy(tx, 'VisitException', 'visitId', ids),
  ])
  const eldersOf = groupBy(elders, ({ visitId }) => visitId)
  const evidenceOf = groupBy(evidence, ({ visitId }) => visitId)
  const exceptionsOf = groupBy(exceptions, ({ visitId }) => visitId)
  return visits.map((visit) =>
    Object.assign(visit, {
      elders: eldersOf(visit.id),
      evidence: evidenceOf(visit.id),
      exceptions: exceptionsOf(visit.id),
    }),
  )
}

/**
 * Ends visits: how long, how well proved, whether they count, what they are worth, and what is odd. A visit that overlaps
 * another counted one of the same helper is kept with E02 and doesn't count.
 */
export async function endVisits(tx: Tx, keys: Keys, endings: readonly Ending[]): Promise<void> {
  if (endings.length === 0) return
  const at = latest(endings)
  const moments = new Map(endings.map((ending) => [ending.visit.id, ending.at]))
  const settings = await readSettings(
    tx,
    endings.map(({ visit }) => visit),
  )
  // The rules in force at each visit's place on its day; none where nothing was published.
  const schemeOf = await schemesOn(
    tx,
    endings.map(({ visit }) => visit),
  )
  const exits = await exitKindsOf(
    tx,
    endings.map(({ visit }) => visit),
  )
  // Written first: the way to an end is one of the ways the whole visit is judged by.
  await insertAll(
    tx,
    'visit_evidence',
    endings.map(({ evidence }) => evidence),
  )
  const measured = endings.map((ending) =>
    measure(
      ending,
      settings(ending.visit.regionPath, ending.visit.day),
      challengesFor(keys, schemeOf(ending.visit), ending.visit),
    ),
  )
  const wholeOf = await readWhole(tx, keys, measured)
  const overlaps = await findOverlaps(tx, measured.map(spanOf))
  const ended = measured.map((one) => {
    const isOverlapping = overlaps.has(one.visit.id)
    return copyWith(one, { overlaps: isOverlapping, counted: one.countsAlone && !isOverlapping })
  })
  const expected = await judgeExpected(
    tx,
    ended.flatMap(({ visit, servedSeconds, level }) => {
      const scheme = schemeOf(visit)
      return scheme === null ? [] : [{ visit: copyWith(visit, { servedSeconds, level }), scheme }]
    }),
    at,
  )
  const judgementOf = ({ visit, servedSeconds }: Ended) => expected.get(visit.id) ?? judgeWithoutScheme(servedSeconds)
  const raised = new Map(
    ended.map((one) => [one.visit.id, oddities(one, exits.get(one.visit.id) ?? null, judgementOf(one), wholeOf(one))]),
  )
  const flags = await raise(
    tx,
    raised,
    endings.flatMap(({ visit }) => visit.exceptions),
    (id) => moments.get(id) as Date,
  )
  const finished = ended.map((one) =>
    copyWith(one, {
      flag: flags.get(one.visit.id) ?? (one.visit.flag as Flag),
      judgement: judgementOf(one),
      side: expected.get(one.visit.id)?.side ?? NO_SIDE,
    }),
  )
  const schemes = new Map(endings.flatMap(({ visit }) => schemeOf(visit) ?? []).map((scheme) => [scheme.id, scheme]))
  const awards = await postDue(tx, finished.map(toAwardable), schemes, (id) => byOf(finished, id), at)
  await keep(tx, finished, awards)
  await finishForVisits(
    tx,
    endings.flatMap(({ visit, actor, at }) =>
      visit.orderId === null
        ? []
        : [
            {
              orderId: visit.orderId,
              byPersonId: actor?.personId ?? visit.memberPersonId,
              memberId: visit.memberId,
              at,
            },
          ],
    ),
  )
  await logEach(
    tx,
    ended.map(({ visit, actor, at, servedSeconds, counted, fromPaper }) => ({
      actor,
      at,
      action: actor === null ? 'closeLong' : fromPaper === true ? 'enterPaper' : 'checkOut',
      resource: 'visit',
      resourceId: visit.id,
      regionPath: visit.regionPath,
      before: { state: visit.state },
      after: { state: 'finished', servedSeconds, counted },
    })),
  )
}

type Measured = Ending & {
  limits: SettingValues
  servedSeconds: number
  level: number
  countsAlone: boolean
  challenges: Challenge[]
}
type Ended = Measured & { overlaps: boolean; counted: boolean }
type Finished = Ended & { flag: Flag; judgement: Judgement; side: Side }

function measure(ending: Ending, limits: SettingValues, challenges: Challenge[]): Measured {
  const { visit, endAt } = ending
  const servedSeconds = secondsBetween(visit.checkInAt, endAt)
  const inLevel = visit.evidence.find(({ phase }) => phase === 'in')?.level ?? 0
  const countsAlone = isCounted({ state: 'finished', servedSeconds, overlaps: false }, limits.visitSecondsMin)
  const isAnswered = challenges.some(({ answeredAt }) => answeredAt !== null)
  const level = levelWithChallenge(levelOfVisit(inLevel, ending.exitLevel), isAnswered)
  return copyWith(ending, { limits, servedSeconds, level, countsAlone, challenges })
}

function spanOf({ visit, endAt, countsAlone }: Measured): Span {
  return { id: visit.id, memberId: visit.memberId, from: visit.checkInAt, to: endAt, countsAlone }
}

function toAwardable({ visit, servedSeconds, level, flag, judgement }: Finished): Awardable {
  return copyWith(visit, { servedSeconds, level, flag, state: 'finished' as const, schemeId: schemeIdOf(judgement) })
}

function byOf(finished: readonly Finished[], visitId: string): string {
  return finished.find(({ visit }) => visit.id === visitId)?.actor?.personId ?? 'clock'
}

function oddities(
  { arrival, servedSeconds, overlaps, limits, fromPaper }: Ended,
  exitKind: string | null,
  judgement: Judgement,
  whole: WholeFacts,
): Raised[] {
  const facts = { servedSeconds, overlaps, exitKind, wasCut: judgement.explanation.cuts.length > 0, whole }
  if (fromPaper === true) return raisedByPaper(facts, limits)
  return arrival === null ? raisedAtClosing(facts, limits) : raisedAtFinish({ ...facts, end: arrival }, limits)
}

async function readWhole(tx: Tx, keys: Keys, measured: readonly Measured[]): Promise<(one: Measured) => WholeFacts> {
  const pairVisits = await pairVisitsOf(
    tx,
    measured.map(({ visit }) => visit),
  )
  const legs = await legsOf(
    tx,
    keys,
    measured.map(({ visit, endAt, evidence }) => ({ visit, endAt, isPlaced: evidence.placeSealed !== null })),
  )
  return ({ visit, challenges, endAt, arrival }) => {
    const [first] = challenges
    // who was without a network at the end couldn't be asked
    const times = arrival?.offline === null ? unansweredBy(challenges, endAt) : 0
    const seconds = first === undefined ? 0 : secondsBetween(first.at, first.until)
    return { pairVisits: pairVisits(visit), legs: legs(visit.id), unanswered: { times, seconds } }
  }
}

async function keep(tx: Tx, finished: readonly Finished[], awards: ReadonlyMap<string, Award>): Promise<void> {
  const kept = await updateRows(
    tx,
    'visit',
    ['id'],
    finished.map((one) => endedRow(one, awards.get(one.visit.id))),
    'inProgress',
  )
  if (kept < finished.length) throw new Error('a visit ended meanwhile')
  await updateRows(
    tx,
    'visit_elder',
    ['visitId'],
    finished.map(({ visit, servedSeconds, counted }) => ({ visitId: visit.id, servedSeconds, counted })),
  )
}

function endedRow(one: Finished, award: Award | undefined) {
  const { visit, endAt, servedSeconds, level, counted, flag, judgement, side, actor, tasksDone, limits } = one
  return {
    id: visit.id,
    state: 'finished',
    checkOutAt: endAt,
    servedSeconds,
    level,
    counted,
    flag,
    closedBy: one.fromPaper === true ? 'staff' : actor === null ? 'job' : 'helper',
    tasksDone: JSON.stringify(tasksDone),
    expectedMilliPoints: judgement.milliPoints,
    awardedMilliPoints: award?.awardedMilliPoints ?? null,
    pooledMilliPoints: award?.pooledMilliPoints ?? 0n,
    honourMilliPoints: award?.honourMilliPoints ?? 0n,
    carry: award?.carry ?? side.carry,
    explanation: award?.explanation ?? JSON.stringify(judgement.explanation),
    schemeId: schemeIdOf(judgement),
    silentFrom: addSeconds(endAt, limits.silentHours * 3600),
  }
}

function schemeIdOf({ explanation }: Judgement): string | null {
  return explanation.schemeId === '' ? null : explanation.schemeId
}
