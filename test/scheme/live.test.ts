import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decideVisits } from '../../server/audit/decide'
import type { Actor } from '../../server/core/actor'
import { assessElder } from '../../server/elder/assess'
import { auditLedger } from '../../server/ledger/audit'
import { expireAll } from '../../server/ledger/expire'
import { enrolMember } from '../../server/member/enrol'
import { ask } from '../../server/order/ask'
import { listPresets } from '../../server/scheme/presets'
import { startOfDay } from '../../shared/core/time'
import { problemsOf } from '../../shared/scheme/check'
import { type SchemeDocument, schemeDocument } from '../../shared/scheme/document'
import { expiresAt } from '../../shared/scheme/expiry'
import { atDoor, HOME, refusalOf } from '../support/door'
import { newWorld, SIMPLE } from '../support/world'

type Earn = SchemeDocument['earn']
const withEarn = (earn: Earn): SchemeDocument => ({ ...SIMPLE, earn: { ...SIMPLE.earn, ...earn } })

/** What a visit of so many minutes brings under these rules: expected at its end, and posted with the elder's yes. */
async function earned(earn: Earn, minutes: number) {
  const document = withEarn(earn)
  const world = await newWorld({ scheme: document })
  const { served, answer, visitOf, pointsOf } = await atDoor(world, { homePoint: HOME })
  const id = await served(minutes)
  const expected = (await visitOf(id)).expectedMilliPoints
  await answer(id, 'yes')
  const { awardedMilliPoints, explanation } = await visitOf(id)
  expect(awardedMilliPoints).toBe(expected)
  expect(await pointsOf()).toBe(awardedMilliPoints)
  const { formula, zeroReason } = JSON.parse(explanation ?? '{}') as { formula: string; zeroReason: string | null }
  return { milliPoints: awardedMilliPoints, formula, zeroReason }
}

describe('what the rules ask of a real visit', () => {
  test('its service: a price of its own, whatever the time', async () => {
    const prices = [{ service: 'cleaning', milliPoints: 30_000 }]
    expect(await earned({ prices }, 20)).toMatchObject({ milliPoints: 30_000n, formula: '每次 30 分 = 30 分' })
  })

  test('whom it served: a coefficient for elders who live alone', async () => {
    const coefficients: Earn['coefficients'] = [
      { name: '独居', times: [3, 2], when: 'elderCategories has livingAlone and elderAge >= 80' },
      { name: '失能', times: [2, 1], when: 'elderCategories has disabled' },
    ]
    expect(await earned({ coefficients }, 60)).toMatchObject({
      milliPoints: 18_000n,
      formula: '60 分钟 ÷ 5 × 1.5（独居） = 18 分',
    })
  })

  test('its time of day: the world stands at nine, the window opens at half past', async () => {
    const coefficients: Earn['coefficients'] = [{ name: '上午', times: [2, 1], fromClock: '09:30', toClock: '12:00' }]
    expect(await earned({ coefficients }, 60)).toMatchObject({ milliPoints: 18_000n })
  })

  test('how much of the planned hour was served', async () => {
    expect(await earned({ presencePermille: 600 }, 35)).toMatchObject({
      milliPoints: 0n,
      zeroReason: '计划 60 分钟，到场 35 分钟，不足 60 %，不记分',
    })
    expect(await earned({ presencePermille: 600 }, 36)).toMatchObject({ milliPoints: 7000n, zeroReason: null })
  })

  test('who helped: the age of the helper', async () => {
    expect(await earned({ earners: [{ sex: 'female', fromAge: 50, toAge: 66 }] }, 60)).toMatchObject({
      milliPoints: 12_000n,
    })
    expect(await earned({ earners: [{ sex: 'male' }, { toAge: 65 }] }, 60)).toMatchObject({
      milliPoints: 0n,
      zeroReason: '年龄不在计分的范围里，只记时长',
    })
  })

  test('how it was made: what is done by telephone only earns nothing at the door', async () => {
    expect(await earned({ channels: ['phone'] }, 60)).toMatchObject({ milliPoints: 0n })
  })
})

/** A world under these rules, with a helper before a door. */
async function under(rules: Partial<SchemeDocument>) {
  const document: SchemeDocument = { ...SIMPLE, ...rules }
  const world = await newWorld({ scheme: document })
  const door = await atDoor(world, { homePoint: HOME })
  /** what a visit of so many minutes brought, once the elder has said yes */
  const visited = async (minutes: number, day?: string) => {
    if (day !== undefined) world.at('09:00', day)
    const id = await door.served(minutes)
    const { expectedMilliPoints } = await door.visitOf(id)
    await door.answer(id, 'yes')
    const visit = await door.visitOf(id)
    expect(visit.awardedMilliPoints).toBe(expectedMilliPoints)
    return { id, points: Number(visit.awardedMilliPoints) / 1000, visit }
  }
  const poolOf = async () =>
    (await world.db.ledgerAccount.findFirst({ where: { kind: 'pool' } }))?.postedMilliPoints ?? 0n
  return { world, ...door, visited, poolOf }
}
const points = (number: number) => number * 1000
const HOURLY: Earn = { milliPoints: 1000, seconds: 3600, postAt: SIMPLE.earn.postAt }

describe('what is kept of caps and roundings', () => {
  test('the year’s cap holds from January on, and the next year begins at nothing', async () => {
    const { visited } = await under({ earn: { ...HOURLY, yearCapMilliPoints: points(3) } })
    expect((await visited(120, '2026-02-10')).points).toBe(2)
    expect((await visited(120, '2026-11-23')).points).toBe(1)
    expect((await visited(60, '2026-12-31')).points).toBe(0)
    expect((await visited(60, '2027-01-01')).points).toBe(1)
  })

  test('what is over the cap goes to the pool in the same posting, and comes back out with a no', async () => {
    const { world, visited, pointsOf, poolOf, answer, kindsOnBooks } = await under({
      earn: { ...HOURLY, accountCapMilliPoints: points(2), overflow: { account: 'pool' } },
    })
    await visited(90, '2026-11-23')
    const { id, points: got, visit } = await visited(90, '2026-11-24')
    expect([got, visit.pooledMilliPoints]).toEqual([0.5, 1000n])
    const full = await visited(60, '2026-11-25')
    expect([full.points, full.visit.pooledMilliPoints, await poolOf()]).toEqual([0, 1000n, 2000n])
    expect(await kindsOnBooks(full.id)).toEqual(['EARN0'])
    world.later(60)
    await answer(full.id, 'no')
    expect([await pointsOf(), await poolOf()]).toEqual([2000n, 1000n])
    expect(await kindsOnBooks(full.id)).toEqual(['EARN0', 'REVERSE'])
    expect(await kindsOnBooks(id)).toEqual(['EARN0'])
    expect((await auditLedger(world.db)).problem).toBeNull()
  })

  test('what is over may be honour: kept with the visit, on no account', async () => {
    const { visited, pointsOf, poolOf } = await under({
      earn: { ...HOURLY, dayCapMilliPoints: points(1), overflow: { day: 'honour' } },
    })
    const { points: got, visit } = await visited(150)
    expect([got, visit.honourMilliPoints, await pointsOf(), await poolOf()]).toEqual([1, 1500n, 1000n, 0n])
  })

  test('what rounding leaves is kept for the next visit; a visit that is taken back takes its part along', async () => {
    const { world, visited, answer, visitOf } = await under({
      earn: {
        ...HOURLY,
        seconds: 7200,
        rounding: { mode: 'down', stepMilliPoints: 1000, over: 'cumulative' },
      },
    })
    const first = await visited(100, '2026-11-23')
    expect([first.points, first.visit.carry]).toEqual([0, '2500/3'])
    const second = await visited(50, '2026-11-24')
    expect(second.points).toBe(1)
    // 100 + 50 minutes are one point and half an hour.
    world.later(60)
    await answer(first.id, 'no')
    expect((await visitOf(first.id)).awardedMilliPoints).toBeNull()
    // 50 minutes stand and one point was given for them: 70 more are what it lacks, and 120 make the next.
    expect((await visited(69, '2026-11-25')).points).toBe(0)
    expect((await visited(120, '2026-11-26')).points).toBe(0)
    expect((await visited(15, '2026-11-27')).points).toBe(1)
  })
})

describe('what the rules ask of who and where', () => {
  test('a group activity earns for the pool only, and the hours stay', async () => {
    const { world, visited, poolOf } = await under({ earn: { ...HOURLY, group: 'pool' } })
    await world.db.service.update({ where: { id: world.service.id }, data: { traits: 'group' } })
    const { points: got, visit } = await visited(120)
    expect([got, visit.servedSeconds, await poolOf()]).toEqual([0, 7200, 2000n])
  })

  test('the difficulty of the item is its coefficient', async () => {
    const coefficients: Earn['coefficients'] = [{ name: '难度二级', times: [3, 2], when: 'difficulty = 2' }]
    const { world, visited } = await under({ earn: { ...HOURLY, coefficients } })
    await world.db.service.update({ where: { id: world.service.id }, data: { difficulty: 2 } })
    expect((await visited(120)).points).toBe(3)
  })

  test('who is under age earns in groups only', async () => {
    const { world, visited } = await under({
      earn: { ...HOURLY, minors: { belowAge: 70, groupsOnly: true, sitesOnly: false } },
    })
    const { points: alone, visit } = await visited(60, '2026-11-23')
    expect([alone, JSON.parse(visit.explanation ?? '').zeroReason]).toEqual([0, '不满 70 岁只能参加集体活动'])
    await world.db.service.update({ where: { id: world.service.id }, data: { traits: 'group' } })
    expect((await visited(60, '2026-11-24')).points).toBe(1)
  })

  test('whom the rules don’t serve can’t ask for help', async () => {
    const { world, elder } = await under({ serve: { fromAge: 65, when: 'categories has livingAlone' } })
    const young = await world.elder({ birthDate: '1961-11-23' })
    const asked = (one: { id: string; actor: Actor }) =>
      refusalOf(
        ask(
          world.db,
          one.actor,
          {
            id: randomUUID(),
            elderId: one.id,
            serviceId: world.service.id,
            wantedDay: '2026-11-23',
            wantedTime: 'any',
          },
          world.clock.now,
        ),
      )
    expect(await asked(young)).toBe('AGE')
    expect(await asked(elder)).toBeNull()
    world.at('09:00', '2026-11-23')
    expect(await asked(young)).toBeNull()
  })

  test('who may be registered is the rules’ to say', async () => {
    const { world } = await under({ helpers: { when: 'tags has gridWorker' } })
    const clerk = await world.staff('townStaff', world.places.town)
    const enrol = (name: string, trainings: string[]) =>
      refusalOf(
        enrolMember(
          world.db,
          world.keys,
          clerk,
          {
            id: randomUUID(),
            kind: 'neighbourHelper',
            regionId: world.places.village.id,
            trainings,
            consents: [{ kind: 'service', textVersion: '1', how: 'paper' }],
            person: { name, sex: 'female', birthDate: '1970-01-01', identityKind: 'none' },
          },
          world.clock.now,
        ),
      )
    expect(await enrol('赵敏', [])).toBe('HELPER_RULE')
    expect(await enrol('钱芳', ['gridWorker'])).toBeNull()
  })
})

describe('bonuses and what is over', () => {
  test('a festival adds to what was earned, and goes when that is taken back', async () => {
    const { world, visited, pointsOf, answer } = await under({
      earn: HOURLY,
      bonuses: { festivals: [{ name: '重阳节', days: ['11-23'], milliPoints: 500 }] },
    })
    await visited(60, '2026-11-22')
    expect(await pointsOf()).toBe(1000n)
    const { id } = await visited(60, '2026-11-23')
    expect(await pointsOf()).toBe(2500n)
    world.later(60)
    await answer(id, 'no')
    expect(await pointsOf()).toBe(1000n)
    world.later(60)
    await answer(id, 'yes')
    expect(await pointsOf()).toBe(2500n)
  })

  test('who organises an activity gets the organiser’s points once', async () => {
    const { world, visited, pointsOf } = await under({ earn: HOURLY, bonuses: { organiserMilliPoints: 2000 } })
    await world.db.service.update({ where: { id: world.service.id }, data: { traits: 'organiser' } })
    await visited(60)
    expect(await pointsOf()).toBe(3000n)
  })

  test('a complaint that is upheld takes the visit’s points, and the hours stay (W8)', async () => {
    const { world, served, answer, visitOf, pointsOf } = await under({
      earn: { ...HOURLY, activityCapMilliPoints: points(2) },
      penalties: { upheldComplaint: 'visitToZero', complaintMilliPoints: 500 },
    })
    const id = await served(180)
    await answer(id, 'yes')
    expect(await pointsOf()).toBe(2000n)
    const auditor = await world.staff('townAuditor', world.places.town)
    const reasonCode = 'complaint'
    await decideVisits(
      world.db,
      auditor,
      { id: randomUUID(), visitIds: [id], decision: 'return', reasonCode },
      world.clock.now,
    )
    expect([await pointsOf(), (await visitOf(id)).servedSeconds]).toEqual([0n, 10_800])
    // What the rules take beyond that waits for a second person.
    expect(await world.db.ledgerRequest.findFirst()).toMatchObject({ kind: 'MANUAL', milliPoints: -500n })
  })

  test('who brings a new helper gets points once; nobody for himself', async () => {
    const { world, helper, pointsOf } = await under({ bonuses: { referralMilliPoints: 2000 } })
    const clerk = await world.staff('townStaff', world.places.town)
    const enrol = (referrerId: string, phone: string, id: string = randomUUID()) =>
      enrolMember(
        world.db,
        world.keys,
        clerk,
        {
          id,
          kind: 'volunteer',
          regionId: world.places.village.id,
          trainings: [],
          consents: [{ kind: 'service', textVersion: '1', how: 'paper' }],
          person: { name: '赵敏', sex: 'female', birthDate: '1970-01-01', identityKind: 'none', phone },
          referrerId,
        },
        world.clock.now,
      )
    const id = randomUUID()
    await enrol(helper.id, '19955550001', id)
    await enrol(helper.id, '19955550001', id)
    expect(await pointsOf()).toBe(2000n)
    expect(await refusalOf(enrol(randomUUID(), '19955550002'))).toBe('REFERRER')
    expect(await pointsOf()).toBe(2000n)
  })

  test('a year’s points are over when the year is; hours stay (W11)', async () => {
    const { world, visited, pointsOf } = await under({ earn: HOURLY, expiry: { kind: 'yearEnd' } })
    await visited(180, '2026-12-30')
    await visited(60, '2027-01-01')
    await expireAll(world.db, startOfDay('2027-01-01'))
    expect(await pointsOf()).toBe(1000n)
  })

  test('points that roll are over so many months on, whenever they were booked', async () => {
    expect(expiresAt({ ...SIMPLE, expiry: { kind: 'rolling', months: 1 } }, '2026-01-31')).toEqual(
      startOfDay('2026-03-01'),
    )
    expect(expiresAt({ ...SIMPLE, expiry: { kind: 'rolling', months: 24 } }, '2026-05-08')).toEqual(
      startOfDay('2028-05-08'),
    )
    expect(expiresAt(SIMPLE, '2026-05-08')).toBeNull()
  })
})

test('every scheme in force elsewhere can be published here as it is', () => {
  const presets = listPresets()
  expect(presets).toHaveLength(16)
  for (const { document } of presets) expect(problemsOf(schemeDocument.parse(document))).toEqual([])
})

test('文登: who is 70 and lives alone is served once an assessment says moderate, and no longer when it says mild', async () => {
  const { serve } = schemeDocument.parse(listPresets().find(({ code }) => code === 'wendeng')?.document)
  const { world } = await under({ serve })
  const elder = await world.elder({ birthDate: '1953-05-01', categories: ['livingAlone'] })
  const clerk = await world.staff('villageStaff')
  const asked = () =>
    refusalOf(
      ask(
        world.db,
        elder.actor,
        {
          ...{ id: randomUUID(), elderId: elder.id, serviceId: world.service.id },
          ...{ wantedDay: '2026-11-24', wantedTime: 'any' },
        },
        world.clock.now,
      ),
    )
  const assess = (assessedDay: string, score: number) =>
    assessElder(
      world.db,
      clerk,
      elder.id,
      { id: randomUUID(), assessedDay, score, organisation: '区评估中心' },
      world.clock.now,
    )
  expect(await asked()).toBe('NOT_SERVED')
  await assess('2026-06-01', 50)
  expect(await asked()).toBeNull()
  await assess('2026-11-20', 70)
  expect(await asked()).toBe('NOT_SERVED')
})

test('a coefficient may ask how able the elder was on the day', async () => {
  const coefficients: Earn['coefficients'] = [
    { name: '重度失能', times: [2, 1], when: 'elderAbility in (severe, total)' },
  ]
  const { world, visited, elder } = await under({ earn: { ...HOURLY, coefficients } })
  expect((await visited(60, '2026-11-22')).points).toBe(1)
  const clerk = await world.staff('villageStaff')
  const input = { id: randomUUID(), assessedDay: '2026-11-23', score: 20, organisation: '区评估中心' }
  world.at('08:00', '2026-11-23')
  await assessElder(world.db, clerk, elder.id, input, world.clock.now)
  expect((await visited(60, '2026-11-23')).points).toBe(2)
})
