import { signedPointsText } from '../../shared/core/amounts'
import type { Day } from '../../shared/core/time'
import type { EarnedBefore, Judgement, Nature } from '../../shared/scheme/document'
import { expiresAt } from '../../shared/scheme/expiry'
import { fractionKey, minus, reduced, ZERO } from '../../shared/scheme/fraction'
import { festivalOf } from '../../shared/scheme/gates'
import { explained, judge } from '../../shared/scheme/rules'
import type { Flag } from '../../shared/visit/exceptions'
import { postsNow } from '../../shared/visit/rules'
import type { VisitState } from '../../shared/visit/view'
import { findBy, updateRows } from '../core/bulk'
import { driverOf, type Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { issuanceAccount, systemAccount } from '../ledger/accounts'
import { type Draft, post, reverse } from '../ledger/post'
import { accountsOfPersons } from '../member/account'
import { asksMore, type MoreFacts, readMoreFacts } from '../scheme/facts'
import type { SchemeInForce } from '../scheme/queries'
import { asksOf, type Earner, type Extra, hasCaps, readEarned } from './earned'
import { findPromises, freePaid, judgePaid, payPromised } from './paid'

/** A finished visit as far as its points go. */
export type Awardable = {
  id: string
  /** where points were promised for it, they pay it */
  orderId: string | null
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
  pooledMilliPoints: bigint
  awardRevision: number
}
export type Award = Side & { awardedMilliPoints: bigint; explanation: string; wasCut: boolean }
/** What a visit brought beside the helper's points. */
export type Side = { pooledMilliPoints: bigint; honourMilliPoints: bigint; carry: string | null }
export const NO_SIDE: Side = { pooledMilliPoints: 0n, honourMilliPoints: 0n, carry: null }
/** What a visit is expected to bring. */
export type Expected = Judgement & { side: Side }
type TakenBack = {
  awardedMilliPoints: null
  pooledMilliPoints: bigint
  honourMilliPoints: bigint
  awardRevision: number
}
type Due = { visit: Awardable; scheme: SchemeInForce; accountId: string }
type Worth = Pick<
  Awardable,
  'id' | 'orderId' | 'memberId' | 'memberPersonId' | 'day' | 'servedSeconds' | 'nature' | 'level'
>

/**
 * Posts what is at its step and not yet posted: PAY where points were promised for it, else EARN from issuance to the member, and to the pool what the scheme sends
 * there, once per visit and revision; BONUS for a festival or for organising. A worth of 0 needs no transaction: the visit
 * keeps 0 and the reason. In the order the visits began, so that a cap falls on the later ones.
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
  const pools = new Map<string, string>()
  for (const { programmeId } of new Set(due.map(({ scheme }) => scheme))) {
    if (!issuances.has(programmeId)) issuances.set(programmeId, await issuanceAccount(tx, programmeId))
  }
  const more = await moreOf(tx, due)
  const promised = await findPromises(tx, due)
  const awards = new Map<string, Award>()
  const drafts: Draft[] = []
  for (const one of due) {
    const { visit, scheme, accountId } = one
    const { programmeId } = scheme
    const facts = { ...factsOf(visit), ...more.get(visit.id) }
    const payment = promised(visit)
    if (payment !== undefined) {
      const worth = judgePaid(scheme, facts, payment)
      const by = { id: awardId(visit), byId: byIdOf(visit.id) }
      const { milliPoints, zeroReason } = await payPromised(tx, { ...one, payment, worth }, by, at)
      extras.push({ accountId, day: visit.day, milliPoints, carry: ZERO })
      awards.set(visit.id, {
        ...{ ...NO_SIDE, awardedMilliPoints: milliPoints, wasCut: false },
        explanation: JSON.stringify({ ...worth.explanation, zeroReason }),
      })
      continue
    }
    const before = earnedOf(accountId, visit.day)
    const judgement = judge(scheme.document, scheme, facts, before)
    const side = sideOf(judgement, before)
    extras.push({ accountId, day: visit.day, milliPoints: judgement.milliPoints, carry: carryOf(judgement, before) })
    awards.set(visit.id, {
      awardedMilliPoints: judgement.milliPoints,
      ...side,
      explanation: JSON.stringify(judgement.explanation),
      wasCut: judgement.explanation.cuts.length > 0,
    })
    if (judgement.poolMilliPoints > 0n && !pools.has(programmeId))
      pools.set(programmeId, await systemAccount(tx, programmeId, 'pool'))
    const books = { issuanceId: issuances.get(programmeId) as string, poolId: pools.get(programmeId) ?? '' }
    if (judgement.milliPoints + judgement.poolMilliPoints > 0n)
      drafts.push(draftOf(one, judgement, books, byIdOf(visit.id)))
    if (judgement.milliPoints > 0n)
      drafts.push(...bonusesOf(one, facts.organiser === true, books.issuanceId, byIdOf(visit.id)))
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
  visits: readonly Pick<Awardable, 'id' | 'awardedMilliPoints' | 'pooledMilliPoints' | 'awardRevision'>[],
  why: (visitId: string) => { byId: string; reason: string },
  at: Date,
): Promise<Map<string, TakenBack>> {
  const kept = new Map<string, TakenBack>()
  const bonuses = await findBonuses(tx, visits.filter(isPaid))
  for (const visit of visits) {
    if (visit.awardedMilliPoints === null) continue
    const { byId, reason } = why(visit.id)
    const paid = isPaid(visit)
    for (const transactionId of paid ? [...bonusIds(visit).filter((id) => bonuses.has(id)), awardId(visit)] : [])
      await reverse(tx, { id: idFrom('REVERSE', transactionId), transactionId, byId, explanation: { reason } }, at)
    kept.set(visit.id, {
      ...{ awardedMilliPoints: null, pooledMilliPoints: 0n, honourMilliPoints: 0n },
      awardRevision: visit.awardRevision + (paid ? 1 : 0),
    })
  }
  await freePaid(tx, [...kept.keys()])
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
): Promise<Map<string, Expected>> {
  const capped = visits.filter(({ scheme }) => hasCaps(scheme.document))
  const accounts = await accountsFor(tx, capped, at)
  const earners = capped.map(({ visit, scheme }) => earnerOf({ visit, scheme, accountId: accounts(visit, scheme) }))
  const listed: Extra[] = []
  const earnedOf = await readEarned(tx, earners, true, listed)
  const more = await moreOf(tx, visits)
  const promised = await findPromises(tx, visits)
  return new Map(
    visits.map(({ visit, scheme }) => {
      const payment = promised(visit)
      if (payment !== undefined) {
        const facts = { ...factsOf(visit), ...more.get(visit.id) }
        return [visit.id, { ...judgePaid(scheme, facts, payment), side: NO_SIDE }]
      }
      const accountId = hasCaps(scheme.document) ? accounts(visit, scheme) : null
      const before = earnedOf(accountId, visit.day)
      const judgement = judge(scheme.document, scheme, { ...factsOf(visit), ...more.get(visit.id) }, before)
      const { milliPoints } = judgement
      if (accountId !== null) listed.push({ accountId, day: visit.day, milliPoints, carry: carryOf(judgement, before) })
      return [visit.id, { ...judgement, side: sideOf(judgement, before) }]
    }),
  )
}

/** The transaction that a visit's award of this revision is posted with. */
export function awardId(visit: Pick<Awardable, 'id' | 'awardRevision'>): string {
  return idFrom('EARN', 'visit', visit.id, String(visit.awardRevision))
}

function earnerOf({ visit, scheme, accountId }: Pick<Due, 'scheme' | 'accountId'> & { visit: Worth }): Earner {
  const asks = asksOf(scheme.document)
  return { memberId: visit.memberId, accountId, programmeId: scheme.programmeId, day: visit.day, asks }
}

async function findDue(
  tx: Tx,
  visits: readonly Awardable[],
  schemes: ReadonlyMap<string, SchemeInForce>,
  at: Date,
): Promise<Due[]> {
  const due = visits.flatMap((visit) => {
    const scheme = schemes.get(visit.schemeId ?? '')
    const { state, level, flag, awardedMilliPoints } = visit
    const isPosted = awardedMilliPoints !== null
    return scheme !== undefined && postsNow({ state, level, flag, isPosted }, scheme.document)
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
    driverOf(tx),
    asking.map(({ visit }) => visit.id),
    asking.map(({ scheme }) => scheme.document),
  )
}

function factsOf({ servedSeconds, nature, level, day }: Worth) {
  return { servedSeconds, nature: nature as Nature, level, day }
}

/** What this visit adds to what cumulative rounding keeps, or takes from it. */
function carryOf(judgement: Judgement, before: EarnedBefore) {
  return reduced(minus(judgement.carry, before.carry ?? ZERO))
}

function sideOf(judgement: Judgement, before: EarnedBefore): Side {
  const { poolMilliPoints, honourMilliPoints } = judgement
  const carry = carryOf(judgement, before)
  return {
    ...{ pooledMilliPoints: poolMilliPoints, honourMilliPoints },
    carry: carry.n === 0n ? null : fractionKey(carry),
  }
}

function isPaid(visit: Pick<Awardable, 'awardedMilliPoints' | 'pooledMilliPoints'>): boolean {
  return (visit.awardedMilliPoints ?? 0n) > 0n || visit.pooledMilliPoints > 0n
}

const BONUSES = ['festival', 'organiser'] as const

function bonusIds({ id, awardRevision }: Pick<Awardable, 'id' | 'awardRevision'>): string[] {
  return BONUSES.map((kind) => idFrom('BONUS', kind, id, String(awardRevision)))
}

/** Those of the bonuses these visits may have brought that were posted. */
async function findBonuses(tx: Tx, visits: readonly Pick<Awardable, 'id' | 'awardRevision'>[]): Promise<Set<string>> {
  if (visits.length === 0) return new Set()
  const found = await findBy(tx, 'LedgerTransaction', 'id', visits.flatMap(bonusIds))
  return new Set(found.map(({ id }) => id))
}

/** What the scheme adds to a visit that earned: for the festival of its day, and to who organises. */
function bonusesOf(due: Due, isOrganiser: boolean, issuanceId: string, byId: string): Draft[] {
  const { visit, scheme, accountId } = due
  const { bonuses } = scheme.document
  if (bonuses === undefined) return []
  const festival = festivalOf(scheme.document, visit.day)
  const organiser = isOrganiser ? bonuses.organiserMilliPoints : undefined
  const given = [
    ['festival', `bonuses.festivals.${festival?.name}`, festival?.name ?? '', festival?.milliPoints],
    ['organiser', 'bonuses.organiserMilliPoints', '组织活动', organiser],
  ] as const
  return given.flatMap(([kind, rule, word, amount]) => {
    if (amount === undefined) return []
    const milliPoints = BigInt(amount)
    return [
      {
        id: idFrom('BONUS', kind, visit.id, String(visit.awardRevision)),
        ...{ programmeId: scheme.programmeId, kind: 'BONUS', refType: kind, refId: visit.id },
        ...{ revision: visit.awardRevision, happenedAt: visit.checkInAt, byId },
        explanation: explained(scheme, rule, `${word} ${signedPointsText(milliPoints)} 分`),
        postings: [
          { accountId: issuanceId, milliPoints: -milliPoints },
          { accountId, milliPoints, expiresAt: expiresAt(scheme.document, visit.day) },
        ],
      },
    ]
  })
}

/** Earned on the day the visit began, whenever it is posted: that is the day its cap is of, and from which it counts until it is over. */
function draftOf(
  { visit, scheme, accountId }: Due,
  { milliPoints, poolMilliPoints, explanation }: Judgement,
  { issuanceId, poolId }: { issuanceId: string; poolId: string },
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
      { accountId: issuanceId, milliPoints: -milliPoints - poolMilliPoints },
      { accountId, milliPoints, expiresAt: expiresAt(scheme.document, visit.day) },
      { accountId: poolId, milliPoints: poolMilliPoints },
    ].filter((one) => one.milliPoints !== 0n),
  }
}
