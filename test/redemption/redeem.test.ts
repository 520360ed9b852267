import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { auditLedger } from '../../server/ledger/audit'
import { catalogue, findMine, listMine } from '../../server/redemption/queries'
import { redeem } from '../../server/redemption/redeem'
import { codesOf } from '../ledger/books'
import { addProduct, newShop } from './shop'

describe('redeeming', () => {
  test('takes one piece, holds its price and gives a code', async () => {
    const { db, keys, clock, richMember, wish, left, balance } = await newShop({ left: 3 })
    const li = await richMember(27_000n)

    const { id } = await redeem(db, li.actor, wish(), clock.now)

    expect(await left()).toBe(2)
    expect(await balance(li.personId)).toMatchObject({
      postedMilliPoints: 27_000n,
      heldMilliPoints: 20_000n,
      availableMilliPoints: 7000n,
    })
    const mine = await findMine(db, keys, li.actor, id, 'https://mulin.example')
    expect(mine).toMatchObject({
      state: 'held',
      productName: '大米 5 斤',
      pointName: '泽头食堂',
      personMaskedName: '张*',
      expiresAt: '2026-11-25T01:00:00.000Z',
    })
    expect(mine.code).toMatch(/^\d{8}$/)
    expect(mine.qr).toBe(`https://mulin.example/x/${mine.code}`)
  })

  test('is refused without enough points, without stock, at a wrong point, for what is not offered here', async () => {
    const shop = await newShop({ left: 0 })
    const { db, clock, richMember, member, wish, places } = shop
    const [li, zhao] = [await richMember(), await member()]
    const elsewhere = await addProduct(shop, { place: places.town2 })
    const foreign = await addProduct(shop, { programmeId: randomUUID() })
    await db.productStock.createMany({
      data: [elsewhere, foreign].map((productId) => ({ productId, pointId: shop.pointId, left: 5 })),
    })
    const ask = (actor: typeof li.actor, more: Parameters<typeof wish>[0] = {}) =>
      redeem(db, actor, wish(more), clock.now)

    expect(await codesOf([ask(li.actor)])).toEqual(['OUT_OF_STOCK'])
    await db.productStock.updateMany({ where: { productId: shop.productId }, data: { left: 5 } })
    expect(
      await codesOf([
        ask(zhao.actor),
        ask(li.actor, { pointId: randomUUID() }),
        ask(li.actor, { productId: elsewhere }),
        ask(li.actor, { productId: foreign }),
        ask(li.actor, { productId: randomUUID() }),
      ]),
    ).toEqual(['POINTS_NOT_ENOUGH', 'POINT_UNKNOWN', 'PRODUCT_UNKNOWN', 'PRODUCT_UNKNOWN', 'PRODUCT_UNKNOWN'])
    expect(await db.redemption.count()).toBe(0)
  })

  test('a closed point and a product taken off the list can’t be chosen', async () => {
    const { db, clock, richMember, wish, pointId, productId } = await newShop()
    const li = await richMember()
    await db.redemptionPoint.update({ where: { id: pointId }, data: { active: false } })
    expect(await codesOf([redeem(db, li.actor, wish(), clock.now)])).toEqual(['POINT_UNKNOWN'])
    await db.redemptionPoint.update({ where: { id: pointId }, data: { active: true } })
    await db.product.update({ where: { id: productId }, data: { active: false } })
    expect(await codesOf([redeem(db, li.actor, wish(), clock.now)])).toEqual(['PRODUCT_UNKNOWN'])
  })

  test('asked twice, and ten times at once, with one id it is one redemption', async () => {
    const { db, clock, richMember, wish, left, balance } = await newShop()
    const li = await richMember(100_000n)
    const ask = wish()
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(db, li.actor, ask, clock.now)))
    await redeem(db, li.actor, ask, clock.now)

    expect(new Set(answers.map((one) => one.id))).toEqual(new Set([ask.id]))
    expect(await left()).toBe(9)
    expect((await balance(li.personId)).heldMilliPoints).toBe(20_000n)
    expect(await codesOf([redeem(db, li.actor, { ...ask, pointId: randomUUID() }, clock.now)])).toEqual([
      'IDEMPOTENCY_CONFLICT',
    ])
  })

  test('of 100 who want one of 10 pieces at once exactly 10 get one, and nobody else pays', async () => {
    const { db, clock, richMember, wish, left, productId, fundLineId } = await newShop({ left: 10 })
    const li = await richMember(100_000n)
    const members = await Promise.all(Array.from({ length: 20 }, () => richMember(100_000n)))

    const codes = await codesOf(
      Array.from({ length: 100 }, (_, no) => redeem(db, (members[no % 20] ?? li).actor, wish(), clock.now)),
    )

    expect(codes.filter((code) => code === '')).toHaveLength(10)
    expect(new Set(codes.filter((code) => code !== ''))).toEqual(new Set(['OUT_OF_STOCK']))
    expect(await left()).toBe(0)
    const held = await db.ledgerAccount.aggregate({ _sum: { pendingMilliPoints: true } })
    expect(held._sum.pendingMilliPoints).toBe(200_000n)
    expect(new Set((await db.redemption.findMany()).map((one) => one.code)).size).toBe(10)
    // Stock, points and money agree, and nobody is below nothing.
    const { costFen } = await db.product.findUniqueOrThrow({ where: { id: productId } })
    expect(costFen).toBeGreaterThan(0)
    expect((await db.fundLine.findUniqueOrThrow({ where: { id: fundLineId } })).drawnFen).toBe(10n * BigInt(costFen))
    const accounts = await db.ledgerAccount.findMany({ where: { kind: 'member' } })
    expect(accounts.filter((one) => one.postedMilliPoints < one.pendingMilliPoints)).toEqual([])
    expect((await auditLedger(db)).problem).toBeNull()
  })

  test('who has points for one gets one, however often pressed at once', async () => {
    const { db, clock, richMember, wish, left, balance } = await newShop({ left: 10 })
    const li = await richMember(30_000n)
    const codes = await codesOf(Array.from({ length: 12 }, () => redeem(db, li.actor, wish(), clock.now)))
    expect(codes.filter((code) => code === '')).toHaveLength(1)
    expect(new Set(codes.filter((code) => code !== ''))).toEqual(new Set(['POINTS_NOT_ENOUGH']))
    expect(await left()).toBe(9)
    expect((await balance(li.personId)).availableMilliPoints).toBe(10_000n)
  })
})

describe('redeeming for an elder', () => {
  test('a proxy spends the elder’s points, not his own', async () => {
    const { db, keys, clock, elder, proxy, give, wish, balance } = await newShop()
    const wang = await elder()
    await give(wang.personId, 20_000n)
    const son = await proxy(wang.id)

    const { id } = await redeem(db, son, wish({ elderId: wang.id }), clock.now)

    expect((await balance(wang.personId)).heldMilliPoints).toBe(20_000n)
    expect(await db.redemption.findUniqueOrThrow({ where: { id } })).toMatchObject({
      personId: wang.personId,
      byPersonId: son.personId,
    })
    const { items } = await listMine(db, keys, son, { limit: 10 }, '')
    expect(items.map((one) => one.id)).toEqual([id])
    expect((await listMine(db, keys, wang.actor, { limit: 10 }, '')).items).toHaveLength(1)
  })

  test('who may not redeem for her does not even learn that she exists', async () => {
    const { db, keys, clock, elder, proxy, member, give, wish } = await newShop()
    const wang = await elder()
    await give(wang.personId, 20_000n)
    const [witness, stranger] = [await proxy(wang.id, { scopes: 'confirm' }), await member()]
    const codes = await codesOf([
      redeem(db, witness, wish({ elderId: wang.id }), clock.now),
      redeem(db, stranger.actor, wish({ elderId: wang.id }), clock.now),
      redeem(db, stranger.actor, wish({ elderId: randomUUID() }), clock.now),
      redeem(db, witness, wish(), clock.now),
    ])
    expect(codes).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'REQUIRED'])
    const { id } = await redeem(db, wang.actor, wish(), clock.now)
    expect(await codesOf([findMine(db, keys, stranger.actor, id, ''), findMine(db, keys, witness, id, '')])).toEqual([
      'NOT_FOUND',
      'NOT_FOUND',
    ])
  })
})

describe('the catalogue', () => {
  test('says how many points are missing, what is gone, and shows first what can be had', async () => {
    const shop = await newShop({ priceMilliPoints: 20_000n })
    const { db, richMember, pointId, places } = shop
    const li = await richMember(13_000n)
    const cheap = await addProduct(shop, { priceMilliPoints: 10_000n })
    const gone = await addProduct(shop, { priceMilliPoints: 5000n })
    await addProduct(shop, { place: places.town2 })
    await db.productStock.createMany({
      data: [
        { productId: cheap, pointId, left: 1 },
        { productId: gone, pointId, left: 0 },
      ],
    })

    const { availableMilliPoints, offers } = await catalogue(db, shop.keys, li.actor, undefined, shop.clock.now)

    expect(availableMilliPoints).toBe('13000')
    expect(
      offers.map(({ id, whyNot, whyNotSentence, missingMilliPoints }) => [
        id,
        whyNot,
        whyNotSentence,
        missingMilliPoints,
      ]),
    ).toEqual([
      [cheap, null, null, null],
      [gone, 'OUT_OF_STOCK', '已经换完了', null],
      [shop.productId, 'POINTS_NOT_ENOUGH', '还差 7 分', '7000'],
    ])
  })
})
