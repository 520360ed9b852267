import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { addStaff, appoint, endStaff, listStaff } from '../../server/member/staff'
import { addDays } from '../../shared/core/time'
import { whyNotEndRole, whyNotGiveRole, whyNotHoldRole } from '../../shared/member/rules'
import type { Role } from '../../shared/session/view'
import { refusal } from '../support/refusal'
import { newWorld, type Place, TODAY } from '../support/world'

let last = 0
const newPerson = () => ({
  name: '孙梅',
  identityKind: 'none' as const,
  phone: `1360000${String(++last).padStart(4, '0')}`,
})
const appointment = (role: Role, place: Place, more: object = {}) => ({
  id: randomUUID(),
  regionId: place.id,
  role,
  person: newPerson(),
  validFrom: TODAY,
  ...more,
})

test('a county admin appoints below, and the power holds from its day on', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const admin = await world.staff('countyAdmin', places.county)
  const input = appointment('villageStaff', places.village, { validFrom: '2026-12-01' })

  await addStaff(db, keys, admin, input, clock.now)
  await addStaff(db, keys, admin, input, clock.now)

  const rows = await db.staffRole.findMany({ where: { id: input.id } })
  expect(rows).toMatchObject([
    { role: 'villageStaff', regionPath: places.village.path, validFrom: '2026-12-01', validTo: null },
  ])
  const personId = rows[0]?.personId as string
  expect((await world.actorOf(personId)).roles).toEqual([])
  world.at('08:00', '2026-12-01')
  expect((await world.actorOf(personId)).roles).toMatchObject([
    { role: 'villageStaff', regionPath: places.village.path },
  ])
})

test.each([
  ['cityAdmin', 'county', 'NOT_ALLOWED'],
  ['villageStaff', 'otherVillage', 'REGION_OUTSIDE'],
  ['countyAdmin', 'city', 'REGION_OUTSIDE'],
  ['redemptionPoint', 'village', 'REQUIRED'],
] as const)('a county admin can’t make a %s of %s: %s', async (role, place, code) => {
  const world = await newWorld()
  const admin = await world.staff('countyAdmin', world.places.county)

  expect(
    await refusal(addStaff(world.db, world.keys, admin, appointment(role, world.places[place]), world.clock.now)),
  ).toBe(code)
})

test('nobody appoints themselves', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const personId = await world.person({ name: '孙梅', phone: '13611112222' })
  const admin = await world.staff('countyAdmin', places.county, { personId })
  const input = appointment('townAuditor', places.town, {
    person: { name: '孙梅', identityKind: 'none', phone: '13611112222' },
  })

  expect(await refusal(addStaff(db, keys, admin, input, clock.now))).toBe('NOT_ALLOWED')
  expect(await db.staffRole.count({ where: { role: 'townAuditor' } })).toBe(0)
})

test('a counter needs a point of its region', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const admin = await world.staff('countyAdmin', places.county)
  const point = (place: Place, active = true) =>
    db.redemptionPoint.create({
      data: {
        id: randomUUID(),
        name: '幸福餐桌',
        regionId: place.id,
        regionPath: place.path,
        address: '一楼',
        phone: '0631-8000000',
        openingHours: '全天',
        active,
      },
    })
  const [here, elsewhere, closed] = [
    await point(places.village),
    await point(places.village3),
    await point(places.village, false),
  ]
  const give = (id: string, role: Role = 'redemptionPoint') =>
    refusal(addStaff(db, keys, admin, appointment(role, places.village, { redemptionPointId: id }), clock.now))

  expect(await give(here.id)).toBeNull()
  expect(await give(elsewhere.id)).toBe('POINT_UNKNOWN')
  expect(await give(closed.id)).toBe('POINT_UNKNOWN')
  expect(await give(randomUUID())).toBe('POINT_UNKNOWN')
  expect(await give(here.id, 'villageStaff')).toBe('BAD_INPUT')
})

test('the first admin of a county is appointed by the operator', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world

  const { personId } = await db.$transaction((tx) =>
    appoint(tx, keys, appointment('countyAdmin', places.otherCounty), clock.now),
  )

  expect((await world.actorOf(personId)).roles).toMatchObject([
    { role: 'countyAdmin', regionPath: places.otherCounty.path },
  ])
})

test('who audits does no other work; the same power twice is one', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const admin = await world.staff('countyAdmin', places.county)
  const person = newPerson()
  await addStaff(db, keys, admin, appointment('townStaff', places.town, { person }), clock.now)

  expect(await refusal(addStaff(db, keys, admin, appointment('auditor', places.county, { person }), clock.now))).toBe(
    'ROLE_CONFLICT',
  )
  expect(await refusal(addStaff(db, keys, admin, appointment('townStaff', places.town, { person }), clock.now))).toBe(
    'MEMBER_EXISTS',
  )
  expect(
    await refusal(addStaff(db, keys, admin, appointment('townAuditor', places.town2, { person }), clock.now)),
  ).toBeNull()
})

test('a power ends on its day, yesterday at the earliest; only inside one’s own regions', async () => {
  const world = await newWorld()
  const { db, clock, places } = world
  const admin = await world.staff('countyAdmin', places.county)
  const clerk = await world.staff('villageStaff')
  const { id } = await db.staffRole.findFirstOrThrow({ where: { personId: clerk.personId } })

  expect(
    await refusal(
      endStaff(db, await world.staff('countyAdmin', places.otherCounty), id, { validTo: TODAY }, clock.now),
    ),
  ).toBe('NOT_FOUND')
  expect(await refusal(endStaff(db, admin, id, { validTo: addDays(TODAY, -2) }, clock.now))).toBe('DATE_IN_PAST')
  await endStaff(db, admin, id, { validTo: addDays(TODAY, -1) }, clock.now)
  await endStaff(db, admin, id, { validTo: addDays(TODAY, -1) }, clock.now)

  expect((await world.actorOf(clerk.personId)).roles).toEqual([])
  expect(await db.operationLog.count({ where: { action: 'end' } })).toBe(1)
})

test('who holds which power is listed masked, in the own regions, with its point', async () => {
  const world = await newWorld()
  const { db, keys, places } = world
  const town = await world.staff('townStaff', places.town)
  await world.staff('villageStaff', places.village)
  await world.staff('villageStaff', places.village3)

  const { items } = await listStaff(db, keys, town, { limit: 50 })

  expect(items).toMatchObject([
    {
      role: 'townStaff',
      roleWord: '镇街工作人员',
      maskedName: '孙*',
      regionName: '泽头镇',
      validTo: null,
      redemptionPointName: null,
    },
    { role: 'villageStaff', regionName: '北庄村' },
  ])
  expect((await listStaff(db, keys, town, { limit: 50, role: 'villageStaff' })).items).toHaveLength(1)
  expect((await listStaff(db, keys, town, { limit: 1 })).next).not.toBeNull()
  expect(await refusal(listStaff(db, keys, town, { limit: 50, regionId: places.village3.id }))).toBe('NOT_FOUND')
})

test.each([
  [['countyAdmin'], 'countyAdmin', null],
  [['countyAdmin'], 'auditor', null],
  [['countyAdmin'], 'cityAdmin', 'NOT_ALLOWED'],
  [['townStaff'], 'countyAdmin', 'NOT_ALLOWED'],
  [['townStaff', 'cityAdmin'], 'countyAdmin', null],
  [[], 'villageStaff', 'NOT_ALLOWED'],
] as const)('%o giving %s is answered with %s', (own, role, code) => {
  expect(whyNotGiveRole(own, role)).toBe(code)
})

test.each([
  [[], 'auditor', null],
  [['auditor'], 'auditor', null],
  [['villageStaff'], 'auditor', 'ROLE_CONFLICT'],
  [['auditor'], 'redemptionPoint', 'ROLE_CONFLICT'],
  [['townStaff'], 'townAuditor', null],
] as const)('who holds %o and is given %s: %s', (held, role, code) => {
  expect(whyNotHoldRole(held, role)).toBe(code)
})

test('a power that hasn’t begun may be taken back before it does', () => {
  expect(whyNotEndRole({ validFrom: '2026-12-01' }, TODAY, TODAY)).toBeNull()
  expect(whyNotEndRole({ validFrom: TODAY }, addDays(TODAY, -1), TODAY)).toBe('DATE_ORDER')
})
