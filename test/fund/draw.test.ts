import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { auditLedger } from '../../server/ledger/audit'
import { cancelRedemption } from '../../server/redemption/cancel'
import { expireRedemptions } from '../../server/redemption/expire'
import { fulfil } from '../../server/redemption/fulfil'
import { catalogue } from '../../server/redemption/queries'
import { redeem } from '../../server/redemption/redeem'
import { instantOf } from '../../shared/core/time'
import { codesOf } from '../ledger/books'
import { addProduct, newShop } from '../redemption/shop'
import { addFund } from '../support/funds'

describe('money behind redemptions', () => {
  test('a redemption draws its cost when it is promised, and the next one beyond the budget is refused', async () => {
    const shop = await newShop({ budgetFen: 4999n })
    const { db, clock, wish, richMember, fundLineId, left, balance } = shop
    const li = await richMember(100_000n)
    const ask = () => redeem(db, li.actor, wish(), clock.now)
    const drawn = async () => (await db.fundLine.findUniqueOrThrow({ where: { id: fundLineId } })).drawnFen

    const { id } = await ask()
    expect(await db.redemption.findUniqueOrThrow({ where: { id } })).toMatchObject({ fundLineId, costFen: 2000 })
    expect(await drawn()).toBe(2000n)
    await ask()
    expect(await codesOf([ask()])).toEqual(['FUND_EXHAUSTED'])
    expect(await drawn()).toBe(4000n)
    // what was refused took nothing: no piece, no points
    expect(await left()).toBe(8)
    expect((await balance(li.personId)).heldMilliPoints).toBe(40_000n)
    // the last fen counts
    await db.fundLine.update({ where: { id: fundLineId }, data: { budgetFen: 6000n } })
    await ask()
    expect(await drawn()).toBe(6000n)
    const { offers } = await catalogue(db, shop.keys, li.actor, undefined, clock.now)
    expect(offers[0]).toMatchObject({
      whyNot: 'FUND_EXHAUSTED',
      whyNotSentence: '这笔兑换资金今年用完了，积分还在，请问社区',
    })
  })

  test('cancelled and expired it is given back once, handed over it stays drawn', async () => {
    const shop = await newShop({ budgetFen: 6000n })
    const { db, clock, wish, richMember, fundLineId, counter, later } = shop
    const li = await richMember(100_000n)
    const [a, b, c] = [wish(), wish(), wish()]
    for (const one of [a, b, c]) await redeem(db, li.actor, one, clock.now)
    await cancelRedemption(db, li.actor, a.id, clock.now)
    await cancelRedemption(db, li.actor, a.id, clock.now)
    await fulfil(db, await counter(), b.id, { id: randomUUID(), pointId: shop.pointId }, clock.now)
    await expireRedemptions(db, later(73 * 3600))
    await expireRedemptions(db, clock.now)
    expect((await db.fundLine.findUniqueOrThrow({ where: { id: fundLineId } })).drawnFen).toBe(2000n)
    expect((await db.fundDraw.findMany({ orderBy: { fen: 'asc' } })).map((one) => [one.kind, one.fen])).toEqual([
      ['release', -2000],
      ['release', -2000],
      ['draw', 2000],
      ['draw', 2000],
      ['draw', 2000],
    ])
    expect((await auditLedger(db)).problem).toBeNull()
    await db.redemption.update({ where: { id: b.id }, data: { costFen: 1999 } })
    expect((await auditLedger(db)).problem).toMatchObject({ invariant: 'F1', row: `redemption ${b.id}` })
    await db.fundLine.update({ where: { id: fundLineId }, data: { drawnFen: 1999n } })
    expect((await auditLedger(db)).problem).toMatchObject({ invariant: 'F1', row: `fund_line ${fundLineId}` })
  })

  test('by rule and priority: the line for this product first, then the village’s own, then the county’s; never a sibling’s', async () => {
    const shop = await newShop({ budgetFen: 2000n })
    const { db, clock, wish, richMember, places, productId, fundLineId } = shop
    const village = await addFund(shop, { place: places.village, budgetFen: 2000n })
    await addFund(shop, { place: places.village2 })
    await addFund(shop, { kinds: 'meal', priority: 1 })
    await addFund(shop, { year: 2025, priority: 1 })
    const named = await addFund(shop, { budgetFen: 2000n, priority: 2, productIds: productId })
    const li = await richMember(100_000n)
    const lines: (string | null)[] = []
    for (let no = 0; no < 3; no++) {
      const { id } = await redeem(db, li.actor, wish(), clock.now)
      lines.push((await db.redemption.findUniqueOrThrow({ where: { id } })).fundLineId)
    }
    expect(lines).toEqual([named, village, fundLineId])
    expect(await codesOf([redeem(db, li.actor, wish(), clock.now)])).toEqual(['FUND_EXHAUSTED'])
  })

  test('at midnight of the year another line pays; without one nothing does, and what costs nothing needs none', async () => {
    const shop = await newShop()
    const { db, wish, richMember, fundLineId, pointId } = shop
    const li = await richMember(100_000n)
    const before = instantOf('2026-12-31', '23:59')
    const { id } = await redeem(db, li.actor, wish(), before)
    expect((await db.redemption.findUniqueOrThrow({ where: { id } })).fundLineId).toBe(fundLineId)
    const after = instantOf('2027-01-01', '00:00')
    expect(await codesOf([redeem(db, li.actor, wish(), after)])).toEqual(['FUND_NONE'])
    const given = await addProduct(shop, { priceMilliPoints: 1000n })
    await db.product.update({ where: { id: given }, data: { costFen: 0 } })
    await db.productStock.create({ data: { productId: given, pointId, left: 1 } })
    const free = await redeem(db, li.actor, wish({ productId: given }), after)
    expect((await db.redemption.findUniqueOrThrow({ where: { id: free.id } })).fundLineId).toBeNull()
  })

  test('100 at once for 10 pieces and money for 10: exactly 10 succeed; stock, points and fund agree', async () => {
    const shop = await newShop({ left: 10, budgetFen: 20_000n })
    const { db, clock, wish, richMember, fundLineId, left } = shop
    const members = await Promise.all(Array.from({ length: 20 }, () => richMember(100_000n)))
    const codes = await codesOf(
      Array.from({ length: 100 }, (_, no) =>
        redeem(db, (members[no % 20] as (typeof members)[0]).actor, wish(), clock.now),
      ),
    )
    expect(codes.filter((code) => code === '')).toHaveLength(10)
    expect(await left()).toBe(0)
    expect((await db.fundLine.findUniqueOrThrow({ where: { id: fundLineId } })).drawnFen).toBe(20_000n)
    const held = await db.ledgerAccount.aggregate({ _sum: { pendingMilliPoints: true } })
    expect(held._sum.pendingMilliPoints).toBe(200_000n)
    expect((await auditLedger(db)).problem).toBeNull()
  })

  test('30 at once with money for 10 of 100 pieces: 10 succeed, 20 are told that the money is gone', async () => {
    const shop = await newShop({ left: 100, budgetFen: 21_999n })
    const { db, clock, wish, richMember, fundLineId, left } = shop
    const members = await Promise.all(Array.from({ length: 10 }, () => richMember(100_000n)))
    const codes = await codesOf(
      Array.from({ length: 30 }, (_, no) =>
        redeem(db, (members[no % 10] as (typeof members)[0]).actor, wish(), clock.now),
      ),
    )
    expect(codes.filter((code) => code === '')).toHaveLength(10)
    expect(codes.filter((code) => code === 'FUND_EXHAUSTED')).toHaveLength(20)
    expect(await left()).toBe(90)
    expect((await db.fundLine.findUniqueOrThrow({ where: { id: fundLineId } })).drawnFen).toBe(20_000n)
  })

  test('the database itself keeps a line from being overdrawn, and a draw from being changed or given back twice', async () => {
    const { db, clock, fundLineId } = await newShop({ budgetFen: 3000n })
    const draw = (more: object) =>
      db.fundDraw.create({
        data: {
          id: randomUUID(),
          fundLineId,
          redemptionId: randomUUID(),
          kind: 'draw',
          fen: 2000,
          at: clock.now,
          ...more,
        },
      })
    const first = await draw({})
    await expect(draw({})).rejects.toThrow()
    await expect(db.fundLine.update({ where: { id: fundLineId }, data: { budgetFen: 1999n } })).rejects.toThrow()
    await expect(db.fundDraw.update({ where: { id: first.id }, data: { fen: 1 } })).rejects.toThrow()
    await expect(db.fundDraw.delete({ where: { id: first.id } })).rejects.toThrow()
    await expect(draw({ kind: 'release', fen: -2000 })).rejects.toThrow()
    await expect(draw({ kind: 'release', fen: -1999, redemptionId: first.redemptionId })).rejects.toThrow()
    await draw({ kind: 'release', fen: -2000, redemptionId: first.redemptionId })
    await expect(draw({ kind: 'release', fen: -2000, redemptionId: first.redemptionId })).rejects.toThrow()
    expect((await db.fundLine.findUniqueOrThrow({ where: { id: fundLineId } })).drawnFen).toBe(0n)
  })
})
