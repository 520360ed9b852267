import { addDays, addSeconds, type Day, dayOf, daysBetween, instantOf, weekdayOf } from '../../shared/core/time'
import { decideVisits } from '../audit/decide'
import type { Actor } from '../core/actor'
import { type Db, underPath } from '../core/db'
import { idFrom } from '../core/ids'
import type { Parts } from '../core/route'
import { accept } from '../order/accept'
import { ask } from '../order/ask'
import { addressOfPlate, tokenOfPlate } from '../plate/queries'
import { changeStock } from '../redemption/change-stock'
import { expireRedemptions } from '../redemption/expire'
import { fulfil } from '../redemption/fulfil'
import { redeem } from '../redemption/redeem'
import { memberFacet } from '../session/authenticate'
import { checkInVisits } from '../visit/check-in'
import { checkOutVisits } from '../visit/check-out'
import { closeLongVisits } from '../visit/close-long'
import { confirmVisits } from '../visit/confirm'
import { holdSilent } from '../visit/hold-silent'
import { rateVisit } from '../visit/rate'
import { helperActor } from './actors'
import { type Community, elderId, type Progress } from './community'
import type { DemoElder } from './people'
import { aroundZero, chance, pick, pickWeighted, type Random, randomFor, wholeBetween } from './random'

const CHUNK = 200
/** Metres to degrees, near enough for a made-up village. */
const DEGREES = 1 / 111_000

/** One visit as the story tells it. `out` null: the helper forgot 帮完了. */
type Planned = {
  id: string
  elder: Served
  helper: Helper
  serviceId: string
  begins: Date
  lasts: number
  forgets: boolean
  place: 'near' | 'far' | 'none'
  scansOut: boolean
  answer: 'yes' | 'no' | 'silent'
  orderId?: string
}
type Served = {
  id: string
  index: number
  actor: Actor
  ownPhone: boolean
  code: string
  householdOf: number | null
  villageCode: string
  hasTag: boolean
  homePoint: { lat: number; lon: number }
}
type Helper = { actor: Actor; villageCode: string }
type Span = { firstDay: Day; today: Day; seed: number }

/** Visits, confirmations, audits, orders and redemptions of the past weeks, day by day, by the verbs everybody uses. */
export async function writeHistory(
  parts: Parts,
  community: Community,
  span: Span,
  progress: Progress,
): Promise<Record<string, number>> {
  const { db } = parts
  const now = parts.now()
  const elders = await readServed(parts, community)
  const helpers = await readHelpers(parts, community)
  const services = await db.service.findMany({
    where: { regionId: community.county.id, active: true, trainingNeeded: null },
    orderBy: { sortNo: 'asc' },
  })
  await stockUp(parts, community, instantOf(span.firstDay, '08:00'))
  const counts = { visits: 0, redemptions: 0, orders: 0 }
  const serviceIds = services.map((one) => one.id)
  const days = daysBetween(span.firstDay, span.today)
  for (const monday of weeksOf(span)) {
    const plan = planWeek(elders, helpers, serviceIds, monday, span)
    for (let day = monday; day < addDays(monday, 7); day = addDays(day, 1)) {
      const evening = instantOf(day, '20:00')
      if (day < span.firstDay || day > span.today) continue
      const visits = (plan.get(day) ?? []).filter((one) => addSeconds(one.begins, one.lasts + 1800) < now)
      const before = counts.visits
      for (const wave of wavesOf(visits))
        for (const chunk of chunksOf(wave)) {
          counts.visits += await playWave(parts, community, chunk)
          const share = (counts.visits - before) / visits.length
          progress(daysBetween(span.firstDay, day) + Math.min(share, 1), days + 1)
        }
      if (evening > now) continue
      await closeLongVisits(db, parts.config.keys, evening)
      await holdSilent(db, evening)
      await expireRedemptions(db, evening)
      if (weekdayOf(day) === 5) await auditWeek(parts, community, instantOf(day, '21:00'))
      if (weekdayOf(day) === 6) counts.redemptions += await redeemSome(parts, community, helpers, day, span.seed)
    }
  }
  counts.orders += await askAround(
    parts,
    elders,
    helpers,
    services.map((one) => one.id),
    now,
  )
  return counts
}

async function readServed(parts: Parts, { people, served }: Community): Promise<Served[]> {
  const found: Served[] = []
  let some: DemoElder[] = []
  for (let index = 0; index < people.count; index++) {
    const elder = people.elder(index)
    if (served(elder)) some.push(elder)
    if (some.length < CHUNK && index < people.count - 1) continue
    found.push(...(await readSome(parts, some)))
    some = []
  }
  return found
}

async function readSome({ db, config }: Parts, some: readonly DemoElder[]): Promise<Served[]> {
  const doors = some.map((one) => elderId(one.householdOf ?? one.index))
  const elders = await db.elder.findMany({ where: { id: { in: some.map((one) => elderId(one.index)) } } })
  const found = await db.plate.findMany({ where: { elderId: { in: doors }, kind: 'door', revokedAt: null } })
  const rows = new Map(elders.map((row) => [row.id, row]))
  const plates = new Map(found.map((row) => [row.elderId, row]))
  return some.flatMap((demo) => {
    const { index } = demo
    const id = elderId(index)
    const plate = plates.get(elderId(demo.householdOf ?? index))
    const row = rows.get(id)
    const token = plate === undefined ? null : tokenOfPlate(config.keys, plate)
    if (row === undefined || token === null) return []
    const { regionId, regionPath, countyId } = row
    const actor: Actor = {
      personId: row.personId,
      sessionId: 'demo',
      deviceId: null,
      roles: [],
      member: null,
      elder: { id, regionId, regionPath, countyId },
      proxyOf: [],
      how: 'demo',
      provedAt: null,
      requestId: 'demo',
    }
    return [
      {
        id,
        index,
        actor,
        ownPhone: demo.ownPhone,
        code: addressOfPlate(config.publicUrl, 'door', token),
        householdOf: demo.householdOf,
        villageCode: demo.villageCode,
        hasTag: demo.categories.length > 0,
        homePoint: demo.homePoint,
      },
    ]
  })
}

async function readHelpers({ db }: Parts, { helpers }: Community): Promise<Helper[]> {
  const rows = new Map((await db.member.findMany()).map((row) => [row.id, row]))
  return helpers.flatMap(({ id, deviceId, villageCode }) => {
    const row = rows.get(id)
    if (row === undefined || memberFacet(row) === null) return []
    return [{ villageCode, actor: helperActor(row, deviceId) }]
  })
}

/** Who is visited when, by whom: priority elders a few times a month, others now and then. */
function planWeek(
  elders: readonly Served[],
  helpers: readonly Helper[],
  services: readonly string[],
  monday: Day,
  span: Span,
): Map<Day, Planned[]> {
  const byVillage = groupBy(helpers, (one) => one.villageCode)
  const plan = new Map<Day, Planned[]>()
  const busy = new Map<string, Date>()
  const wanted = elders.flatMap((elder) => visitDaysOf(elder, monday, span).map((day) => ({ elder, day })))
  for (const { elder, day } of wanted) {
    const random = randomFor(span.seed, 'visit', elder.index, day)
    const near = byVillage.get(elder.villageCode) ?? helpers
    const helper = chance(random, 0.6) ? (near[0] as Helper) : pick(random, near)
    const key = `${helper.actor.personId}|${day}`
    const begins = addSeconds(busy.get(key) ?? instantOf(day, '08:00'), wholeBetween(random, 10, 50) * 60)
    const lasts = chance(random, 0.03) ? 480 : wholeBetween(random, 18, 95) * 60
    const forgets = chance(random, 0.012)
    busy.set(key, addSeconds(begins, forgets ? 8 * 3600 : lasts))
    if (dayOf(addSeconds(begins, lasts)) !== day) continue
    const planned: Planned = {
      id: idFrom('demo', 'visit', String(elder.index), day),
      elder,
      helper,
      serviceId: pick(random, services),
      begins,
      lasts,
      forgets,
      place: pickWeighted(random, [
        ['near', 80],
        ['none', 16],
        ['far', 4],
      ] as const),
      scansOut: chance(random, 0.85),
      answer: pickWeighted(random, [
        ['yes', 88],
        ['silent', 10],
        ['no', 2],
      ] as const),
    }
    const others = plan.get(day)
    if (others === undefined) plan.set(day, [planned])
    else others.push(planned)
  }
  return plan
}

function groupBy<T>(list: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of list) {
    const group = groups.get(keyOf(one))
    if (group === undefined) groups.set(keyOf(one), [one])
    else group.push(one)
  }
  return groups
}

function weeksOf({ firstDay, today }: Span): Day[] {
  const mondays: Day[] = []
  for (let monday = addDays(firstDay, 1 - weekdayOf(firstDay)); monday <= today; monday = addDays(monday, 7))
    mondays.push(monday)
  return mondays
}

function visitDaysOf(elder: Served, monday: Day, { firstDay, today, seed }: Span): Day[] {
  const random = randomFor(seed, 'week', elder.index, monday)
  if (!chance(random, elder.hasTag ? diligenceOf(elder.villageCode, seed) : UNASKED)) return []
  const day = addDays(monday, wholeBetween(random, 0, 6))
  return day < firstDay || day > today ? [] : [day]
}

/** Of those to whom a visit is owed so many are visited in a week: some towns are better at it than others. */
function diligenceOf(villageCode: string, seed: number): number {
  return wholeBetween(randomFor(seed, 'town', villageCode.slice(0, 9)), 20, 66) / 100
}
const UNASKED = 0.03

/** The first visits of all helpers, then their second ones …: in one list each helper is at one door only. */
function wavesOf(visits: readonly Planned[]): Planned[][] {
  const waves: Planned[][] = []
  const turns = new Map<string, number>()
  for (const visit of [...visits].sort((a, b) => a.begins.getTime() - b.begins.getTime())) {
    const turn = turns.get(visit.helper.actor.personId) ?? 0
    turns.set(visit.helper.actor.personId, turn + 1)
    const wave = waves[turn]
    if (wave === undefined) waves[turn] = [visit]
    else wave.push(visit)
  }
  return waves
}

function chunksOf<T>(list: readonly T[]): T[][] {
  const chunks: T[][] = []
  for (let from = 0; from < list.length; from += CHUNK) chunks.push(list.slice(from, from + CHUNK))
  return chunks
}

/** Check-in, check-out and the elder's answer of visits that many helpers make at the same time. */
async function playWave({ db, config }: Parts, community: Community, wave: readonly Planned[]): Promise<number> {
  const begun = await checkInVisits(
    db,
    config.keys,
    wave.map((one) => ({
      actor: one.helper.actor,
      at: one.begins,
      input: {
        id: one.id,
        code: one.elder.code,
        elderIds: [one.elder.id],
        serviceId: one.serviceId,
        ...placeOf(one),
        deviceAt: one.begins.toISOString(),
      },
    })),
  )
  const there = wave.filter((_, index) => begun[index]?.refusal === null)
  const ended = there.filter((one) => !one.forgets)
  await checkOutVisits(
    db,
    config.keys,
    ended.map((one) => {
      const at = addSeconds(one.begins, one.lasts)
      const code = one.scansOut ? { code: one.elder.code } : {}
      return {
        actor: one.helper.actor,
        visitId: one.id,
        at,
        input: { id: idFrom(one.id, 'out'), tasksDone: [], ...code, ...placeOf(one), deviceAt: at.toISOString() },
      }
    }),
  )
  const answered = ended.filter((one) => one.answer !== 'silent')
  const heard = await confirmVisits(
    db,
    answered.map((one) => {
      const own = one.elder.ownPhone
      const at = addSeconds(one.begins, one.lasts + (own ? 1200 : 1500))
      const caller = community.staff.get(`villageStaff@${one.elder.villageCode}`) ?? community.admin
      return {
        actor: own ? one.elder.actor : caller,
        visitId: one.id,
        at,
        input: {
          id: idFrom(one.id, 'answer'),
          elderId: one.elder.id,
          answer: one.answer as 'yes' | 'no',
          how: own ? ('app' as const) : ('phone' as const),
        },
      }
    }),
  )
  for (const [index, one] of answered.entries()) if (heard[index]?.refusal === null) await smile(db, one)
  return there.length
}

/** Some elders with a phone say how it was; hardly anybody is unhappy. */
async function smile(db: Db, { id, elder, begins, lasts, answer }: Planned): Promise<void> {
  const random = randomFor(1, 'smile', id)
  if (answer !== 'yes' || !elder.ownPhone || !chance(random, 0.15)) return
  const happy = random()
  const face = happy < 0.85 ? 3 : happy < 0.97 ? 2 : 1
  const at = addSeconds(begins, lasts + 1260)
  await rateVisit(db, elder.actor, id, { id: idFrom(id, 'smile'), elderId: elder.id, face }, at)
}

function placeOf({ place, elder, id }: Planned) {
  if (place === 'none') return {}
  const random = randomFor(1, 'place', id)
  const metres = place === 'near' ? 40 : 420
  const { lat, lon } = elder.homePoint
  return {
    place: {
      lat: lat + (metres + 20 * aroundZero(random)) * DEGREES,
      lon: lon + 10 * aroundZero(random) * DEGREES,
      accuracyMetres: wholeBetween(random, 8, 40),
      datum: 'WGS-84' as const,
    },
  }
}

/** Friday evening: each town's auditor passes what is clean, settles a part of the amber ones, sends back what nobody saw. */
async function auditWeek({ db }: Parts, community: Community, at: Date): Promise<void> {
  for (const town of community.towns) {
    const auditor = community.staff.get(`townAuditor@${town.code}`) as Actor
    const waiting = await db.visit.findMany({
      where: {
        regionPath: underPath(town.path),
        state: { in: ['confirmed', 'disputed'] },
        checkInAt: { lt: addSeconds(at, -86_400) },
      },
      orderBy: { checkInAt: 'asc' },
      select: { id: true, flag: true, state: true },
      take: 1000,
    })
    const clean = waiting.filter((one) => one.flag === 'clean').map((one) => one.id)
    for (const visitIds of chunksOf(clean))
      await decideVisits(
        db,
        auditor,
        { id: idFrom('demo', 'approve', visitIds[0] as string), decision: 'approve', visitIds, reasonCode: 'allGood' },
        at,
      )
    const amber = waiting.filter((one, index) => one.flag === 'amber' && index % 3 > 0).map((one) => one.id)
    for (const visitIds of chunksOf(amber))
      await decideVisits(
        db,
        auditor,
        { id: idFrom('demo', 'amber', visitIds[0] as string), decision: 'approve', visitIds, reasonCode: 'calledBack' },
        at,
      )
    for (const { id } of waiting.filter((one, index) => one.state === 'disputed' && index % 2 === 0))
      await decideVisits(
        db,
        auditor,
        { id: idFrom('demo', 'return', id), decision: 'return', visitIds: [id], reasonCode: 'nobodyCame' },
        at,
      )
  }
}

async function stockUp({ db }: Parts, { admin, products, points }: Community, at: Date): Promise<void> {
  for (const product of products)
    for (const point of points)
      await changeStock(
        db,
        admin,
        product.id,
        { id: idFrom('demo', 'stock', product.id, point.id), pointId: point.id, change: 60 },
        at,
      )
}

/** Saturday: some who have enough take something home; most fetch it, one forgets. */
async function redeemSome(
  { db }: Parts,
  community: Community,
  helpers: readonly Helper[],
  day: Day,
  seed: number,
): Promise<number> {
  const accounts = new Map((await db.personAccount.findMany()).map((row) => [row.personId, row.accountId]))
  const rich = new Set(
    (await db.ledgerAccount.findMany({ where: { kind: 'member', postedMilliPoints: { gte: 40_000n } } })).map(
      (row) => row.id,
    ),
  )
  const buyers = helpers
    .filter((one) => rich.has(accounts.get(one.actor.personId) ?? ''))
    .filter((one) => chance(randomFor(seed, 'redeem', one.actor.personId, day), 0.15))
    .slice(0, 40)
  for (const buyer of buyers) {
    const random = randomFor(seed, 'what', buyer.actor.personId, day)
    const place = wholeBetween(random, 0, community.points.length - 1)
    const point = community.points[place] as Community['points'][number]
    const id = idFrom('demo', 'redemption', buyer.actor.personId, day)
    await redeem(
      db,
      buyer.actor,
      { id, productId: pick(random, community.products).id, pointId: point.id },
      instantOf(day, '10:00'),
    )
    if (chance(random, 0.8))
      await fulfil(
        db,
        community.staff.get(`redemptionPoint@${place}`) as Actor,
        id,
        { id: idFrom(id, 'fulfil'), pointId: point.id },
        instantOf(day, '15:30'),
      )
  }
  return buyers.length
}

/** What is asked for these days: some taken, some still open. */
async function askAround(
  { db }: Parts,
  elders: readonly Served[],
  helpers: readonly Helper[],
  services: readonly string[],
  now: Date,
): Promise<number> {
  const asking = elders
    .filter((one) => one.ownPhone)
    .slice(0, 60)
    .filter((_, index) => index % 5 === 0)
  const today = dayOf(now)
  for (const [index, elder] of asking.entries()) {
    const at = addSeconds(now, -3600 * (30 - index * 2))
    const random: Random = randomFor(7, 'order', elder.index)
    const id = idFrom('demo', 'order', String(elder.index))
    await ask(
      db,
      elder.actor,
      {
        id,
        elderId: elder.id,
        serviceId: pick(random, services),
        wantedDay: addDays(today, index % 3),
        wantedTime: pick(random, ['morning', 'afternoon', 'any', '09:30']),
      },
      at,
    )
    const helper =
      helpers.find((one) => one.villageCode === elder.villageCode && one.actor.member?.kind === 'volunteer') ??
      helpers.find((one) => one.villageCode === elder.villageCode)
    if (index % 2 === 0 && helper !== undefined) await accept(db, helper.actor, id, addSeconds(at, 600))
  }
  return asking.length
}
