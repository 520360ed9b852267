import type { Resolution } from '../../shared/audit/rules'
import type { Flag } from '../../shared/visit/exceptions'
import { flagOf } from '../../shared/visit/exceptions'
import type { Raised } from '../../shared/visit/raise'
import { isCounted, reachesPosting } from '../../shared/visit/rules'
import type { VisitState } from '../../shared/visit/view'
import type { Actor } from '../core/actor'
import { findBy, findWhereAny, groupBy, type RowOf, updateRows } from '../core/bulk'
import { inOrder, query, type Tx } from '../core/db'
import { logEach } from '../core/operation-log'
import { type SchemeInForce, schemesById } from '../scheme/queries'
import { type Award, type Awardable, postDue, takeBack } from './award'
import { latest } from './outcome'
import { findOverlaps } from './overlaps'
import { openCodes, raise } from './raise'
import { readSettings } from './settings'

export type Ended = Awaited<ReturnType<typeof findEnded>>[number]
/** A finished visit that goes to another state: what that settles, what it raises, and why an award would be taken back. */
export type Move = {
  visit: Ended
  to: VisitState
  actor: Actor
  action: string
  settled: readonly Resolution[]
  raised: readonly Raised[]
  reason: string
  at: Date
}

/** Visits with what answering and deciding takes. Lock their helpers first. */
export async function findEnded(tx: Tx, visitIds: readonly string[]) {
  const ids = [...new Set(visitIds)]
  const byRevision = ' ORDER BY "revision"'
  const [visits, elders, find] = await Promise.all([
    query<RowOf<'Visit'> & { mergedInto: string | null }>(
      tx,
      `SELECT v.*, p."mergedInto" FROM visit AS v JOIN member AS m ON m."id" = v."memberId"
       JOIN person AS p ON p."id" = m."personId" WHERE v."id" IN LIST($1)`,
      ids,
    ),
    findBy(tx, 'VisitElder', 'visitId', ids),
    findWhereAny(tx, 'visitId', ids, ['VisitException', 'Confirmation', 'VisitDecision']),
  ])
  const [exceptions, answers, decisions] = await Promise.all([
    find('VisitException'),
    find('Confirmation', byRevision),
    find('VisitDecision', byRevision),
  ])
  const eldersOf = groupBy(elders, ({ visitId }) => visitId)
  const exceptionsOf = groupBy(exceptions, ({ visitId }) => visitId)
  const answersOf = groupBy(answers, ({ visitId }) => visitId)
  const decisionsOf = groupBy(decisions, ({ visitId }) => visitId)
  return visits.map((visit) =>
    Object.assign(visit, {
      elders: eldersOf(visit.id),
      exceptions: exceptionsOf(visit.id),
      confirmations: answersOf(visit.id),
      decisions: decisionsOf(visit.id),
    }),
  )
}

/**
 * Moves visits: settles and raises exceptions, counts them or not, takes back what they no longer earn, posts what they now
 * do, all in the caller's commit.
 */
export async function moveVisits(tx: Tx, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return
  const at = latest(moves)
  const known = await settle(tx, moves)
  const counting = await countAgain(tx, moves)
  const raised = new Map(
    moves.map(({ visit, raised }) => [
      visit.id,
      counting(visit.id).overlaps ? [...raised, { code: 'E02' as const, detail: {} }] : raised,
    ]),
  )
  const flags = await raise(tx, raised, known, (id) => moveOf(moves, id).at)
  const flagNow = (visitId: string): Flag =>
    flags.get(visitId) ?? flagOf(openCodes(known.filter((row) => row.visitId === visitId)))
  const schemes = await schemesById(
    tx,
    moves.flatMap(({ visit }) => visit.schemeId ?? []),
  )
  const kept = await takeBack(
    tx,
    losing(moves, schemes),
    (id) => ({ byId: moveOf(moves, id).actor.personId, reason: moveOf(moves, id).reason }),
    at,
  )
  const awards = await postDue(
    tx,
    moves.map((move) => toAwardable(move, flagNow(move.visit.id), kept.get(move.visit.id))),
    schemes,
    (id) => moveOf(moves, id).actor.personId,
    at,
  )
  await raiseCuts(tx, moves, awards)
  const changes = moves.map(({ visit, to }) => ({
    from: visit,
    row: {
      id: visit.id,
      state: to,
      flag: flagNow(visit.id),
      counted: counting(visit.id).counted,
      awardedMilliPoints: visit.awardedMilliPoints,
      awardRevision: visit.awardRevision,
      pooledMilliPoints: visit.pooledMilliPoints,
      honourMilliPoints: visit.honourMilliPoints,
      carry: visit.carry,
      explanation: visit.explanation,
      ...kept.get(visit.id),
      ...keptOf(awards.get(visit.id)),
    },
  }))
  const logged = () =>
    logEach(
      tx,
      moves.map(({ visit, to, actor, action, at }) => ({
        actor,
        at,
        action,
        resource: 'visit',
        resourceId: visit.id,
        regionPath: visit.regionPath,
        before: { state: visit.state },
        after: { state: to },
      })),
    )
  const [, , ...moved] = await inOrder(tx, logged, () => recount(tx, changes), ...keeping(tx, changes))
  if (moved.reduce((sum, one) => sum + one, 0) < changes.length) throw new Error('a visit moved meanwhile')
}

type Kept = { from: Pick<Ended, 'state' | 'counted'>; row: { id: string; counted: boolean } }

/** Writes where the visits are now, each only if it is still where it was read; a statement for each state they come from. */
function keeping(tx: Tx, changes: readonly Kept[]): (() => Promise<number>)[] {
  return [...new Set(changes.map(({ from }) => from.state))].map((state) => {
    const rows = changes.filter(({ from }) => from.state === state).map(({ row }) => row)
    return () => updateRows(tx, 'visit', ['id'], rows, state)
  })
}

function recount(tx: Tx, changes: readonly Kept[]): Promise<number> {
  const recounted = changes.filter(({ from, row }) => from.counted !== row.counted)
  return updateRows(
    tx,
    'visit_elder',
    ['visitId'],
    recounted.map(({ row: { id, counted } }) => ({ visitId: id, counted })),
  )
}

/** Closes the exceptions that moves settle. Answers all exceptions as they stand then. */
async function settle(tx: Tx, moves: readonly Move[]) {
  const known = moves.flatMap(({ visit }) => visit.exceptions.map((row) => ({ ...row })))
  const closed = moves.flatMap(({ visit, settled, actor, at }) =>
    settled.flatMap(({ code, reasonCode, resolutionCode }) => {
      const row = known.find((one) => one.visitId === visit.id && one.code === code && one.resolvedAt === null)
      if (row === undefined) return []
      row.resolvedAt = at
      return [{ id: row.id, reasonCode, resolutionCode, resolvedByPersonId: actor.personId, resolvedAt: at }]
    }),
  )
  await updateRows(tx, 'visit_exception', ['id'], closed)
  return known
}

/** Whether each visit counts in its new state; what comes back to count must not overlap what counts by now. */
async function countAgain(
  tx: Tx,
  moves: readonly Move[],
): Promise<(visitId: string) => { counted: boolean; overlaps: boolean }> {
  const settings = await readSettings(
    tx,
    moves.map(({ visit }) => visit),
  )
  const wanting = moves.filter(({ visit, to }) =>
    countsAlone(visit, to, settings(visit.regionPath, visit.day).visitSecondsMin),
  )
  const overlapping = await findOverlaps(
    tx,
    wanting.filter(({ visit }) => !visit.counted).map(({ visit }) => spanOf(visit)),
  )
  const wanted = new Set(wanting.map(({ visit }) => visit.id))
  return (visitId) => ({
    counted: wanted.has(visitId) && !overlapping.has(visitId),
    overlaps: overlapping.has(visitId),
  })
}

export function countsAlone(visit: Ended, state: VisitState, visitSecondsMin: number): boolean {
  return isCounted({ state, servedSeconds: visit.servedSeconds ?? 0, overlaps: false }, visitSecondsMin)
}

export function spanOf(visit: Ended) {
  return {
    id: visit.id,
    memberId: visit.memberId,
    from: visit.checkInAt,
    to: visit.checkOutAt ?? visit.checkInAt,
    countsAlone: true,
  }
}

/** Those whose new state is before the step at which they were posted. */
function losing(moves: readonly Move[], schemes: ReadonlyMap<string, SchemeInForce>): Ended[] {
  return moves.flatMap(({ visit, to }) => {
    const scheme = schemes.get(visit.schemeId ?? '')
    return scheme === undefined || reachesPosting({ state: to, level: visit.level ?? 0 }, scheme.document)
      ? []
      : [visit]
  })
}

function toAwardable(
  { visit, to }: Move,
  flag: Flag,
  kept: Partial<Pick<Awardable, 'awardedMilliPoints' | 'pooledMilliPoints' | 'awardRevision'>> = {},
): Awardable {
  const now = { state: to, flag, servedSeconds: visit.servedSeconds ?? 0, level: visit.level ?? 0 }
  return Object.assign({}, visit, kept, now)
}

/** A cap that was reached only now, since others were posted first. */
async function raiseCuts(tx: Tx, moves: readonly Move[], awards: ReadonlyMap<string, Award>): Promise<void> {
  const cut = moves.filter(
    ({ visit }) => awards.get(visit.id)?.wasCut === true && !visit.exceptions.some(({ code }) => code === 'E12'),
  )
  const raised = new Map(cut.map(({ visit }) => [visit.id, [{ code: 'E12' as const, detail: {} }]]))
  await raise(tx, raised, [], (id) => moveOf(moves, id).at)
}

function keptOf(award: Award | undefined) {
  if (award === undefined) return {}
  const { wasCut: _, ...kept } = award
  return kept
}

function moveOf(moves: readonly Move[], visitId: string): Move {
  const found = moves.find(({ visit }) => visit.id === visitId)
  if (found === undefined) throw new Error('a move of another list')
  return found
}
