import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { addService } from '../../server/service/add'
import { changeService } from '../../server/service/change'
import { findServiceAt, listServices, servicesAt } from '../../server/service/queries'
import { addStandardServices } from '../../server/service/standard'
import { refusal } from '../support/refusal'
import { newWorld, TODAY } from '../support/world'

const item = (more: object = {}) => ({
  code: 'haircut',
  name: '理发',
  icon: 'scissors',
  plannedSeconds: 1800,
  natures: ['volunteer' as const, 'mutualAid' as const],
  trainingNeeded: null,
  tierFromAge: null,
  tierBelowAge: null,
  difficulty: null,
  traits: [],
  tasks: ['洗头', '理发'],
  sortNo: 5,
  active: true,
  ...more,
})

test('a county admin adds an item, once; it is offered below the place it was added for', async () => {
  const { db, staff, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)
  const input = { ...item(), id: randomUUID(), regionId: places.town.id }

  await addService(db, admin, input, clock.now)
  await addService(db, admin, input, clock.now)

  expect((await servicesAt(db, places.village.path)).map((one) => one.name)).toEqual(['理发', '打扫卫生'])
  expect((await servicesAt(db, places.village3.path)).map((one) => one.name)).toEqual(['打扫卫生'])
  expect(await db.operationLog.count({ where: { resource: 'service' } })).toBe(1)
  expect((await findServiceAt(db, input.id, places.village.path)).name).toBe('理发')
  expect(await refusal(findServiceAt(db, input.id, places.village3.path))).toBe('SERVICE_UNKNOWN')
})

test('a code is there once in a county, also of two who add it at once', async () => {
  const { db, staff, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)
  const add = () =>
    refusal(addService(db, admin, { ...item(), id: randomUUID(), regionId: places.county.id }, clock.now))

  expect((await Promise.all([add(), add()])).sort()).toEqual(['SERVICE_CODE_TAKEN', null])
  expect(await add()).toBe('SERVICE_CODE_TAKEN')
})

test('an item is changed by its own county only, to what an item can be', async () => {
  const { db, staff, places, clock, service } = await newWorld()
  const admin = await staff('countyAdmin', places.county)

  await changeService(db, admin, service.id, item({ code: 'cleaning', active: false }), clock.now)

  expect(await servicesAt(db, places.village.path)).toEqual([])
  expect(await refusal(findServiceAt(db, service.id, places.village.path))).toBe('SERVICE_UNKNOWN')
  expect(await refusal(changeService(db, admin, service.id, item({ icon: 'unicorn' }), clock.now))).toBe('BAD_INPUT')
  expect(
    await refusal(changeService(db, await staff('countyAdmin', places.otherCounty), service.id, item(), clock.now)),
  ).toBe('NOT_FOUND')
  expect(await refusal(changeService(db, await staff('townStaff', places.town), service.id, item(), clock.now))).toBe(
    'NOT_FOUND',
  )
})

test('the menu begins with the elder’s own tier, for the elder, the proxy, the helper and the staff', async () => {
  const world = await newWorld()
  const { db, places } = world
  await db.service.deleteMany() // the world's own has a code of the standard ones
  await db.$transaction((tx) => addStandardServices(tx, places.county.id))
  const elder = await world.elder({ birthDate: '1953-11-22' })
  const stranger = await world.elder({ place: places.otherVillage })
  const proxy = await world.proxy(elder.id)
  const names = async (actor: typeof proxy, elderId?: string) =>
    (await listServices(db, actor, elderId === undefined ? {} : { elderId }, TODAY)).map((one) => one.name)

  for (const actor of [elder.actor, proxy, (await world.member()).actor, await world.staff('villageStaff')]) {
    expect((await names(actor, elder.id)).slice(0, 4)).toEqual(['助急', '助洁', '助购', '助行'])
  }
  expect((await names(elder.actor)).slice(0, 4)).toEqual(['助急', '助洁', '助购', '助行'])
  expect(await refusal(listServices(db, elder.actor, { elderId: stranger.id }, TODAY))).toBe('NOT_FOUND')
  expect(
    await refusal(listServices(db, await world.staff('villageStaff', places.village2), { elderId: elder.id }, TODAY)),
  ).toBe('NOT_FOUND')
  expect(await names(stranger.actor), 'another county offers nothing yet').toEqual([])
})

test('what is out of use is seen by staff who ask for all of it', async () => {
  const world = await newWorld()
  const { db, places, service } = world
  await db.service.update({ where: { id: service.id }, data: { active: false } })
  const admin = await world.staff('countyAdmin', places.county)

  expect(await listServices(db, admin, {}, TODAY)).toEqual([])
  expect(await listServices(db, admin, { all: '1' }, TODAY)).toMatchObject([{ id: service.id, active: false }])
  expect(await listServices(db, (await world.member()).actor, { all: '1' }, TODAY)).toEqual([])
})
