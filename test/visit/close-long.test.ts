import { describe, expect, test } from 'vitest'
import { closeLongVisits } from '../../server/visit/close-long'
import { holdSilent } from '../../server/visit/hold-silent'
import { atDoor, HOME, NEAR, refusalOf } from '../support/door'
import { newWorld } from '../support/world'

const CAP_SECONDS = 14_400

describe('the clock ends what nobody ended', () => {
  test('at the longest time a visit may have, to the second, with E01', async () => {
    const world = await newWorld()
    const door = await atDoor(world, { homePoint: HOME })
    const { id } = await door.begin({ place: NEAR })
    world.later(CAP_SECONDS - 1)
    expect(await closeLongVisits(world.db, world.keys, world.clock.now)).toBe(0)
    world.later(120)
    expect(await closeLongVisits(world.db, world.keys, world.clock.now)).toBe(1)
    const visit = await door.visitOf(id)
    expect(visit).toMatchObject({
      state: 'finished',
      closedBy: 'job',
      servedSeconds: CAP_SECONDS,
      level: 1,
      flag: 'red',
      counted: true,
      exceptions: [{ code: 'E01' }],
      evidence: [{ phase: 'in' }, { phase: 'out', method: 'job', level: 1 }],
    })
    expect(visit.checkOutAt?.getTime()).toBe(visit.checkInAt.getTime() + CAP_SECONDS * 1000)
    expect(await world.db.operationLog.findMany({ where: { resourceId: id, action: 'closeLong' } })).toMatchObject([
      { role: 'clock' },
    ])
  })

  test('once, also when two processes run at the same minute', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const { id } = await door.begin()
    world.later(CAP_SECONDS)
    await Promise.all([
      closeLongVisits(world.db, world.keys, world.clock.now),
      closeLongVisits(world.db, world.keys, world.clock.now),
    ])
    expect(await closeLongVisits(world.db, world.keys, world.clock.now)).toBe(0)
    expect((await door.visitOf(id)).evidence).toHaveLength(2)
  })

  test('and a press that comes after it is kept as evidence, and changes nothing', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const { id } = await door.begin()
    world.later(CAP_SECONDS)
    await closeLongVisits(world.db, world.keys, world.clock.now)
    const before = await door.visitOf(id)
    world.later(600)
    expect(await refusalOf(door.end(id))).toBeNull()
    const after = await door.visitOf(id)
    expect(after).toMatchObject({
      servedSeconds: before.servedSeconds,
      checkOutAt: before.checkOutAt,
      state: 'finished',
      evidence: [{ phase: 'in' }, { method: 'job' }, { method: 'button' }],
    })
  })

  test('racing with the press, exactly one of both ends it', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const { id } = await door.begin()
    world.later(CAP_SECONDS)
    await Promise.all([refusalOf(door.end(id)), closeLongVisits(world.db, world.keys, world.clock.now)])
    const { closedBy, exceptions } = await door.visitOf(id)
    expect(exceptions.map(({ code }) => code)).toEqual(closedBy === 'job' ? ['E01'] : [])
  })
})

describe('silence', () => {
  test('of 72 hours holds a visit with E08 and pays nothing', async () => {
    const world = await newWorld()
    const door = await atDoor(world, { homePoint: HOME })
    const id = await door.served(65)
    world.later(72 * 3600 - 1)
    expect(await holdSilent(world.db, world.clock.now)).toBe(0)
    world.later(1)
    expect(await holdSilent(world.db, world.clock.now)).toBe(1)
    expect(await holdSilent(world.db, world.clock.now)).toBe(0)
    expect(await door.visitOf(id)).toMatchObject({
      state: 'finished',
      flag: 'amber',
      awardedMilliPoints: null,
      exceptions: [{ code: 'E08', severity: 'amber' }],
    })
    expect(await door.pointsOf()).toBe(0n)
  })

  test('is none once somebody said yes or no', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const [yes, no] = [await door.served(20, 1), await door.served(20, 1)]
    await door.answer(yes, 'yes')
    await door.answer(no, 'no')
    world.later(72 * 3600)
    expect(await holdSilent(world.db, world.clock.now)).toBe(0)
  })
})
