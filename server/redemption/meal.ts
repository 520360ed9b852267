import { Refusal, type RefusalCode } from '../../shared/core/refusals'
import { addSeconds, clockOf, dayOf } from '../../shared/core/time'
import { holds } from '../../shared/scheme/gates'
import type { Actor } from '../core/actor'
import { joined, type Settled, settled } from '../core/batch'
import { findBy, insertAll, type RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, query, type Tx, transact } from '../core/db'
import { idFrom } from '../core/ids'
import { onceEach } from '../core/once'
import { logEach } from '../core/operation-log'
import { drawEach } from '../fund/draw'
import { systemAccount } from '../ledger/accounts'
import { holdEach, postHoldEach } from '../ledger/post'
import { balancesOf } from '../ledger/queries'
import { accountsOfPersons } from '../member/account'
import { findPlates } from '../plate/queries'
import { pathsAbove } from '../region/queries'
import { settingsAt } from '../region/settings'
import { readPersonFacts } from '../scheme/persons'
import { whyNotByScheme } from './gate'
import { ownPoints } from './policy'
import { holdIdOf } from './redeem'
import { takeEach } from './stock'

/** @param servedAt when the card was shown, by the phone: a list that comes late is of its own day */
export type MealInput = { id: string; pointId: string; productId: string; card: string; servedAt?: Date | undefined }
export type MealAsk = { keys: Keys; actor: Actor; input: MealInput; at: Date }
type Elder = RowOf<'Elder'>
type Product = RowOf<'Product'>
type Serving = { ask: MealAsk; elder: Elder; product: Product; accountId: string; mealDay: string }

/**
 * Today's meal for whoever shows this card: redeemed and handed over at once, once per person and meal. Its points, where it
 * costs any, and its money move as with any redemption.
 *
 * @throws Refusal NOT_ALLOWED, PLATE_UNKNOWN, PLATE_KIND, PLATE_REVOKED, PLATE_FOREIGN, ELDER_ENDED, PRODUCT_UNKNOWN,
 *   MEAL_TAKEN, OUT_OF_STOCK, WHO_RULE, POINTS_NOT_ENOUGH, FUND_EXHAUSTED, FUND_NONE
 */
export function serveMeal(db: Db, ask: MealAsk): Promise<{ id: string }> {
  return serveOne(db, ask)
}

const serveOne = joined<MealAsk, { id: string }>({
  // A card shown twice at once: the second sees what the first took.
  apart: ({ input }) => [input.id, input.card],
  work: (db, asks) =>
    transact(db, (tx) =>
      onceEach(
        tx,
        'serveMeal',
        asks,
        ({ actor, input, at }) => ({ key: input.id, personId: actor.personId, input, at }),
        (fresh) => serve(tx, fresh),
      ),
    ),
})

async function serve(tx: Tx, asks: readonly MealAsk[]): Promise<Settled<{ id: string }>[]> {
  const known = await readKnowledge(tx, asks)
  const servings: Serving[] = []
  const met = new Set<string>()
  const outcomes = asks.map((ask): Settled<{ id: string }> => {
    const found = whyNotServing(ask, known)
    if (found instanceof Refusal) return { answer: null, refusal: found }
    const { elder, product, mealDay } = found
    // somebody with two cards in one list: who comes second is asked by himself, and sees the first
    if (met.has(elder.personId)) throw new Refusal('CHANGED_MEANWHILE')
    met.add(elder.personId)
    servings.push({ ask, elder, product, mealDay, accountId: known.accountOf(product.programmeId, elder.personId) })
    return settled({ id: ask.input.id })
  })
  const fed = await takeMeals(tx, servings)
  if (fed.length > 0) await write(tx, fed)
  const served = new Set(fed.map(({ ask }) => ask))
  return outcomes.map((one, place) =>
    one.refusal !== null || served.has(asks[place] as MealAsk)
      ? one
      : { answer: null, refusal: new Refusal('OUT_OF_STOCK', { field: 'card' }) },
  )
}

/** First come, first served: those for whom there is a meal left. */
async function takeMeals(tx: Tx, servings: readonly Serving[]): Promise<Serving[]> {
  if (servings.length === 0) return []
  const met = await takeEach(
    tx,
    servings.map(({ ask: { input } }) => ({ productId: input.productId, pointId: input.pointId, pieces: 1 })),
    dayOf(latestOf(servings)),
  )
  return servings.filter((_, place) => met[place])
}

function latestOf(servings: readonly Serving[]): Date {
  return new Date(Math.max(...servings.map(({ ask }) => ask.at.getTime())))
}

type Knowledge = Awaited<ReturnType<typeof readKnowledge>>

async function readKnowledge(tx: Tx, asks: readonly MealAsk[]) {
  const [first] = asks
  const keys = (first as MealAsk).keys
  const at = (first as MealAsk).at
  const plates = await findPlates(
    tx,
    keys,
    asks.map(({ input }) => input.card),
  )
  const elders = await findBy(
    tx,
    'Elder',
    'id',
    [...plates.values()].map((one) => one?.plate.elderId),
  )
  const products = await findBy(
    tx,
    'Product',
    'id',
    asks.map(({ input }) => input.productId),
  )
  const points = await findBy(
    tx,
    'RedemptionPoint',
    'id',
    asks.map(({ input }) => input.pointId),
  )
  const regions = new Map(
    (
      await findBy(
        tx,
        'Region',
        'id',
        points.map((one) => one.regionId),
      )
    ).map((one) => [one.id, one]),
  )
  const [anyPoint] = points
  const { offlineLateHours } = await settingsAt(tx, anyPoint?.regionPath ?? '/', dayOf(at))
  const personIds = elders.map((one) => one.personId)
  const taken = await query<RowOf<'Redemption'>>(
    tx,
    `SELECT * FROM redemption WHERE "personId" IN LIST($1) AND "mealDay" IN LIST($2) AND "state" = 'fulfilled'`,
    personIds,
    [...new Set(asks.map(mealDayOf))],
  )
  const accounts = new Map<string, Map<string, string>>()
  const facts = new Map<string, Awaited<ReturnType<typeof readPersonFacts>>>()
  for (const programmeId of new Set(products.map((one) => one.programmeId))) {
    accounts.set(programmeId, await accountsOfPersons(tx, personIds, programmeId, at))
    if (products.some((one) => one.whoRule !== ''))
      facts.set(programmeId, await readPersonFacts(tx, personIds, programmeId, dayOf(at)))
  }
  const balances = await balancesOf(
    tx,
    [...accounts.values()].flatMap((one) => [...one.values()]),
  )
  return {
    plates,
    elders: new Map(elders.map((one) => [one.id, one])),
    products: new Map(products.map((one) => [one.id, one])),
    points: new Map(points.map((one) => [one.id, one])),
    countyOf: (regionId: string) => regions.get(regionId)?.countyId ?? null,
    offlineLateHours,
    taken,
    facts,
    accountOf: (programmeId: string, personId: string) => accounts.get(programmeId)?.get(personId) as string,
    balances,
  }
}

/** A phone whose clock is ahead served now. */
function servedAtOf({ input, at }: MealAsk): Date {
  return input.servedAt === undefined || input.servedAt > at ? at : input.servedAt
}

const mealDayOf = (ask: MealAsk) => dayOf(servedAtOf(ask))

function whyNotServing(ask: MealAsk, known: Knowledge): Refusal | { elder: Elder; product: Product; mealDay: string } {
  const { actor, input } = ask
  const point = known.points.get(input.pointId)
  if (!ownPoints(actor).includes(input.pointId) || point === undefined) return new Refusal('NOT_ALLOWED')
  const found = known.plates.get(input.card) ?? null
  const refused = (code: RefusalCode, detail: Record<string, unknown> = {}) =>
    new Refusal(code, { field: 'card', ...detail })
  if (found === null) return refused('PLATE_UNKNOWN')
  const elder = known.elders.get(found.plate.elderId ?? '')
  if (elder === undefined || found.plate.kind !== 'card') return refused('PLATE_KIND')
  if (found.state === 'revoked') return refused('PLATE_REVOKED')
  const product = known.products.get(input.productId)
  if (product === undefined || product.kind !== 'meal' || product.mealTime === null || !product.active)
    return new Refusal('PRODUCT_UNKNOWN', { field: 'productId' })
  const isNear = known.countyOf(point.regionId) === elder.countyId
  if (!isNear || !pathsAbove(elder.regionPath).includes(product.regionPath)) return refused('PLATE_FOREIGN')
  if (elder.endedDay !== null) return refused('ELDER_ENDED')
  if (servedAtOf(ask) < addSeconds(ask.at, -known.offlineLateHours * 3600)) return refused('MEAL_LATE')
  const mealDay = mealDayOf(ask)
  const before = known.taken.find(
    (one) => one.personId === elder.personId && one.mealDay === mealDay && one.mealTime === product.mealTime,
  )
  if (before !== undefined) return refused('MEAL_TAKEN', { clock: clockOf(before.heldAt) })
  const facts = known.facts.get(product.programmeId)?.get(elder.personId) ?? {}
  if (product.whoRule !== '' && !holds(product.whoRule, { person: facts, day: mealDay })) return refused('WHO_RULE')
  const balance = known.balances.get(known.accountOf(product.programmeId, elder.personId))
  if ((balance?.availableMilliPoints ?? 0n) < product.priceMilliPoints) return refused('POINTS_NOT_ENOUGH')
  return { elder, product, mealDay }
}

/** What is refused here was there a moment ago: nobody's list is kept then, and each is asked for itself. */
async function write(tx: Tx, servings: readonly Serving[]): Promise<void> {
  const at = latestOf(servings)
  const refuse = (code: RefusalCode | null | undefined) => {
    if (code !== null && code !== undefined) throw new Refusal(code)
  }
  const priced = servings.filter(({ product }) => product.priceMilliPoints > 0n)
  const held = await holdEach(
    tx,
    priced.map(({ ask, product, accountId }) => ({
      id: holdIdOf(ask.input.id),
      programmeId: product.programmeId,
      accountId,
      milliPoints: product.priceMilliPoints,
      refType: 'redemption',
      refId: ask.input.id,
      until: ask.at,
      byId: ask.actor.personId,
      happenedAt: ask.at,
      explanation: { productId: product.id, priceMilliPoints: String(product.priceMilliPoints) },
    })),
    at,
  )
  for (const code of held) refuse(code)
  for (const { ask, elder, product } of priced)
    refuse(
      await whyNotByScheme(
        tx,
        elder,
        { id: ask.input.id, programmeId: product.programmeId, kind: product.kind },
        ask.at,
      ),
    )
  const drawn = await drawEach(
    tx,
    servings.map(({ ask, elder, product }) => ({
      redemptionId: ask.input.id,
      productId: product.id,
      kind: product.kind,
      costFen: product.costFen,
      regionPath: elder.regionPath,
    })),
    at,
  )
  for (const one of drawn) refuse(one.refusal)
  await insertAll(
    tx,
    'redemption',
    servings.map(({ ask, elder, product, accountId, mealDay }, place) => ({
      id: ask.input.id,
      personId: elder.personId,
      accountId,
      programmeId: product.programmeId,
      productId: product.id,
      pointId: ask.input.pointId,
      regionId: elder.regionId,
      regionPath: elder.regionPath,
      quantity: 1,
      priceMilliPoints: product.priceMilliPoints,
      costFen: product.costFen,
      fundLineId: drawn[place]?.fundLineId ?? null,
      state: 'fulfilled',
      code: '',
      mealDay,
      mealTime: product.mealTime,
      heldAt: servedAtOf(ask),
      expiresAt: ask.at,
      resolvedAt: ask.at,
      fulfilledByPersonId: ask.actor.personId,
      byPersonId: ask.actor.personId,
    })),
    'MEAL_TAKEN',
  )
  const due = new Map<string, string>()
  for (const { product } of priced)
    if (!due.has(product.programmeId))
      due.set(product.programmeId, await systemAccount(tx, product.programmeId, 'redemptionDue'))
  const posted = await postHoldEach(
    tx,
    priced.map(({ ask, product }) => ({
      id: idFrom('POST', ask.input.id),
      holdId: holdIdOf(ask.input.id),
      to: due.get(product.programmeId) as string,
      byId: ask.actor.personId,
      happenedAt: ask.at,
      explanation: { pointId: ask.input.pointId },
    })),
    at,
  )
  for (const code of posted) refuse(code)
  await logEach(
    tx,
    servings.map(({ ask, elder, product }) => ({
      actor: ask.actor,
      at: ask.at,
      action: 'fulfil',
      resource: 'redemption',
      resourceId: ask.input.id,
      regionPath: elder.regionPath,
      after: { pointId: ask.input.pointId, name: product.name },
    })),
  )
}
