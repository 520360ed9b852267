import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { addProduct } from '../../server/redemption/add-product'
import { cancelRedemption } from '../../server/redemption/cancel'
import { changeStock } from '../../server/redemption/change-stock'
import { findProduct } from '../../server/redemption/queries'
import { redeem } from '../../server/redemption/redeem'
import { instantOf } from '../../shared/core/time'
import { leftOf, periodStart } from '../../shared/redemption/rules'
import { codesOf } from '../ledger/books'
import { newShop } from './shop'

test('one point is one yuan off at a contracted shop: four at once cost four points and four yuan, five are too many', async () => {
  const { db, clock, productId, richMember, wish, left, balance, fundLineId } = await newShop({
    priceMilliPoints: 1000n,
  })
  await db.product.update({ where: { id: productId }, data: { kind: 'yuan', costFen: 100, mostAtOnce: 4 } })
  const li = await richMember(6000n)
  const ask = (quantity: number) => redeem(db, li.actor, { ...wish(), quantity }, clock.now)
  expect(await codesOf([ask(5)])).toEqual(['TOO_MANY_AT_ONCE'])
  const { id } = await ask(4)
  expect(await db.redemption.findUniqueOrThrow({ where: { id } })).toMatchObject({
    ...{ quantity: 4, priceMilliPoints: 4000n, costFen: 400 },
  })
  expect(await left()).toBe(6)
  expect(await codesOf([ask(3)])).toEqual(['POINTS_NOT_ENOUGH'])
  await cancelRedemption(db, li.actor, id, clock.now)
  expect(await left()).toBe(10)
  expect((await balance(li.personId)).availableMilliPoints).toBe(6000n)
  expect((await db.fundLine.findUniqueOrThrow({ where: { id: fundLineId } })).drawnFen).toBe(0n)
})

test('a shelf that is filled each day is full again at midnight, and what comes back from yesterday doesn’t overfill it', async () => {
  const shop = await newShop({ left: 0 })
  const { db, clock, productId, pointId, richMember, wish, staff, places } = shop
  const admin = await staff('countyAdmin', places.county)
  const fill = { id: randomUUID(), pointId, change: 0, period: 'day' as const, perPeriod: 1 }
  await changeStock(db, admin, productId, fill, clock.now)
  const li = await richMember(200_000n)
  const late = instantOf('2026-11-22', '23:59')
  const yesterday = await redeem(db, li.actor, wish(), late)
  expect(await codesOf([redeem(db, li.actor, wish(), late)])).toEqual(['OUT_OF_STOCK'])
  const midnight = instantOf('2026-11-23', '00:00')
  await redeem(db, li.actor, wish(), midnight)
  await cancelRedemption(db, li.actor, yesterday.id, midnight)
  expect(await codesOf([redeem(db, li.actor, wish(), midnight)])).toEqual(['OUT_OF_STOCK'])
  expect((await findProduct(db, productId, midnight)).stocks).toMatchObject([{ left: 0, period: 'day', perPeriod: 1 }])
  expect((await findProduct(db, productId, instantOf('2026-11-24', '00:00'))).stocks).toMatchObject([{ left: 1 }])
})

test('periods begin on the Shanghai day, on Monday, on the first', () => {
  expect(['day', 'week', 'month', 'never'].map((one) => periodStart(one as 'day', '2026-11-22'))).toEqual([
    '2026-11-22',
    '2026-11-16',
    '2026-11-01',
    '',
  ])
  const shelf = { left: 2, perPeriod: 9, period: 'week' as const, periodFrom: '2026-11-16' }
  expect([leftOf(shelf, '2026-11-22'), leftOf(shelf, '2026-11-23')]).toEqual([2, 9])
})

test('who may is a rule: those it isn’t for are told so; a rule that doesn’t parse is shown where', async () => {
  const { db, clock, productId, richMember, elder, give, wish, staff, places } = await newShop()
  await db.product.update({ where: { id: productId }, data: { whoRule: 'age >= 80' } })
  const li = await richMember()
  const wang = await elder()
  await give(wang.personId, 20_000n)
  expect(await codesOf([redeem(db, li.actor, wish(), clock.now)])).toEqual(['WHO_RULE'])
  await redeem(db, wang.actor, wish(), clock.now)
  const admin = await staff('countyAdmin', places.county)
  const product = {
    ...{ id: randomUUID(), regionId: places.county.id, name: '理发', icon: 'gift', kind: 'service' as const },
    ...{
      description: '',
      priceMilliPoints: '5000',
      costFen: 0,
      holdHours: 72,
      mostAtOnce: 1,
      mealTime: null,
      active: true,
    },
  }
  await expect(addProduct(db, admin, { ...product, whoRule: 'age >=' }, clock.now)).rejects.toMatchObject({
    ...{ code: 'EXPRESSION', detail: { field: 'whoRule', at: 6 } },
  })
})
