import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { recordCall } from '../../server/visit/call'
import { drawCalls } from '../../server/visit/draw-calls'
import type { CallInput } from '../../shared/visit/input'
import type { WaitingConfirmation } from '../../shared/visit/view'
import { atDoor, refusalOf } from '../support/door'
import { newWorld, serveWorld, type World } from '../support/world'

let world: World
let ask: Awaited<ReturnType<typeof serveWorld>>['ask']
beforeAll(async () => {
  world = await newWorld()
  ask = (await serveWorld(world)).ask
})

const waitingFor = async (staff: { personId: string }, visitId: string) =>
  (await ask<{ waiting: WaitingConfirmation[] }>(staff, 'GET', '/confirmations/desk')).body.waiting.find(
    (one) => one.visitId === visitId,
  )
const call = (actor: Parameters<typeof recordCall>[1], visitId: string, elderId: string, more: Partial<CallInput>) =>
  recordCall(world.db, actor, visitId, { id: randomUUID(), elderId, reached: false, ...more }, world.clock.now)

test('a call nobody picked up is known to whoever rings next, once however often it was sent, and changes nothing', async () => {
  const { elder, served, visitOf } = await atDoor(world, { ownPhone: false })
  const visitId = await served(20)
  const staff = await world.staff('villageStaff')
  const colleague = await world.staff('townStaff', world.places.town)
  expect(await waitingFor(colleague, visitId)).toMatchObject({
    missedCallAt: null,
    missedCalls: 0,
    callReason: 'noPhone',
  })

  const first = { id: randomUUID(), elderId: elder.id, reached: false }
  await ask(staff, 'POST', `/visits/${visitId}/calls`, first)
  await ask(staff, 'POST', `/visits/${visitId}/calls`, first)
  expect(await waitingFor(colleague, visitId)).toMatchObject({ missedCalls: 1 })
  world.later(3600)
  await ask(staff, 'POST', `/visits/${visitId}/calls`, { ...first, id: randomUUID() })
  expect(await waitingFor(colleague, visitId)).toMatchObject({
    missedCalls: 2,
    missedCallAt: world.clock.now.toISOString(),
    nextCallAt: new Date(world.clock.now.getTime() + 4 * 3600_000).toISOString(),
  })
  expect(await visitOf(visitId)).toMatchObject({ state: 'finished', confirmations: [] })
})

test('an elder who was reached confirms by it, and how content the elder was is kept', async () => {
  const { elder, served, visitOf } = await atDoor(world, { ownPhone: false })
  const visitId = await served(20, 1)
  const staff = await world.staff('villageStaff')
  expect(await call(staff, visitId, elder.id, { reached: true, answer: 'yes', satisfaction: 5 })).toMatchObject({
    moved: true,
    missedCallAt: null,
  })
  expect(await visitOf(visitId)).toMatchObject({
    state: 'confirmed',
    confirmations: [{ answer: 'yes', how: 'phone', byPersonId: staff.personId }],
  })
  expect(await world.db.callBack.findMany({ where: { visitId } })).toMatchObject([
    { reached: true, answer: 'yes', satisfaction: 5, nextAt: null },
  ])
  await expect(world.db.callBack.updateMany({ where: { visitId }, data: { satisfaction: 1 } })).rejects.toThrow()
})

test('nobody came, said on the telephone weeks after the elder’s own yes, is E07 and takes the points back', async () => {
  const { elder, served, visitOf, answer, pointsOf, kindsOnBooks } = await atDoor(world, {
    homePoint: '37.00000,122.08000',
  })
  const visitId = await served(20)
  await answer(visitId, 'yes')
  expect(await pointsOf()).toBe(4000n)
  world.later(20 * 86_400)
  const staff = await world.staff('villageStaff')
  expect(await call(staff, visitId, elder.id, { reached: true, answer: 'no', satisfaction: 1 })).toMatchObject({
    moved: true,
  })
  const visit = await visitOf(visitId)
  expect(visit).toMatchObject({ state: 'disputed', counted: false, flag: 'red' })
  expect(visit.exceptions.map(({ code }) => code)).toContain('E07')
  expect([await pointsOf(), await kindsOnBooks(visitId)]).toEqual([0n, ['EARN0', 'REVERSE']])
})

test('weakly proved visits of elders without a phone are all drawn, of the others as many in a hundred as the place asks', async () => {
  const set = (callSamplePercent: number) =>
    world.db.setting.create({
      data: {
        id: randomUUID(),
        regionId: world.places.village.id,
        key: 'callSamplePercent',
        version: callSamplePercent + 1,
        validFrom: '2026-01-01',
        value: String(callSamplePercent),
        recordedAt: world.clock.now,
      },
    })
  await set(0)
  await new Promise((resolve) => setTimeout(resolve, 0))
  const weak = await atDoor(world, { ownPhone: false })
  const strong = await atDoor(world, { homePoint: '37.00000,122.08000' })
  const weakId = await weak.served(20, 1)
  const proxy = await world.proxy(weak.elder.id)
  await weak.answer(weakId, 'yes', proxy, 'proxy')
  const strongId = await strong.served(20)
  await strong.answer(strongId, 'yes')
  const staff = await world.staff('villageStaff')
  expect(await waitingFor(staff, weakId)).toBeUndefined()

  await drawCalls(world.db, world.keys, world.clock.now)
  expect(await waitingFor(staff, weakId)).toMatchObject({ callReason: 'weak', answer: 'yes' })
  const drawn = (await world.db.callDraw.findMany()).map(({ visitId }) => visitId)
  expect(drawn).toContain(weakId)
  expect(await drawCalls(world.db, world.keys, world.clock.now)).toBe(0)

  // What was known already moves nothing, and the draw is done with.
  expect(await call(staff, weakId, weak.elder.id, { reached: true, answer: 'yes', satisfaction: 4 })).toMatchObject({
    moved: false,
  })
  expect(await waitingFor(staff, weakId)).toBeUndefined()
})

test('the lot falls on about as many as asked, and asked again on the same', async () => {
  const place = world.places.village2
  await world.db.setting.create({
    data: {
      id: randomUUID(),
      regionId: place.id,
      key: 'callSamplePercent',
      version: 1,
      validFrom: '2026-01-01',
      value: '30',
      recordedAt: world.clock.now,
    },
  })
  const elder = await world.elder({ place })
  const helper = await world.member({ place })
  const { at } = { at: world.clock.now }
  const visits = Array.from({ length: 400 }, (_, index) => ({
    id: randomUUID(),
    memberId: helper.id,
    memberPersonId: helper.personId,
    serviceId: world.service.id,
    regionId: place.id,
    regionPath: place.path,
    countyId: place.countyId as string,
    channel: 'inPerson',
    nature: 'volunteer',
    state: 'confirmed',
    checkInAt: new Date(at.getTime() - 7200_000 - index),
    checkOutAt: new Date(at.getTime() - 3600_000),
    recordedAt: at,
    day: '2026-11-22',
    month: '2026-11',
    servedSeconds: 3600,
    counted: false,
    level: 3,
    closedBy: 'helper',
    tasksDone: '[]',
    flag: 'clean',
  }))
  await world.db.visit.createMany({ data: visits })
  await world.db.visitElder.createMany({
    data: visits.map(({ id, regionId, regionPath, countyId, day, month }) => ({
      visitId: id,
      elderId: elder.id,
      ...{ regionId, regionPath, countyId, day, month, servedSeconds: 3600, counted: false },
      ...{ channel: 'inPerson', nature: 'volunteer' },
    })),
  })
  await drawCalls(world.db, world.keys, at)
  const first = (await world.db.callDraw.findMany({ where: { regionPath: place.path } })).map(({ visitId }) => visitId)
  expect(first.length).toBeGreaterThan(80)
  expect(first.length).toBeLessThan(165)
  await world.db.callDraw.deleteMany({ where: { regionPath: place.path } })
  await drawCalls(world.db, world.keys, at)
  const second = await world.db.callDraw.findMany({ where: { regionPath: place.path } })
  expect(second.map(({ visitId }) => visitId).sort()).toEqual(first.sort())
})

test('only staff of the place write down a call, and nobody about a visit of their own', async () => {
  const { elder, helper, served } = await atDoor(world)
  const visitId = await served(20)
  const by = (actor: typeof helper.actor) => refusalOf(call(actor, visitId, elder.id, {}))
  expect(await by(await world.staff('villageStaff', world.places.village2))).toBe('NOT_FOUND')
  expect(await by(elder.actor)).toBe('NOT_ALLOWED')
  expect(await by(await world.staff('villageStaff', world.places.village, { personId: helper.personId }))).toBe(
    'CONFIRM_OWN',
  )
})
