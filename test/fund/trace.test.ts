import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { findFundCover } from '../../server/fund/cover'
import { findOrigin } from '../../server/fund/origin'
import { findFundPlaces } from '../../server/fund/queries'
import { issuanceAccount } from '../../server/ledger/accounts'
import { post } from '../../server/ledger/post'
import { fulfil } from '../../server/redemption/fulfil'
import { redeem } from '../../server/redemption/redeem'
import { instantOf } from '../../shared/core/time'
import { coverOf } from '../../shared/fund/rules'
import { codesOf } from '../ledger/books'
import { newShop, type Shop } from '../redemption/shop'

/** A visit of an hour that earned so much. */
async function earn(shop: Shop, member: { id: string; personId: string }, milliPoints: bigint, day: string) {
  const { db, places, service, programmeId, clock } = shop
  const visitId = randomUUID()
  const checkInAt = instantOf(day, '09:00')
  await db.visit.create({
    data: {
      ...{ id: visitId, memberId: member.id, memberPersonId: member.personId, serviceId: service.id },
      ...{ regionId: places.village.id, regionPath: places.village.path, countyId: places.county.id },
      ...{ channel: 'inPerson', nature: 'volunteer', state: 'approved', checkInAt, recordedAt: checkInAt },
      ...{ checkOutAt: instantOf(day, '10:00'), day, month: day.slice(0, 7), servedSeconds: 3600 },
      ...{ counted: true, level: 2, tasksDone: '[]', flag: 'clean' },
    },
  })
  const accountId = await shop.accountOf(member.personId)
  await db.$transaction(async (tx) => {
    const postings = [
      { accountId: await issuanceAccount(tx, programmeId), milliPoints: -milliPoints },
      { accountId, milliPoints },
    ]
    const ask = { programmeId, kind: 'EARN', refType: 'visit', refId: visitId, revision: 0, byId: 'test' } as const
    await post(tx, [{ id: randomUUID(), ...ask, happenedAt: checkInAt, explanation: {}, postings }], clock.now)
  })
  return visitId
}

describe('from the money down to the visit', () => {
  test('county → town → village → redemption → the hours that earned it, each level summing to the one above', async () => {
    const shop = await newShop()
    const { db, clock, places, staff, member, fundLineId, wish, counter } = shop
    const li = await member()
    const first = await earn(shop, li, 12_000n, '2026-11-02')
    const second = await earn(shop, li, 16_000n, '2026-11-09')
    const zhao = await member({ place: places.village2 })
    await shop.give(zhao.personId, 20_000n)
    const paid = await redeem(db, li.actor, wish(), clock.now)
    await redeem(db, zhao.actor, wish(), clock.now)
    await fulfil(db, await counter(), paid.id, { id: randomUUID(), pointId: shop.pointId }, clock.now)

    const auditor = await staff('auditor', places.county)
    const down = (regionId?: string) => findFundPlaces(db, auditor, fundLineId, { regionId }, clock.now)
    const whole = await down()
    expect(whole.line).toMatchObject({ drawnFen: '4000', paidFen: '2000' })
    expect(whole.places.map((one) => [one.regionName, one.count, one.promisedFen, one.paidFen])).toEqual([
      ['泽头镇', 2, '2000', '2000'],
      ['泽库镇', 0, '0', '0'],
    ])
    const town = await down(places.town.id)
    expect(town.trail.map((one) => one.name)).toEqual(['文登区', '泽头镇'])
    expect(
      town.places.map((one) => [one.regionName, one.count, one.promisedFen, one.paidFen, one.milliPoints]),
    ).toEqual([
      ['北庄村', 1, '0', '2000', '20000'],
      ['西庄村', 1, '2000', '0', '20000'],
    ])
    expect(await findOrigin(db, auditor, paid.id)).toMatchObject({
      fundLineName: '福彩公益金',
      costFen: 2000,
      sources: [
        { milliPoints: '12000', visit: { id: first, day: '2026-11-02', serviceName: '打扫卫生', usedSeconds: 3600 } },
        { milliPoints: '8000', visit: { id: second, usedSeconds: 1800, servedSeconds: 3600 } },
      ],
      usedSeconds: 5400,
    })
  })

  test('nobody sees more of it than the own regions', async () => {
    const shop = await newShop()
    const { db, clock, places, staff, fundLineId, wish, richMember } = shop
    const { id } = await redeem(db, (await richMember()).actor, wish(), clock.now)
    const sibling = await staff('townStaff', places.town2)
    const foreign = await staff('countyAdmin', places.otherCounty)
    const view = await findFundPlaces(db, sibling, fundLineId, {}, clock.now)
    expect(view.places.map((one) => [one.regionName, one.count])).toEqual([['泽库镇', 0]])
    expect(
      await codesOf([
        findFundPlaces(db, sibling, fundLineId, { regionId: places.town.id }, clock.now),
        findFundPlaces(db, foreign, fundLineId, {}, clock.now),
        findOrigin(db, sibling, id),
      ]),
    ).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'])
  })
})

describe('cover', () => {
  test('points that are out × cost ÷ money that is left; a hold counts as money, not twice', async () => {
    const shop = await newShop({ budgetFen: 10_000n })
    const { db, clock, places, staff, wish, richMember } = shop
    const admin = await staff('countyAdmin', places.county)
    const li = await richMember(80_000n)
    const cover = () => findFundCover(db, admin, places.village.id, clock.now)
    // 20 points cost ¥20: a point costs 100 fen
    expect(await cover()).toMatchObject({
      ...{
        regionName: '文登区',
        leftFen: '10000',
        outstandingMilliPoints: '80000',
        costFen: 100,
        costFrom: 'catalogue',
      },
      ...{ liabilityFen: '8000', ceilingMilliPoints: '100000', usedPermille: 800, state: 'warn' },
    })
    await redeem(db, li.actor, wish(), clock.now)
    expect(await cover()).toMatchObject({
      leftFen: '8000',
      outstandingMilliPoints: '60000',
      usedPermille: 750,
      state: 'ok',
    })
    const today = await cover()
    expect(today.months.at(-1)).toEqual({ month: '2026-11', drawnFen: '2000' })
    expect(
      await codesOf([findFundCover(db, await staff('cityAdmin', places.city), places.city.id, clock.now)]),
    ).toEqual(['NO_SCHEME'])
  })

  test('the warning begins at its share and the ceiling is passed only above it', () => {
    const of = (outstandingMilliPoints: bigint) =>
      coverOf({ outstandingMilliPoints, costFen: 100, leftFen: 10_000n, ceilingPercent: 100, warnPercent: 80 })
    expect([79_999n, 79_990n, 80_000n, 100_000n, 100_001n].map((one) => of(one).state)).toEqual([
      'warn',
      'ok',
      'warn',
      'warn',
      'over',
    ])
    const none = coverOf({
      outstandingMilliPoints: 1n,
      costFen: 100,
      leftFen: 0n,
      ceilingPercent: 100,
      warnPercent: 80,
    })
    expect(none).toMatchObject({ state: 'over', usedPermille: null })
  })
})
