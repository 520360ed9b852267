import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { addPoint, changePoint } from '../../server/redemption/add-point'
import { addProduct, changeProduct } from '../../server/redemption/add-product'
import { changeStock } from '../../server/redemption/change-stock'
import { findProduct, listPoints, listProducts } from '../../server/redemption/queries'
import { codesOf } from '../ledger/books'
import { addPoint as insertPoint, newShop } from './shop'

const RICE = {
  name: '大米 5 斤',
  icon: 'rice',
  kind: 'goods' as const,
  description: '东北大米',
  priceMilliPoints: '20000',
  costFen: 2000,
  holdHours: 72,
  mostAtOnce: 1,
  mealTime: null,
  whoRule: '',
  active: true,
}
const CANTEEN = {
  name: '泽头食堂',
  address: '泽头街 1 号',
  phone: '0631-8451234',
  openingHours: '9:00–17:00',
  active: true,
}

describe('products', () => {
  test('the county offers something and changes it; what is asked twice is added once', async () => {
    const { db, clock, staff, places } = await newShop()
    const admin = await staff('countyAdmin', places.county)
    const ask = { ...RICE, id: randomUUID(), regionId: places.county.id }
    await Promise.all([addProduct(db, admin, ask, clock.now), addProduct(db, admin, ask, clock.now)])
    await changeProduct(db, admin, ask.id, { ...RICE, priceMilliPoints: '18000', active: false }, clock.now)

    expect(await findProduct(db, ask.id, clock.now)).toMatchObject({
      name: '大米 5 斤',
      priceMilliPoints: '18000',
      active: false,
      regionName: '文登区',
      stocks: [],
    })
    expect(await db.operationLog.count({ where: { resourceId: ask.id } })).toBe(2)
  })

  test('only its own county, only for a price, only where a programme is', async () => {
    const { db, clock, staff, places } = await newShop()
    const [admin, other] = [await staff('countyAdmin', places.county), await staff('countyAdmin', places.otherCounty)]
    const ask = (more: object = {}) => ({ ...RICE, id: randomUUID(), regionId: places.county.id, ...more })
    const known = ask()
    await addProduct(db, admin, known, clock.now)
    const codes = await codesOf([
      addProduct(db, other, ask(), clock.now),
      addProduct(db, other, ask({ regionId: places.otherCounty.id }), clock.now),
      addProduct(db, admin, ask({ priceMilliPoints: '0' }), clock.now),
      addProduct(db, admin, ask({ regionId: randomUUID() }), clock.now),
      changeProduct(db, other, known.id, RICE, clock.now),
      changeProduct(db, admin, randomUUID(), RICE, clock.now),
    ])
    expect(codes).toEqual(['REGION_OUTSIDE', 'NO_SCHEME', 'AMOUNT', 'REGION_UNKNOWN', 'NOT_FOUND', 'NOT_FOUND'])
  })

  test('staff see what their place offers, and what is offered above it', async () => {
    const { db, clock, staff, places, productId } = await newShop()
    expect((await listProducts(db, await staff('villageStaff'), clock.now)).map((one) => one.id)).toEqual([productId])
    expect(await listProducts(db, await staff('villageStaff', places.otherVillage), clock.now)).toEqual([])
  })
})

describe('stock', () => {
  test('goes up and down, never below what is left; the same press counts once', async () => {
    const { db, clock, staff, places, productId, pointId, left } = await newShop({ left: 2 })
    const town = await staff('townStaff', places.town)
    const change = (by: number, id: string = randomUUID()) =>
      changeStock(db, town, productId, { id, pointId, change: by }, clock.now)
    const id = randomUUID()
    await Promise.all([change(5, id), change(5, id)])
    expect(await left()).toBe(7)
    await change(-7)
    expect(await codesOf([change(-1)])).toEqual(['OUT_OF_STOCK'])
    await Promise.all([change(3), change(4), change(5)])
    expect(await left()).toBe(12)
  })

  test('a town only fills its own shelves', async () => {
    const shop = await newShop()
    const { db, clock, staff, places, productId, pointId } = shop
    const [sibling, other] = [await staff('townStaff', places.town2), await staff('townStaff', places.otherTown)]
    const far = await insertPoint(shop, '张村超市', places.otherTown)
    const change = (actor: typeof sibling, point = pointId) =>
      changeStock(db, actor, productId, { id: randomUUID(), pointId: point, change: 1 }, clock.now)
    const own = await staff('townStaff', places.town)
    expect(await codesOf([change(sibling), change(other), change(own, far), change(own, randomUUID())])).toEqual([
      'POINT_UNKNOWN',
      'NOT_FOUND',
      'POINT_UNKNOWN',
      'POINT_UNKNOWN',
    ])
  })
})

describe('points', () => {
  test('the county opens and closes them; phones see only open ones of their county', async () => {
    const { db, clock, staff, places, member, pointId } = await newShop()
    const admin = await staff('countyAdmin', places.county)
    const ask = { ...CANTEEN, id: randomUUID(), regionId: places.town2.id, name: '泽库食堂' }
    await Promise.all([addPoint(db, admin, ask, clock.now), addPoint(db, admin, ask, clock.now)])
    const li = await member()
    expect((await listPoints(db, li.actor)).map((one) => one.name)).toEqual(['泽头食堂', '泽库食堂'].sort())

    await changePoint(db, admin, ask.id, { ...CANTEEN, name: '泽库食堂', active: false }, clock.now)

    expect((await listPoints(db, li.actor)).map((one) => one.id)).toEqual([pointId])
    expect((await listPoints(db, admin)).find((one) => one.id === ask.id)).toMatchObject({
      active: false,
      phone: '06318451234',
      regionName: '泽库镇',
    })
    expect(await listPoints(db, (await member({ place: places.otherVillage })).actor)).toEqual([])
  })

  test('nobody opens one outside the county, or with a telephone that can’t be', async () => {
    const { db, clock, staff, places, pointId } = await newShop()
    const [admin, other] = [await staff('countyAdmin', places.county), await staff('countyAdmin', places.otherCounty)]
    const ask = (more: object = {}) => ({ ...CANTEEN, id: randomUUID(), regionId: places.town.id, ...more })
    const codes = await codesOf([
      addPoint(db, other, ask(), clock.now),
      addPoint(db, admin, ask({ phone: '123' }), clock.now),
      changePoint(db, other, pointId, CANTEEN, clock.now),
      changePoint(db, admin, randomUUID(), CANTEEN, clock.now),
    ])
    expect(codes).toEqual(['REGION_OUTSIDE', 'PHONE_FORM', 'NOT_FOUND', 'NOT_FOUND'])
  })
})
