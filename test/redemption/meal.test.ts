import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { mintPlateToken, newCodeId, printedNumber } from '../../server/core/code-tokens'
import { auditLedger } from '../../server/ledger/audit'
import { serveMeal } from '../../server/redemption/meal'
import { reverseFulfilment } from '../../server/redemption/reverse'
import { addSeconds, instantOf } from '../../shared/core/time'
import type { QueueEvent } from '../../shared/queue/input'
import type { UploadView } from '../../shared/queue/view'
import { codesOf } from '../ledger/books'
import { times } from '../support/long'
import { newOfflinePhone } from '../support/offline-phone'
import { serveWorld } from '../support/world'
import { addProduct, newShop } from './shop'

/** A canteen with lunch, and elders with cards. */
async function newCanteen(given: { priceMilliPoints?: bigint; perDay?: number; budgetFen?: bigint } = {}) {
  const shop = await newShop({ budgetFen: given.budgetFen })
  const { db, pointId, keys, places, clock } = shop
  const lunch = await addProduct(shop, { priceMilliPoints: given.priceMilliPoints ?? 1000n })
  await db.product.update({
    where: { id: lunch },
    data: { kind: 'meal', mealTime: 'lunch', name: '午餐', costFen: 800 },
  })
  await db.productStock.create({
    data: { productId: lunch, pointId, left: 0, period: 'day', perPeriod: given.perDay ?? 100 },
  })
  await db.product.update({ where: { id: lunch }, data: { priceMilliPoints: given.priceMilliPoints ?? 0n } })
  const counter = await shop.counter()

  async function cardOf(elderId: string, place = places.village) {
    const id = newCodeId()
    const plate = await db.plate.create({
      data: {
        ...{ id, kind: 'card', keyId: keys.code[0].id, serial: printedNumber(id), elderId },
        ...{ regionId: place.id, regionPath: place.path, batchId: randomUUID() },
        ...{ issuedAt: clock.now, issuedByPersonId: counter.personId },
      },
    })
    return { ...plate, code: `https://mulin.example/e/${mintPlateToken(keys.code, 'e', id)}` }
  }
  const show = (card: string, more: { id?: string; productId?: string; servedAt?: Date } = {}, at = clock.now) =>
    serveMeal(db, { keys, actor: counter, at, input: { id: randomUUID(), pointId, productId: lunch, card, ...more } })
  return { ...shop, lunch, counterActor: counter, cardOf, show }
}

describe('today’s meal by card', () => {
  test('is recorded, counted and paid for; twice the same card is told when it was served; tomorrow it eats again', async () => {
    const here = await newCanteen({ priceMilliPoints: 1000n })
    const { db, elder, give, cardOf, show, balance, fundLineId, later, lunch, pointId } = here
    const wang = await elder()
    await give(wang.personId, 3000n)
    const card = await cardOf(wang.id)
    const ask = { id: randomUUID() }
    await show(card.code, ask)
    await show(card.code, ask)
    expect(await balance(wang.personId)).toMatchObject({ postedMilliPoints: 2000n, heldMilliPoints: 0n })
    expect((await db.fundLine.findUniqueOrThrow({ where: { id: fundLineId } })).drawnFen).toBe(800n)
    expect(await db.redemption.findUniqueOrThrow({ where: { id: ask.id } })).toMatchObject({
      ...{ state: 'fulfilled', mealDay: '2026-11-22', mealTime: 'lunch', fundLineId },
    })
    await expect(show(card.serial)).rejects.toMatchObject({ code: 'MEAL_TAKEN', detail: { clock: '09:00' } })
    await show(card.code, {}, later(86_400))
    const shelf = await db.productStock.findFirstOrThrow({ where: { productId: lunch, pointId } })
    expect(shelf).toMatchObject({ left: 99, periodFrom: '2026-11-23' })
    expect((await auditLedger(db)).problem).toBeNull()
  })

  test('a queue that comes all at once is served once each, and no further than the pot goes', async () => {
    const elders = times(20, 200)
    const pot = elders - 5
    const { db, elder, cardOf, show } = await newCanteen({ perDay: pot })
    const cards = []
    for (let no = 0; no < elders; no++) cards.push(await cardOf((await elder()).id))
    const codes = await codesOf([...cards, ...cards.slice(0, 6)].map((card) => show(card.code)))
    expect(codes.filter((code) => code === '')).toHaveLength(pot)
    expect(new Set(codes)).toEqual(new Set(['', 'MEAL_TAKEN', 'OUT_OF_STOCK']))
    expect(await db.redemption.count({ where: { state: 'fulfilled' } })).toBe(pot)
    expect((await db.redemption.groupBy({ by: ['personId'] })).length).toBe(pot)
  })

  test('a queue of cards, one scan each, through the phone: half as they come, half after the network was gone, each once', async () => {
    const elders = times(40, 200)
    const here = await newCanteen({ perDay: elders })
    const { db, elder, cardOf, counterActor, pointId, lunch, clock } = here
    const cards: string[] = []
    for (let no = 0; no < elders; no++) cards.push((await cardOf((await elder()).id)).code)
    const { ask } = await serveWorld(here)
    const phone = await newOfflinePhone(here, counterActor)
    const scan = (card: string) => phone.press('meal', { pointId, productId: lunch, card })
    const upload = async (events: readonly QueueEvent[]) => {
      const sent = { chainId: phone.chainId, sent: phone.clocks(), events }
      const { status, body } = await ask<UploadView>(counterActor, 'POST', '/queue-events', sent)
      expect(status).toBe(200)
      return body.answers
    }
    const half = elders / 2
    const began = performance.now()
    for (const card of cards.slice(0, half)) expect(await upload([scan(card)])).toMatchObject([{ outcome: 'done' }])
    const eachMs = (performance.now() - began) / half
    // The network is gone: the rest comes, and three who have eaten already come again.
    const later = [...cards.slice(half), ...cards.slice(0, 3)].map((card) => {
      clock.now = addSeconds(clock.now, 3)
      return scan(card)
    })
    const answers: UploadView['answers'] = []
    for (let place = 0; place < later.length; place += 50)
      answers.push(...(await upload(later.slice(place, place + 50))))
    expect(answers.filter(({ outcome }) => outcome === 'done')).toHaveLength(half)
    expect(answers.slice(-3).map(({ code }) => code)).toEqual(['MEAL_TAKEN', 'MEAL_TAKEN', 'MEAL_TAKEN'])
    // The answer was lost, and all is sent again: it is what it was.
    expect(await upload(later.slice(-3))).toEqual(answers.slice(-3))
    const served = await db.redemption.findMany({ where: { productId: lunch, state: 'fulfilled' } })
    expect([served.length, new Set(served.map(({ personId }) => personId)).size]).toEqual([elders, elders])
    expect((await auditLedger(db)).problem).toBeNull()
    // Quicker than a hand can hold out the next card.
    expect(eachMs).toBeLessThan(1000)
  })

  test('is refused with the reason: somebody else’s plate, a card that was replaced, a door, too few points, no money, not their meal', async () => {
    const here = await newCanteen({ priceMilliPoints: 1000n, budgetFen: 900n })
    const { db, elder, places, plate, cardOf, show, give, clock, counterActor, pointId, lunch, keys, staff } = here
    const [wang, far, poor] = [await elder(), await elder({ place: places.otherVillage }), await elder()]
    const [card, farCard, poorCard, old] = [
      await cardOf(wang.id),
      await cardOf(far.id, places.otherVillage),
      await cardOf(poor.id),
      await cardOf(wang.id),
    ]
    const door = await plate(wang.id)
    await give(wang.personId, 9000n)
    await db.plate.update({ where: { id: old.id }, data: { revokedAt: clock.now } })
    const stranger = await staff('redemptionPoint', places.town2, { redemptionPointId: randomUUID() })
    const ask = { id: randomUUID(), pointId, productId: lunch, card: card.code }
    expect(
      await codesOf([
        show('https://mulin.example/e/P1000'),
        show(farCard.code),
        show(poorCard.code),
        show(old.code),
        show(door.code),
        show(card.code, { productId: here.productId }),
        show(card.code, { servedAt: addSeconds(clock.now, -25 * 3600) }),
        serveMeal(db, { keys, actor: stranger, input: ask, at: clock.now }),
      ]),
    ).toEqual([
      ...['PLATE_UNKNOWN', 'PLATE_FOREIGN', 'POINTS_NOT_ENOUGH', 'PLATE_REVOKED', 'PLATE_KIND', 'PRODUCT_UNKNOWN'],
      ...['MEAL_LATE', 'NOT_ALLOWED'],
    ])
    await db.product.update({ where: { id: lunch }, data: { whoRule: 'age >= 90' } })
    expect(await codesOf([show(card.code)])).toEqual(['WHO_RULE'])
    await db.product.update({ where: { id: lunch }, data: { whoRule: 'age >= 80' } })
    await serveMeal(db, { keys, actor: counterActor, input: { ...ask, id: randomUUID() }, at: clock.now })
    await give(poor.personId, 9000n)
    expect(await codesOf([show(poorCard.code)])).toEqual(['FUND_EXHAUSTED'])
  })

  test('uploaded after midnight it belongs to the day the card was shown', async () => {
    const { elder, cardOf, show, db } = await newCanteen()
    const card = await cardOf((await elder()).id)
    const shown = instantOf('2026-11-22', '23:59')
    const after = instantOf('2026-11-23', '00:10')
    await show(card.code, { servedAt: shown }, after)
    expect(await codesOf([show(card.code, { servedAt: shown }, after)])).toEqual(['MEAL_TAKEN'])
    await show(card.code, { servedAt: after }, after)
    expect((await db.redemption.findMany({ orderBy: { mealDay: 'asc' } })).map((one) => one.mealDay)).toEqual([
      '2026-11-22',
      '2026-11-23',
    ])
  })

  test('a wrong one is reversed by the county: everything is back, and the meal can be had', async () => {
    const here = await newCanteen({ priceMilliPoints: 1000n })
    const { db, elder, give, cardOf, show, balance, fundLineId, clock, staff, places, counterActor } = here
    const wang = await elder()
    await give(wang.personId, 1000n)
    const card = await cardOf(wang.id)
    const { id } = await show(card.code)
    const admin = await staff('countyAdmin', places.county)
    const ask = { id: randomUUID(), reason: '刷错了卡' }
    await reverseFulfilment(db, admin, id, ask, clock.now)
    await reverseFulfilment(db, admin, id, ask, clock.now)
    expect(await balance(wang.personId)).toMatchObject({ availableMilliPoints: 1000n })
    expect((await db.fundLine.findUniqueOrThrow({ where: { id: fundLineId } })).drawnFen).toBe(0n)
    expect(
      await codesOf([
        reverseFulfilment(db, admin, id, { ...ask, id: randomUUID() }, clock.now),
        reverseFulfilment(db, counterActor, id, { ...ask, id: randomUUID() }, clock.now),
      ]),
    ).toEqual(['REDEMPTION_NOT_FULFILLED', 'NOT_FOUND'])
    await show(card.code)
    expect((await auditLedger(db)).problem).toBeNull()
  })
})
