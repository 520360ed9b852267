// How many taps it takes, counted on the built mini-program.
import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { decideVisits } from '../../server/audit/decide'
import type { Actor } from '../../server/core/actor'
import { checkIn } from '../../server/visit/check-in'
import { checkOut } from '../../server/visit/check-out'
import { confirm } from '../../server/visit/confirm'
import { newSitePlate } from '../support/site'
import { type Bundle, builtBundle } from '../support/weapp/bundle'
import { newDataRenderer } from '../support/weapp/data-renderer'
import type { Weapp } from '../support/weapp/phone'
import { newTown } from '../support/weapp/town'

type Town = Awaited<ReturnType<typeof newTown>>
let bundle: Bundle
let town: Town
beforeAll(() => {
  bundle = builtBundle()
})
beforeEach(async () => {
  town = await newTown(bundle, newDataRenderer)
})

async function served(minutes: number, answer?: 'yes'): Promise<string> {
  const { world, helper, elder, plate } = town
  const { db, keys, clock, service } = world
  const wish = { id: randomUUID(), code: plate.code, elderIds: [elder.id], serviceId: service.id }
  const { id } = await checkIn(db, keys, helper.actor, { ...wish, deviceAt: clock.now.toISOString() }, clock.now)
  world.later(minutes * 60)
  const press = { id: randomUUID(), tasksDone: [], deviceAt: clock.now.toISOString() }
  await checkOut(db, keys, helper.actor, id, press, clock.now)
  const said = { id: randomUUID(), elderId: elder.id, how: 'app' as const }
  if (answer !== undefined) await confirm(db, elder.actor as Actor, id, { ...said, answer }, clock.now)
  return id
}

/** Taps these one after the other, and says how many it were. */
async function tapped(phone: Weapp, names: readonly string[]): Promise<number> {
  for (const name of names) await phone.tap(name)
  return names.length
}

test('a helper says in two taps what was odd', async () => {
  const visitId = await served(5)
  const phone = await town.logIn(town.helperPhone())
  await phone.reopen({ path: 'visit/detail', query: { id: visitId } })
  expect(await tapped(phone, ['说明一下', '事情少，很快做完了'])).toBe(2)
  expect(await town.world.db.helperNote.count({ where: { visitId, code: 'E04' } })).toBe(1)
  expect(phone.shows('您说过：事情少，很快做完了')).toBe(true)
})

test('a helper appeals in three taps', async () => {
  const { db, clock } = town.world
  const visitId = await served(65, 'yes')
  const decision = { id: randomUUID(), decision: 'return' as const, visitIds: [visitId], reasonCode: 'notThisLong' }
  await decideVisits(db, town.auditor, decision, clock.now)
  const phone = await town.logIn(town.helperPhone())
  await phone.reopen({ path: 'visit/detail', query: { id: visitId } })
  expect(await tapped(phone, ['我要申诉', '时间是真的', '交给社区'])).toBe(3)
  expect(await db.appeal.count({ where: { visitId, state: 'waiting' } })).toBe(1)
})

test('an elder stops a proxy in two taps, and from then on nothing more is done in the elder’s name', async () => {
  const { db, proxy } = town.world
  await proxy(town.elder.id)
  const phone = await town.logIn(town.elderPhone())
  await phone.reopen({ path: 'elder/apart/proxies' })
  expect(await tapped(phone, ['不让王军代办了', '不让办了'])).toBe(2)
  expect(await db.proxy.count({ where: { elderId: town.elder.id, revokedAt: null } })).toBe(0)
  expect(phone.shows('还没有家人代办')).toBe(true)
})

test('an elder answers in one tap, and in one that nobody came; staff at a door need three', async () => {
  const { db } = town.world
  const [first, second] = [await served(65), await served(65)]
  const old = await town.logIn(town.elderPhone())
  await old.reopen({ path: 'visit/confirm', query: { id: first } })
  expect(await tapped(old, ['是，来过了'])).toBe(1)
  expect(await db.visit.count({ where: { state: 'confirmed' } })).toBe(1)
  await old.reopen({ path: 'visit/confirm', query: { id: second } })
  expect(await tapped(old, ['没来过'])).toBe(1)
  expect(await db.visit.count({ where: { state: 'disputed' } })).toBe(1)

  const staff = await town.logIn(town.staffPhone())
  staff.device.camera = town.plate.code
  expect(await tapped(staff, ['扫门牌，到户核对', '都好'])).toBeLessThanOrEqual(3)
  expect(await db.fieldCheck.count({ where: { result: 'well' } })).toBe(1)
})

test('a helper begins at a mutual-aid point in two taps; staff of the place say with one who was there', async () => {
  const { db, places } = town.world
  const { code } = await newSitePlate(town.world, '北庄互助点')
  const phone = await town.logIn(town.helperPhone())
  phone.device.camera = code
  expect(await tapped(phone, ['扫一扫，开始帮忙', '开始帮忙'])).toBe(2)
  expect(phone.shows('北庄互助点')).toBe(true)
  town.world.later(3600)
  expect(await tapped(phone, ['帮完了'])).toBe(1)
  expect(phone.shows('等现场工作人员确认')).toBe(true)
  const desk = await town.logIn(town.staffPhone())
  await desk.reopen({ path: 'visit/apart/sites' })
  expect(desk.shows('1 人等确认')).toBe(true)
  expect(await tapped(desk, ['这 1 位来过了'])).toBe(1)
  expect(await db.visit.findFirstOrThrow()).toMatchObject({ state: 'confirmed', regionPath: places.village.path })
})
