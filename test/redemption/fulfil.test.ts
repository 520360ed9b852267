import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { auditLedger } from '../../server/ledger/audit'
import { cancelRedemption } from '../../server/redemption/cancel'
import { expireRedemptions } from '../../server/redemption/expire'
import { fulfil } from '../../server/redemption/fulfil'
import { findMine, listRedemptions, lookUp } from '../../server/redemption/queries'
import { redeem } from '../../server/redemption/redeem'
import { codesOf } from '../ledger/books'
import { addPoint, newShop, type Shop } from './shop'

/** A shop where somebody has just redeemed. */
async function heldOne(given: Parameters<typeof newShop>[0] = {}) {
  const shop = await newShop(given)
  const li = await shop.richMember(20_000n)
  const { id } = await redeem(shop.db, li.actor, shop.wish(), shop.clock.now)
  const { code } = await shop.db.redemption.findUniqueOrThrow({ where: { id } })
  return { ...shop, li, id, code, counterActor: await shop.counter() }
}
const press = (shop: Pick<Shop, 'pointId'>) => ({ id: randomUUID(), pointId: shop.pointId })
const sumOfDue = async ({ db }: Shop) =>
  (await db.ledgerAccount.aggregate({ where: { kind: 'redemptionDue' }, _sum: { postedMilliPoints: true } }))._sum
    .postedMilliPoints

describe('handing over', () => {
  test('the point scans, hands over, and the points are owed to it', async () => {
    const shop = await heldOne()
    const { db, keys, clock, counterActor, code, id, li, balance } = shop
    for (const text of [`https://mulin.example/x/${code}`, code, `${code.slice(0, 4)} ${code.slice(4)}`]) {
      expect(await lookUp(db, keys, counterActor, text, clock.now)).toMatchObject({
        redemption: { id },
        whyNot: null,
        whyNotSentence: null,
      })
    }

    await fulfil(db, counterActor, id, press(shop), clock.now)

    expect(await balance(li.personId)).toMatchObject({ postedMilliPoints: 0n, heldMilliPoints: 0n })
    expect(await sumOfDue(shop)).toBe(20_000n)
    expect(await findMine(db, keys, li.actor, id, '')).toMatchObject({ state: 'fulfilled', code: null, qr: null })
    expect((await auditLedger(db)).problem).toBeNull()
  })

  test('a second scan says when and where it was given', async () => {
    const shop = await heldOne()
    const { db, keys, later, clock, counterActor, code, id } = shop
    await fulfil(db, counterActor, id, press(shop), later(60))

    const seen = await lookUp(db, keys, counterActor, code, later(600))
    expect(seen).toMatchObject({
      whyNot: 'REDEMPTION_FULFILLED',
      whyNotSentence: '这个码已经领过了：11 月 22 日 09:01，在泽头食堂',
    })
    await expect(fulfil(db, counterActor, id, press(shop), clock.now)).rejects.toMatchObject({
      code: 'REDEMPTION_FULFILLED',
      detail: { resolvedAt: '2026-11-22T01:01:00.000Z', pointName: '泽头食堂' },
    })
  })

  test('only at its own point, by who works there', async () => {
    const shop = await heldOne()
    const { db, keys, clock, id, code, places, counter, li } = shop
    const otherPoint = await addPoint(shop, '泽库便民店', places.town2)
    const farPoint = await addPoint(shop, '张村超市', places.otherTown)
    const [other, far] = [await counter(otherPoint, places.town2), await counter(farPoint, places.otherTown)]

    expect(await lookUp(db, keys, other, code, clock.now)).toMatchObject({
      whyNot: 'REDEMPTION_OTHER_POINT',
      whyNotSentence: '这个码要到另一个兑换点领：泽头食堂',
    })
    expect(
      await codesOf([
        lookUp(db, keys, far, code, clock.now),
        fulfil(db, other, id, { id: randomUUID(), pointId: otherPoint }, clock.now),
        fulfil(db, other, id, press(shop), clock.now),
        fulfil(db, li.actor, id, press(shop), clock.now),
        fulfil(db, shop.counterActor, randomUUID(), press(shop), clock.now),
      ]),
    ).toEqual(['REDEMPTION_CODE', 'REDEMPTION_OTHER_POINT', 'NOT_ALLOWED', 'NOT_ALLOWED', 'NOT_FOUND'])
  })

  test('a code nobody has is refused as such', async () => {
    const { db, keys, clock, counterActor, code } = await heldOne()
    const wrong = code === '00000000' ? '00000001' : '00000000'
    const codes = await codesOf(
      [wrong, '123', `https://mulin.example/d/${code}`, '😀'].map((text) =>
        lookUp(db, keys, counterActor, text, clock.now),
      ),
    )
    expect(codes).toEqual(['REDEMPTION_CODE', 'REDEMPTION_CODE', 'REDEMPTION_CODE', 'REDEMPTION_CODE'])
  })

  test('the same press twice is one; ten presses at once hand over once', async () => {
    const shop = await heldOne()
    const { db, clock, counterActor, id } = shop
    const same = press(shop)
    const codes = await codesOf(
      Array.from({ length: 10 }, (_, no) => fulfil(db, counterActor, id, no < 5 ? same : press(shop), clock.now)),
    )
    const won = codes.filter((code) => code === '').length
    expect([1, 5]).toContain(won)
    expect(new Set(codes.filter((code) => code !== ''))).toEqual(new Set(['REDEMPTION_FULFILLED']))
    expect(await sumOfDue(shop)).toBe(20_000n)
  })
})

describe('giving back', () => {
  test('the holder cancels: points and piece are back, and pressing again changes nothing', async () => {
    const { db, clock, li, id, left, balance } = await heldOne({ left: 4 })
    await cancelRedemption(db, li.actor, id, clock.now)
    await cancelRedemption(db, li.actor, id, clock.now)
    expect(await left()).toBe(4)
    expect(await balance(li.personId)).toMatchObject({ availableMilliPoints: 20_000n, heldMilliPoints: 0n })
    expect((await auditLedger(db)).problem).toBeNull()
  })

  test('nobody else cancels, and what was handed over stays so', async () => {
    const shop = await heldOne()
    const { db, clock, li, id, member, counterActor } = shop
    const stranger = await member()
    expect(await codesOf([cancelRedemption(db, stranger.actor, id, clock.now)])).toEqual(['NOT_FOUND'])
    await fulfil(db, counterActor, id, press(shop), clock.now)
    expect(await codesOf([cancelRedemption(db, li.actor, id, clock.now)])).toEqual(['REDEMPTION_FULFILLED'])
  })

  test('what nobody fetched in time is given back by the clock, once', async () => {
    const shop = await heldOne({ holdHours: 1, left: 5 })
    const { db, keys, later, clock, li, id, code, left, balance, counterActor } = shop
    later(3600)
    expect(await expireRedemptions(db, clock.now)).toBe(0)
    expect(await lookUp(db, keys, counterActor, code, clock.now)).toMatchObject({ whyNot: null })
    later(1)
    expect(await codesOf([fulfil(db, counterActor, id, press(shop), clock.now)])).toEqual(['REDEMPTION_EXPIRED'])

    const expired = await Promise.all([
      expireRedemptions(db, clock.now),
      expireRedemptions(db, clock.now),
      expireRedemptions(db, clock.now),
    ])

    expect(expired.reduce((sum, one) => sum + one, 0)).toBe(1)
    expect(await left()).toBe(5)
    expect((await balance(li.personId)).availableMilliPoints).toBe(20_000n)
    expect(await lookUp(db, keys, counterActor, code, clock.now)).toMatchObject({
      whyNot: 'REDEMPTION_EXPIRED',
      whyNotSentence: '这个码已经过期，积分已退回',
    })
    expect(await codesOf([cancelRedemption(db, li.actor, id, clock.now)])).toEqual(['REDEMPTION_EXPIRED'])
    expect((await auditLedger(db)).problem).toBeNull()
  })

  test('of handing over, cancelling and expiry at once exactly one happens', async () => {
    const shop = await heldOne({ left: 3 })
    const { db, clock, li, id, left, counterActor } = shop
    const late = new Date(clock.now.getTime() + 100 * 3_600_000)
    const codes = await codesOf([
      cancelRedemption(db, li.actor, id, clock.now),
      fulfil(db, counterActor, id, press(shop), clock.now),
      expireRedemptions(db, late),
      cancelRedemption(db, li.actor, id, clock.now),
      fulfil(db, counterActor, id, press(shop), clock.now),
    ])
    const { state } = await db.redemption.findUniqueOrThrow({ where: { id } })
    expect(await left()).toBe(state === 'fulfilled' ? 2 : 3)
    expect((await sumOfDue(shop)) ?? 0n).toBe(state === 'fulfilled' ? 20_000n : 0n)
    expect(
      codes.filter(
        (code) =>
          !['', 'REDEMPTION_FULFILLED', 'REDEMPTION_CANCELLED', 'REDEMPTION_EXPIRED', 'CHANGED_MEANWHILE'].includes(
            code,
          ),
      ),
    ).toEqual([])
    expect((await auditLedger(db)).problem).toBeNull()
  })
})

describe('the list', () => {
  test('the desk sees its regions, a point what is fetched there, page by page', async () => {
    const shop = await newShop()
    const { db, keys, places, staff, counter, wish, later, richMember } = shop
    const li = await richMember(100_000n)
    for (let no = 0; no < 3; no++) await redeem(db, li.actor, wish(), later(60))
    const [own, sibling, town] = [
      await staff('villageStaff'),
      await staff('villageStaff', places.village3),
      await staff('townStaff', places.town),
    ]
    const elsewhere = await counter(await addPoint(shop, '泽库便民店', places.town2), places.town2)

    expect((await listRedemptions(db, keys, own, { limit: 10 })).items).toHaveLength(3)
    expect((await listRedemptions(db, keys, await counter(), { limit: 10 })).items).toHaveLength(3)
    expect((await listRedemptions(db, keys, sibling, { limit: 10 })).items).toEqual([])
    expect((await listRedemptions(db, keys, elsewhere, { limit: 10 })).items).toEqual([])
    expect((await listRedemptions(db, keys, town, { limit: 10, state: 'fulfilled' })).items).toEqual([])
    expect((await listRedemptions(db, keys, town, { limit: 10, from: '2026-11-23' })).items).toEqual([])

    const first = await listRedemptions(db, keys, town, { limit: 2 })
    const second = await listRedemptions(db, keys, town, { limit: 2, cursor: first.next ?? '' })
    expect([...first.items, ...second.items].map((one) => one.heldAt)).toEqual([
      '2026-11-22T01:03:00.000Z',
      '2026-11-22T01:02:00.000Z',
      '2026-11-22T01:01:00.000Z',
    ])
    expect(second.next).toBeNull()
  })
})
