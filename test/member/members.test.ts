import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { setMemberState, setTrainings } from '../../server/member/change'
import { enrolMember, enrolMembers } from '../../server/member/enrol'
import { findMemberDetail, listMembers } from '../../server/member/queries'
import { instantOf } from '../../shared/core/time'
import { refusal } from '../support/refusal'
import { newWorld, type Place, TODAY } from '../support/world'

let last = 0
const zhang = (place: Place, more: object = {}) => ({
  id: randomUUID(),
  regionId: place.id,
  kind: 'volunteer' as const,
  person: {
    name: '张兰',
    sex: 'female' as const,
    identityKind: 'none' as const,
    phone: `1370000${String(++last).padStart(4, '0')}`,
  },
  trainings: ['陪诊', '陪诊'],
  consents: [{ kind: 'service' as const, textVersion: '2026-01', how: 'app' as const }],
  ...more,
})

test('a helper is registered in a village, once, with the consents', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const clerk = await world.staff('villageStaff')
  const input = zhang(places.village)

  await enrolMember(db, keys, clerk, input, clock.now)
  await enrolMember(db, keys, clerk, input, clock.now)

  expect(await db.member.findMany()).toMatchObject([
    {
      id: input.id,
      kind: 'volunteer',
      regionPath: places.village.path,
      countyId: places.county.id,
      state: 'active',
      trainings: '陪诊',
      joinedDay: TODAY,
    },
  ])
  expect(await db.consent.count()).toBe(1)
  expect(await db.operationLog.count({ where: { action: 'enrol', resource: 'member' } })).toBe(1)
  expect(await refusal(enrolMember(db, keys, clerk, { ...input, id: randomUUID() }, clock.now))).toBe('MEMBER_EXISTS')
})

test('nobody registers outside their regions', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world

  expect(
    await refusal(
      enrolMember(db, keys, await world.staff('villageStaff', places.village2), zhang(places.village), clock.now),
    ),
  ).toBe('REGION_OUTSIDE')
  expect(
    await refusal(enrolMember(db, keys, await world.staff('auditor', places.county), zhang(places.village), clock.now)),
  ).toBe('REGION_OUTSIDE')
  expect(
    await refusal(
      enrolMember(
        db,
        keys,
        await world.staff('countyAdmin', places.county),
        zhang(places.village, { trainings: ['急救,陪诊'] }),
        clock.now,
      ),
    ),
  ).toBe('BAD_INPUT')
  expect(await db.member.count()).toBe(0)
})

test('an elder who helps is one person with two facets; of two who register at once one is refused', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const personId = await world.person({ name: '于得水', phone: '13711112222' })
  await world.elder({ personId })
  const clerk = await world.staff('townStaff', places.town)
  const person = { name: '于得水', identityKind: 'none' as const, phone: '13711112222' }

  const outcomes = await Promise.all(
    [1, 2].map(() => refusal(enrolMember(db, keys, clerk, zhang(places.village, { person }), clock.now))),
  )

  expect(outcomes.sort()).toEqual(['MEMBER_EXISTS', null])
  expect(await db.member.findMany()).toMatchObject([{ personId }])
})

test('who had left comes back as the same member', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const admin = await world.staff('countyAdmin', places.county)
  const input = zhang(places.village)
  await enrolMember(db, keys, admin, input, clock.now)
  await setMemberState(db, admin, input.id, { state: 'ended', reason: '搬走了' }, clock.now)
  expect(await db.member.findFirstOrThrow()).toMatchObject({ endedDay: TODAY })

  const back = await enrolMember(
    db,
    keys,
    admin,
    { ...input, id: randomUUID(), regionId: places.village2.id, kind: 'neighbourHelper' },
    clock.now,
  )

  expect(back.id).toBe(input.id)
  expect(await db.member.findFirstOrThrow()).toMatchObject({
    state: 'active',
    endedDay: null,
    kind: 'neighbourHelper',
    regionPath: places.village2.path,
  })
})

test('a list is one commit', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const admin = await world.staff('countyAdmin', places.county)

  expect(
    await enrolMembers(
      db,
      keys,
      admin,
      [zhang(places.village), zhang(places.village3)],
      { id: randomUUID() },
      clock.now,
    ),
  ).toHaveLength(2)
  expect(
    await refusal(
      enrolMembers(
        db,
        keys,
        admin,
        [zhang(places.village), zhang(places.otherVillage)],
        { id: randomUUID() },
        clock.now,
      ),
    ),
  ).toBe('REGION_OUTSIDE')
  expect(await db.member.count()).toBe(2)
})

test('the town suspends and takes back, with a reason in the log; the village can’t, and nobody does it for themselves', async () => {
  const world = await newWorld()
  const { db, clock, places } = world
  const member = await world.member()
  const town = await world.staff('townStaff', places.town)

  await setMemberState(db, town, member.id, { state: 'suspended', reason: '核查中' }, clock.now)
  await setMemberState(db, town, member.id, { state: 'suspended', reason: '核查中' }, clock.now)

  expect(await db.operationLog.findMany({ where: { action: 'state' } })).toMatchObject([
    { purpose: '核查中', before: '{"state":"active"}', after: '{"state":"suspended"}' },
  ])
  expect((await world.actorOf(member.personId)).member?.state).toBe('suspended')
  expect(
    await refusal(
      setMemberState(
        db,
        await world.staff('villageStaff'),
        member.id,
        { state: 'active', reason: '查清了' },
        clock.now,
      ),
    ),
  ).toBe('NOT_FOUND')
  expect(
    await refusal(
      setMemberState(
        db,
        await world.staff('townStaff', places.town2),
        member.id,
        { state: 'active', reason: '查清了' },
        clock.now,
      ),
    ),
  ).toBe('NOT_FOUND')
  expect(
    await refusal(
      setMemberState(
        db,
        await world.staff('townStaff', places.town, { personId: member.personId }),
        member.id,
        { state: 'active', reason: '查清了' },
        clock.now,
      ),
    ),
  ).toBe('NOT_ALLOWED')
})

test('trainings are kept as said, each once', async () => {
  const world = await newWorld()
  const { db, clock } = world
  const member = await world.member()
  const clerk = await world.staff('villageStaff')

  await setTrainings(db, clerk, member.id, { trainings: ['助浴', '康复', '助浴'] }, clock.now)

  expect((await world.actorOf(member.personId)).member?.trainings).toEqual(['助浴', '康复'])
  expect(
    await refusal(
      setTrainings(
        db,
        await world.staff('villageStaff', world.places.village2),
        member.id,
        { trainings: [] },
        clock.now,
      ),
    ),
  ).toBe('NOT_FOUND')
})

test('the list shows what each did this month, and is found by initials, kind and state', async () => {
  const world = await newWorld()
  const { db, keys, clock, places, service } = world
  const [busy, idle] = [
    await world.member({ name: '张兰' }),
    await world.member({ name: '李海', kind: 'neighbourHelper', state: 'suspended' }),
  ]
  await world.member({ place: places.otherVillage })
  for (const [state, day] of [
    ['approved', '2026-11-03'],
    ['finished', '2026-11-04'],
    ['returned', '2026-11-05'],
    ['approved', '2026-10-31'],
  ] as const) {
    await db.visit.create({
      data: {
        id: randomUUID(),
        memberId: busy.id,
        memberPersonId: busy.personId,
        serviceId: service.id,
        regionId: places.village.id,
        regionPath: places.village.path,
        countyId: places.county.id,
        channel: 'inPerson',
        nature: 'volunteer',
        state,
        checkInAt: instantOf(day, '10:00'),
        checkOutAt: instantOf(day, '10:30'),
        recordedAt: clock.now,
        day,
        month: day.slice(0, 7),
        servedSeconds: 1800,
        counted: state !== 'returned',
        tasksDone: '[]',
        flag: 'clean',
      },
    })
  }
  const clerk = await world.staff('villageStaff')
  const find = async (more: object) => (await listMembers(db, keys, clerk, { limit: 50, ...more }, clock.now)).items

  expect((await find({})).map((one) => one.id).sort()).toEqual([busy.id, idle.id].sort())
  expect(await find({ q: 'zl' })).toMatchObject([
    { id: busy.id, maskedName: '张*', monthSeconds: 3600, monthVisits: 2, regionName: '北庄村' },
  ])
  expect((await find({ kind: 'neighbourHelper' })).map((one) => one.id)).toEqual([idle.id])
  expect((await find({ state: 'suspended' })).map((one) => one.id)).toEqual([idle.id])
  expect(await findMemberDetail(db, keys, clerk, busy.id, clock.now)).toMatchObject({
    totalSeconds: 5400,
    age: 66,
    accountId: null,
    availableMilliPoints: null,
  })
  expect(
    await refusal(findMemberDetail(db, keys, await world.staff('villageStaff', places.village2), busy.id, clock.now)),
  ).toBe('NOT_FOUND')
  expect(
    (await listMembers(db, keys, await world.staff('cityAdmin', places.city), { limit: 50 }, clock.now)).items.map(
      (one) => one.maskedPhone,
    ),
  ).toEqual([null, null, null])
})
