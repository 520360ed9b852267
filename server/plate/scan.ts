import { REFUSALS, Refusal, type RefusalCode } from '../../shared/core/refusals'
import { type Day, dayOf } from '../../shared/core/time'
import { ageOn, calledName, maskName } from '../../shared/person/rules'
import { readCode } from '../../shared/plate/rules'
import type { ScanView } from '../../shared/plate/view'
import { whyNotServe as whyNotDo } from '../../shared/service/rules'
import type { ServiceView } from '../../shared/service/view'
import { can } from '../../shared/session/permissions'
import { whyNotHelp, whyNotServe } from '../../shared/visit/rules'
import { type Actor, holds, mayOver } from '../core/actor'
import type { RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Db, Reader } from '../core/db'
import { owedTo } from '../elder/owed'
import { elderNames, eldersBehind, eldersById, lastVisitDays } from '../elder/queries'
import { openPersons } from '../person/vault'
import { lookUp } from '../redemption/queries'
import { regionNames } from '../region/queries'
import { settingsAt } from '../region/settings'
import { menuOf, servicesAt } from '../service/queries'
import { findPlate, type Plate } from './queries'
import { eldersOfScreen, findRotating, holdUse, rotatingKey, rotatingTokenOf } from './rotating'

type Behind = Awaited<ReturnType<typeof eldersBehind>>
type NotOurs = Extract<ScanView, { sentence: string }>

/**
 * What a scanned or typed code is for this person: a door with all one needs to begin, a redemption for whoever hands it
 * over, or one of three answers that say whom to call. Changes nothing.
 */
export async function readScan(db: Db, keys: Keys, actor: Actor, code: string, at: Date): Promise<ScanView> {
  const redemption = await redemptionOf(db, keys, actor, code, at)
  if (redemption !== null) return redemption
  const today = dayOf(at)
  if (rotatingTokenOf(code) !== null && actor.member !== null) return screen(db, keys, actor, actor.member, code, at)
  const found = await findPlate(db, keys, code)
  if (
    found !== null &&
    found.state === 'inForce' &&
    found.plate.organisationId !== null &&
    isHelperOrRegistrar(actor)
  ) {
    const site = found.plate.kind === 'site' ? await findSite(db, actor, found.plate) : null
    if (site !== null)
      return door(db, keys, actor, { ...found.plate, site: { ...site, label: found.plate.label } }, [], today)
    if (found.plate.elderId === null) return notOurs(db, 'unknown', 'BED_EMPTY', found.plate.regionPath, today)
  }
  if (found?.plate.kind === 'site' && found.state === 'revoked')
    return notOurs(db, 'revoked', 'PLATE_REVOKED', found.plate.regionPath, today)
  if (found === null || found.plate.elderId === null || !isHelperOrRegistrar(actor)) {
    return notOurs(
      db,
      'unknown',
      found === null && !isKnownKind(code) ? 'PLATE_UNKNOWN' : 'PLATE_KIND',
      homePath(actor),
      today,
    )
  }
  const behind = await eldersBehind(db, found.plate.elderId)
  if (!isNear(actor, behind, found.plate)) return notOurs(db, 'foreign', 'PLATE_FOREIGN', found.plate.regionPath, today)
  if (found.state === 'revoked') return notOurs(db, 'revoked', 'PLATE_REVOKED', found.plate.regionPath, today)
  return door(db, keys, actor, found.plate, behind, today)
}

/**
 * A code on somebody's screen: the door of whoever is helped there. From now on it is held for this helper, so that a minute
 * on the page doesn't make it stale.
 */
async function screen(
  db: Db,
  keys: Keys,
  actor: Actor,
  member: NonNullable<Actor['member']>,
  code: string,
  at: Date,
): Promise<ScanView> {
  const today = dayOf(at)
  const isServing = (await db.visit.count({ where: { memberId: member.id, state: 'inProgress' } })) > 0
  const ask = { code, memberId: member.id, countyId: member.countyId, phase: isServing ? 'out' : 'in', at } as const
  const found = (await findRotating(db, keys, [ask])).get(rotatingKey(ask)) ?? null
  if (found === null) return notOurs(db, 'unknown', 'PLATE_UNKNOWN', homePath(actor), today)
  const { session, whyNot, isFresh } = found
  if (whyNot !== null)
    return notOurs(db, whyNot === 'PLATE_FOREIGN' ? 'foreign' : 'stale', whyNot, session.regionPath, today)
  const use = { sessionId: session.id, memberId: member.id, phase: ask.phase, usedAt: at, visitId: null }
  if (isFresh) await db.$transaction((tx) => holdUse(tx, use))
  const behind =
    session.kind === 'site'
      ? await eldersById(db, eldersOfScreen(session))
      : await eldersBehind(db, session.elderId ?? '')
  const house = session.siteId === null ? null : await db.organisation.findUnique({ where: { id: session.siteId } })
  const site = house === null ? null : { ...house, label: '' }
  return door(db, keys, actor, { ...session, serial: '', site }, behind, today)
}

/** A place where people come together: its helpers come to it, whoever they help there. */
async function findSite(db: Db, actor: Actor, plate: Plate): Promise<Organisation | null> {
  const house = await db.organisation.findUnique({ where: { id: plate.organisationId ?? '' } })
  const isNear = house?.countyId === actor.member?.countyId || mayOver(actor, can('plate.keep'), plate.regionPath)
  return isNear ? house : null
}

/** Of the same county for a helper, of the own regions for staff. */
function isNear(actor: Actor, behind: Behind, plate: Plate): boolean {
  return actor.member?.countyId === behind[0]?.countyId || mayOver(actor, can('plate.keep'), plate.regionPath)
}

function isHelperOrRegistrar(actor: Actor): boolean {
  return actor.member !== null || can('plate.keep').some((role) => holds(actor, role))
}

function isKnownKind(code: string): boolean {
  const kind = readCode(code)?.kind
  return kind === 'redemption' || kind === 'certificate'
}

async function redemptionOf(db: Db, keys: Keys, actor: Actor, code: string, at: Date): Promise<ScanView | null> {
  const kind = readCode(code)?.kind
  if (!holds(actor, 'redemptionPoint') || (kind !== 'redemption' && kind !== 'digits')) return null
  try {
    return { kind: 'redemption', redemptionId: (await lookUp(db, keys, actor, code, at)).redemption.id }
  } catch (error) {
    if (error instanceof Refusal && error.code === 'REDEMPTION_CODE')
      return notOurs(db, 'unknown', 'REDEMPTION_CODE', homePath(actor), dayOf(at))
    throw error
  }
}

type Organisation = RowOf<'Organisation'>
type AtDoor = Pick<Plate, 'id' | 'serial' | 'regionId' | 'regionPath'> & {
  title?: string
  site?: (Organisation & { label: string }) | null
}

async function door(db: Db, keys: Keys, actor: Actor, plate: AtDoor, behind: Behind, today: Day): Promise<ScanView> {
  const persons = await openPersons(
    db,
    keys,
    behind.map((one) => one.personId),
  )
  const [own] = behind
  const elderIds = behind.map((one) => one.id)
  const ageOf = (birthDate: string | null) => (birthDate === null ? null : ageOn(birthDate, today))
  const whyNot = actor.member === null ? 'NOT_A_MEMBER' : whyNotHelp(actor.member)
  const order = await orderOfToday(db, actor, elderIds, today)
  const owed = await owedTo(db, elderIds, today)
  const served = behind.find((one) => one.endedDay === null) ?? own
  return {
    kind: 'door',
    plateId: plate.id,
    serial: plate.serial,
    activity: plate.title || null,
    site: presentSite(plate.site ?? null),
    elders: behind.map((elder) => {
      const { name = '', sex = 'unknown', birthDate = null } = persons.get(elder.personId) ?? {}
      const reason = whyNotElder(actor, elder, today)
      return {
        id: elder.id,
        calledName: calledName(name, sex, ageOf(birthDate)),
        maskedName: maskName(name),
        whyNot: reason,
        whyNotSentence: sentenceOf(reason),
      }
    }),
    regionName: (await regionNames(db, [plate.regionId])).get(plate.regionId)?.name ?? '',
    services: await offered(db, actor, plate.regionPath, ageOf(served?.person.birthDate ?? null)),
    orderId: order?.id ?? null,
    orderServiceId: order?.serviceId ?? null,
    lastVisitDay: latest([...(await lastVisitDays(db, elderIds)).values()]),
    owedSentence: behind.map((one) => owed.get(one.id)?.sentence ?? null).find((one) => one !== null) ?? null,
    current: await currentVisit(db, keys, actor, { elderIds, siteId: plate.site?.id ?? null }, today),
    whyNot,
    whyNotSentence: sentenceOf(whyNot),
  }
}

/** Why this person can't serve this elder; for staff who don't help only whether anybody could. */
function whyNotElder({ personId, member }: Actor, elder: Behind[number], today: Day): RefusalCode | null {
  return whyNotServe({ personId, state: 'active', countyId: member?.countyId ?? elder.countyId }, elder, today)
}

/** What this helper may do here, the elder's tier first; staff who don't help see all of it. */
async function offered(db: Reader, actor: Actor, regionPath: string, age: number | null): Promise<ServiceView[]> {
  const menu = menuOf(await servicesAt(db, regionPath), age)
  const { member } = actor
  return member === null ? menu : menu.filter((one) => whyNotDo(member, one) === null)
}

/** The accepted order this helper came for: today's, else one that should have been done before. */
async function orderOfToday(db: Reader, { member }: Actor, elderIds: readonly string[], today: Day) {
  if (member === null) return null
  return db.order.findFirst({
    where: { memberId: member.id, state: 'accepted', elderId: { in: [...elderIds] }, wantedDay: { lte: today } },
    orderBy: [{ wantedDay: 'desc' }, { id: 'asc' }],
  })
}

function presentSite(site: (Organisation & { label: string }) | null): Extract<ScanView, { kind: 'door' }>['site'] {
  if (site === null) return null
  const { id, name, label, address, openingHours, point } = site
  return { id, name, label, address, openingHours, hasPoint: point !== null }
}

type Where = { elderIds: readonly string[]; siteId: string | null }

async function currentVisit(db: Reader, keys: Keys, { member }: Actor, { elderIds, siteId }: Where, today: Day) {
  if (member === null) return null
  const visit = await db.visit.findFirst({
    where: { memberId: member.id, state: 'inProgress' },
    include: { elders: true },
    orderBy: { checkInAt: 'desc' },
  })
  if (visit === null) return null
  if (visit.siteId !== null) {
    const site = await db.organisation.findUnique({ where: { id: visit.siteId } })
    return { visitId: visit.id, here: visit.siteId === siteId, calledName: site?.name ?? '', atHome: false }
  }
  const here = visit.elders.find((one) => elderIds.includes(one.elderId))
  const elderId = (here ?? visit.elders[0])?.elderId ?? ''
  const names = await elderNames(db, keys, [elderId], today)
  return { visitId: visit.id, here: here !== undefined, calledName: names.get(elderId)?.calledName ?? '', atHome: true }
}

async function notOurs(
  db: Db,
  kind: NotOurs['kind'],
  reason: RefusalCode,
  path: string,
  today: Day,
): Promise<ScanView> {
  const { agencyName, hotline } = await settingsAt(db, path, today)
  return { kind, sentence: sentenceOf(reason) ?? '', agencyName, hotline }
}

function homePath(actor: Actor): string {
  return actor.member?.regionPath ?? actor.roles[0]?.regionPath ?? actor.elder?.regionPath ?? '/'
}

function latest(days: readonly Day[]): Day | null {
  return [...days].sort().at(-1) ?? null
}

function sentenceOf(code: RefusalCode | null): string | null {
  return code === null ? null : REFUSALS[code][1]
}
