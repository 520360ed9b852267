import type { z } from 'zod'
import { pointsText } from '../../shared/core/amounts'
import { Refusal, refuse } from '../../shared/core/refusals'
import { type Day, dayOf, startOfDay } from '../../shared/core/time'
import { availableOf } from '../../shared/ledger/rules'
import type { giveInput, yesNoInput } from '../../shared/member/input'
import { relationFor } from '../../shared/member/rules'
import type { Relation } from '../../shared/scheme/document'
import { whyNotDonate, whyNotGift } from '../../shared/scheme/gates'
import { explained } from '../../shared/scheme/rules'
import { RELATION_WORDS } from '../../shared/scheme/words'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver, ownIds } from '../core/actor'
import type { Db, Reader, Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { organisationAccount, systemAccount } from '../ledger/accounts'
import { donate, donateTo, gift as giveOnBooks } from '../ledger/gift'
import { lock } from '../ledger/write'
import { notify } from '../notice/notify'
import { nearestStaff } from '../notice/staff'
import { readPersonFacts } from '../scheme/persons'
import { programmeOf, type SchemeInForce, schemeOn } from '../scheme/queries'
import { queueTexts } from '../text/queue'
import { accountOfPerson } from './account'

type Input = z.infer<typeof giveInput>
export type Gift = Awaited<ReturnType<Db['gift']['findUniqueOrThrow']>>
/** Whom one helped in the last so many days may be given to. */
export const HELPED_DAYS = 366

/**
 * Gives points away: to a confirmed relative, to an elder one has helped, to the pool, or to an organisation of the county. What the scheme of the giver's place
 * wants agreed to waits; all else moves at once.
 *
 * @throws Refusal GIFT_CLOSED, RELATION, AGE, YEAR_GIFT_USED, DONATE_CLOSED, DONATE_LEAST, POINTS_NOT_ENOUGH, NOT_FOUND, NO_SCHEME
 */
export async function give(db: Db, actor: Actor, input: Input, at: Date): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'give', input, at }, async () => {
      const home = actor.member ?? actor.elder
      if (home === null) throw new Refusal('NOT_ALLOWED')
      const programme = await programmeOf(tx, home.countyId)
      const scheme = await schemeOn(tx, home.regionPath, dayOf(at))
      if (programme === null || scheme === null) throw new Refusal('NO_SCHEME')
      const to = await recipientOf(tx, actor, input, home.countyId, at)
      const gift: Gift = {
        ...{ id: input.id, programmeId: programme.id, kind: input.to === 'kin' ? 'gift' : 'donation' },
        ...{ fromPersonId: actor.personId, ...to },
        ...{ milliPoints: BigInt(input.milliPoints), note: input.note, regionPath: home.regionPath },
        needs: input.to === 'kin' ? (scheme.document.transfer?.approval ?? 'none') : 'none',
        ...{ state: 'waiting', askedAt: at, decidedByPersonId: null, decidedAt: null },
      }
      await refuseByRules(tx, scheme, gift, at)
      await tx.gift.create({ data: gift })
      if (gift.note !== '') {
        const { id, fromPersonId: byPersonId, regionPath } = gift
        await queueTexts(tx, [{ id, kind: 'giftNote', byPersonId, regionPath }], at)
      }
      if (gift.needs === 'none') await carryOut(tx, scheme, gift, actor, at)
      else await tellAsked(tx, gift, at)
      await note(tx, actor, 'give', gift, at)
      return { id: gift.id }
    }),
  )
}

/**
 * Agrees to a gift or says no: who gets it, or staff, as the scheme wants it. The rules are asked again: a year's limit may
 * have been used up meanwhile.
 *
 * @throws Refusal NOT_FOUND, GIFT_STATE, REQUEST_OWN, and all that giving throws
 */
export async function answerGift(
  db: Db,
  actor: Actor,
  id: string,
  { answer }: z.infer<typeof yesNoInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const gift = await tx.gift.findUnique({ where: { id } })
    if (gift === null || !mayAnswer(actor, gift)) {
      throw new Refusal(gift?.fromPersonId === actor.personId ? 'REQUEST_OWN' : 'NOT_FOUND')
    }
    if (answer === 'no') await move(tx, gift, 'refused', actor, at)
    else {
      // Judged by the rules of the day it was asked for.
      const scheme = await schemeOn(tx, gift.regionPath, dayOf(gift.askedAt))
      if (scheme === null) throw new Refusal('NO_SCHEME')
      await refuseByRules(tx, scheme, gift, at)
      await carryOut(tx, scheme, gift, actor, at)
    }
    await tellAnswered(tx, gift, answer, at)
    await note(tx, actor, answer === 'yes' ? 'approve' : 'reject', gift, at)
    return { id }
  })
}

/** Who gives takes it back while it waits. */
export async function withdrawGift(db: Db, actor: Actor, id: string, at: Date): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const gift = await tx.gift.findUnique({ where: { id } })
    if (gift === null || gift.fromPersonId !== actor.personId) throw new Refusal('NOT_FOUND')
    await move(tx, gift, 'withdrawn', actor, at)
    await note(tx, actor, 'withdraw', gift, at)
    return { id }
  })
}

/** Nobody agrees to a gift of his own, nor as staff to one he gets. */
export function mayAnswer(
  actor: Actor,
  gift: Pick<Gift, 'needs' | 'fromPersonId' | 'toPersonId' | 'regionPath'>,
): boolean {
  if (gift.fromPersonId === actor.personId) return false
  if (gift.needs === 'recipient') return gift.toPersonId === actor.personId
  return (
    gift.needs === 'staff' &&
    gift.toPersonId !== actor.personId &&
    mayOver(actor, can('giving.decide'), gift.regionPath)
  )
}

/** What somebody gave to relatives since the year of a day began. */
export async function givenThisYear(db: Reader, personId: string, programmeId: string, day: Day): Promise<bigint> {
  const { _sum } = await db.gift.aggregate({
    where: {
      ...{ fromPersonId: personId, programmeId, kind: 'gift', state: 'done' },
      decidedAt: { gte: startOfDay(`${day.slice(0, 4)}-01-01`) },
    },
    _sum: { milliPoints: true },
  })
  return _sum.milliPoints ?? 0n
}

type Recipient = Pick<Gift, 'toPersonId' | 'toOrganisationId' | 'relation'>

async function recipientOf(tx: Tx, actor: Actor, { to, whom }: Input, countyId: string, at: Date): Promise<Recipient> {
  const nobody = { toPersonId: null, toOrganisationId: null, relation: null }
  if (to === 'pool') return nobody
  if (whom === undefined) throw new Refusal('REQUIRED', { field: 'whom' })
  if (to === 'elder') return { ...nobody, toPersonId: await helpedElder(tx, actor, whom, at) }
  if (to === 'organisation') {
    const body = await tx.organisation.findUnique({ where: { id: whom } })
    if (body === null || !body.active || body.countyId !== countyId) throw new Refusal('NOT_FOUND', { field: 'whom' })
    return { ...nobody, toOrganisationId: whom }
  }
  const kin = await tx.kin.findUnique({ where: { id: whom } })
  if (kin?.state !== 'confirmed' || ![kin.personId, kin.otherPersonId].includes(actor.personId))
    throw new Refusal('NOT_FOUND', { field: 'whom' })
  const personId = kin.personId === actor.personId ? kin.otherPersonId : kin.personId
  const home =
    (await tx.member.findUnique({ where: { personId } })) ?? (await tx.elder.findUnique({ where: { personId } }))
  if (home?.countyId !== countyId) throw new Refusal('PROGRAMME_MIXED', { field: 'whom' })
  const relation = relationFor({ ...kin, relation: kin.relation as Relation }, actor.personId)
  return { ...nobody, toPersonId: personId, relation }
}

async function helpedElder(tx: Tx, actor: Actor, elderId: string, at: Date): Promise<string> {
  const since = dayOf(new Date(at.getTime() - HELPED_DAYS * 86_400_000))
  const elder = await tx.elder.findUnique({ where: { id: elderId } })
  const helped = await tx.visitElder.count({
    where: { elderId, counted: true, day: { gte: since }, visit: { memberPersonId: { in: ownIds(actor) } } },
  })
  if (elder === null || helped === 0 || elder.personId === actor.personId)
    throw new Refusal('NOT_FOUND', { field: 'whom' })
  if (elder.endedDay !== null) throw new Refusal('ELDER_ENDED', { field: 'whom' })
  return elder.personId
}

/** The giver's account is locked before the year is added up: of two gifts at once the second sees the first. */
async function refuseByRules(tx: Tx, { document, programmeId }: SchemeInForce, gift: Gift, at: Date): Promise<void> {
  const accounts = await accountsOf(tx, gift, at)
  const locked = await lock(tx, [accounts.from, accounts.to])
  const { milliPoints, toPersonId } = gift
  if (milliPoints <= 0n) throw new Refusal('AMOUNT', { field: 'milliPoints' })
  const own = locked.get(accounts.from)
  // What a scheme lets one overdraw is for being served, not for giving.
  if (own === undefined || availableOf(own) < milliPoints)
    throw new Refusal('POINTS_NOT_ENOUGH', { field: 'milliPoints' })
  if (gift.kind === 'donation')
    return refuse(whyNotDonate(document, { to: targetOf(gift), milliPoints }), { field: 'milliPoints' })
  const day = dayOf(at)
  const facts = await readPersonFacts(tx, [toPersonId ?? ''], programmeId, day)
  refuse(
    whyNotGift(document, {
      relation: gift.relation as Relation,
      recipient: facts.get(toPersonId ?? '') ?? {},
      ...{ day, milliPoints, givenThisYear: await givenThisYear(tx, gift.fromPersonId, gift.programmeId, day) },
      isAgreed: true,
    }),
    { field: 'whom' },
  )
}

async function carryOut(tx: Tx, scheme: SchemeInForce, gift: Gift, actor: Actor, at: Date): Promise<void> {
  await move(tx, gift, 'done', actor, at)
  const { from, to } = await accountsOf(tx, gift, at)
  const isGift = gift.kind === 'gift'
  const relation = gift.relation === null ? undefined : RELATION_WORDS[gift.relation as Relation]
  const formula = `${isGift ? '送给家人' : DONATED_TO[targetOf(gift)]} ${pointsText(gift.milliPoints)} 分`
  const ask = {
    ...{ id: idFrom('GIFT', gift.id), refType: 'gift', refId: gift.id, from, milliPoints: gift.milliPoints },
    ...{ happenedAt: at, byId: actor.personId },
    explanation: explained(
      scheme,
      isGift ? 'transfer' : 'donate',
      formula,
      relation === undefined ? undefined : [{ label: '关系', value: relation }],
    ),
  }
  if (isGift) await giveOnBooks(tx, { ...ask, to }, at)
  else if (targetOf(gift) === 'pool') await donate(tx, { ...ask, to }, at)
  else await donateTo(tx, { ...ask, to }, at)
}

type Target = 'pool' | 'elder' | 'organisation'
const DONATED_TO: Record<Target, string> = { pool: '捐给公益池', elder: '捐给老人', organisation: '捐给组织' }

function targetOf({ toPersonId, toOrganisationId }: Pick<Gift, 'toPersonId' | 'toOrganisationId'>): Target {
  if (toOrganisationId !== null) return 'organisation'
  return toPersonId === null ? 'pool' : 'elder'
}

async function accountsOf(tx: Tx, gift: Gift, at: Date): Promise<{ from: string; to: string }> {
  const { programmeId, fromPersonId, toPersonId, toOrganisationId } = gift
  const from = await accountOfPerson(tx, fromPersonId, programmeId, at)
  if (toPersonId !== null) return { from, to: await accountOfPerson(tx, toPersonId, programmeId, at) }
  return {
    from,
    to:
      toOrganisationId === null
        ? await systemAccount(tx, programmeId, 'pool')
        : await organisationAccount(tx, programmeId, toOrganisationId, at),
  }
}

/** Who has to agree is told; of a gift that moved at once, who got it sees it in the account. */
async function tellAsked(tx: Tx, gift: Gift, at: Date): Promise<void> {
  const points = `${pointsText(gift.milliPoints)} 分`
  if (gift.needs === 'recipient') {
    const about = { personId: gift.toPersonId ?? '', kind: 'giftOffered', phoneLink: '/ledger/apart/give' } as const
    const words = { title: '家人要送您积分', body: `一共 ${points}，请您看看收不收。` }
    await notify(tx, [{ ...about, ...words, key: `gift:${gift.id}` }], at)
    return
  }
  const staff = await nearestStaff(tx, can('giving.decide'), gift.regionPath, at)
  await notify(
    tx,
    staff
      .filter((personId) => personId !== gift.fromPersonId && personId !== gift.toPersonId)
      .map((personId) => ({
        ...{ personId, kind: 'giftOffered', deskLink: '/point-requests?tab=gifts', key: `gift:${gift.id}:${personId}` },
        ...{ title: '有一笔赠送等同意', body: `送给家人 ${points}，要社区同意才算。` },
      })),
    at,
  )
}

async function tellAnswered(tx: Tx, gift: Gift, answer: 'yes' | 'no', at: Date): Promise<void> {
  const points = `${pointsText(gift.milliPoints)} 分`
  const body = answer === 'yes' ? `${points}已经到对方的账户。` : `${points}没有送出去，还在您的账户里。`
  const about = { personId: gift.fromPersonId, kind: 'giftAnswered', phoneLink: '/ledger/apart/give' } as const
  const title = answer === 'yes' ? '送的积分收下了' : '送的积分没有收'
  await notify(tx, [{ ...about, title, body, key: `gift:${gift.id}:answer` }], at)
}

/** Compares the state as it sets it: of two who answer at once one is refused. */
async function move(tx: Tx, gift: Gift, state: string, actor: Actor, at: Date): Promise<void> {
  const { count } = await tx.gift.updateMany({
    where: { id: gift.id, state: 'waiting' },
    data: { state, decidedByPersonId: actor.personId, decidedAt: at },
  })
  if (count === 0) throw new Refusal('GIFT_STATE')
}

function note(tx: Tx, actor: Actor, action: string, gift: Gift, at: Date): Promise<void> {
  const { id, regionPath, kind, milliPoints } = gift
  const after = { kind, milliPoints: milliPoints.toString() }
  return logOperation(tx, actor, { at, action, resource: 'gift', resourceId: id, regionPath, after })
}
