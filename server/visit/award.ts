import type { Day } from '../../shared/core/time'
import type { Explanation, Judgement, Nature } from '../../shared/scheme/document'
import { judge } from '../../shared/scheme/rules'
import type { Flag } from '../../shared/visit/exceptions'
import { postsNow } from '../../shared/visit/rules'
import type { VisitState } from '../../shared/visit/view'
import { updateRows } from '../core/bulk'
import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { issuanceAccount } from '../ledger/accounts'
import { type Draft, post, reverse } from '../ledger/post'
import { accountsOfPersons } from '../member/account'
import { asksMore, type MoreFacts, readMoreFacts } from '../scheme/facts'
import type { SchemeInForce } from '../scheme/queries'
import { type Earner, type Extra, hasCaps, readEarned } from './earned'

/** A finished visit as far as its points go. */
export type Awardable = {
  id: string
  memberId: string
  memberPersonId: string
  day: Day
  checkInAt: Date
  servedSeconds: number
  nature: string
  level: number
  state: VisitState
  flag: Flag
  schemeId: string | null
  awardedMilliPoints: bigint | null
  awardRevision: number
}
export type Award = { awardedMilliPoints: bigint; explanation: string; wasCut: boolean }
type Due = { visit: Awardable; scheme: SchemeInForce; accountId: string }
type Worth = Pick<Awardable, 'id' | 'memberId' | 'memberPersonId' | 'day' | 'servedSeconds' | 'nature' | 'level'>

/**
 * Posts what is at its step and not yet posted: EARN from issuance to the member, once per visit and revision. A worth of
 * 0 needs no transaction: the visit keeps 0 and the reason. In the order the visits began, so that a cap falls on the later
 * ones.
 *
 * @param schemes by id, those the visits were judged by
 * @param byIdOf who or what brought it about: a person's id, or "clock"
 * @returns what each posted visit got; the caller keeps it with the visit
 */
export async function postDue(
  tx: Tx,
  visits: readonly Awardable[],
  schemes: ReadonlyMap<string, SchemeInForce>,
  byIdOf: (visitId: string) => string,
  at: Date,
): Promise<Map<string, Award>> {
  const due = await findDue(tx, visits, schemes, at)
  const extras: Extra[] = []
  const capped = due.filter(({ scheme }) => hasCaps(scheme.document))
  const earnedOf = await readEarned(tx, capped.map(earnerOf), false, extras)
  const issuances = new Map<string, string>()
  for (const { scheme } of due) {
    if (!issuances.has(scheme.programmeId))
      issuances.set(scheme.programmeId, await issuanceAccount(tx, scheme.programmeId))
  }
  const more = await moreOf(tx, due)
  const awards = new Map<string, Award>()
  const drafts: Draft[] = []
  for (const one of due) {
    const { visit, scheme, accountId } = one
    const judgement = judge(
      scheme.document,
      scheme,
      { ...factsOf(visit), ...more.get(visit.id) },
      earnedOf(accountId, visit.day),
    )
    extras.push({ accountId, day: visit.day, milliPoints: judgement.milliPoints })
    awards.set(visit.id, {
      awardedMilliPoints: judgement.milliPoints,
      explanation: JSON.stringify(judgement.explanation),
      wasCut: judgement.explanation.cuts.length > 0,
    })
    if (judgement.milliPoints > 0n)
      drafts.push(draftOf(one, judgement, issuances.get(scheme.programmeId) as string, byIdOf(visit.id)))
  }
  if (drafts.length > 0) await post(tx, drafts, at)
  return awards
}

/**
 * Reverses what visits had earned. An award of 0 has nothing to reverse and keeps its revision.
 *
 * @returns what to keep with each visit: no award, and the revision its next one would have
 */
export async function takeBack(
  tx: Tx,
  visits: readonly Pick<Awardable, 'id' | 'awardedMilliPoints' | 'awardRevision'>[],
  why: (visitId: string) => { byId: string; reason: string },
  at: Date,
): Promise<Map<string, { awardedMilliPoints: null; awardRevision: number }>> {
  const kept = new Map<string, { awardedMilliPoints: null; awardRevision: number }>()
  for (const visit of visits) {
    if (visit.awardedMilliPoints === null) continue
    const isPaid = visit.awardedMilliPoints > 0n
    const { byId, reason } = why(visit.id)
    const transactionId = awardId(visit)
    if (isPaid)
      await reverse(tx, { id: idFrom('REVERSE', transactionId), transactionId, byId, explanation: { reason } }, at)
    kept.set(visit.id, { awardedMilliPoints: null, awardRevision: visit.awardRevision + (isPaid ? 1 : 0) })
  }
  // At once, since what the helper's other visits of this list may bring is measured against what still stands.
  await updateRows(
    tx,
    'visit',
    ['id'],
    [...kept].map(([id, one]) => ({ id, ...one })),
  )
  return kept
}

/** What visits that end now will bring if nothing comes in between; what still waits to be posted counts as earned. */
export async function judgeExpected(
  tx: Tx,
  visits: readonly { visit: Worth; scheme: SchemeInForce }[],
  at: Date,
): Promise<Map<string, Judgement>> {
  const capped = visits.filter(({ scheme }) => hasCaps(scheme.document))
  const accounts = await accountsFor(tx, capped, at)
  const earners = capped.map(({ visit, scheme }) => earnerOf({ visit, scheme, accountId: accounts(visit, scheme) }))
  const listed: Extra[] = []
  const earnedOf = await readEarned(tx, earners, true, listed)
  const more = await moreOf(tx, visits)
  return new Map(
    visits.map(({ visit, scheme }) => {
      const accountId = hasCaps(scheme.document) ? accounts(visit, scheme) : null
      const judgement = judge(
        scheme.document,
        scheme,
        { ...factsOf(visit), ...more.get(visit.id) },
        earnedOf(accountId, visit.day),
      )
      if (accountId !== null) listed.push({ accountId, day: visit.day, milliPoints: judgement.milliPoints })
      return [visit.id, judgement]
    }),
  )
}

/** The transaction that a visit's award of this revision is posted with. */
export function awardId(visit: Pick<Awardable, 'id' | 'awardRevision'>): string {
  return idFrom('EARN', 'visit', visit.id, String(visit.awardRevision))
}

function earnerOf({ visit, scheme, accountId }: Pick<Due, 'scheme' | 'accountId'> & { visit: Worth }): Earner {
  return { memberId: visit.memberId, accountId, programmeId: scheme.programmeId, day: visit.day }
}

async function findDue(
  tx: Tx,
  visits: readonly Awardable[],
  schemes: ReadonlyMap<string, SchemeInForce>,
  at: Date,
): Promise<Due[]> {
  const due = visits.flatMap((visit) => {
    const scheme = schemes.get(visit.schemeId ?? '')
    return scheme !== undefined && postsNow({ ...visit, isPosted: visit.awardedMilliPoints !== null }, scheme.document)
      ? [{ visit, scheme }]
      : []
  })
  const accounts = await accountsFor(tx, due, at)
  return due
    .map(({ visit, scheme }) => ({ visit, scheme, accountId: accounts(visit, scheme) }))
    .sort((a, b) => a.visit.checkInAt.getTime() - b.visit.checkInAt.getTime())
}

type AccountsOf = (visit: Pick<Awardable, 'memberPersonId'>, scheme: Pick<SchemeInForce, 'programmeId'>) => string

/** The account of each helper in the programme of the place, opened where it is the first time. */
async function accountsFor(
  tx: Tx,
  wanted: readonly { visit: Pick<Awardable, 'memberPersonId'>; scheme: SchemeInForce }[],
  at: Date,
): Promise<AccountsOf> {
  const byProgramme = new Map<string, Map<string, string>>()
  for (const programmeId of [...new Set(wanted.map(({ scheme }) => scheme.programmeId))].sort()) {
    const persons = wanted
      .filter(({ scheme }) => scheme.programmeId === programmeId)
      .map(({ visit }) => visit.memberPersonId)
    byProgramme.set(programmeId, await accountsOfPersons(tx, persons, programmeId, at))
  }
  return ({ memberPersonId }, { programmeId }) => byProgramme.get(programmeId)?.get(memberPersonId) as string
}

/** What schemes ask beyond time, nature and evidence; most ask nothing, and then nothing is read. */
function moreOf(
  tx: Tx,
  visits: readonly { visit: Pick<Worth, 'id'>; scheme: SchemeInForce }[],
): Promise<ReadonlyMap<string, MoreFacts>> {
  const asking = visits.filter(({ scheme }) => asksMore(scheme.document))
  return readMoreFacts(
    tx,
    asking.map(({ visit }) => visit.id),
    asking.map(({ scheme }) => scheme.document),
  )
}

function factsOf({ servedSeconds, nature, level, day }: Worth) {
  return { servedSeconds, nature: nature as Nature, level, day }
}

/** Earned on the day the visit began, whenever it is posted: that is the day its cap is of. */
function draftOf(
  { visit, scheme, accountId }: Due,
  { milliPoints, explanation }: { milliPoints: bigint; explanation: Explanation },
  issuanceId: string,
  byId: string,
): Draft {
  return {
    id: awardId(visit),
    programmeId: scheme.programmeId,
    kind: 'EARN',
    refType: 'visit',
    refId: visit.id,
    revision: visit.awardRevision,
    happenedAt: visit.checkInAt,
    byId,
    explanation,
    postings: [
      { accountId: issuanceId, milliPoints: -milliPoints },
      { accountId, milliPoints },
    ],
  }
}
