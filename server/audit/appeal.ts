import { isOwnCode, reasonWords } from '../../shared/audit/rules'
import { REFUSALS, Refusal, type RefusalCode } from '../../shared/core/refusals'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { appealWords } from '../../shared/visit/appeal'
import type { AppealListQuery, DecideAppealInput } from '../../shared/visit/input'
import type { AppealView } from '../../shared/visit/view'
import { type Actor, inScope } from '../core/actor'
import type { Keys } from '../core/config'
import { type Db, type Tx, transact } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { openPersons } from '../person/vault'
import { findRegionInScope } from '../region/queries'
import { readShown } from '../text/shown'
import { findVisits, type VisitLine } from '../visit/queries'
import { showVisits } from '../visit/show'
import { readDues } from './calendar'
import { decideWithin } from './decide'
import { ownWords } from './dictionary'
import { hasDuty, readApart, whyNotStep } from './duties'
import { mayDecideRed, tookPart } from './policy'

type Row = Awaited<ReturnType<Db['appeal']['findUniqueOrThrow']>>

/**
 * A second auditor decides: upheld, the visit is approved, with what that brings; rejected, it stays returned.
 *
 * @throws Refusal NOT_FOUND, AUDIT_RED_POWER, AUDIT_OWN, APPEAL_SECOND, APPEAL_DECIDED, and what refuses an approval
 */
export async function decideAppeal(
  db: Db,
  actor: Actor,
  appealId: string,
  input: DecideAppealInput,
  at: Date,
): Promise<{ id: string }> {
  return transact(db, (tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'decideAppeal', input: { appealId, ...input }, at }, () =>
      decideIt(tx, actor, appealId, input, at),
    ),
  )
}

async function decideIt(
  tx: Tx,
  actor: Actor,
  appealId: string,
  { id, outcome, note, resolutions }: DecideAppealInput,
  at: Date,
): Promise<{ id: string }> {
  const row = await tx.appeal.findFirst({ where: { id: appealId, ...inScope(actor, can('audit.read')) } })
  if (row === null) throw new Refusal('NOT_FOUND')
  if (row.state !== 'waiting') throw new Refusal('APPEAL_DECIDED')
  const visit = await tx.visit.findUniqueOrThrow({
    where: { id: row.visitId },
    include: { confirmations: true, decisions: { orderBy: { revision: 'asc' } } },
  })
  const reason = whyNotDecideAppeal(actor, visit) ?? (await whyNotStep(tx, actor, 'arbitrate', row.regionPath, at))
  if (reason !== null) throw new Refusal(reason)
  const taken = await tx.appeal.updateMany({
    where: { id: appealId, state: 'waiting' },
    data: {
      state: outcome,
      openVisitId: null,
      decidedByPersonId: actor.personId,
      decidedAt: at,
      decisionNote: note,
    },
  })
  if (taken.count === 0) throw new Refusal('APPEAL_DECIDED')
  // A returned visit was taken up meanwhile by hand: then there is nothing left to approve.
  if (outcome === 'upheld' && visit.state === 'returned') {
    const asked = { id, decision: 'approve' as const, visitIds: [visit.id], reasonCode: 'otherTrue', note, resolutions }
    const [settled] = await decideWithin(tx, [{ actor, input: asked, at }])
    const refused = settled?.answer?.outcomes.find(({ ok }) => !ok)
    if (refused?.code) throw new Refusal(refused.code as RefusalCode)
  }
  await logOperation(tx, actor, {
    at,
    action: 'decideAppeal',
    resource: 'visit',
    resourceId: visit.id,
    regionPath: visit.regionPath,
    after: { appealId, outcome },
  })
  return { id: appealId }
}

type Judged = Parameters<typeof tookPart>[1] & { decisions: readonly { byPersonId: string }[] }

/** Who returned it, or took part in it, doesn't look again. */
export function whyNotDecideAppeal(actor: Actor, visit: Judged): RefusalCode | null {
  if (!mayDecideRed(actor, visit)) return 'AUDIT_RED_POWER'
  if (tookPart(actor, visit)) return 'AUDIT_OWN'
  return visit.decisions.at(-1)?.byPersonId === actor.personId ? 'APPEAL_SECOND' : null
}

/** Appeals of the desk's regions, those that wait longest first; what was decided, the latest first. */
export async function listAppeals(db: Db, keys: Keys, actor: Actor, query: AppealListQuery, at: Date) {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('audit.read'), query.regionId)).path
  const isWaiting = query.state === 'waiting'
  const [before, beforeId] = readCursor(query.cursor, 2) ?? []
  const beyond = isWaiting ? { gt: new Date(before ?? 0) } : { lt: new Date(before ?? 0) }
  const same = isWaiting ? { gt: beforeId ?? '' } : { lt: beforeId ?? '' }
  const rows = await db.appeal.findMany({
    where: {
      AND: [
        inScope(actor, can('audit.read'), within),
        { state: query.state },
        before === undefined ? {} : { OR: [{ at: beyond }, { at: new Date(before), id: same }] },
      ],
    },
    orderBy: [{ at: isWaiting ? 'asc' : 'desc' }, { id: isWaiting ? 'asc' : 'desc' }],
    take: query.limit + 1,
  })
  const visits = await findVisits(db, { id: { in: rows.map(({ visitId }) => visitId) } }, { take: rows.length })
  const lines = new Map(visits.map((visit) => [visit.id, visit]))
  const shown = new Map((await showVisits(db, keys, actor, visits, at)).map((visit) => [visit.id, visit]))
  const persons = await openPersons(
    db,
    keys,
    [
      ...rows.flatMap(({ byPersonId, decidedByPersonId }) => [byPersonId, decidedByPersonId ?? '']),
      ...visits.flatMap(({ decisions }) => decisions.map(({ byPersonId }) => byPersonId)),
    ].filter((id) => id !== ''),
  )
  const nameOf = (id: string) => maskName(persons.get(id)?.name ?? '')
  const codes = visits.flatMap(({ decisions }) => decisions.map(({ reasonCode }) => reasonCode))
  const words = await ownWords(db, codes.filter(isOwnCode))
  const dueOf = await readDues(db, rows, at)
  const isApart = await readApart(db, rows, at)
  const shownText = await readShown(
    db,
    rows.map(({ id }) => id),
  )
  const around = { nameOf, words, dueOf, isApart, shownText }
  return toPage(
    rows,
    query.limit,
    (row): AppealView => present(row, actor, lines.get(row.visitId) as VisitLine, shown, around),
    (row) => cursorOf(row.at.toISOString(), row.id),
  )
}

type Around = {
  nameOf: (personId: string) => string
  words: ReadonlyMap<string, string>
  dueOf: Awaited<ReturnType<typeof readDues>>
  isApart: (regionPath: string) => boolean
  shownText: Awaited<ReturnType<typeof readShown>>
}

function whyNotNow(
  actor: Actor,
  { regionPath }: Row,
  visit: VisitLine,
  isApart: Around['isApart'],
): RefusalCode | null {
  const reason = whyNotDecideAppeal(actor, visit)
  if (reason !== null) return reason
  return isApart(regionPath) && !hasDuty(actor, ['arbitrate'], regionPath) ? 'REVIEWER_DUTY' : null
}

function present(
  row: Row,
  actor: Actor,
  visit: VisitLine,
  shown: ReadonlyMap<string, AppealView['visit']>,
  { nameOf, words, dueOf, isApart, shownText }: Around,
): AppealView {
  const whyNot = row.state === 'waiting' ? whyNotNow(actor, row, visit, isApart) : 'APPEAL_DECIDED'
  const due = row.state === 'waiting' ? dueOf({ regionPath: row.regionPath, since: row.at }) : null
  const returned = visit.decisions.filter(({ decision }) => decision === 'return').at(-1)
  return {
    id: row.id,
    visitId: row.visitId,
    state: row.state as AppealView['state'],
    reasonWords: appealWords(row.reasonCode),
    note: shownText(row.id, row.note),
    byName: nameOf(row.byPersonId),
    at: row.at.toISOString(),
    decidedByName: row.decidedByPersonId === null ? null : nameOf(row.decidedByPersonId),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    decisionNote: row.decisionNote,
    visit: shown.get(row.visitId) as AppealView['visit'],
    returnedWords: returned === undefined ? null : (words.get(returned.reasonCode) ?? reasonWords(returned.reasonCode)),
    returnedNote: returned?.note ?? null,
    returnedByName: returned === undefined ? null : nameOf(returned.byPersonId),
    dueSentence: due?.sentence ?? '',
    late: due?.late ?? false,
    whyNot,
    whyNotSentence: whyNot === null ? null : REFUSALS[whyNot][1],
  }
}
