import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { enrolElder, enrolElders } from '../../server/elder/enrol'
import { exitElder } from '../../server/elder/exit'
import { eldersBehind } from '../../server/elder/queries'
import { findElderDetail } from '../../server/elder/record'
import type { EnrolElderInput } from '../../shared/elder/input'
import { idCheckDigit } from '../../shared/person/rules'
import { refusal } from '../support/refusal'
import { newWorld, type Place, TODAY, type World } from '../support/world'

const numbered = (first17: string) => first17 + idCheckDigit(first17)
const consent = (kind: 'service' | 'identity' | 'health') => ({ kind, textVersion: '2026-01', how: 'paper' as const })

/** 王秀英 of 北庄村, 82, living alone. */
const wang = (place: Place, more: Partial<EnrolElderInput> = {}): EnrolElderInput => ({
  id: randomUUID(),
  regionId: place.id,
  person: { name: '王秀英', identityKind: 'idCard', idNumber: numbered('99000019440308002'), phone: '13800001111' },
  address: '北庄村12号',
  ownPhone: true,
  categories: [{ id: randomUUID(), category: 'livingAlone', validFrom: '2026-11-10' }],
  contacts: [{ id: randomUUID(), relation: '儿子', name: '王军', phone: '13900002222' }],
  consents: [consent('service'), consent('identity')],
  ...more,
})
const nobody = (name: string, more: object = {}) => ({
  name,
  sex: 'male' as const,
  birthDate: '1950-01-01',
  identityKind: 'none' as const,
  ...more,
})
const clerkOf = (world: World) => world.staff('villageStaff')

test('an elder is enrolled with residence, categories, contacts and consents, and all of it is sealed', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const clerk = await clerkOf(world)
  const input = wang(places.village)

  const { id } = await enrolElder(db, keys, clerk, input, clock.now)

  expect(id).toBe(input.id)
  const row = await db.elder.findUniqueOrThrow({
    where: { id },
    include: { person: true, residences: true, categories: true, contacts: true },
  })
  expect(row).toMatchObject({
    regionPath: places.village.path,
    countyId: places.county.id,
    householdId: id,
    joinedDay: TODAY,
    endedDay: null,
  })
  expect(row.residences).toMatchObject([{ validFrom: TODAY, validTo: null, regionPath: places.village.path }])
  expect(row.categories).toMatchObject([
    { category: 'livingAlone', validFrom: '2026-11-10', validTo: null, byPersonId: clerk.personId },
  ])
  expect(await db.consent.findMany({ where: { personId: row.personId }, orderBy: { kind: 'asc' } })).toMatchObject([
    { kind: 'identity', how: 'paper', textVersion: '2026-01', byPersonId: clerk.personId },
    { kind: 'service' },
  ])
  expect(JSON.stringify(row)).not.toMatch(/王秀英|王军|北庄村12号|13900002222|13800001111/)
  const log = await db.operationLog.findMany({ where: { resourceId: id } })
  expect(log).toMatchObject([
    { action: 'enrol', personId: clerk.personId, role: 'villageStaff', regionPath: places.village.path },
  ])
  expect(JSON.stringify(log)).not.toMatch(/王秀英|13800001111|北庄村12号/)
})

test('the record opens masked for the village, and every reading is logged', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const clerk = await clerkOf(world)
  const { id } = await enrolElder(db, keys, clerk, wang(places.village), clock.now)

  const record = await findElderDetail(db, keys, clerk, id, clock.now)

  expect(record).toMatchObject({
    maskedName: '王*英',
    age: 82,
    sex: 'female',
    maskedPhone: '138****1111',
    maskedAddress: '北庄村***',
    birthDate: '1944-03-08',
    regionName: '北庄村',
    hasHomePoint: false,
    hasPlate: false,
    categories: ['livingAlone'],
  })
  expect(record.maskedIdNumber).toMatch(/^9\*{16}.$/)
  expect(record.contacts).toMatchObject([{ relation: '儿子', maskedName: '王*', maskedPhone: '139****2222' }])
  expect(await db.operationLog.count({ where: { resourceId: id, action: 'read', personId: clerk.personId } })).toBe(1)
})

test('a city sees the masked name and the village of an elder, and nothing of class C2', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const { id } = await enrolElder(db, keys, await clerkOf(world), wang(places.village), clock.now)

  const record = await findElderDetail(db, keys, await world.staff('cityAdmin', places.city), id, clock.now)

  expect(record).toMatchObject({
    maskedName: '王*英',
    regionName: '北庄村',
    maskedPhone: null,
    maskedIdNumber: null,
    maskedAddress: '',
    birthDate: null,
    categories: [],
    tags: [],
    contacts: [],
  })
})

test('asked twice, one elder is enrolled; the same press with other words is refused', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const clerk = await clerkOf(world)
  const input = wang(places.village)
  await enrolElder(db, keys, clerk, input, clock.now)
  await enrolElder(db, keys, clerk, input, clock.now)

  expect(await db.elder.count()).toBe(1)
  expect(await refusal(enrolElder(db, keys, clerk, { ...input, address: '西庄村1号' }, clock.now))).toBe(
    'IDEMPOTENCY_CONFLICT',
  )
})

test('two desks enrol the same elder at once: one is refused, and nothing is there twice', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const [one, other] = [await clerkOf(world), await world.staff('townStaff', places.town)]

  const outcomes = await Promise.all(
    [one, other].map((actor) => refusal(enrolElder(db, keys, actor, wang(places.village), clock.now))),
  )

  expect(outcomes.filter((code) => code === null)).toHaveLength(1)
  expect(['ELDER_EXISTS', 'ID_NUMBER_TAKEN']).toContain(outcomes.find((code) => code !== null))
  expect([await db.elder.count(), await db.elderResidence.count(), await db.consent.count()]).toEqual([1, 1, 2])
})

test.each([
  [
    'wrong check digit',
    { person: { name: '王秀英', identityKind: 'idCard' as const, idNumber: '11010519491231002' + '1' } },
    'ID_NUMBER_DIGIT',
  ],
  [
    'a day that never was',
    { person: { name: '王秀英', identityKind: 'idCard' as const, idNumber: '370303193802290015' } },
    'ID_NUMBER_DATE',
  ],
  ['no birth date and no ID card', { person: { name: '王秀英', identityKind: 'none' as const } }, 'REQUIRED'],
  ['no consent to the service', { consents: [consent('identity')] }, 'CONSENT_NEEDED'],
  ['no consent to keep the ID number', { consents: [consent('service')] }, 'CONSENT_NEEDED'],
  [
    'no consent to health notes',
    { categories: [{ id: randomUUID(), category: 'disabled' as const, validFrom: TODAY }] },
    'CONSENT_NEEDED',
  ],
  [
    'a category twice',
    { categories: [1, 2].map(() => ({ id: randomUUID(), category: 'poor' as const, validFrom: TODAY })) },
    'CATEGORY_HELD',
  ],
  ['an unknown village', { regionId: randomUUID() }, 'REGION_UNKNOWN'],
  [
    'a contact without a phone',
    { contacts: [{ id: randomUUID(), relation: '儿子', name: '王军', phone: '110' }] },
    'PHONE_FORM',
  ],
])('%s: refused, and nothing is half-written', async (_, more, code) => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const clerk = await clerkOf(world)
  const before = await db.person.count()

  expect(await refusal(enrolElder(db, keys, clerk, wang(places.village, more), clock.now))).toBe(code)

  expect([
    await db.person.count(),
    await db.elder.count(),
    await db.consent.count(),
    await db.operationLog.count(),
  ]).toEqual([before, 0, 0, 0])
})

test('without an ID number no consent for one is asked', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world

  const input = wang(places.village, { person: nobody('于得水'), consents: [consent('service')] })
  await enrolElder(db, keys, await clerkOf(world), input, clock.now)

  expect(await db.elder.count()).toBe(1)
})

test('nobody enrols outside their own villages, and only who keeps registers does', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world

  for (const [role, place, code] of [
    ['villageStaff', places.village2, 'REGION_OUTSIDE'],
    ['townStaff', places.town2, 'REGION_OUTSIDE'],
    ['townAuditor', places.town, 'REGION_OUTSIDE'],
    ['cityAdmin', places.city, 'REGION_OUTSIDE'],
    ['auditor', places.county, 'REGION_OUTSIDE'],
    ['countyAdmin', places.county, null],
  ] as const) {
    const actor = await world.staff(role, place)
    expect(await refusal(enrolElder(db, keys, actor, wang(places.village), clock.now)), role).toBe(code)
  }
})

test('an elder is no helper of anybody, but may be one: a facet of the same person', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const helper = await world.person({ name: '于得水', phone: '13700001234' })
  await world.member({ personId: helper })

  const { id } = await enrolElder(
    db,
    keys,
    await clerkOf(world),
    wang(places.village, {
      person: nobody('于得水', { phone: '13700001234', birthDate: '1960-05-01' }),
      consents: [consent('service')],
    }),
    clock.now,
  )

  expect((await db.elder.findUniqueOrThrow({ where: { id } })).personId).toBe(helper)
})

test('who lives behind the same door shares the household, also when both come in one list', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const clerk = await world.staff('townStaff', places.town)
  const wife = wang(places.village)
  const husband = wang(places.village, { person: nobody('于得水'), householdOf: wife.id })
  const mother = wang(places.village, { person: nobody('毕玉兰', { birthDate: '1930-01-01' }), householdOf: wife.id })

  await enrolElders(db, keys, clerk, [wife, husband], { id: randomUUID() }, clock.now)
  await enrolElder(db, keys, clerk, mother, clock.now)

  expect((await eldersBehind(db, husband.id)).map((one) => one.id).sort()).toEqual(
    [wife.id, husband.id, mother.id].sort(),
  )
  const stranger = wang(places.village2, { person: nobody('孙大海'), householdOf: wife.id })
  expect(await refusal(enrolElder(db, keys, clerk, stranger, clock.now))).toBe('ELDERS_NOT_TOGETHER')
})

test('a list is refused as a whole, and says which one is wrong', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const clerk = await clerkOf(world)
  const list = [wang(places.village), wang(places.village, { person: nobody('于得水'), consents: [] as never })]

  await expect(enrolElders(db, keys, clerk, list, { id: randomUUID() }, clock.now)).rejects.toMatchObject({
    code: 'CONSENT_NEEDED',
    detail: { place: 1, needed: 'service' },
  })

  expect(await db.elder.count()).toBe(0)
})

test('without an ID number or phone the same name and birth date in the village is asked about, once: it may be somebody else', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const clerk = await clerkOf(world)
  const li = (more: Partial<EnrolElderInput> = {}) => wang(places.village, { person: nobody('李老三'), ...more })
  const enrol = (input: EnrolElderInput) => enrolElder(db, keys, clerk, input, clock.now)
  await enrol(li())
  const before = await db.person.count()

  expect(await refusal(enrol(li({ address: '北庄村9号' })))).toBe('ELDER_ALIKE')
  // he shows an ID number now
  const numbered18 = { ...nobody('李老三'), identityKind: 'idCard' as const, idNumber: numbered('99000019500101003') }
  expect(await refusal(enrol(li({ person: numbered18 })))).toBe('ELDER_ALIKE')
  expect(
    await refusal(
      enrolElders(
        db,
        keys,
        clerk,
        [li({ person: nobody('于得水') }), li({ person: nobody('于得水') })],
        { id: randomUUID() },
        clock.now,
      ),
    ),
  ).toBe('ELDER_ALIKE')
  expect(await db.person.count()).toBe(before)

  expect(await enrol(li({ anotherPerson: true }))).toBeTruthy()
  expect(await enrol(li({ person: nobody('李老三', { birthDate: '1950-01-02' }) }))).toBeTruthy()
  expect(
    await enrolElder(
      db,
      keys,
      await world.staff('villageStaff', places.village2),
      li({ regionId: places.village2.id }),
      clock.now,
    ),
  ).toBeTruthy()
})

test('who moved away and comes back keeps the old record; who died is refused', async () => {
  const world = await newWorld()
  const { db, keys, places } = world
  const clerk = await clerkOf(world)
  const [gone, dead] = [
    wang(places.village),
    wang(places.village, { person: nobody('于得水', { phone: '13800009999' }) }),
  ]
  for (const [input, kind] of [
    [gone, 'moved'],
    [dead, 'died'],
  ] as const) {
    await enrolElder(db, keys, clerk, input, world.at('09:00', '2026-11-01'))
    await exitElder(
      db,
      clerk,
      input.id,
      { id: randomUUID(), kind, validFrom: '2026-11-05', validTo: null, reason: '家属告知' },
      world.at('09:00', '2026-11-06'),
    )
  }
  const at = world.at('09:00', TODAY)

  const back = await enrolElder(
    db,
    keys,
    await world.staff('villageStaff', places.village3),
    { ...gone, id: randomUUID(), regionId: places.village3.id, categories: [], contacts: [] },
    at,
  )

  expect(back.id).toBe(gone.id)
  expect(await db.elder.findUniqueOrThrow({ where: { id: gone.id } })).toMatchObject({
    endedDay: null,
    regionPath: places.village3.path,
    joinedDay: '2026-11-01',
  })
  expect(await db.elderResidence.count({ where: { elderId: gone.id, validTo: null } })).toBe(1)
  expect(
    await refusal(enrolElder(db, keys, clerk, { ...dead, id: randomUUID(), categories: [], contacts: [] }, at)),
  ).toBe('ELDER_EXISTS')
})

test('hundreds are enrolled with a handful of statements', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const clerk = await world.staff('countyAdmin', places.county)
  const list = Array.from({ length: 300 }, (_, index) =>
    wang(places.village, {
      person: {
        name: '王秀英',
        identityKind: 'idCard',
        idNumber: numbered(`990000194403${String(1 + (index % 28)).padStart(2, '0')}${String(index).padStart(3, '0')}`),
      },
      categories: [{ id: randomUUID(), category: 'livingAlone', validFrom: TODAY }],
      contacts: [],
    }),
  )

  const ids = await enrolElders(db, keys, clerk, list, { id: randomUUID() }, clock.now)

  expect(ids).toEqual(list.map((one) => one.id))
  expect(await db.elder.count()).toBe(300)
  expect(await db.operationLog.count({ where: { action: 'enrol' } })).toBe(300)
})
