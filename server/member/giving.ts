import type { z } from 'zod'
import { REFUSALS } from '../../shared/core/refusals'
import { addDays, type Day, dayOf, daysBetween, startOfDay } from '../../shared/core/time'
import type { AccountKin } from '../../shared/ledger/view'
import type { giftListQuery } from '../../shared/member/input'
import { relationFor } from '../../shared/member/rules'
import type { GiftView, GivingView, KinLineView, KinView } from '../../shared/member/view'
import { ageOn, calledName, maskName } from '../../shared/person/rules'
import { ORGANISATION_WORDS, type OrganisationKind } from '../../shared/registry/words'
import type { Relation } from '../../shared/scheme/document'
import { whyNotGift } from '../../shared/scheme/gates'
import { RELATION_WORDS } from '../../shared/scheme/words'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, mayOver, ownIds } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Prisma, Reader } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { expiringLots } from '../ledger/lots'
import { balanceOf } from '../ledger/queries'
import { type OpenPerson, openPersons } from '../person/vault'
import { findRegionInScope, pathsAbove } from '../region/queries'
import { readPersonFacts } from '../scheme/persons'
import { programmeOf, type SchemeInForce, schemeOn } from '../scheme/queries'
import { readShown } from '../text/shown'
import { findAccountOfPerson, ownersOf } from './account'
import { type Gift, givenThisYear, HELPED_DAYS, mayAnswer } from './give'
import { kinOf } from './kin'

const SHOWN_GIFTS = 20
const SHOWN_ELDERS = 30
const SHOWN_ORGANISATIONS = 30
/** Of so many the nearest are looked for: more than a county has. */
const SHOWN_ORGANISATIONS_OF = 2000
/** From so many days before they are over points are shown to be; a scheme may say when. */
export const REMIND_DAYS: readonly number[] = [60, 7]
/** 公益池 */
const POOL = '公益池'

/** All that giving takes on one page: what there is, to whom it may go, what waits. */
export async function findGiving(db: Db, keys: Keys, actor: Actor, at: Date): Promise<GivingView> {
  const home = actor.member ?? actor.elder
  const today = dayOf(at)
  const programme = home === null ? null : await programmeOf(db, home.countyId)
  const scheme = home === null ? null : await schemeOn(db, home.regionPath, today)
  const accountId = programme === null ? null : await findAccountOfPerson(db, actor.personId, programme.id)
  const transfer = scheme?.document.transfer
  const given = programme === null ? 0n : await givenThisYear(db, actor.personId, programme.id, today)
  const left = transfer?.yearMilliPointsMax === undefined ? null : BigInt(transfer.yearMilliPointsMax) - given
  const gifts = await db.gift.findMany({
    where: { OR: [{ fromPersonId: actor.personId }, { toPersonId: actor.personId }] },
    orderBy: [{ askedAt: 'desc' }, { id: 'desc' }],
    take: SHOWN_GIFTS,
  })
  return {
    availableMilliPoints: (await balanceOf(db, accountId)).availableMilliPoints.toString(),
    giftWhyNotSentence:
      scheme === null ? REFUSALS.NO_SCHEME[1] : transfer === undefined ? REFUSALS.GIFT_CLOSED[1] : null,
    approval: transfer?.approval ?? 'none',
    yearLeftMilliPoints: left === null ? null : (left < 0n ? 0n : left).toString(),
    donateTo: donateTargets(scheme),
    donateLeastMilliPoints: String(scheme?.document.donate?.milliPointsMin ?? 0),
    kin: await kinViews(db, keys, actor, scheme, given, today),
    elders: donateTargets(scheme).includes('elder') ? await helpedElders(db, keys, actor, today) : [],
    organisations:
      donateTargets(scheme).includes('organisation') && home !== null ? await organisationsOf(db, home) : [],
    gifts: await giftViews(db, keys, actor, gifts),
    expiring: accountId === null ? [] : await expiringSoon(db, accountId, scheme, today),
  }
}

/** Points that are over within the longest reminder of the scheme, by day. */
export async function expiringSoon(
  db: Reader,
  accountId: string,
  scheme: SchemeInForce | null,
  today: Day,
): Promise<GivingView['expiring']> {
  const remind = Math.max(...(scheme?.document.expiry?.reminderDays ?? REMIND_DAYS))
  const lots = await expiringLots(db, accountId, startOfDay(addDays(today, remind + 1)))
  const byDay = new Map<Day, bigint>()
  for (const { expiresAt, milliPoints } of lots) {
    // Over at midnight: people know the day before as the last one.
    const last = dayOf(new Date(expiresAt.getTime() - 1))
    if (last >= today) byDay.set(last, (byDay.get(last) ?? 0n) + milliPoints)
  }
  return [...byDay]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, milliPoints]) => ({ day, milliPoints: milliPoints.toString(), daysLeft: daysBetween(today, day) }))
}

/** The desk's list: what waits for staff first of all. */
export async function listGifts(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: z.infer<typeof giftListQuery>,
): Promise<{ items: GiftView[]; next: string | null }> {
  const where: Prisma.GiftWhereInput[] = [
    inScope(actor, can('points.read'), await pathWithin(db, actor, query.regionId)),
  ]
  if (query.state === 'waiting') where.push({ state: 'waiting', needs: 'staff' })
  if (query.state === 'decided') where.push({ state: { not: 'waiting' } })
  const before = readCursor(query.cursor, 2)
  if (before !== null) {
    const askedAt = new Date(before[0] as string)
    where.push({ OR: [{ askedAt: { lt: askedAt } }, { askedAt, id: { lt: before[1] as string } }] })
  }
  const rows = await db.gift.findMany({
    where: { AND: where },
    orderBy: [{ askedAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  })
  const views = new Map((await giftViews(db, keys, actor, rows)).map((one) => [one.id, one]))
  return toPage(
    rows,
    query.limit,
    ({ id }) => views.get(id) as GiftView,
    (row) => cursorOf(row.askedAt.toISOString(), row.id),
  )
}

/** Relations of the desk's villages; those that wait first of all. */
export async function listKin(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: z.infer<typeof giftListQuery>,
): Promise<{ items: KinLineView[]; next: string | null }> {
  const where: Prisma.KinWhereInput[] = [
    inScope(actor, can('points.read'), await pathWithin(db, actor, query.regionId)),
  ]
  const state = { waiting: 'declared', decided: 'confirmed', all: { not: 'ended' } }[query.state ?? 'all']
  where.push({ state })
  const before = readCursor(query.cursor, 2)
  if (before !== null) {
    const declaredAt = new Date(before[0] as string)
    where.push({ OR: [{ declaredAt: { lt: declaredAt } }, { declaredAt, id: { lt: before[1] as string } }] })
  }
  const rows = await db.kin.findMany({
    where: { AND: where },
    orderBy: [{ declaredAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  })
  const persons = await openPersons(
    db,
    keys,
    rows.flatMap((row) => [row.personId, row.otherPersonId]),
  )
  const nameOf = (personId: string) => maskName(persons.get(personId)?.name ?? '')
  return toPage(
    rows,
    query.limit,
    (row): KinLineView => ({
      id: row.id,
      ofName: nameOf(row.personId),
      toName: nameOf(row.otherPersonId),
      relationWord: RELATION_WORDS[row.relation as Relation],
      state: row.state as KinLineView['state'],
      declaredAt: row.declaredAt.toISOString(),
      mayAnswer:
        row.state === 'declared' &&
        ![row.personId, row.declaredByPersonId].includes(actor.personId) &&
        mayOver(actor, can('kin.keep'), row.regionPath),
    }),
    (row) => cursorOf(row.declaredAt.toISOString(), row.id),
  )
}

/** Confirmed relatives of an account's owner, masked: who may inherit. */
export async function kinOfAccount(db: Reader, keys: Keys, accountId: string): Promise<AccountKin> {
  const owner = (await ownersOf(db, [accountId])).get(accountId)
  if (owner === undefined) return []
  const rows = (await kinOf(db, owner)).filter(({ state }) => state === 'confirmed')
  const otherOf = (row: { personId: string; otherPersonId: string }) =>
    row.personId === owner ? row.otherPersonId : row.personId
  const persons = await openPersons(db, keys, rows.map(otherOf))
  return rows.map((row) => ({
    id: row.id,
    name: maskName(persons.get(otherOf(row))?.name ?? ''),
    relationWord: RELATION_WORDS[relationFor({ ...row, relation: row.relation as Relation }, owner)],
  }))
}

async function pathWithin(db: Reader, actor: Actor, regionId: string | undefined): Promise<string | undefined> {
  return regionId === undefined ? undefined : (await findRegionInScope(db, actor, can('points.read'), regionId)).path
}

/** Who gives and who gets sees the other by full name; the desk sees both masked. */
async function giftViews(db: Reader, keys: Keys, actor: Actor, gifts: readonly Gift[]): Promise<GiftView[]> {
  const persons = await openPersons(
    db,
    keys,
    gifts.flatMap(({ fromPersonId, toPersonId }) => [fromPersonId, toPersonId ?? '']).filter((id) => id !== ''),
  )
  const bodies = await db.organisation.findMany({
    where: { id: { in: gifts.flatMap(({ toOrganisationId }) => toOrganisationId ?? []) } },
    select: { id: true, name: true },
  })
  const shown = await readShown(
    db,
    [...bodies, ...gifts].map(({ id }) => id),
  )
  const bodyNames = new Map(bodies.map(({ id, name }) => [id, shown(id, name)]))
  return gifts.map((gift) => {
    const isOwn = [gift.fromPersonId, gift.toPersonId].includes(actor.personId)
    const nameOf = (personId: string) => {
      const name = persons.get(personId)?.name ?? ''
      return isOwn && gift.kind === 'gift' ? name : maskName(name)
    }
    const waits = gift.state === 'waiting'
    return {
      ...{ id: gift.id, kind: gift.kind as GiftView['kind'], kindWord: gift.kind === 'gift' ? '送给家人' : '捐赠' },
      fromName: nameOf(gift.fromPersonId),
      toName: gift.toPersonId === null ? (bodyNames.get(gift.toOrganisationId ?? '') ?? POOL) : nameOf(gift.toPersonId),
      relationWord: gift.relation === null ? null : RELATION_WORDS[gift.relation as Relation],
      ...{ milliPoints: gift.milliPoints.toString(), note: shown(gift.id, gift.note) },
      ...{ state: gift.state as GiftView['state'], needs: gift.needs as GiftView['needs'] },
      isMine: gift.fromPersonId === actor.personId,
      mayAnswer: waits && mayAnswer(actor, gift),
      mayWithdraw: waits && gift.fromPersonId === actor.personId,
      askedAt: gift.askedAt.toISOString(),
      decidedAt: gift.decidedAt?.toISOString() ?? null,
    }
  })
}

async function kinViews(
  db: Reader,
  keys: Keys,
  actor: Actor,
  scheme: SchemeInForce | null,
  givenSoFar: bigint,
  today: Day,
): Promise<KinView[]> {
  const rows = await kinOf(db, actor.personId)
  const otherOf = (row: { personId: string; otherPersonId: string }) =>
    row.personId === actor.personId ? row.otherPersonId : row.personId
  const persons = await openPersons(db, keys, rows.map(otherOf))
  const facts = scheme === null ? new Map() : await readPersonFacts(db, rows.map(otherOf), scheme.programmeId, today)
  return rows.map((row) => {
    const relation = relationFor({ ...row, relation: row.relation as Relation }, actor.personId)
    const whyNot =
      scheme === null
        ? 'NO_SCHEME'
        : row.state !== 'confirmed'
          ? 'NOT_AGREED'
          : whyNotGift(scheme.document, {
              ...{ relation, recipient: facts.get(otherOf(row)) ?? {}, day: today },
              ...{ milliPoints: 1n, givenThisYear: givenSoFar, isAgreed: true },
            })
    return {
      ...{ id: row.id, name: persons.get(otherOf(row))?.name ?? '', relation, relationWord: RELATION_WORDS[relation] },
      state: row.state as KinView['state'],
      mayAnswer: row.state === 'declared' && row.otherPersonId === actor.personId,
      whyNot,
      whyNotSentence: whyNot === null ? null : REFUSALS[whyNot][1],
    }
  })
}

async function helpedElders(db: Reader, keys: Keys, actor: Actor, today: Day): Promise<GivingView['elders']> {
  const visits = await db.visitElder.findMany({
    where: {
      counted: true,
      day: { gte: addDays(today, -HELPED_DAYS) },
      visit: { memberPersonId: { in: ownIds(actor) } },
    },
    select: { elderId: true, elder: { select: { personId: true, endedDay: true } } },
    orderBy: { day: 'desc' },
    distinct: ['elderId'],
    take: SHOWN_ELDERS,
  })
  const open = visits.filter(({ elder }) => elder.endedDay === null && elder.personId !== actor.personId)
  const persons = await openPersons(
    db,
    keys,
    open.map(({ elder }) => elder.personId),
  )
  const called = ({ name, sex, birthDate }: OpenPerson) =>
    calledName(name, sex, birthDate === null ? null : ageOn(birthDate, today))
  return open.flatMap(({ elderId, elder }) => {
    const person = persons.get(elder.personId)
    return person === undefined ? [] : [{ id: elderId, name: called(person) }]
  })
}

/** Who takes part in the county, those of the own place first. */
async function organisationsOf(
  db: Reader,
  home: { countyId: string; regionPath: string },
): Promise<GivingView['organisations']> {
  const rows = await db.organisation.findMany({
    where: { countyId: home.countyId, active: true },
    select: { id: true, name: true, kind: true, regionPath: true },
    orderBy: [{ regionPath: 'asc' }, { name: 'asc' }, { id: 'asc' }],
    take: SHOWN_ORGANISATIONS_OF,
  })
  // How much of the way up the tree they share: the village's own, then the town's.
  const near = ({ regionPath }: { regionPath: string }) =>
    pathsAbove(home.regionPath).filter((path) => regionPath.startsWith(path)).length
  const nearest = rows.sort((a, b) => near(b) - near(a)).slice(0, SHOWN_ORGANISATIONS)
  const shown = await readShown(
    db,
    nearest.map(({ id }) => id),
  )
  return nearest.map(({ id, name, kind }) => ({
    ...{ id, name: shown(id, name), kindWord: ORGANISATION_WORDS[kind as OrganisationKind] },
  }))
}

function donateTargets(scheme: SchemeInForce | null): GivingView['donateTo'] {
  const { donate } = scheme?.document ?? {}
  if (donate === undefined) return []
  return (['pool', 'elder', 'organisation'] as const).filter(
    (one) => donate.to === undefined || donate.to.includes(one),
  )
}
