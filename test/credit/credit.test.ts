import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decideComplaint } from '../../server/complaint/decide'
import { openComplaint } from '../../server/complaint/open'
import { driverOf } from '../../server/core/db'
import { gradeAll, gradeNow } from '../../server/credit/evaluate'
import { creditsOn } from '../../server/credit/grade'
import {
  appealListing,
  decideListing,
  decideListingAppeal,
  liftListing,
  proposeListing,
} from '../../server/credit/listing'
import { findCredit, findOwnCredit, listCredit, listListings } from '../../server/credit/queries'
import { findCreditRules, setCreditRule } from '../../server/credit/rule'
import { accept } from '../../server/order/accept'
import { STANDARD_CREDIT } from '../../shared/credit/rules'
import { atDoor, HOME, refusalOf } from '../support/door'
import { asker } from '../support/orders'
import { newWorld, SIMPLE } from '../support/world'

/** A helper with some approved visits of an hour each. */
async function helped(visits: number, scheme = SIMPLE) {
  const world = await newWorld({ scheme })
  const door = await atDoor(world, { homePoint: HOME })
  const admin = await world.staff('countyAdmin', world.places.county)
  const auditor = await world.staff('townAuditor', world.places.town)
  const visitIds: string[] = []
  for (let place = 0; place < visits; place += 1) {
    const id = await door.served(60)
    await door.answer(id, 'yes')
    visitIds.push(id)
    world.later(600)
  }
  const gradeOn = async (day: string) =>
    (await creditsOn(driverOf(world.db), [{ personId: door.helper.personId, day }]))(door.helper.personId, day)
  const complained = async (visitId: string) => {
    const { id } = await openComplaint(
      world.db,
      door.elder.actor,
      { id: randomUUID(), visitId, kind: 'manner' },
      world.clock.now,
    )
    await decideComplaint(
      world.db,
      auditor,
      id,
      { id: randomUUID(), decision: 'uphold', reason: '属实' },
      world.clock.now,
    )
  }
  return {
    world,
    ...door,
    db: world.db,
    keys: world.keys,
    clock: world.clock,
    admin,
    auditor,
    visitIds,
    gradeOn,
    complained,
  }
}

test('a grade holds from the day after it was made; what is found out later changes later days only, and all stays to be seen', async () => {
  const { world, db, keys, clock, admin, helper, visitIds, gradeOn, complained } = await helped(6)
  expect(await gradeAll(db, clock.now)).toEqual({ graded: 1, changed: 1 })
  expect([await gradeOn('2026-11-22'), await gradeOn('2026-11-23')]).toEqual([undefined, '3A'])
  // the same counts again write nothing
  expect(await gradeAll(db, clock.now)).toEqual({ graded: 1, changed: 0 })
  world.at('09:00', '2026-12-01')
  await complained(visitIds[0] as string)
  await gradeNow(db, admin, { id: randomUUID() }, clock.now)
  expect([await gradeOn('2026-12-01'), await gradeOn('2026-12-02')]).toEqual(['3A', '2A'])
  const { grades } = await findCredit(db, keys, admin, { kind: 'helper', id: helper.id })
  expect(grades).toMatchObject([
    { grade: '2A', day: '2026-12-02', fromDay: '2025-12-02', toDay: '2026-12-01', visits: 5, reproduced: true },
    { grade: '3A', day: '2026-11-23', visits: 6, parts: [], reproduced: true },
  ])
  expect(grades[0]?.parts.map(({ words, count, milliPoints }) => [words, count, milliPoints])).toEqual([
    ['投诉属实', 1, -15_000],
    ['服务被退回', 1, -2000],
  ])
  // tomorrow's grade isn't today's
  expect((await findOwnCredit(db, keys, helper.actor, clock.now)).grade?.grade).toBe('3A')
  const page = await listCredit(db, keys, admin, { kind: 'helper', limit: 50 }, world.at('09:00', '2026-12-02'))
  expect(page.items).toMatchObject([{ id: helper.id, grade: '2A', milliScore: 63_000, listed: null }])
  await expect(db.creditGrade.updateMany({ data: { grade: '5A' } })).rejects.toMatchObject({ code: 'P2003' })
})

test('a county sets its own rule from a later day on; grades made by the old one can be made again', async () => {
  const { db, keys, clock, world, admin, helper, gradeOn } = await helped(6)
  const rule = (validFrom: string) => ({ id: randomUUID(), validFrom, document: { ...STANDARD_CREDIT, start: 90 } })
  await gradeAll(db, clock.now)
  expect(await refusalOf(setCreditRule(db, admin, rule('2026-11-22'), clock.now))).toBe('CREDIT_FROM')
  await setCreditRule(db, admin, rule('2026-12-01'), clock.now)
  expect((await gradeAll(db, clock.now)).changed).toBe(0)
  await gradeAll(db, world.at('23:10', '2026-11-30'))
  expect([await gradeOn('2026-11-30'), await gradeOn('2026-12-01')]).toEqual(['3A', '4A'])
  const { grades } = await findCredit(db, keys, admin, { kind: 'helper', id: helper.id })
  expect(grades.map(({ ruleVersion, reproduced }) => [ruleVersion, reproduced])).toEqual([
    [1, true],
    [0, true],
  ])
  expect((await findCreditRules(db, keys, admin)).rules.map(({ version }) => version)).toEqual([1, 0])
})

test('a team has the grade its helpers make together', async () => {
  const { db, keys, clock, world, admin, helper, places } = await helped(5).then((one) => ({
    ...one,
    places: one.world.places,
  }))
  const team = randomUUID()
  const place = { regionId: places.village.id, regionPath: places.village.path, countyId: places.county.id }
  await db.organisation.create({
    data: {
      ...{ id: team, kind: 'volunteerTeam', ...place, name: '北庄志愿队', code: '', address: '', phone: '' },
      ...{
        openingHours: '',
        needs: '',
        active: true,
        source: 'desk',
        byPersonId: admin.personId,
        recordedAt: clock.now,
      },
    },
  })
  const other = await world.member()
  for (const memberId of [helper.id, other.id])
    await db.memberRecord.create({
      data: {
        ...{ id: randomUUID(), kind: 'team', memberId, regionPath: place.regionPath, countyId: place.countyId },
        ...{ organisationId: team, title: '队员', content: '', seconds: 0, grantedBy: '', number: '' },
        ...{ day: '2026-01-01', source: 'desk', byPersonId: admin.personId, recordedAt: clock.now },
      },
    })
  await gradeAll(db, clock.now)
  // five visits of two helpers are not enough for both
  expect((await findCredit(db, keys, admin, { kind: 'organisation', id: team })).grades).toMatchObject([
    { grade: null, size: 2, visits: 5 },
  ])
  const page = await listCredit(db, keys, admin, { kind: 'organisation', limit: 50, grade: 'none' }, clock.now)
  expect(page.items).toMatchObject([{ name: '北庄志愿队', gradeWords: '次数还少，没有评级' }])
})

test('rules read the grade of the day: one who is 2A earns less than one who is 3A', async () => {
  const document = {
    ...SIMPLE,
    earn: { ...SIMPLE.earn, coefficients: [{ name: '三级', times: [2, 1], when: 'helperCredit = 3A' }] },
  }
  const { db, clock, world, served, answer, visitOf } = await helped(5, document as typeof SIMPLE)
  await gradeAll(db, clock.now)
  const today = await served(60)
  await answer(today, 'yes')
  world.at('09:00', '2026-11-24')
  const later = await served(60)
  await answer(later, 'yes')
  expect([(await visitOf(today)).awardedMilliPoints, (await visitOf(later)).awardedMilliPoints]).toEqual([
    12_000n,
    24_000n,
  ])
})

describe('the red and the black list', () => {
  const proposal = (memberId: string, more: object = {}) => ({
    ...{ id: randomUUID(), list: 'black' as const, kind: 'helper' as const, subjectId: memberId },
    ...{ reason: '收了老人的钱', fromDay: '2026-11-23', untilDay: '2027-05-22' },
    ...more,
  })
  const answer = (decision: 'list' | 'refuse' = 'list') => ({ id: randomUUID(), decision, note: '核实过' })

  test('one asks, another decides, whoever is listed is told why and may appeal to a third', async () => {
    const { db, keys, clock, world, helper, admin, auditor, gradeOn } = await helped(1)
    const asked = proposal(helper.id)
    await proposeListing(db, auditor, asked, clock.now)
    expect(await refusalOf(proposeListing(db, admin, proposal(helper.id), clock.now))).toBe('CREDIT_LISTED')
    expect(await refusalOf(decideListing(db, auditor, asked.id, answer(), clock.now))).toBe('REQUEST_OWN')
    expect((await findOwnCredit(db, keys, helper.actor, clock.now)).listings).toEqual([])
    await decideListing(db, admin, asked.id, answer(), clock.now)
    expect(await refusalOf(decideListing(db, admin, asked.id, answer('refuse'), clock.now))).toBe('CREDIT_DECIDED')
    expect([await gradeOn('2026-11-22'), await gradeOn('2026-11-23')]).toEqual([undefined, 'A'])
    world.at('09:00', '2026-11-23')
    expect((await findOwnCredit(db, keys, helper.actor, clock.now)).listings).toMatchObject([
      { list: 'black', reason: '收了老人的钱', fromDay: '2026-11-23', untilDay: '2027-05-22', state: 'inForce' },
    ])
    const appeal = { id: randomUUID(), text: '没有收过，可以问邻居' }
    await appealListing(db, helper.actor, asked.id, appeal, clock.now)
    expect(await refusalOf(appealListing(db, helper.actor, asked.id, { ...appeal, id: randomUUID() }, clock.now))).toBe(
      'APPEAL_WAITS',
    )
    const outcome = { id: randomUUID(), outcome: 'upheld' as const, note: '问过邻居，没有' }
    for (const involved of [auditor, admin])
      expect(await refusalOf(decideListingAppeal(db, involved, appeal.id, outcome, clock.now))).toBe('APPEAL_SECOND')
    const third = await world.staff('townAuditor', world.places.town)
    await decideListingAppeal(db, third, appeal.id, outcome, clock.now)
    // that day it still held; from the next it doesn't
    expect([await gradeOn('2026-11-23'), await gradeOn('2026-11-24')]).toEqual(['A', undefined])
    const { items } = await listListings(db, keys, admin, { show: 'past', limit: 50 })
    expect(items).toMatchObject([
      { state: 'lifted', liftedReason: '申诉成立：问过邻居，没有', appeals: [{ state: 'upheld' }] },
    ])
    const told = await db.notice.findMany({
      where: { personId: helper.personId, kind: 'creditListed' },
      orderBy: { id: 'asc' },
    })
    expect(told.map(({ title }) => title)).toEqual(['您列入了黑名单', '您移出了黑名单'])
  })

  test('who is on the black list takes no order until the last day is over', async () => {
    const { db, clock, world, helper, admin, auditor, elder } = await helped(1)
    const asked = proposal(helper.id, { untilDay: '2026-11-24' })
    await proposeListing(db, auditor, asked, clock.now)
    await decideListing(db, admin, asked.id, answer(), clock.now)
    const orderId = await asker(world, elder.id).ask(elder.actor)
    world.at('09:00', '2026-11-24')
    expect(await refusalOf(accept(db, helper.actor, orderId, clock.now))).toBe('CREDIT_BLACK')
    world.at('09:00', '2026-11-25')
    expect(await refusalOf(accept(db, helper.actor, orderId, clock.now))).toBeNull()
  })

  test('nobody lists himself, what is over, or somebody elsewhere; a red one may be lifted early', async () => {
    const { db, clock, world, helper, admin, auditor } = await helped(1)
    expect(
      await refusalOf(proposeListing(db, auditor, proposal(helper.id, { fromDay: '2026-11-22' }), clock.now)),
    ).toBe('CREDIT_FROM')
    const elsewhere = await world.staff('townAuditor', world.places.town2)
    expect(await refusalOf(proposeListing(db, elsewhere, proposal(helper.id), clock.now))).toBe('NOT_FOUND')
    await world.staff('townAuditor', world.places.town, { personId: helper.personId })
    const both = await world.actorOf(helper.personId)
    expect(await refusalOf(proposeListing(db, both, proposal(helper.id), clock.now))).toBe('REQUEST_OWN')
    const red = proposal(helper.id, { list: 'red' })
    await proposeListing(db, auditor, red, clock.now)
    expect(await refusalOf(decideListing(db, both, red.id, answer(), clock.now))).toBe('REQUEST_OWN')
    await decideListing(db, admin, red.id, answer(), clock.now)
    await liftListing(db, auditor, red.id, { id: randomUUID(), reason: '记错了人' }, clock.now)
    expect(await refusalOf(liftListing(db, auditor, red.id, { id: randomUUID(), reason: '再来' }, clock.now))).toBe(
      'NOT_ALLOWED',
    )
    await expect(db.creditListing.deleteMany({})).rejects.toMatchObject({ code: 'P2003' })
  })
})
