import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkOut, checkOutVisits } from '../../server/visit/check-out'
import { scanDuring } from '../../server/visit/scan'
import type { SchemeDocument } from '../../shared/scheme/document'
import { atDoor, FAR, HOME, NEAR, refusalOf } from '../support/door'
import { newWorld, SIMPLE } from '../support/world'

const withCap = (dayCapMilliPoints: number): SchemeDocument => ({
  ...SIMPLE,
  earn: { ...SIMPLE.earn, dayCapMilliPoints },
})

describe('帮完了', () => {
  test('ends the visit: how long, how well proved, what it will bring and by which formula', async () => {
    const world = await newWorld()
    const { begin, end, visitOf, elder, plate } = await atDoor(world, { homePoint: HOME })
    const { id } = await begin({ place: NEAR })
    world.later(65 * 60 + 59)
    await end(id, { code: plate.code, place: NEAR, tasksDone: ['扫地'] })
    const visit = await visitOf(id)
    expect(visit).toMatchObject({
      state: 'finished',
      servedSeconds: 3959,
      level: 2,
      counted: true,
      closedBy: 'helper',
      expectedMilliPoints: 13_000n,
      awardedMilliPoints: null,
      flag: 'clean',
      tasksDone: '["扫地"]',
    })
    expect(JSON.parse(visit.explanation ?? '')).toMatchObject({
      formula: '65 分钟 ÷ 5 = 13 分',
      schemeVersion: 1,
      zeroReason: null,
    })
    expect(visit.elders).toMatchObject([{ elderId: elder.id, counted: true, servedSeconds: 3959 }])
    expect(visit.silentFrom?.getTime()).toBe(world.clock.now.getTime() + 72 * 3_600_000)
  })

  test('pressed without a scan is L1, whatever the beginning was', async () => {
    const world = await newWorld()
    const { begin, end, visitOf } = await atDoor(world, { homePoint: HOME })
    const { id } = await begin({ place: NEAR })
    world.later(1800)
    await end(id, { place: NEAR })
    expect(await visitOf(id)).toMatchObject({ level: 1, exceptions: [] })
  })

  test('by the plate of the spouse at the same door proves the exit; another door’s plate is only a press', async () => {
    const world = await newWorld()
    const door = await atDoor(world, { homePoint: HOME })
    const spouse = await world.elder({ householdId: door.elder.householdId })
    const other = await atDoor(world)
    const levelWith = async (code: string) => {
      const { id } = await door.begin({ place: NEAR })
      world.later(1800)
      await door.end(id, { place: NEAR, code })
      return (await door.visitOf(id)).level
    }
    expect(await levelWith((await world.plate(spouse.id)).code)).toBe(2)
    expect(await levelWith(other.plate.code)).toBe(1)
    expect(await levelWith('https://example.org/menu')).toBe(1)
  })

  test('seconds before the minimum it does not count and brings nothing, with E04 and the reason', async () => {
    const world = await newWorld()
    const { served, visitOf } = await atDoor(world)
    const short = await visitOf(await served(8, 1))
    expect(short).toMatchObject({ state: 'finished', counted: false, expectedMilliPoints: 0n, flag: 'amber' })
    expect(JSON.parse(short.explanation ?? '').zeroReason).toBe('8 分钟，不足 15 分钟，不记分')
    expect(short.exceptions).toMatchObject([{ code: 'E04', detail: JSON.stringify({ minutes: 8, leastMinutes: 15 }) }])
    expect((await visitOf(await served(15, 1))).counted).toBe(true)
  })

  test('longer than the cap is E05: the time stays true, the points are those of the cap', async () => {
    const world = await newWorld()
    const { served, visitOf } = await atDoor(world)
    expect(await visitOf(await served(240, 1))).toMatchObject({ exceptions: [], expectedMilliPoints: 48_000n })
    expect(await visitOf(await served(241, 1))).toMatchObject({
      servedSeconds: 241 * 60,
      exceptions: [{ code: 'E05' }],
      expectedMilliPoints: 48_000n,
      flag: 'red',
    })
  })

  test('far away at the end is E03 beside the one of the beginning, with both distances', async () => {
    const world = await newWorld()
    const { begin, end, visitOf, plate } = await atDoor(world, { homePoint: HOME })
    const { id } = await begin({ place: FAR })
    world.later(1800)
    await end(id, { code: plate.code })
    expect((await visitOf(id)).exceptions).toMatchObject([
      { code: 'E03', detail: JSON.stringify({ inMetres: 500, nearMetres: 200, outMetres: null }) },
    ])
  })

  test('a plate revoked meanwhile is E10, and so is a forged one', async () => {
    const world = await newWorld()
    const { begin, end, codesOf, plate, visitOf } = await atDoor(world)
    const { id } = await begin()
    await world.db.plate.update({ where: { id: plate.id }, data: { revokedAt: world.clock.now } })
    world.later(1800)
    await end(id, { code: plate.code })
    expect(await codesOf(id)).toEqual(['E10'])
    expect(await visitOf(id)).toMatchObject({ level: 1, flag: 'red', state: 'finished' })
    const forged = await atDoor(world)
    const { id: other } = await forged.begin()
    world.later(1800)
    await forged.end(other, { code: forged.plate.code.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) })
    expect(await forged.codesOf(other)).toEqual(['E10'])
  })

  test('what will be cut by the cap of the day is told, counting what still waits to be posted', async () => {
    const world = await newWorld({ scheme: withCap(15_000) })
    const { served, visitOf } = await atDoor(world)
    expect(await visitOf(await served(50, 1))).toMatchObject({ expectedMilliPoints: 10_000n, exceptions: [] })
    const second = await visitOf(await served(50, 1))
    expect(second).toMatchObject({
      expectedMilliPoints: 5000n,
      exceptions: [{ code: 'E12', severity: 'info' }],
      flag: 'clean',
    })
    expect(JSON.parse(second.explanation ?? '').cuts).toEqual([
      { code: 'DAY_CAP', sentence: '每天最多记 15 分', milliPoints: '5000' },
    ])
  })

  test('where no rules were published it counts as time only', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const { id } = await door.begin()
    await world.db.visit.update({ where: { id }, data: { day: '2025-12-31' } })
    world.later(1800)
    await door.end(id)
    const visit = await door.visitOf(id)
    expect(visit).toMatchObject({ counted: true, expectedMilliPoints: 0n, schemeId: null })
    expect(JSON.parse(visit.explanation ?? '').zeroReason).toBe('这里还没有积分规则，只记时长')
  })
})

describe('two visits of one helper', () => {
  test('that overlap never both count: the second to end gets E02', async () => {
    const world = await newWorld()
    const first = await atDoor(world)
    const second = await atDoor(world)
    const a = await first.begin()
    world.later(600)
    const b = await second.begin({}, first.helper.actor)
    world.later(1800)
    await first.end(a.id)
    await second.end(b.id, {}, first.helper.actor)
    expect(await first.visitOf(a.id)).toMatchObject({ counted: true, exceptions: [] })
    expect(await second.visitOf(b.id)).toMatchObject({
      counted: false,
      exceptions: [{ code: 'E02' }],
      elders: [{ counted: false }],
    })
  })

  test('one of which begins the moment the other ends do not overlap', async () => {
    const world = await newWorld()
    const first = await atDoor(world)
    const second = await atDoor(world)
    const a = await first.served(20, 1)
    const { id: b } = await second.begin({}, first.helper.actor)
    world.later(1200)
    await second.end(b, {}, first.helper.actor)
    expect([(await first.visitOf(a)).counted, (await first.visitOf(b)).counted]).toEqual([true, true])
  })

  test('ended at once: exactly one counts', async () => {
    const world = await newWorld()
    const first = await atDoor(world)
    const second = await atDoor(world)
    const a = await first.begin()
    const b = await second.begin({}, first.helper.actor)
    world.later(1800)
    await Promise.all([first.end(a.id), second.end(b.id, {}, first.helper.actor)])
    const counted = await Promise.all([a, b].map(async ({ id }) => (await first.visitOf(id)).counted))
    expect(counted.filter(Boolean)).toHaveLength(1)
  })
})

describe('who may end a visit, and how often', () => {
  test('nobody but its helper knows of it', async () => {
    const world = await newWorld()
    const { begin, end } = await atDoor(world)
    const other = await world.member()
    const { id } = await begin()
    expect(await refusalOf(end(id, {}, other.actor))).toBe('NOT_FOUND')
    expect(await refusalOf(end(randomUUID()))).toBe('NOT_FOUND')
  })

  test('the same press twice is one end; another press finds it ended', async () => {
    const world = await newWorld()
    const { begin, helper, checkOutBody, end, visitOf } = await atDoor(world)
    const { id } = await begin()
    world.later(1800)
    const body = checkOutBody()
    const press = () => checkOut(world.db, world.keys, helper.actor, id, body, world.clock.now)
    expect(await press()).toEqual({ id })
    world.later(60)
    expect(await press()).toEqual({ id })
    expect(await refusalOf(end(id))).toBe('VISIT_NOT_IN_PROGRESS')
    expect(await visitOf(id)).toMatchObject({ servedSeconds: 1800, evidence: [{ phase: 'in' }, { phase: 'out' }] })
  })

  test('of two presses at once one ends it', async () => {
    const world = await newWorld()
    const { begin, end, visitOf } = await atDoor(world)
    const { id } = await begin()
    world.later(1800)
    const answers = await Promise.all([refusalOf(end(id)), refusalOf(end(id))])
    expect(answers.sort()).toEqual(['VISIT_NOT_IN_PROGRESS', null].sort())
    expect((await visitOf(id)).evidence).toHaveLength(2)
  })

  test('a clock that went back is refused', async () => {
    const world = await newWorld()
    const { begin, end } = await atDoor(world)
    const { id } = await begin()
    world.later(-1)
    expect(await refusalOf(end(id))).toBe('CLOCK_WENT_BACK')
  })
})

describe('the plate scanned while serving', () => {
  const scan = (
    world: Awaited<ReturnType<typeof newWorld>>,
    door: Awaited<ReturnType<typeof atDoor>>,
    visitId: string,
    more: object = {},
  ) =>
    scanDuring(
      world.db,
      world.keys,
      door.helper.actor,
      visitId,
      { id: randomUUID(), code: door.plate.code, place: NEAR, deviceAt: world.clock.now.toISOString(), ...more },
      world.clock.now,
    )

  test('proves the exit that follows soon', async () => {
    const world = await newWorld()
    const door = await atDoor(world, { homePoint: HOME })
    const { id } = await door.begin({ place: NEAR })
    world.later(1800)
    await scan(world, door, id)
    world.later(600)
    await door.end(id)
    expect(await door.visitOf(id)).toMatchObject({
      level: 2,
      exceptions: [],
      evidence: [{ phase: 'in' }, { phase: 'during', level: 2 }, { phase: 'out', method: 'button', level: 1 }],
    })
  })

  test('long before the exit it proves nothing of it', async () => {
    const world = await newWorld()
    const door = await atDoor(world, { homePoint: HOME })
    const { id } = await door.begin({ place: NEAR })
    await scan(world, door, id)
    world.later(601)
    await door.end(id, { place: NEAR })
    expect((await door.visitOf(id)).level).toBe(1)
  })

  test('is refused when it is another door’s, none of ours, or the visit is over; a revoked one is E10', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const other = await atDoor(world)
    const { id } = await door.begin()
    expect(await refusalOf(scan(world, door, id, { code: other.plate.code }))).toBe('PLATE_KIND')
    expect(await refusalOf(scan(world, door, id, { code: 'https://example.org' }))).toBe('PLATE_UNKNOWN')
    expect(await refusalOf(scan(world, other, id))).toBe('NOT_FOUND')
    await world.db.plate.update({ where: { id: door.plate.id }, data: { revokedAt: world.clock.now } })
    await scan(world, door, id)
    expect(await door.visitOf(id)).toMatchObject({ state: 'inProgress', flag: 'red', exceptions: [{ code: 'E10' }] })
    world.later(1800)
    await door.end(id)
    expect(await refusalOf(scan(world, door, id))).toBe('VISIT_NOT_IN_PROGRESS')
  })
})

test('a list of ends is one commit, and caps hold across it', async () => {
  const world = await newWorld({ scheme: withCap(15_000) })
  const [one, two] = [await atDoor(world), await atDoor(world)]
  const a = await one.begin()
  const b = await two.begin()
  world.later(50 * 60)
  const asks = [one, two].map((door, index) => ({
    actor: door.helper.actor,
    visitId: [a, b][index]?.id ?? '',
    input: door.checkOutBody(),
    at: world.clock.now,
  }))
  const outcomes = await checkOutVisits(world.db, world.keys, [
    ...asks,
    { ...(asks[0] as (typeof asks)[0]), visitId: randomUUID() },
  ])
  expect(outcomes.map(({ refusal }) => refusal?.code ?? null)).toEqual([null, null, 'NOT_FOUND'])
  expect(await one.visitOf(a.id)).toMatchObject({ state: 'finished', expectedMilliPoints: 10_000n })
})
