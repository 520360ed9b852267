import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { exitElder } from '../../server/elder/exit'
import { revokePlate } from '../../server/plate/revoke'
import { readScan } from '../../server/plate/scan'
import { addStandardServices } from '../../server/service/standard'
import type { ScanView } from '../../shared/plate/view'
import { newWorld, TODAY, type World } from '../support/world'

type Door = Extract<ScanView, { kind: 'door' }>
const scan = ({ db, keys, clock }: World, actor: Awaited<ReturnType<World['staff']>>, code: string) =>
  readScan(db, keys, actor, code, clock.now)
const scanDoor = async (world: World, actor: Awaited<ReturnType<World['staff']>>, code: string): Promise<Door> => {
  const view = await scan(world, actor, code)
  if (view.kind !== 'door') throw new Error(`answered as ${view.kind}`)
  return view
}

test('a helper sees whose door it is, as neighbours say it, and may begin', async () => {
  const world = await newWorld()
  const elder = await world.elder({ name: '王秀英' })
  const plate = await world.plate(elder.id)
  const { actor } = await world.member()

  for (const code of [plate.code, plate.code.slice(-31), plate.serial, ` ${plate.serial.toLowerCase()} `]) {
    const door = await scanDoor(world, actor, code)
    expect(door).toMatchObject({
      plateId: plate.id,
      serial: plate.serial,
      regionName: '北庄村',
      whyNot: null,
      whyNotSentence: null,
      orderId: null,
      current: null,
      lastVisitDay: null,
      owedSentence: null,
    })
    expect(door.elders).toEqual([
      { id: elder.id, calledName: '王大娘', maskedName: '王*英', whyNot: null, whyNotSentence: null },
    ])
    expect(JSON.stringify(door)).not.toContain('秀')
  }
  expect(await world.db.operationLog.count()).toBe(0)
})

test('everybody behind the door is offered, whose plate it is first; who has died is not', async () => {
  const world = await newWorld()
  const householdId = randomUUID()
  const wife = await world.elder({ name: '王秀英', householdId })
  const husband = await world.elder({
    householdId,
    personId: await world.person({ name: '于得水', sex: 'male', birthDate: '1942-01-01' }),
  })
  const mother = await world.elder({ name: '毕玉兰', householdId })
  await exitElder(
    world.db,
    await world.staff('villageStaff'),
    mother.id,
    { id: randomUUID(), kind: 'died', validFrom: '2026-11-21', validTo: null, reason: '家属告知' },
    world.clock.now,
  )
  const { actor } = await world.member()

  const door = await scanDoor(world, actor, (await world.plate(husband.id)).code)
  expect(door.elders.map((one) => one.calledName)).toEqual(['于大爷', '王大娘'])

  const hers = await scanDoor(world, actor, (await world.plate(mother.id)).code)
  expect(hers.elders).toMatchObject([
    { calledName: '毕大娘', whyNot: 'ELDER_ENDED', whyNotSentence: '这位老人已经不在服务名单里' },
    { whyNot: null },
    { whyNot: null },
  ])
  expect(wife.householdId).toBe(householdId)
})

test('nobody serves themselves, but may serve who lives with them', async () => {
  const world = await newWorld()
  const householdId = randomUUID()
  const personId = await world.person({ name: '于得水', sex: 'male', birthDate: '1960-01-01' })
  const self = await world.elder({ personId, householdId })
  await world.elder({ name: '王秀英', householdId })
  const { actor } = await world.member({ personId })

  const door = await scanDoor(world, actor, (await world.plate(self.id)).code)

  expect(door.elders).toMatchObject([{ whyNot: 'SELF_SERVICE' }, { calledName: '王大娘', whyNot: null }])
  expect(door.whyNot).toBeNull()
})

test('who is suspended, and staff who don’t help, are told why not', async () => {
  const world = await newWorld()
  const { code } = await world.plate((await world.elder()).id)

  expect(await scanDoor(world, (await world.member({ state: 'suspended' })).actor, code)).toMatchObject({
    whyNot: 'MEMBER_SUSPENDED',
    whyNotSentence: '您的服务资格暂停了，请联系社区',
  })
  expect(await scanDoor(world, await world.staff('villageStaff'), code)).toMatchObject({ whyNot: 'NOT_A_MEMBER' })
})

test('unknown, revoked and foreign codes have an answer of their own, with a number to call', async () => {
  const world = await newWorld()
  const { db, clock, places } = world
  const clerk = await world.staff('villageStaff')
  const { actor } = await world.member()
  const [revoked, foreign] = [
    await world.plate((await world.elder()).id),
    await world.plate((await world.elder({ place: places.otherVillage })).id),
  ]
  await revokePlate(db, clerk, revoked.id, { reason: '丢失' }, clock.now)

  for (const code of [
    'https://example.com/menu',
    'https://mulin.example/d/P1aaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    '2222-2222-2222',
    '乱写的',
  ]) {
    expect(await scan(world, actor, code)).toEqual({
      kind: 'unknown',
      sentence: '这不是我们的门牌',
      agencyName: '睦邻互助服务中心',
      hotline: '12349',
    })
  }
  expect(await scan(world, actor, revoked.code)).toMatchObject({ kind: 'revoked', sentence: '这个牌子已经换过了' })
  expect(await scan(world, actor, foreign.code)).toMatchObject({
    kind: 'foreign',
    sentence: '这个牌子是别的地方的，请打牌子上的电话',
  })
  expect(await scan(world, clerk, foreign.code)).toMatchObject({ kind: 'foreign' })
  expect(
    await scan(
      world,
      await world.staff('villageStaff', places.village3),
      (await world.plate((await world.elder()).id)).code,
    ),
    'a clerk of another village',
  ).toMatchObject({ kind: 'foreign' })
  expect(await scan(world, actor, 'https://mulin.example/c/2026001')).toMatchObject({
    kind: 'unknown',
    sentence: '这个码不能在这里用',
  })
})

test('a helper of the county may help in any of its villages', async () => {
  const world = await newWorld()
  const { code } = await world.plate((await world.elder({ place: world.places.village3 })).id)

  expect(await scanDoor(world, (await world.member()).actor, code)).toMatchObject({
    whyNot: null,
    regionName: '尹家村',
  })
})

test('what is offered: the elder’s tier first, and only what this helper may do', async () => {
  const world = await newWorld()
  const { db, places } = world
  await db.service.deleteMany()
  await db.$transaction((tx) => addStandardServices(tx, places.county.id))
  await db.$transaction((tx) => addStandardServices(tx, places.county.id))
  const [old, young] = [await world.elder({ birthDate: '1940-01-01' }), await world.elder({ birthDate: '1962-01-01' })]
  const [oldCode, youngCode] = [(await world.plate(old.id)).code, (await world.plate(young.id)).code]
  const [volunteer, neighbour] = [await world.member(), await world.member({ kind: 'neighbourHelper' })]
  const names = (door: Door) => door.services.map((one) => one.name)

  const forOld = await scanDoor(world, volunteer.actor, oldCode)
  expect(
    forOld.services.filter((one) => one.forTier).map((one) => one.name),
    'without trainings',
  ).toEqual(['助餐'])
  expect(names(forOld).slice(0, 2)).toEqual(['助餐', '陪伴聊天'])
  expect(names(await scanDoor(world, volunteer.actor, youngCode)).slice(0, 3)).toEqual(['助学', '助乐', '助游'])

  await db.member.update({ where: { id: neighbour.id }, data: { trainings: '助浴,陪诊,法律' } })
  const trained = await world.actorOf(neighbour.personId)
  expect(names(await scanDoor(world, trained, oldCode))).toEqual(
    expect.arrayContaining(['助浴', '助医', '陪同就医', '法律援助']),
  )
  expect(names(await scanDoor(world, trained, oldCode))).not.toContain('助康')
  await db.service.updateMany({ where: { code: 'meals' }, data: { natures: 'volunteer' } })
  expect(names(await scanDoor(world, trained, oldCode))).not.toContain('助餐')
  await db.service.updateMany({ where: { code: 'bathing' }, data: { active: false } })
  expect(names(await scanDoor(world, trained, oldCode))).not.toContain('助浴')
  expect(
    names(await scanDoor(world, await world.staff('villageStaff'), oldCode)),
    'staff see all that is offered',
  ).toContain('助康')
})

test('the order that was accepted for this door comes along, and a visit that runs elsewhere or here is said', async () => {
  const world = await newWorld()
  const { db, clock, places, service } = world
  const [elder, other] = [await world.elder({ name: '王秀英' }), await world.elder({ name: '毕玉兰' })]
  const { code } = await world.plate(elder.id)
  const helper = await world.member()
  const place = { regionId: places.village.id, regionPath: places.village.path, countyId: places.county.id }
  const order = (wantedDay: string, state: string, memberId: string | null) =>
    db.order.create({
      data: {
        id: randomUUID(),
        elderId: elder.id,
        serviceId: service.id,
        ...place,
        wantedDay,
        wantedTime: 'any',
        state,
        origin: 'elder',
        askedByPersonId: elder.personId,
        createdAt: clock.now,
        memberId,
        staffFrom: clock.now,
      },
    })
  await order('2026-11-20', 'accepted', helper.id)
  const today = await order(TODAY, 'accepted', helper.id)
  await order('2026-11-23', 'accepted', helper.id)
  await order(TODAY, 'open', null)

  expect(await scanDoor(world, helper.actor, code)).toMatchObject({
    orderId: today.id,
    orderServiceId: service.id,
    current: null,
  })
  expect(await scanDoor(world, (await world.member()).actor, code)).toMatchObject({ orderId: null })

  const visit = await db.visit.create({
    data: {
      id: randomUUID(),
      memberId: helper.id,
      memberPersonId: helper.personId,
      serviceId: service.id,
      ...place,
      channel: 'inPerson',
      nature: 'volunteer',
      state: 'inProgress',
      checkInAt: clock.now,
      recordedAt: clock.now,
      day: TODAY,
      month: TODAY.slice(0, 7),
      counted: false,
      tasksDone: '[]',
      flag: 'clean',
    },
  })
  await db.visitElder.create({
    data: {
      visitId: visit.id,
      elderId: other.id,
      ...place,
      day: TODAY,
      month: TODAY.slice(0, 7),
      channel: 'inPerson',
      nature: 'volunteer',
      counted: false,
    },
  })
  expect((await scanDoor(world, helper.actor, code)).current).toEqual({
    visitId: visit.id,
    here: false,
    atHome: true,
    calledName: '毕大娘',
  })
  expect((await scanDoor(world, helper.actor, (await world.plate(other.id)).code)).current).toEqual({
    visitId: visit.id,
    here: true,
    atHome: true,
    calledName: '毕大娘',
  })
})

test('what is owed this month is said at the door', async () => {
  const world = await newWorld()
  const { db, places } = world
  await db.requirement.create({
    data: {
      id: randomUUID(),
      regionId: places.county.id,
      regionPath: places.county.path,
      category: 'livingAlone',
      interval: 'month',
      channels: 'inPerson',
      minSeconds: 0,
      validFrom: '2026-01-01',
    },
  })
  const { code } = await world.plate((await world.elder()).id)

  expect((await scanDoor(world, (await world.member()).actor, code)).owedSentence).toBe('本月还差 1 次')
})

test('a redemption code is for the counter: scanned or typed; a door tells the counter no name', async () => {
  const world = await newWorld()
  const { db, clock, places, programmeId } = world
  const { code: door } = await world.plate((await world.elder()).id)
  const pointId = randomUUID()
  await db.redemptionPoint.create({
    data: {
      id: pointId,
      name: '幸福餐桌',
      regionId: places.village.id,
      regionPath: places.village.path,
      address: '一楼',
      phone: '0631-8000000',
      openingHours: '全天',
      active: true,
    },
  })
  const product = await db.product.create({
    data: {
      id: randomUUID(),
      name: '鸡蛋一板',
      icon: 'eggs',
      kind: 'goods',
      description: '',
      priceMilliPoints: 20000n,
      costFen: 1800,
      holdHours: 72,
      regionId: places.county.id,
      regionPath: places.county.path,
      programmeId,
      active: true,
    },
  })
  const id = randomUUID()
  await db.redemption.create({
    data: {
      id,
      personId: await world.person(),
      accountId: randomUUID(),
      programmeId,
      productId: product.id,
      pointId,
      regionId: places.village.id,
      regionPath: places.village.path,
      priceMilliPoints: 20000n,
      costFen: 1800,
      state: 'held',
      code: '48271936',
      heldAt: clock.now,
      expiresAt: new Date(clock.now.getTime() + 3_600_000),
      byPersonId: await world.person(),
    },
  })
  const counter = await world.staff('redemptionPoint', places.village, { redemptionPointId: pointId })

  for (const code of ['https://mulin.example/x/48271936', '48271936', '4827 1936'])
    expect(await scan(world, counter, code)).toEqual({ kind: 'redemption', redemptionId: id })
  expect(await scan(world, counter, '11112222')).toMatchObject({ kind: 'unknown', sentence: '没有这个兑换码' })
  expect(await scan(world, counter, door)).toMatchObject({ kind: 'unknown', sentence: '这个码不能在这里用' })
  const helper = await world.member()
  expect(await scan(world, helper.actor, 'https://mulin.example/x/48271936')).toMatchObject({
    kind: 'unknown',
    sentence: '这个码不能在这里用',
  })
})
