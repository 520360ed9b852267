import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decideVisits } from '../../server/audit/decide'
import { closeLongVisits } from '../../server/visit/close-long'
import { cursorAfter, findCurrent, findVisits, whereOfDesk } from '../../server/visit/queries'
import { showCurrent, showVisit, showVisits } from '../../server/visit/show'
import { currentVisitView, visitDetailView, visitView } from '../../shared/visit/view'
import { atDoor, FAR, HOME, NEAR, refusalOf } from '../support/door'
import { newWorld } from '../support/world'

describe('a visit as each sees it', () => {
  test('its helper: the elder as neighbours say it, the points and why', async () => {
    const world = await newWorld()
    const door = await atDoor(world, { homePoint: HOME })
    const id = await door.served(65)
    const shown = visitDetailView.parse(await showVisit(world.db, world.keys, door.helper.actor, id, world.clock.now))
    expect(shown).toMatchObject({
      memberName: '张兰',
      elders: [{ name: '王大娘' }],
      regionName: '北庄村',
      serviceName: '打扫卫生',
      tasks: ['扫地', '倒垃圾'],
      expectedMilliPoints: '13000',
      pointsSentence: '等老人确认后到账',
      explanation: { formula: '65 分钟 ÷ 5 = 13 分' },
      whyNotDecide: null,
      mayConfirmByPhone: false,
    })
    expect(shown.number).toMatch(/^2611-22-\d{4}$/)
    expect(shown.evidence).toMatchObject([
      { words: '扫门牌开始，离门牌 56 米，本人手机' },
      { words: '扫门牌结束，离门牌 56 米，本人手机' },
    ])
  })

  test('the family: who came, nothing of doubts about it', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const id = await door.served(8, 1)
    const shown = await showVisit(world.db, world.keys, door.elder.actor, id, world.clock.now)
    expect(shown).toMatchObject({ memberName: '张*', elders: [{ name: '王秀英' }], exceptions: [] })
    expect(shown.timeline.map(({ kind }) => kind)).not.toContain('exception')
  })

  test('the desk: masked names, numbers in the exceptions, and why it can’t decide', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const [staff, village] = [await world.staff('townStaff', world.places.town), await world.staff('villageStaff')]
    const id = await door.served(8, 1)
    const shown = await showVisit(world.db, world.keys, staff, id, world.clock.now)
    expect(shown).toMatchObject({
      memberName: '张*',
      elders: [{ name: '王*英' }],
      exceptions: [{ code: 'E04', sentence: '8 分钟，不足 15 分钟', resolved: false }],
      pointsSentence: '8 分钟，不足 15 分钟，不记分',
      whyNotDecide: 'AUDIT_NOT_READY',
      whyNotDecideSentence: '这条记录还不能审核',
      mayConfirmByPhone: true,
    })
    expect(await showVisit(world.db, world.keys, village, id, world.clock.now)).toMatchObject({
      whyNotDecide: 'NOT_ALLOWED',
      mayConfirmByPhone: true,
    })
  })

  test('strangers and other places: nothing', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const id = await door.served(8, 1)
    const strangers = [
      (await world.member()).actor,
      (await world.elder()).actor,
      await world.staff('townStaff', world.places.town2),
      await world.staff('redemptionPoint', world.places.town),
    ]
    for (const actor of strangers)
      expect(await refusalOf(showVisit(world.db, world.keys, actor, id, world.clock.now))).toBe('NOT_FOUND')
  })
})

test('服务中 shows the running visit, and nothing when none is running', async () => {
  const world = await newWorld()
  const door = await atDoor(world)
  expect(await findCurrent(world.db, door.helper.actor)).toBeNull()
  const { id } = await door.begin()
  const visit = await findCurrent(world.db, door.helper.actor)
  if (visit === null) throw new Error('it is running')
  const shown = currentVisitView.parse(
    await showCurrent(world.db, world.keys, door.helper.actor, visit, world.clock.now),
  )
  expect(shown).toMatchObject({
    id,
    state: 'inProgress',
    emergencyPhone: '120',
    minSeconds: 900,
    pointsSentence: '帮完以后算积分',
    timeline: [{ kind: 'checkIn', title: '扫门牌开始', tone: 'ok' }],
  })
})

describe('the course of a visit', () => {
  const timelineOf = async (
    world: Awaited<ReturnType<typeof newWorld>>,
    actor: Parameters<typeof showVisit>[2],
    id: string,
  ) =>
    (await showVisit(world.db, world.keys, actor, id, world.clock.now)).timeline.map(({ kind, tone, title, note }) => [
      kind,
      tone,
      title,
      note,
    ])

  test('from the scan to the points, and how they were taken back', async () => {
    const world = await newWorld()
    const door = await atDoor(world, { homePoint: HOME })
    const staff = await world.staff('townStaff', world.places.town)
    const id = await door.served(65)
    world.later(60)
    await door.answer(id, 'yes')
    world.later(60)
    await decideVisits(
      world.db,
      staff,
      { id: randomUUID(), decision: 'return', visitIds: [id], reasonCode: 'notThisLong', note: '邻居说只来了一会儿' },
      world.clock.now,
    )
    expect(await timelineOf(world, door.helper.actor, id)).toEqual([
      ['checkIn', 'ok', '扫门牌开始', '离门牌 56 米，本人手机，凭证 L2'],
      ['checkOut', 'ok', '扫门牌结束', '离门牌 56 米，本人手机，凭证 L2'],
      ['confirmation', 'ok', '老人确认：是，来过了', '本人手机，王*英'],
      ['posting', 'ok', '记账 +13 分', '65 分钟 ÷ 5 = 13 分'],
      ['decision', 'bad', '社区退回', '时间不实，邻居说只来了一会儿，孙*'],
      ['reversal', 'bad', '收回 13 分', '社区退回：时间不实'],
      ['points', 'none', '社区没有通过：时间不实', null],
    ])
  })

  test('that was far away, closed by the clock, and pressed too late', async () => {
    const world = await newWorld()
    const door = await atDoor(world, { homePoint: HOME })
    const staff = await world.staff('townStaff', world.places.town)
    const { id } = await door.begin({ place: FAR })
    world.later(14_400)
    await closeLongVisits(world.db, world.keys, world.clock.now)
    world.later(60)
    await door.end(id, { place: NEAR })
    expect(await timelineOf(world, staff, id)).toEqual([
      ['checkIn', 'ok', '扫门牌开始', '离门牌 500 米，本人手机，凭证 L1'],
      ['exception', 'warn', '开始时离门牌 500 米', null],
      ['checkOut', 'warn', '到时间自动结束', '凭证 L1'],
      ['exception', 'bad', '没有按「帮完了」，满 240 分钟自动结束', null],
      ['checkOut', 'none', '自动结束以后才按「帮完了」', '离门牌 56 米，本人手机，凭证 L1'],
      ['points', 'wait', '等老人确认，再由社区审核', null],
    ])
  })
})

describe('the list of the desk', () => {
  test('is of its own regions, newest first, page by page', async () => {
    const world = await newWorld()
    const { db } = world
    const staff = await world.staff('villageStaff')
    const here = await atDoor(world)
    const ids = [await here.served(20, 1), await here.served(20, 1), await here.served(20, 1)]
    const elsewhere = await world.elder({ place: world.places.village3 })
    await here.begin({ code: (await world.plate(elsewhere.id)).code, elderIds: [elsewhere.id] })
    const where = await whereOfDesk(db, staff, {})
    const first = await findVisits(db, where, { take: 2 })
    expect(first.map(({ id }) => id)).toEqual([ids[2], ids[1]])
    const rest = await findVisits(db, where, { take: 2, cursor: cursorAfter(first[1] as (typeof first)[number]) })
    expect(rest.map(({ id }) => id)).toEqual([ids[0]])
    expect(await refusalOf(whereOfDesk(db, staff, { regionId: world.places.village2.id }))).toBe('NOT_FOUND')
    expect(() => findVisits(db, where, { take: 2, cursor: 'nonsense' })).toThrow('BAD_INPUT')
  })

  test('is filtered by state, exception, level, nature, helper, elder and day', async () => {
    const world = await newWorld()
    const { db, keys } = world
    const staff = await world.staff('countyAdmin', world.places.county)
    const door = await atDoor(world)
    const [short, long] = [await door.served(8, 1), await door.served(20, 1)]
    await door.answer(long, 'yes')
    const find = async (query: Parameters<typeof whereOfDesk>[2]) =>
      (await findVisits(db, await whereOfDesk(db, staff, query), { take: 10 })).map(({ id }) => id)
    expect(await find({ state: 'confirmed' })).toEqual([long])
    expect(await find({ exception: 'E04' })).toEqual([short])
    expect(await find({ level: 1 })).toEqual([long, short])
    expect(await find({ level: 2 })).toEqual([])
    expect(await find({ nature: 'mutualAid' })).toEqual([])
    expect(
      await find({ memberId: door.helper.id, elderId: door.elder.id, from: '2026-11-22', to: '2026-11-22' }),
    ).toEqual([long, short])
    expect(await find({ to: '2026-11-21' })).toEqual([])
    const rows = await findVisits(db, await whereOfDesk(db, staff, {}), { take: 10 })
    expect(
      (await showVisits(db, keys, staff, rows, world.clock.now)).map((row) => visitView.parse(row).pointsSentence),
    ).toEqual(['等社区审核', '8 分钟，不足 15 分钟，不记分'])
  })
})
