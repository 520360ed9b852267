import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { assessElder } from '../../server/elder/assess'
import { exitElder } from '../../server/elder/exit'
import { listElders } from '../../server/elder/list'
import { owedTo } from '../../server/elder/owed'
import { addSeconds } from '../../shared/core/time'
import { refusal } from '../support/refusal'
import { newWorld, TODAY, type World } from '../support/world'

const all = { limit: 50 }

/** Those who live alone must be visited every month, in the county. */
async function requireMonthly({ db, places }: World, more: { interval?: 'week' | 'month'; category?: string } = {}) {
  return db.requirement.create({
    data: {
      id: randomUUID(),
      regionId: places.county.id,
      regionPath: places.county.path,
      category: more.category ?? 'livingAlone',
      interval: more.interval ?? 'month',
      channels: 'inPerson,phone',
      minSeconds: 0,
      validFrom: '2026-01-01',
      validTo: null,
    },
  })
}

/** A visit that counts, on a day. */
async function visitOn(world: World, elder: { id: string }, day: string, counted = true) {
  const { db, places, service } = world
  const member = await world.member()
  const at = world.at('10:00', day)
  const place = { regionId: places.village.id, regionPath: places.village.path, countyId: places.county.id }
  const id = randomUUID()
  await db.visit.create({
    data: {
      id,
      memberId: member.id,
      memberPersonId: member.personId,
      serviceId: service.id,
      ...place,
      channel: 'inPerson',
      nature: 'volunteer',
      state: 'finished',
      checkInAt: at,
      checkOutAt: addSeconds(at, 1800),
      recordedAt: at,
      day,
      month: day.slice(0, 7),
      servedSeconds: 1800,
      counted,
      tasksDone: '[]',
      flag: 'clean',
    },
  })
  await db.visitElder.create({
    data: {
      visitId: id,
      elderId: elder.id,
      ...place,
      day,
      month: day.slice(0, 7),
      channel: 'inPerson',
      nature: 'volunteer',
      servedSeconds: 1800,
      counted,
    },
  })
}

test('each sees the elders of their own regions, masked, village by village', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  for (const place of [places.village, places.village2, places.village3, places.otherVillage])
    await world.elder({ place, name: '王秀英' })

  for (const [role, place, villages] of [
    ['villageStaff', places.village, ['北庄村']],
    ['townStaff', places.town, ['北庄村', '西庄村']],
    ['townAuditor', places.town2, ['尹家村']],
    ['auditor', places.county, ['北庄村', '西庄村', '尹家村']],
    ['cityAdmin', places.city, ['北庄村', '西庄村', '尹家村', '前双岛村']],
  ] as const) {
    const { items } = await listElders(db, keys, await world.staff(role, place), all, clock.now)
    expect(
      items.map((one) => one.regionName),
      role,
    ).toEqual(villages)
    expect(new Set(items.map((one) => one.maskedName))).toEqual(new Set(['王*英']))
    expect(JSON.stringify(items)).not.toContain('秀')
  }
})

test('pages follow one another without a gap or a repetition, whatever is asked', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  for (let count = 0; count < 7; count++)
    await world.elder({ place: count % 2 === 0 ? places.village : places.village2 })
  const clerk = await world.staff('townStaff', places.town)

  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await listElders(db, keys, clerk, { limit: 3, ...(cursor === undefined ? {} : { cursor }) }, clock.now)
    seen.push(...page.items.map((one) => one.id))
    cursor = page.next ?? undefined
  } while (cursor !== undefined)

  expect(seen).toHaveLength(7)
  expect(new Set(seen).size).toBe(7)
  expect(await refusal(listElders(db, keys, clerk, { limit: 3, cursor: 'nonsense' }, clock.now))).toBe('BAD_INPUT')
})

test('a village narrows; one outside is not found', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  await world.elder({ place: places.village })
  const inSecond = await world.elder({ place: places.village2 })
  const clerk = await world.staff('townStaff', places.town)

  expect(
    (await listElders(db, keys, clerk, { ...all, regionId: places.village2.id }, clock.now)).items.map((one) => one.id),
  ).toEqual([inSecond.id])
  expect(await refusal(listElders(db, keys, clerk, { ...all, regionId: places.village3.id }, clock.now))).toBe(
    'NOT_FOUND',
  )
})

test('found by initials, by the name, by a whole phone number and by the number of the plate, only inside the own regions', async () => {
  const world = await newWorld()
  const { db, keys, clock } = world
  const elder = await world.elder({ personId: await world.person({ name: '王秀英', phone: '13800001111' }) })
  await world.elder({ name: '于得水' })
  await world.elder({
    place: world.places.village2,
    personId: await world.person({ name: '王秀英', phone: '13800001111', birthDate: '1950-01-01' }),
  })
  const plate = await world.plate(elder.id)
  const clerk = await world.staff('villageStaff')
  const find = async (q: string) =>
    (await listElders(db, keys, clerk, { ...all, q }, clock.now)).items.map((one) => one.id)

  for (const q of [
    'wxy',
    'WX',
    ' w ',
    '王秀英',
    '13800001111',
    '138 0000 1111',
    plate.serial,
    plate.serial.toLowerCase().replaceAll('-', ' '),
  ])
    expect(await find(q), q).toEqual([elder.id])
  for (const q of ['xy', '1380000', 'K7M2-9QXD-4TRF', '…', "';--"]) expect(await find(q), q).toEqual([])
})

test('by category, by having a plate, by being served still', async () => {
  const world = await newWorld()
  const { db, keys, clock } = world
  const clerk = await world.staff('villageStaff')
  const [poor, plated, gone] = [
    await world.elder({ categories: ['poor'] }),
    await world.elder({ categories: [] }),
    await world.elder({ categories: [] }),
  ]
  const { id } = await world.plate(plated.id)
  await exitElder(
    db,
    clerk,
    gone.id,
    { id: randomUUID(), kind: 'moved', validFrom: TODAY, validTo: null, reason: '随子女' },
    clock.now,
  )
  const find = async (more: object) =>
    (await listElders(db, keys, clerk, { ...all, ...more }, clock.now)).items.map((one) => one.id).sort()

  expect(await find({ category: 'poor' })).toEqual([poor.id])
  expect(await find({ category: 'disabled' })).toEqual([])
  expect(await find({ state: 'active' })).toEqual([poor.id, plated.id].sort())
  expect(await find({ state: 'ended' })).toEqual([gone.id])
  expect(await find({ state: 'noPlate' })).toEqual([poor.id])
  await db.plate.update({ where: { id }, data: { revokedAt: clock.now } })
  expect(await find({ state: 'noPlate' })).toEqual([poor.id, plated.id].sort())
})

test('due for an assessment: from the day the last one named, until the next is written down; nobody who has left', async () => {
  const world = await newWorld()
  const { db, keys, clock } = world
  const clerk = await world.staff('villageStaff')
  const [due, again, left] = [await world.elder({}), await world.elder({}), await world.elder({})]
  await world.elder({}) // was never assessed
  const assess = (elderId: string, assessedDay: string, nextDueDay: string) =>
    assessElder(
      db,
      clerk,
      elderId,
      { id: randomUUID(), assessedDay, score: 60, nextDueDay, organisation: '文登区评估中心' },
      clock.now,
    )
  for (const { id } of [due, again, left]) await assess(id, '2025-11-20', TODAY)
  await assess(again.id, TODAY, '2027-11-22')
  const exit = { id: randomUUID(), kind: 'moved' as const, validFrom: TODAY, validTo: null, reason: '随子女' }
  await exitElder(db, clerk, left.id, exit, clock.now)
  const find = async () =>
    (await listElders(db, keys, clerk, { ...all, state: 'assessmentDue' }, clock.now)).items.map((one) => one.id)
  expect(await find()).toEqual([due.id])
  // who says no day is asked again after as many days as the county has set
  const { id } = await world.elder({})
  const said = { id: randomUUID(), assessedDay: '2026-11-01', score: 60, organisation: '文登区评估中心' }
  await assessElder(db, clerk, id, said, clock.now)
  expect((await db.assessment.findFirstOrThrow({ where: { elderId: id } })).nextDueDay).toBe('2027-11-01')
  clock.now = new Date(clock.now.getTime() - 86_400_000)
  expect(await find()).toEqual([])
})

test('due this month and not yet visited: neither the visited, nor those away, nor those nobody must visit', async () => {
  const world = await newWorld()
  const { db, keys, places } = world
  await requireMonthly(world)
  const clerk = await world.staff('townStaff', places.town)
  const [missing, visited, uncounted, away, other, before] = [
    await world.elder(),
    await world.elder(),
    await world.elder(),
    await world.elder(),
    await world.elder({ categories: ['poor'] }),
    await world.elder(),
  ]
  await visitOn(world, visited, '2026-11-03')
  await visitOn(world, uncounted, '2026-11-04', false)
  await visitOn(world, before, '2026-10-31')
  const at = world.at('09:00', TODAY)
  await exitElder(
    db,
    clerk,
    away.id,
    { id: randomUUID(), kind: 'hospital', validFrom: '2026-11-10', validTo: null, reason: '手术' },
    at,
  )

  const { items } = await listElders(db, keys, clerk, { ...all, state: 'notVisited' }, at)

  expect(items.map((one) => one.id).sort()).toEqual([missing.id, uncounted.id, before.id].sort())
  expect(items.every((one) => one.visitedThisMonth === false)).toBe(true)
  const shown = new Map((await listElders(db, keys, clerk, all, at)).items.map((one) => [one.id, one]))
  expect(shown.get(visited.id)).toMatchObject({ visitedThisMonth: true, lastVisitDay: '2026-11-03' })
  expect(shown.get(before.id)).toMatchObject({ lastVisitDay: '2026-10-31' })
  expect(shown.get(away.id)?.visitedThisMonth).toBeNull()
  expect(shown.get(other.id)).toMatchObject({ visitedThisMonth: null, lastVisitDay: null })
})

test('without any requirement nobody is due', async () => {
  const world = await newWorld()
  await world.elder()

  expect(
    (
      await listElders(
        world.db,
        world.keys,
        await world.staff('villageStaff'),
        { ...all, state: 'notVisited' },
        world.clock.now,
      )
    ).items,
  ).toEqual([])
})

test('what is owed is said for the strictest that isn’t met', async () => {
  const world = await newWorld()
  const { db } = world
  await requireMonthly(world)
  await requireMonthly(world, { interval: 'week', category: 'disabled' })
  const [monthly, weekly, none] = [
    await world.elder(),
    await world.elder({ categories: ['livingAlone', 'disabled'] }),
    await world.elder({ categories: [] }),
  ]
  const sentences = async () => {
    const owed = await owedTo(db, [monthly.id, weekly.id, none.id], TODAY)
    return [monthly, weekly, none].map((one) => owed.get(one.id)?.sentence)
  }
  expect(await sentences()).toEqual(['本月还差 1 次', '本周还差 1 次', null])

  await visitOn(world, weekly, '2026-11-10')
  await visitOn(world, monthly, '2026-11-10')
  expect(await sentences(), 'the month of both is met, this week isn’t').toEqual([null, '本周还差 1 次', null])

  await visitOn(world, weekly, '2026-11-16')
  expect(await sentences()).toEqual([null, null, null])
})

test('who holds no power over any place finds nobody', async () => {
  const world = await newWorld()
  const elder = await world.elder()
  const helper = await world.member()

  for (const actor of [elder.actor, helper.actor, await world.staff('redemptionPoint', world.places.village)]) {
    expect((await listElders(world.db, world.keys, actor, all, world.clock.now)).items).toEqual([])
    expect(
      await refusal(
        listElders(world.db, world.keys, actor, { ...all, regionId: world.places.village.id }, world.clock.now),
      ),
    ).toBe('NOT_FOUND')
  }
})
