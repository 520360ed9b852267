import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { auditLedger } from '../../server/ledger/audit'
import { catalogue } from '../../server/redemption/queries'
import { redeem } from '../../server/redemption/redeem'
import { publishScheme } from '../../server/scheme/publish'
import { instantOf } from '../../shared/core/time'
import type { SchemeDocument } from '../../shared/scheme/document'
import { refusal } from '../support/refusal'
import { SIMPLE } from '../support/world'
import { newShop } from './shop'

async function newRuledShop(
  rules: NonNullable<SchemeDocument['redeem']>,
  more: Partial<SchemeDocument> = {},
  milliPoints = 20_000n,
) {
  const shop = await newShop({ priceMilliPoints: 1000n })
  const { db, places, programmeId, clock } = shop
  const { id: regionId, path: regionPath } = places.county
  await db.$transaction((tx) =>
    publishScheme(
      tx,
      {
        programmeId,
        regionId,
        regionPath,
        validFrom: '2026-02-01',
        document: { ...SIMPLE, redeem: rules, ...more },
        byPersonId: null,
      },
      clock.now,
    ),
  )
  const member = await shop.richMember(milliPoints)
  const ask = (day: string) => redeem(db, member.actor, shop.wish(), instantOf(day, '10:00'))
  return { ...shop, member, ask }
}

describe('what the rules of the place say to a redemption', () => {
  test('W9: once a quarter: 2 April, not 30 June, 1 July again; what was refused held nothing', async () => {
    const { ask, balance, member, left } = await newRuledShop({ timesPerQuarter: 1 })
    await ask('2026-04-02')
    expect(await refusal(ask('2026-06-30'))).toBe('QUARTER_USED')
    expect(await left()).toBe(9)
    expect((await balance(member.personId)).heldMilliPoints).toBe(1000n)
    await ask('2026-07-01')
    expect((await balance(member.personId)).heldMilliPoints).toBe(2000n)
  })

  test('of two at once the second counts the first', async () => {
    const { ask } = await newRuledShop({ timesPerYear: 1 })
    const answers = await Promise.allSettled([ask('2026-04-02'), ask('2026-04-02')])
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('W6: nothing before the hours are served', async () => {
    const { ask, member, db, places, service } = await newRuledShop({ gateSeconds: 3600 })
    expect(await refusal(ask('2026-11-22'))).toBe('GATE_HOURS')
    const { village } = places
    const checkInAt = instantOf('2026-11-20', '09:00')
    await db.visit.create({
      data: {
        id: randomUUID(),
        memberId: member.id,
        memberPersonId: member.personId,
        serviceId: service.id,
        regionId: village.id,
        regionPath: village.path,
        countyId: village.countyId as string,
        channel: 'inPerson',
        nature: 'volunteer',
        state: 'approved',
        checkInAt,
        checkOutAt: instantOf('2026-11-20', '10:00'),
        recordedAt: checkInAt,
        day: '2026-11-20',
        month: '2026-11',
        servedSeconds: 3600,
        counted: true,
        level: 2,
        tasksDone: '[]',
        flag: 'clean',
      },
    })
    await ask('2026-11-22')
  })

  test('services only: goods are refused', async () => {
    const { ask } = await newRuledShop({ kinds: ['service'] })
    expect(await refusal(ask('2026-11-22'))).toBe('REDEEM_KIND')
  })

  test('too young: the birthday itself counts', async () => {
    const { ask } = await newRuledShop({ fromAge: 66 })
    expect(await refusal(ask('2026-04-30'))).toBe('AGE')
    await ask('2026-05-01')
  })
})

test('who may overdraw is served first and earns it back later; not beyond what the rules allow (福州 2017)', async () => {
  const { ask, balance, member, give, db } = await newRuledShop({}, { overdraftMilliPoints: 1500 }, 500n)
  await ask('2026-11-22')
  const both = await Promise.allSettled([ask('2026-11-22'), ask('2026-11-22')])
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect((await balance(member.personId)).availableMilliPoints).toBe(-1500n)
  await give(member.personId, 2000n)
  expect((await balance(member.personId)).availableMilliPoints).toBe(500n)
  expect((await auditLedger(db)).problem).toBeNull()
})

test('where the rules name relatives only, something is redeemed for a confirmed one who is old enough (南京鼓楼)', async () => {
  const { member, db, clock, keys, wish, person, places } = await newRuledShop({ fromAge: 60, relations: ['parent'] })
  const [old, young] = [await person({ birthDate: '1950-01-01' }), await person({ birthDate: '1990-01-01' })]
  const kinTo = async (otherPersonId: string, relation: string) => {
    const id = randomUUID()
    await db.kin.create({
      data: {
        ...{ id, personId: member.personId, otherPersonId, relation, pair: id, regionPath: places.village.path },
        ...{ state: 'confirmed', declaredByPersonId: member.personId, declaredAt: clock.now },
        ...{ confirmedByPersonId: otherPersonId, confirmedAt: clock.now },
      },
    })
    return id
  }
  const ask = (kinId?: string) =>
    redeem(db, member.actor, { ...wish(), ...(kinId === undefined ? {} : { kinId }) }, clock.now)
  expect(await refusal(ask())).toBe('RELATION')
  const mother = await kinTo(old, 'parent')
  expect(await refusal(ask(await kinTo(young, 'parent')))).toBe('AGE')
  expect(await refusal(ask(randomUUID()))).toBe('NOT_FOUND')
  const { id } = await ask(mother)
  expect(await db.redemption.findUnique({ where: { id } })).toMatchObject({ forPersonId: old, forRelation: 'parent' })
  const { beneficiaries } = await catalogue(db, keys, member.actor, undefined, clock.now)
  expect(beneficiaries?.map(({ words }) => words)).toEqual(['父母 张兰', '父母 张兰'])
  // Whoever says afterwards that it was for somebody else, or for nobody, is named by the audit.
  expect((await auditLedger(db)).problem).toBeNull()
  for (const [column, to] of [
    ['forPersonId', young],
    ['forPersonId', null],
    ['forRelation', 'friend'],
    ['forRelation', null],
  ] as const) {
    const before = await db.redemption.findUniqueOrThrow({ where: { id } })
    await db.redemption.update({ where: { id }, data: { [column]: to } })
    expect((await auditLedger(db)).problem).toMatchObject({ invariant: 'F2', row: `redemption ${id}` })
    await db.redemption.update({ where: { id }, data: { [column]: before[column] } })
  }
})

test('money off at a shop costs what the ratio of the rules says (淄博张店: 1 分抵 1 元)', async () => {
  const { member, db, clock, wish, productId, balance } = await newRuledShop({ yuan: { milliPoints: 1000, fen: 100 } })
  await db.product.update({ where: { id: productId }, data: { kind: 'yuan', costFen: 250, priceMilliPoints: 99_000n } })
  await redeem(db, member.actor, wish(), clock.now)
  expect((await balance(member.personId)).heldMilliPoints).toBe(2500n)
})
