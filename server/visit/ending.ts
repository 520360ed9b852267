import { addSeconds } from '../../shared/core/time'
import type { SettingValues } from '../../shared/region/settings'
import type { Judgement } from '../../shared/scheme/document'
import { judgeWithoutScheme } from '../../shared/scheme/rules'
import { levelOfVisit } from '../../shared/visit/evidence'
import type { Flag } from '../../shared/visit/exceptions'
import { type Arrival, type Raised, raisedAtClosing, raisedAtFinish } from '../../shared/visit/raise'
import { isCounted, secondsBetween } from '../../shared/visit/rules'
import type { Actor } from '../core/actor'
import type { Tx } from '../core/db'
import { logEach } from '../core/operation-log'
import { finishForVisits } from '../order/take'
import { type SchemeInForce, schemeOn } from '../scheme/queries'
import { type Award, type Awardable, judgeExpected, postDue } from './award'
import { exitKindsOf } from './elders'
import type { EvidenceRow } from './end'
import { latest } from './outcome'
import { findOverlaps, type Span } from './overlaps'
import { raise } from './raise'
import { readSettings } from './settings'

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
  /** when the press came, or the clock's turn */
  at: Date
}

/** Visits with what ending them takes. Lock their helpers first. */
export function findRunning(tx: Tx, visitIds: readonly string[]) {
  return tx.visit.findMany({
    where: { id: { in: [...visitIds] } },
    include: { elders: true, evidence: true, exceptions: true },
  })
}

/**
 * Ends visits: how long, how well proved, whether they count, what they are worth, and what is odd. A visit that overlaps
 * another counted one of the same helper is kept with E02 and doesn't count.
 */
export async function endVisits(tx: Tx, endings: readonly Ending[]): Promise<void> {
  if (endings.length === 0) return
  const at = latest(endings)
  const moments = new Map(endings.map((ending) => [ending.visit.id, ending.at]))
  const settings = await readSettings(
    tx,
    endings.map(({ visit }) => visit),
  )
  const schemes = await readSchemes(tx, endings)
  const exits = await exitKindsOf(
    tx,
    endings.map(({ visit }) => visit),
  )
  const measured = endings.map((ending) => measure(ending, settings(ending.visit.regionPath, ending.visit.day)))
  const overlaps = await findOverlaps(tx, measured.map(spanOf))
  const ended = measured.map((one) => ({
    ...one,
    overlaps: overlaps.has(one.visit.id),
    counted: one.countsAlone && !overlaps.has(one.visit.id),
  }))
  const expected = await judgeExpected(
    tx,
    ended.flatMap(({ visit, servedSeconds, level }) =>
      schemes(visit).map((scheme) => ({ visit: { ...visit, servedSeconds, level }, scheme })),
    ),
    at,
  )
  const judgementOf = ({ visit, servedSeconds }: Ended) => expected.get(visit.id) ?? judgeWithoutScheme(servedSeconds)
  const raised = new Map(
    ended.map((one) => [one.visit.id, oddities(one, exits.get(one.visit.id) ?? null, judgementOf(one))]),
  )
  const flags = await raise(
    tx,
    raised,
    endings.flatMap(({ visit }) => visit.exceptions),
    (id) => moments.get(id) as Date,
  )
  await tx.visitEvidence.createMany({ data: endings.map(({ evidence }) => evidence) })
  const finished = ended.map((one) => ({
    ...one,
    flag: flags.get(one.visit.id) ?? (one.visit.flag as Flag),
    judgement: judgementOf(one),
  }))
  const awards = await postDue(tx, finished.map(toAwardable), (id) => byOf(finished, id), at)
  for (const one of finished) await keep(tx, one, awards.get(one.visit.id))
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
    ended.map(({ visit, actor, at, servedSeconds, counted }) => ({
      actor,
      at,
      action: actor === null ? 'closeLong' : 'checkOut',
      resource: 'visit',
      resourceId: visit.id,
      regionPath: visit.regionPath,
      before: { state: visit.state },
      after: { state: 'finished', servedSeconds, counted },
    })),
  )
}

type Measured = Ending & { limits: SettingValues; servedSeconds: number; level: number; countsAlone: boolean }
type Ended = Measured & { overlaps: boolean; counted: boolean }
type Finished = Ended & { flag: Flag; judgement: Judgement }

function measure(ending: Ending, limits: SettingValues): Measured {
  const { visit, endAt } = ending
  const servedSeconds = secondsBetween(visit.checkInAt, endAt)
  const inLevel = visit.evidence.find(({ phase }) => phase === 'in')?.level ?? 0
  const countsAlone = isCounted({ state: 'finished', servedSeconds, overlaps: false }, limits.visitSecondsMin)
  return { ...ending, limits, servedSeconds, level: levelOfVisit(inLevel, ending.exitLevel), countsAlone }
}

function spanOf({ visit, endAt, countsAlone }: Measured): Span {
  return { id: visit.id, memberId: visit.memberId, from: visit.checkInAt, to: endAt, countsAlone }
}

function toAwardable({ visit, servedSeconds, level, flag, judgement }: Finished): Awardable {
  return { ...visit, servedSeconds, level, flag, state: 'finished', schemeId: schemeIdOf(judgement) }
}

function byOf(finished: readonly Finished[], visitId: string): string {
  return finished.find(({ visit }) => visit.id === visitId)?.actor?.personId ?? 'clock'
}

function oddities(
  { arrival, servedSeconds, overlaps, limits }: Ended,
  exitKind: string | null,
  judgement: Judgement,
): Raised[] {
  const facts = { servedSeconds, overlaps, exitKind, wasCut: judgement.explanation.cuts.length > 0 }
  return arrival === null ? raisedAtClosing(facts, limits) : raisedAtFinish({ ...facts, end: arrival }, limits)
}

async function keep(tx: Tx, one: Finished, award: Award | undefined): Promise<void> {
  const { visit, endAt, servedSeconds, level, counted, flag, judgement, actor, tasksDone, limits } = one
  await tx.visit.update({
    where: { id: visit.id, state: 'inProgress' },
    data: {
      state: 'finished',
      checkOutAt: endAt,
      servedSeconds,
      level,
      counted,
      flag,
      closedBy: actor === null ? 'job' : 'helper',
      tasksDone: JSON.stringify(tasksDone),
      expectedMilliPoints: judgement.milliPoints,
      awardedMilliPoints: award?.awardedMilliPoints ?? null,
      explanation: award?.explanation ?? JSON.stringify(judgement.explanation),
      schemeId: schemeIdOf(judgement),
      silentFrom: addSeconds(endAt, limits.silentHours * 3600),
    },
  })
  await tx.visitElder.updateMany({ where: { visitId: visit.id }, data: { servedSeconds, counted } })
}

function schemeIdOf({ explanation }: Judgement): string | null {
  return explanation.schemeId === '' ? null : explanation.schemeId
}

/** The rules in force at each visit's place on its day; none where nothing was published. */
async function readSchemes(tx: Tx, endings: readonly Ending[]): Promise<(visit: Running) => SchemeInForce[]> {
  const found = new Map<string, SchemeInForce | null>()
  for (const { visit } of endings) {
    const key = `${visit.regionPath} ${visit.day}`
    if (!found.has(key)) found.set(key, await schemeOn(tx, visit.regionPath, visit.day))
  }
  return (visit) => {
    const scheme = found.get(`${visit.regionPath} ${visit.day}`) ?? null
    return scheme === null ? [] : [scheme]
  }
}
