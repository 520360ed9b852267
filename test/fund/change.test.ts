import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { addFundLine, changeFundLine, decideFundChange } from '../../server/fund/change'
import { findFundLine, listFundChanges, listFundLines } from '../../server/fund/queries'
import type { FundTerms } from '../../shared/fund/input'
import { codesOf } from '../ledger/books'
import { addFund } from '../support/funds'
import { newWorld, type Place, type World } from '../support/world'

const TERMS: FundTerms = {
  name: '福彩公益金',
  source: 'welfareLottery',
  kinds: [],
  productIds: [],
  priority: 10,
  active: true,
  budgetFen: '5000000',
}
const YES = { decision: 'approve' as const, reason: '' }
const line = (place: Place, more: Partial<FundTerms> = {}) => ({
  id: randomUUID(),
  regionId: place.id,
  year: 2026,
  terms: { ...TERMS, ...more },
  reason: '年度预算',
})

async function twoAdmins(world: World) {
  const { county } = world.places
  return [await world.staff('countyAdmin', county), await world.staff('countyAdmin', county)] as const
}

describe('a line of money', () => {
  test('pays for nothing until a second person agreed; nobody agrees to what they asked for', async () => {
    const world = await newWorld()
    const { db, clock, places, keys } = world
    const [asker, decider] = await twoAdmins(world)
    const ask = line(places.town)
    await Promise.all([addFundLine(db, asker, ask, clock.now), addFundLine(db, asker, ask, clock.now)])
    expect(await findFundLine(db, asker, ask.id)).toMatchObject({
      budgetFen: '0',
      active: false,
      waiting: true,
      levelWord: '镇',
    })
    expect(await codesOf([decideFundChange(db, asker, ask.id, YES, clock.now)])).toEqual(['FUND_TWO_PERSONS'])
    const waiting = async () => (await listFundChanges(db, keys, decider, { limit: 10, state: 'waiting' })).items
    expect(await waiting()).toMatchObject([{ id: ask.id, before: null, mayDecide: true, reason: '年度预算' }])

    await decideFundChange(db, decider, ask.id, YES, clock.now)
    await decideFundChange(db, decider, ask.id, YES, clock.now)

    expect(await findFundLine(db, asker, ask.id)).toMatchObject({ budgetFen: '5000000', active: true, waiting: false })
    expect(await waiting()).toEqual([])
    const third = await world.staff('countyAdmin', places.county)
    expect(await codesOf([decideFundChange(db, third, ask.id, YES, clock.now)])).toEqual(['FUND_CHANGE_DECIDED'])
    expect(await db.operationLog.count({ where: { resource: 'fundLine' } })).toBe(2)
  })

  test('of two who decide at once one does', async () => {
    const world = await newWorld()
    const { db, clock, places } = world
    const [asker, decider] = await twoAdmins(world)
    const third = await world.staff('countyAdmin', places.county)
    const ask = line(places.county)
    await addFundLine(db, asker, ask, clock.now)
    const codes = await codesOf([
      decideFundChange(db, decider, ask.id, YES, clock.now),
      decideFundChange(db, third, ask.id, { decision: 'reject', reason: '' }, clock.now),
    ])
    expect(codes.sort()).toEqual(['', 'FUND_CHANGE_DECIDED'])
  })

  test('a budget is never put below what is drawn, one change waits at a time, a rejected one changes nothing', async () => {
    const world = await newWorld()
    const { db, clock } = world
    const [asker, decider] = await twoAdmins(world)
    const fundLineId = await addFund(world, { budgetFen: 5000n })
    await db.fundDraw.create({
      data: { id: randomUUID(), fundLineId, redemptionId: randomUUID(), kind: 'draw', fen: 3000, at: clock.now },
    })
    const change = (budgetFen: string, more: Partial<FundTerms> = {}) => ({
      id: randomUUID(),
      terms: { ...TERMS, budgetFen, ...more },
      reason: '年中调整',
    })
    const [less, same, later] = [change('2999'), change('3000'), change('9000')]
    expect(
      await codesOf([
        changeFundLine(db, asker, fundLineId, less, clock.now),
        changeFundLine(db, asker, fundLineId, change('9000', { productIds: [randomUUID()] }), clock.now),
      ]),
    ).toEqual(['FUND_BELOW_DRAWN', 'PRODUCT_UNKNOWN'])
    await changeFundLine(db, asker, fundLineId, same, clock.now)
    expect(await codesOf([changeFundLine(db, decider, fundLineId, later, clock.now)])).toEqual(['FUND_CHANGE_WAITS'])
    await decideFundChange(db, decider, same.id, { decision: 'reject', reason: '不合适' }, clock.now)
    expect(await findFundLine(db, asker, fundLineId)).toMatchObject({
      budgetFen: '5000',
      drawnFen: '3000',
      leftFen: '2000',
    })
  })

  test('the city keeps its own money and the county all below; others only read, and no sibling sees it', async () => {
    const world = await newWorld()
    const { db, clock, places, staff } = world
    const [admin] = await twoAdmins(world)
    const city = await staff('cityAdmin', places.city)
    const town = await staff('townStaff', places.town)
    const ofCity = line(places.city)
    const ofTown = line(places.town)
    expect(
      await codesOf([
        addFundLine(db, admin, ofCity, clock.now),
        addFundLine(db, city, line(places.county), clock.now),
        addFundLine(db, admin, line(places.otherTown), clock.now),
        addFundLine(db, town, ofTown, clock.now),
      ]),
    ).toEqual(['NOT_FOUND', 'NOT_ALLOWED', 'NOT_FOUND', 'NOT_FOUND'])
    await addFundLine(db, city, ofCity, clock.now)
    await addFundLine(db, admin, ofTown, clock.now)
    const idsFor = async (actor: typeof admin) => (await listFundLines(db, actor, {}, clock.now)).map((one) => one.id)
    expect(await idsFor(town)).toEqual([ofCity.id, ofTown.id])
    expect(await idsFor(await staff('townStaff', places.town2))).toEqual([ofCity.id])
    expect(await idsFor(await staff('countyAdmin', places.otherCounty))).toEqual([ofCity.id])
    expect(await codesOf([findFundLine(db, await staff('villageStaff', places.village3), ofTown.id)])).toEqual([
      'NOT_FOUND',
    ])
    expect((await listFundLines(db, admin, { year: 2027 }, clock.now)).length).toBe(0)
  })

  test('the database keeps who asked from deciding, and what was asked from being changed', async () => {
    const world = await newWorld()
    const { db, clock, places } = world
    const [asker] = await twoAdmins(world)
    const ask = line(places.county)
    await addFundLine(db, asker, ask, clock.now)
    await expect(
      db.fundDecision.create({
        data: { changeId: ask.id, decision: 'approve', reason: '', byId: asker.personId, at: clock.now },
      }),
    ).rejects.toThrow()
    await expect(db.fundChange.update({ where: { id: ask.id }, data: { terms: '{}' } })).rejects.toThrow()
  })
})
