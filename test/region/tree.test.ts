import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { addRegion, addRegionKind } from '../../server/region/add'
import { applyRegionChanges } from '../../server/region/apply'
import { changeRegion, closeRegion } from '../../server/region/change'
import { findRegionDetail, listRegions } from '../../server/region/list'
import { regionNames } from '../../server/region/queries'
import { refusal } from '../support/refusal'
import { newWorld, TODAY, type World } from '../support/world'

const newVillage = (parentId: string, more: object = {}) => ({
  id: randomUUID(),
  parentId,
  kind: 'village',
  code: '371003101299',
  name: '新村',
  fullName: '新村村民委员会',
  validFrom: TODAY,
  ...more,
})
const move = (parentId: string, more: object = {}) => ({ id: randomUUID(), validFrom: TODAY, parentId, ...more })

test('a county admin adds a village, and it belongs to the county', async () => {
  const { db, staff, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)
  const input = newVillage(places.town.id)

  await addRegion(db, admin, input, clock.now)

  const added = await db.region.findUniqueOrThrow({ where: { id: input.id }, include: { versions: true } })
  expect(added).toMatchObject({ countyId: places.county.id, path: `${places.town.path}12/`, validTo: null })
  expect(added.versions).toMatchObject([{ name: '新村', validFrom: TODAY, byPersonId: admin.personId }])
  expect((await listRegions(db, admin, { parentId: places.town.id }, TODAY)).map((one) => one.name)).toEqual([
    '北庄村',
    '西庄村',
    '新村',
  ])
})

test('asked twice, one village is added; the same press with another name is refused', async () => {
  const { db, staff, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)
  const input = newVillage(places.town.id)

  await addRegion(db, admin, input, clock.now)
  await addRegion(db, admin, input, clock.now)

  expect(await db.region.count({ where: { code: input.code } })).toBe(1)
  expect(await refusal(addRegion(db, admin, { ...input, name: '别的村' }, clock.now))).toBe('IDEMPOTENCY_CONFLICT')
})

test('two who add the same code at once: one is refused, and short numbers stay unique', async () => {
  const { db, staff, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)

  const outcomes = await Promise.all(
    [1, 2].map(() => refusal(addRegion(db, admin, newVillage(places.town.id), clock.now))),
  )
  const others = await Promise.all(
    [1, 2].map((one) =>
      refusal(addRegion(db, admin, newVillage(places.town2.id, { code: `37100310229${one}` }), clock.now)),
    ),
  )

  expect(outcomes.sort()).toEqual(['REGION_CODE_TAKEN', null])
  expect(others).toEqual([null, null])
})

test.each([
  ['a village below a village', 'village', 'village', 'REGION_KIND'],
  ['a kind nobody defined', 'town', 'hamlet', 'REGION_KIND'],
  ['below another county', 'otherTown', 'village', 'NOT_FOUND'],
] as const)('%s is refused', async (_, parent, kind, code) => {
  const { db, staff, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)

  expect(await refusal(addRegion(db, admin, newVillage(places[parent].id, { kind }), clock.now))).toBe(code)
})

test('a zone may govern like a town; its villages belong to the county', async () => {
  const { db, staff, places, clock } = await newWorld()
  await db.regionKind.create({ data: { code: 'zone', name: '功能区', level: 3 } })
  const admin = await staff('countyAdmin', places.county)
  const zone = newVillage(places.county.id, { kind: 'zone', code: '371003400', name: '南海新区' })
  const village = newVillage(zone.id, { code: '371003400201' })

  await addRegion(db, admin, zone, clock.now)
  await addRegion(db, admin, village, clock.now)

  const names = await regionNames(db, [village.id, places.village.id, places.county.id])
  expect(names.get(village.id)).toMatchObject({ name: '新村', townName: '南海新区' })
  expect(names.get(places.village.id)).toMatchObject({ townName: '泽头镇' })
  expect(names.get(places.county.id)).toMatchObject({ townName: '' })
  expect((await db.region.findUniqueOrThrow({ where: { id: village.id } })).countyId).toBe(places.county.id)
})

test('kinds are data: a county adds one, and the same again is no other', async () => {
  const { db, staff, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)

  await addRegionKind(db, admin, { code: 'hamlet', name: '自然村', level: 6 }, clock.now)
  await addRegionKind(db, admin, { code: 'hamlet', name: '自然村', level: 6 }, clock.now)

  expect(await refusal(addRegionKind(db, admin, { code: 'hamlet', name: '屯', level: 6 }, clock.now))).toBe(
    'REGION_CODE_TAKEN',
  )
  const input = newVillage(places.village.id, { kind: 'hamlet', code: '371003101201001' })
  await addRegion(db, admin, input, clock.now)
  expect((await listRegions(db, admin, { parentId: places.village.id }, TODAY)).map((one) => one.kindName)).toEqual([
    '自然村',
  ])
})

/** A village with all that belongs to it, and a visit that happened there. */
async function inhabited(world: World) {
  const { db, places, clock, service } = world
  const elder = await world.elder()
  const member = await world.member()
  const clerk = await world.staff('villageStaff')
  const plate = await world.plate(elder.id)
  const common = { regionId: places.village.id, regionPath: places.village.path, countyId: places.county.id }
  const visit = await db.visit.create({
    data: {
      id: randomUUID(),
      memberId: member.id,
      memberPersonId: member.personId,
      serviceId: service.id,
      ...common,
      channel: 'inPerson',
      nature: 'volunteer',
      state: 'finished',
      checkInAt: clock.now,
      checkOutAt: clock.now,
      recordedAt: clock.now,
      day: TODAY,
      month: TODAY.slice(0, 7),
      servedSeconds: 0,
      counted: false,
      tasksDone: '[]',
      flag: 'clean',
    },
  })
  return { elder, member, clerk, plate, visit }
}

test('a village that moves to another town takes its people along, and what happened keeps its path', async () => {
  const world = await newWorld()
  const { db, places, clock } = world
  const { elder, member, clerk, plate, visit } = await inhabited(world)
  const admin = await world.staff('countyAdmin', places.county)

  await changeRegion(db, admin, places.village.id, move(places.town2.id), clock.now)

  const path = `${places.town2.path}5/`
  expect(await db.region.findUniqueOrThrow({ where: { id: places.village.id } })).toMatchObject({
    path,
    parentId: places.town2.id,
    countyId: places.county.id,
  })
  expect(await db.elder.findUniqueOrThrow({ where: { id: elder.id } })).toMatchObject({ regionPath: path })
  expect(await db.member.findUniqueOrThrow({ where: { id: member.id } })).toMatchObject({ regionPath: path })
  expect(await db.staffRole.findFirstOrThrow({ where: { personId: clerk.personId } })).toMatchObject({
    regionPath: path,
  })
  expect(await db.plate.findUniqueOrThrow({ where: { id: plate.id } })).toMatchObject({ regionPath: path })
  expect(await db.visit.findUniqueOrThrow({ where: { id: visit.id } })).toMatchObject({
    regionPath: places.village.path,
  })
  const residences = await db.elderResidence.findMany({ where: { elderId: elder.id }, orderBy: { validFrom: 'asc' } })
  expect(residences).toMatchObject([
    { validTo: '2026-11-21', regionPath: places.village.path },
    { validFrom: TODAY, validTo: null, regionPath: path },
  ])
  expect(
    (await db.elder.findUniqueOrThrow({ where: { id: (await world.elder({ place: places.village2 })).id } }))
      .regionPath,
  ).toBe(places.village2.path)
})

test('a town that moves to another county gives its people another county, and those far below too', async () => {
  const world = await newWorld()
  const { db, places, clock } = world
  const { elder, member } = await inhabited(world)
  const admin = await world.staff('cityAdmin', places.city)

  await changeRegion(db, admin, places.town.id, move(places.otherCounty.id), clock.now)

  const path = `${places.otherCounty.path}4/5/`
  expect(await db.region.findUniqueOrThrow({ where: { id: places.village.id } })).toMatchObject({
    path,
    countyId: places.otherCounty.id,
  })
  expect(await db.elder.findUniqueOrThrow({ where: { id: elder.id } })).toMatchObject({
    regionPath: path,
    countyId: places.otherCounty.id,
  })
  expect(await db.member.findUniqueOrThrow({ where: { id: member.id } })).toMatchObject({
    countyId: places.otherCounty.id,
  })
})

test('what is decided for a later day waits for it, and then happens once', async () => {
  const world = await newWorld()
  const { db, places, clock } = world
  const admin = await world.staff('countyAdmin', places.county)

  await changeRegion(
    db,
    admin,
    places.village.id,
    { id: randomUUID(), validFrom: '2026-12-01', name: '北庄社区', parentId: places.town2.id },
    clock.now,
  )

  expect(await applyRegionChanges(db, world.at('03:00', '2026-11-30'))).toBe(0)
  expect(await db.region.findUniqueOrThrow({ where: { id: places.village.id } })).toMatchObject({
    name: '北庄村',
    path: places.village.path,
  })
  expect(await applyRegionChanges(db, world.at('03:00', '2026-12-01'))).toBe(1)
  expect(await applyRegionChanges(db, world.at('04:00', '2026-12-01'))).toBe(0)
  expect(await db.region.findUniqueOrThrow({ where: { id: places.village.id } })).toMatchObject({
    name: '北庄社区',
    parentId: places.town2.id,
  })
  const before = await listRegions(db, admin, { parentId: places.town.id, on: '2026-11-30' }, '2026-12-01')
  expect(before.map((one) => one.name)).toEqual(['北庄村', '西庄村'])
  expect((await listRegions(db, admin, { parentId: places.town.id }, '2026-12-01')).map((one) => one.name)).toEqual([
    '西庄村',
  ])
})

test.each([
  ['from yesterday on', { validFrom: '2026-11-21', name: '新名' }, 'DATE_IN_PAST'],
  ['a code another region has', { validFrom: TODAY, code: '371003101202' }, 'REGION_CODE_TAKEN'],
  ['a village to a county', { validFrom: TODAY, kind: 'county' }, 'REGION_KIND'],
] as const)('a change %s is refused', async (_, change, code) => {
  const { db, staff, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)

  expect(await refusal(changeRegion(db, admin, places.village.id, { id: randomUUID(), ...change }, clock.now))).toBe(
    code,
  )
})

test('nothing is put before what is already decided for a later day', async () => {
  const { db, staff, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)
  await changeRegion(
    db,
    admin,
    places.village.id,
    { id: randomUUID(), validFrom: '2026-12-01', name: '北庄社区' },
    clock.now,
  )

  expect(
    await refusal(
      changeRegion(db, admin, places.village.id, { id: randomUUID(), validFrom: TODAY, name: '北村' }, clock.now),
    ),
  ).toBe('DATE_ORDER')
})

test('nobody changes what lies outside their regions, or moves something out of them', async () => {
  const { db, staff, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)
  const clerk = await staff('townStaff', places.town)

  expect(await refusal(changeRegion(db, admin, places.otherVillage.id, move(places.town.id), clock.now))).toBe(
    'NOT_FOUND',
  )
  expect(await refusal(changeRegion(db, admin, places.village.id, move(places.otherTown.id), clock.now))).toBe(
    'NOT_FOUND',
  )
  expect(await refusal(changeRegion(db, clerk, places.village.id, move(places.town2.id), clock.now))).toBe('NOT_FOUND')
})

test('a region in which somebody lives is not closed; an empty one is, and then lists without it', async () => {
  const { db, staff, elder, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)
  await elder({ place: places.village })

  expect(await refusal(closeRegion(db, admin, places.village.id, { validTo: TODAY }, clock.now))).toBe(
    'REGION_NOT_EMPTY',
  )
  expect(await refusal(closeRegion(db, admin, places.town.id, { validTo: TODAY }, clock.now))).toBe('REGION_NOT_EMPTY')
  await closeRegion(db, admin, places.village2.id, { validTo: TODAY }, clock.now)
  await closeRegion(db, admin, places.village2.id, { validTo: TODAY }, clock.now)

  expect((await listRegions(db, admin, { parentId: places.town.id }, TODAY)).map((one) => one.name)).toEqual([
    '北庄村',
    '西庄村',
  ])
  expect((await listRegions(db, admin, { parentId: places.town.id }, '2026-11-23')).map((one) => one.name)).toEqual([
    '北庄村',
  ])
  expect(await db.operationLog.count({ where: { action: 'close' } })).toBe(1)
})

test('staff see the roots of their own regions, those below, and the trail above', async () => {
  const { db, staff, places } = await newWorld()
  const clerk = await staff('townStaff', places.town)

  expect((await listRegions(db, clerk, {}, TODAY)).map((one) => [one.name, one.childCount])).toEqual([['泽头镇', 2]])
  expect((await listRegions(db, clerk, { q: '庄' }, TODAY)).map((one) => one.name)).toEqual(['北庄村', '西庄村'])
  expect(await refusal(listRegions(db, clerk, { parentId: places.town2.id }, TODAY))).toBe('NOT_FOUND')
  expect((await findRegionDetail(db, clerk, places.village.id, TODAY)).trail.map((one) => one.name)).toEqual([
    '山东省',
    '威海市',
    '文登区',
    '泽头镇',
    '北庄村',
  ])
  expect((await findRegionDetail(db, clerk, places.county.id, TODAY)).name).toBe('文登区')
  expect(await refusal(findRegionDetail(db, clerk, places.village3.id, TODAY))).toBe('NOT_FOUND')
})
