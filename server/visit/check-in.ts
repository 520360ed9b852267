import type { RefusalCode } from '../../shared/core/refusals'
import { dayOf, monthOf } from '../../shared/core/time'
import { whyNotAlone } from '../../shared/service/minors'
import { natureFor, whyNotServe as whyNotService } from '../../shared/service/rules'
import { type Flag, flagOf } from '../../shared/visit/exceptions'
import type { CheckInInput } from '../../shared/visit/input'
import { type Raised, raisedAtBegin } from '../../shared/visit/raise'
import { whyNotHelp, whyNotServe } from '../../shared/visit/rules'
import type { Actor } from '../core/actor'
import { joined, keysOf } from '../core/batch'
import { findBy, groupBy, insertAll } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, inOrder, query, type Tx, transact } from '../core/db'
import { onceEach } from '../core/once'
import { logEach } from '../core/operation-log'
import { takeForVisits } from '../order/take'
import { consumeUses, eldersOfScreen, rotatingTokenOf, type Use, usesOf } from '../plate/rotating'
import {
  doorOf,
  type ElderServed,
  exitKindOf,
  readEldersServed,
  readSites,
  relativesOf,
  type Site,
  siteDoor,
} from './elders'
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
import { lockMembers } from './lock'
import { done, type Outcome, refused, settlementOf } from './outcome'
import { raise } from './raise'
import { readSettings } from './settings'
import { lastSeen, travelledTo } from './travel'
import { pairCounts } from './whole'

/** `at` is when the helper began; `offline` says that the server learns of it later. */
export type CheckInAsk = { actor: Actor; input: CheckInInput; at: Date; offline?: Offline | undefined }

/**
 * A helper begins at a door, or at a site where nobody is named. Nothing odd refuses it: a second visit at the same time, far
 * away, a relative are recorded. Where the helper serves already, it answers with the visit that is running.
 *
 * @throws Refusal NOT_A_MEMBER, MEMBER_SUSPENDED, PLATE_UNKNOWN, PLATE_REVOKED, PLATE_KIND, PLATE_FOREIGN,
 *   ELDERS_NOT_TOGETHER, ELDER_ENDED, SELF_SERVICE, SERVICE_UNKNOWN, SERVICE_NATURE, TRAINING_NEEDED, MINOR_ALONE,
 *   NOT_FOUND (order)
 */
export async function checkIn(
  db: Db,
  keys: Keys,
  actor: Actor,
  input: CheckInInput,
  at: Date,
  offline?: Offline,
): Promise<{ id: string }> {
  return checkInOne(db, { keys, actor, input, at, offline })
}

const checkInOne = joined<CheckInAsk & { keys: Keys }, { id: string }>({
  // What a helper begins next to is read before the list is written: one beginning of a helper in a list.
  apart: ({ actor, input }) => [input.id, actor.personId],
  work: (db, asks) =>
    transact(db, (tx) =>
      onceEach(tx, 'checkIn', asks, onceOf, async (fresh) =>
        (await beginVisits(tx, keysOf(asks), fresh)).map(settlementOf),
      ),
    ),
})

function onceOf({ actor, input, at, offline }: CheckInAsk) {
  return { key: input.id, personId: actor.personId, input: askedBy(input), at: recordedAt({ at, offline }) }
}

/** Many beginnings of many helpers in one commit; what has begun already is left as it is. */
export async function checkInVisits(db: Db, keys: Keys, asks: readonly CheckInAsk[]): Promise<Outcome[]> {
  return transact(db, (tx) => beginVisits(tx, keys, asks))
}

async function beginVisits(tx: Tx, keys: Keys, asks: readonly CheckInAsk[]): Promise<Outcome[]> {
  if (asks.length === 0) return []
  await lockMembers(
    tx,
    asks.flatMap(({ actor }) => actor.member?.id ?? []),
  )
  const known = await readKnowledge(tx, keys, asks)
  const begun: Begun[] = []
  const outcomes = asks.map((ask): Outcome => {
    const { id } = ask.input
    if (known.there.has(id)) return done(id)
    const refusal = whyNotBegin(ask, known)
    if (refusal !== null) return refused(id, ...refusal)
    const running = runningHere(ask, known)
    if (running !== undefined) return done(running.id)
    const visit = begin(ask, known)
    begun.push(visit)
    const { memberId, siteId } = visit.row
    known.running.push({ id, memberId, siteId, elderIds: ask.input.elderIds, checkInAt: ask.at })
    return done(id)
  })
  await write(tx, begun)
  return outcomes
}

type Knowledge = Awaited<ReturnType<typeof readKnowledge>>

/** Everything the list needs, with one query per kind of thing. */
async function readKnowledge(tx: Tx, keys: Keys, asks: readonly CheckInAsk[]) {
  const ends = await readEndKnowledge(tx, keys, asks.map(pressOf))
  const plateElderIds = asks.flatMap((ask) => ownerOf(ask, ends) ?? [])
  const elders = await readEldersServed(tx, keys, [...asks.flatMap(({ input }) => input.elderIds), ...plateElderIds])
  const memberIds = asks.flatMap(({ actor }) => actor.member?.id ?? [])
  const personIds = asks.map(({ actor }) => actor.personId)
  const sites = await readSites(
    tx,
    asks.map((ask) => siteIdOf(ask, ends)),
  )
  const places = asks.flatMap((ask) => {
    const day = dayOf(ask.at)
    const site = sites.get(siteIdOf(ask, ends) ?? '')
    const paths = ask.input.elderIds.map((id) => elders.get(id)?.regionPath ?? '/')
    return [...paths, ...(site === undefined ? [] : [site.regionPath])].map((regionPath) => ({ regionPath, day }))
  })
  const [services, orders, there, helpers, running, relatives, pairs, seen, settings] = await Promise.all([
    findBy(
      tx,
      'Service',
      'id',
      asks.map(({ input }) => input.serviceId),
    ),
    findBy(
      tx,
      'Order',
      'id',
      asks.map(({ input }) => input.orderId),
    ),
    query<{ id: string }>(
      tx,
      `SELECT "id" FROM visit WHERE "id" IN LIST($1)`,
      asks.map(({ input }) => input.id),
    ),
    query<{ id: string; birthDate: string | null }>(
      tx,
      `SELECT "id", "birthDate" FROM person WHERE "id" IN LIST($1)`,
      personIds,
    ),
    findRunningOf(tx, memberIds),
    relativesOf(tx, keys, personIds, [...elders.values()]),
    pairCounts(
      tx,
      memberIds,
      asks.flatMap(({ input }) => input.elderIds),
      asks.map(({ at }) => monthOf(at)),
    ),
    lastSeen(tx, keys, asks.map(pressOf)),
    readSettings(tx, places),
  ])
  return {
    ...{ ends, elders, sites, running, relatives, pairs, seen, settings },
    births: new Map(helpers.map(({ id, birthDate }) => [id, birthDate])),
    services: new Map(services.map((service) => [service.id, service])),
    orders: new Map(orders.map((order) => [order.id, order])),
    there: new Set(there.map(({ id }) => id)),
  }
}

function whyNotBegin(ask: CheckInAsk, known: Knowledge): [RefusalCode, { field: string }?] | null {
  const { actor, input, at } = ask
  const member = actor.member
  if (member === null) return ['NOT_A_MEMBER']
  const plate = whyNotCode(ask, known)
  if (plate !== null) return [plate, { field: 'code' }]
  const elders = eldersOf(ask, known)
  const site = siteOf(ask, known)
  if (elders === null || (elders.length === 0 && site === null)) return ['ELDERS_NOT_TOGETHER', { field: 'elderIds' }]
  const service = known.services.get(input.serviceId)
  const cause =
    whyNotHelp(member) ??
    (site === null || site.countyId === member.countyId ? null : 'PLATE_FOREIGN') ??
    elders
      .map((elder) => whyNotServe({ ...member, personId: actor.personId }, elder, dayOf(at)))
      .find((code) => code !== null)
  if (cause) return [cause]
  const places = site === null ? elders : [site]
  if (service === undefined || !places.every(({ regionPath }) => regionPath.startsWith(service.regionPath)))
    return ['SERVICE_UNKNOWN', { field: 'serviceId' }]
  const unfit = whyNotService(member, { ...service, natures: service.natures.split(',') })
  if (unfit !== null) return [unfit, { field: 'serviceId' }]
  const [home] = elders
  // where no elder is named, nobody is alone with one
  const minor = home === undefined ? null : whyNotMinor(ask, known, service, home)
  if (minor !== null) return [minor]
  const order = input.orderId === undefined ? null : known.orders.get(input.orderId)
  return order === undefined || (order !== null && !input.elderIds.includes(order.elderId))
    ? ['NOT_FOUND', { field: 'orderId' }]
    : null
}

function whyNotMinor({ actor, at }: CheckInAsk, known: Knowledge, service: { traits: string }, home: ElderServed) {
  const { minorsAloneFromAge } = known.settings(home.regionPath, dayOf(at))
  return whyNotAlone(known.births.get(actor.personId) ?? null, service, dayOf(at), minorsAloneFromAge)
}

/** Who was without a network couldn't know that the plate was exchanged: that is recorded with E10. */
function whyNotCode(ask: CheckInAsk, { ends }: Knowledge): RefusalCode | null {
  const { code } = ask.input
  if (rotatingTokenOf(code) !== null) {
    const screen = ends.rotating(pressOf(ask), 'in')
    return screen === null ? 'PLATE_UNKNOWN' : screen.whyNot
  }
  const found = ends.plates.get(code) ?? null
  if (found === null) return 'PLATE_UNKNOWN'
  const isForSite = found.plate.kind === 'site' && ask.input.elderIds.length === 0
  if (found.plate.elderId === null && !isForSite) return 'PLATE_KIND'
  return found.state === 'revoked' && ask.offline === undefined ? 'PLATE_REVOKED' : null
}

/** Whose door a code is of: a plate's, or a screen's. */
function ownerOf(ask: CheckInAsk, ends: EndKnowledge): string | null {
  const { code } = ask.input
  return ends.plates.get(code)?.plate.elderId ?? ends.rotating(pressOf(ask), 'in')?.session.elderId ?? null
}

/** The site one begins at who names no elder: that of its plate, or where the screen stands. */
function siteIdOf(ask: CheckInAsk, ends: EndKnowledge): string | null {
  const { code, elderIds } = ask.input
  if (elderIds.length > 0) return null
  const plate = ends.plates.get(code)?.plate
  return plate?.kind === 'site' ? plate.organisationId : (ends.rotating(pressOf(ask), 'in')?.session.siteId ?? null)
}

function siteOf(ask: CheckInAsk, { ends, sites }: Knowledge): Site | null {
  return sites.get(siteIdOf(ask, ends) ?? '') ?? null
}

function pressOf({ actor, input, at, offline }: CheckInAsk): Press {
  return { actor, code: input.code, place: input.place, deviceAt: input.deviceAt, at, offline }
}

function householdOf(elder: ElderServed, { elders }: Knowledge): ElderServed[] {
  return [...elders.values()].filter((one) => one.householdId === elder.householdId)
}

/** Those named, when all of them live behind the door of the plate, or are at what the screen is for; else null. */
function eldersOf(ask: CheckInAsk, { ends, elders }: Knowledge): ElderServed[] | null {
  const { input } = ask
  const owner = elders.get(ownerOf(ask, ends) ?? '')
  const named = [...new Set(input.elderIds)].flatMap((id) => elders.get(id) ?? [])
  const screen = ends.rotating(pressOf(ask), 'in')?.session
  const there = screen?.kind === 'site' ? new Set(eldersOfScreen(screen)) : null
  const isHere = (elder: ElderServed) =>
    there === null ? elder.householdId === owner?.householdId : there.has(elder.id)
  const isTogether = named.length === new Set(input.elderIds).size && named.every(isHere)
  return isTogether ? named : null
}

function runningHere(ask: CheckInAsk, known: Knowledge) {
  const site = siteOf(ask, known)
  return runningThen(ask, known).find(({ elderIds, siteId }) =>
    site === null ? elderIds.some((id) => ask.input.elderIds.includes(id)) : siteId === site.id,
  )
}

/** What the helper was in already then: what is uploaded late may be older than what runs now. */
function runningThen({ actor, at }: CheckInAsk, { running }: Knowledge) {
  return running.filter((visit) => visit.memberId === actor.member?.id && visit.checkInAt <= at)
}

type Begun = {
  ask: CheckInAsk
  row: ReturnType<typeof rowOf>
  elders: ReturnType<typeof elderRowOf>[]
  evidence: EvidenceRow
  uses: Use[]
  raised: Raised[]
}

/** What is written about a beginning that was allowed. */
function begin(ask: CheckInAsk, known: Knowledge): Begun {
  const { actor, input, at } = ask
  const helper = actor.member as NonNullable<Actor['member']>
  const service = known.services.get(input.serviceId) as NonNullable<ReturnType<Knowledge['services']['get']>>
  const elders = eldersOf(ask, known) as ElderServed[]
  const [first] = elders
  const site = siteOf(ask, known)
  const place = (site ?? first) as Site | ElderServed
  const limits = known.settings(place.regionPath, dayOf(at))
  const door = site === null ? doorOf(householdOf(first as ElderServed, known), limits) : siteDoor(site, limits)
  const judged = judgeEnd(pressOf(ask), door, 'in', known.ends)
  const raised = raisedAtBegin(
    {
      end: judged.arrival,
      otherRunning: runningThen(ask, known).length > 0,
      pairVisits: Math.max(
        1,
        ...elders.map((elder) => 1 + (known.pairs.get(`${helper.id} ${elder.id} ${monthOf(at)}`) ?? 0)),
      ),
      isRelative: elders.some((elder) => known.relatives.has(`${actor.personId} ${elder.id}`)),
      exitKind: elders.map((elder) => exitKindOf(elder.exits, dayOf(at))).find((kind) => kind !== null) ?? null,
      travelled: travelledTo(judged.point, at, known.seen.get(helper.id)),
    },
    limits,
  )
  const siteId = site?.id ?? null
  const flag = flagOf(raised.map(({ code }) => code))
  const row = rowOf(ask, { place, siteId }, helper, service, flag, orderTaken(ask, known))
  return {
    ask,
    row,
    elders: elders.map((elder) => elderRowOf(ask, elder, row)),
    evidence: evidenceOf(input.id, 'in', pressOf(ask), judged, known.ends),
    uses: usesOf(judged.screen, helper.id, 'in', input.id, at),
    raised,
  }
}

function placeOf({ regionId, regionPath, countyId }: Site | ElderServed, at: Date) {
  return { regionId, regionPath, countyId, day: dayOf(at), month: monthOf(at), counted: false }
}

function elderRowOf(
  { input, at }: CheckInAsk,
  elder: ElderServed,
  { channel, nature }: { channel: string; nature: string },
) {
  return Object.assign(placeOf(elder, at), { visitId: input.id, elderId: elder.id, channel, nature })
}

function rowOf(
  { actor, input, at, offline }: CheckInAsk,
  { place, siteId }: { place: Site | ElderServed; siteId: string | null },
  helper: NonNullable<Actor['member']>,
  service: { natures: string },
  flag: Flag,
  orderId: string | null,
) {
  return Object.assign(placeOf(place, at), {
    id: input.id,
    memberId: helper.id,
    memberPersonId: actor.personId,
    serviceId: input.serviceId,
    orderId,
    siteId,
    channel: 'inPerson',
    nature: natureFor(helper.kind, service.natures.split(',')) as string,
    state: 'inProgress',
    checkInAt: at,
    recordedAt: recordedAt({ at, offline }),
    tasksDone: '[]',
    flag,
  })
}

/** A closed order, or one that somebody else took, never stops who stands at the door: then it is a visit without one. */
function orderTaken({ actor, input }: CheckInAsk, { orders }: Knowledge): string | null {
  const order = orders.get(input.orderId ?? '')
  if (order === undefined) return null
  const isOurs = order.state === 'open' || (order.state === 'accepted' && order.memberId === actor.member?.id)
  return isOurs ? order.id : null
}

async function write(tx: Tx, begun: readonly Begun[]): Promise<void> {
  if (begun.length === 0) return
  const rows = begun.map(({ row }) => row)
  const elders = begun.flatMap((one) => one.elders)
  const evidence = begun.map((one) => one.evidence)
  await inOrder(
    tx,
    () => insertAll(tx, 'visit', rows),
    () => insertAll(tx, 'visit_elder', elders),
    () => insertAll(tx, 'visit_evidence', evidence),
  )
  await consumeUses(
    tx,
    begun.flatMap(({ uses }) => uses),
  )
  const moments = new Map(begun.map(({ row, ask }) => [row.id, recordedAt(ask)]))
  await raise(tx, new Map(begun.map(({ row, raised }) => [row.id, raised])), [], (id) => moments.get(id) as Date)
  await takeForVisits(
    tx,
    begun.flatMap(({ row, ask }) =>
      row.orderId ? [{ orderId: row.orderId, actor: ask.actor, at: recordedAt(ask) }] : [],
    ),
  )
  await logEach(
    tx,
    begun.map(({ ask, row }) => ({
      actor: ask.actor,
      at: recordedAt(ask),
      action: 'checkIn',
      resource: 'visit',
      resourceId: row.id,
      regionPath: row.regionPath,
      after: { state: row.state, nature: row.nature },
    })),
  )
}

/** Where these helpers are in service now. */
async function findRunningOf(tx: Tx, memberIds: readonly string[]) {
  const rows = await query<{
    id: string
    memberId: string
    siteId: string | null
    elderId: string | null
    checkInAt: Date
  }>(
    tx,
    `SELECT v."id", v."memberId", v."siteId", v."checkInAt", e."elderId" FROM visit AS v INDEXED BY visit_running LEFT JOIN visit_elder AS e ON e."visitId" = v."id"
     WHERE v."memberId" IN LIST($1) AND v."state" = 'inProgress'`,
    memberIds,
  )
  const eldersOf = groupBy(rows, ({ id }) => id)
  return [...new Map(rows.map((row) => [row.id, row])).values()].map(({ id, memberId, siteId, checkInAt }) => ({
    ...{ id, memberId, siteId, checkInAt },
    elderIds: eldersOf(id).flatMap(({ elderId }) => elderId ?? []),
  }))
}
