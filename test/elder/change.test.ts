import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { changeElder } from '../../server/elder/change'
import { addConsent } from '../../server/elder/consent'
import { addContact } from '../../server/elder/contact'
import { endExit, exitElder } from '../../server/elder/exit'
import { setHomePoint } from '../../server/elder/home-point'
import { moveElder } from '../../server/elder/move'
import { addProxy, revokeProxy } from '../../server/elder/proxy'
import { homePointsOf } from '../../server/elder/queries'
import { findElderDetail, findMyElder } from '../../server/elder/record'
import { revealField } from '../../server/elder/reveal'
import { endTag, tagElder } from '../../server/elder/tag'
import { distanceMetres, gcj02FromWgs84 } from '../../shared/core/geo'
import { refusal } from '../support/refusal'
import { newWorld, TODAY, type World } from '../support/world'

const tag = (category: 'livingAlone' | 'poor' | 'disabled', validFrom = TODAY) => ({
  id: randomUUID(),
  category,
  validFrom,
})
const exit = (kind: 'hospital' | 'away' | 'died' | 'moved', validFrom: string, validTo: string | null = null) => ({
  id: randomUUID(),
  kind,
  validFrom,
  validTo,
  reason: '家属告知',
})
const proxy = (name: string, more: object = {}) => ({
  id: randomUUID(),
  relation: '儿子',
  scopes: ['confirm' as const, 'ask' as const],
  person: { name, identityKind: 'none' as const, phone: `139${(Math.abs(hash(name)) % 90000000) + 10000000}` },
  validFrom: TODAY,
  validTo: null,
  ...more,
})
const hash = (text: string) => [...text].reduce((sum, one) => (sum * 31 + one.charCodeAt(0)) | 0, 7)

/** Each write on somebody else's elder: who isn't in scope learns nothing. */
const WRITES: Record<
  string,
  (world: World, actor: Awaited<ReturnType<World['staff']>>, elderId: string) => Promise<unknown>
> = {
  change: ({ db, keys, clock }, actor, id) => changeElder(db, keys, actor, id, { ownPhone: false }, clock.now),
  move: ({ db, keys, clock, places }, actor, id) =>
    moveElder(
      db,
      keys,
      actor,
      id,
      { id: randomUUID(), regionId: places.village.id, address: '北庄村1号', validFrom: TODAY },
      clock.now,
    ),
  tag: ({ db, clock }, actor, id) => tagElder(db, actor, id, tag('poor'), clock.now),
  exit: ({ db, clock }, actor, id) => exitElder(db, actor, id, exit('hospital', TODAY), clock.now),
  contact: ({ db, keys, clock }, actor, id) =>
    addContact(
      db,
      keys,
      actor,
      id,
      { id: randomUUID(), relation: '女儿', name: '王梅', phone: '13900002222' },
      clock.now,
    ),
  homePoint: ({ db, keys, clock }, actor, id) =>
    setHomePoint(db, keys, actor, id, { place: { lat: 37, lon: 122, accuracyMetres: 10, datum: 'WGS-84' } }, clock.now),
  consent: ({ db, clock }, actor, id) =>
    addConsent(db, actor, id, { kind: 'location', textVersion: '2026-01', how: 'paper' }, clock.now),
  proxy: ({ db, keys, clock }, actor, id) => addProxy(db, keys, actor, id, proxy('王军'), clock.now),
  reveal: ({ db, keys, clock }, actor, id) =>
    revealField(db, keys, actor, id, { field: 'name', purpose: '电话回访' }, clock.now),
  read: ({ db, keys, clock }, actor, id) => findElderDetail(db, keys, actor, id, clock.now),
}

test.each(Object.keys(WRITES))(
  '%s: a neighbouring village, an auditor who writes and a helper find nobody',
  async (name) => {
    const world = await newWorld()
    const { places } = world
    const write = WRITES[name] as (typeof WRITES)[string]
    const { id } = await world.elder()
    const strangers = [
      await world.staff('villageStaff', places.village2),
      (await world.member()).actor,
      await world.staff('townStaff', places.otherTown),
    ]

    for (const actor of strangers) expect(await refusal(write(world, actor, id))).toBe('NOT_FOUND')
    // who only audits reads, one field too, with a purpose that stays in the log
    if (name !== 'read' && name !== 'reveal')
      expect(await refusal(write(world, await world.staff('auditor', places.county), id))).toBe('NOT_FOUND')
    expect(await world.db.operationLog.count()).toBe(0)
    expect(await refusal(write(world, await world.staff('villageStaff', places.village), id))).toBeNull()
  },
)

test('what is corrected is what was named, and the log keeps no value', async () => {
  const world = await newWorld()
  const { db, keys, clock } = world
  const elder = await world.elder({ name: '王秀英' })
  const clerk = await world.staff('villageStaff')

  await changeElder(db, keys, clerk, elder.id, { name: '王秀芝', phone: null }, clock.now)

  expect(await findElderDetail(db, keys, clerk, elder.id, clock.now)).toMatchObject({
    maskedName: '王*芝',
    maskedPhone: null,
    ownPhone: true,
  })
  expect(await db.operationLog.findFirstOrThrow({ where: { action: 'change' } })).toMatchObject({
    after: '{"fields":["name","phone"]}',
  })
  expect(await refusal(changeElder(db, keys, clerk, elder.id, { name: '王1' }, clock.now))).toBe('NAME_FORM')
  expect(await refusal(changeElder(db, keys, clerk, elder.id, { phone: '1' }, clock.now))).toBe('PHONE_FORM')
})

test('who moves lives there from that day on: the card comes along, the plate of the old door opens nothing', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const elder = await world.elder({ homePoint: '37.1,122.1' })
  const door = await world.plate(elder.id)
  const card = await world.plate(elder.id)
  await db.plate.update({ where: { id: card.id }, data: { kind: 'card' } })
  const clerk = await world.staff('townStaff', places.town)
  const input = { id: randomUUID(), regionId: places.village2.id, address: '西庄村3号', validFrom: '2026-11-20' }

  await moveElder(db, keys, clerk, elder.id, input, clock.now)
  await moveElder(db, keys, clerk, elder.id, input, clock.now)

  const after = await db.elder.findUniqueOrThrow({ where: { id: elder.id } })
  expect(after).toMatchObject({ regionPath: places.village2.path, homePointSealed: null })
  expect(after.householdId).not.toBe(elder.householdId)
  expect(
    await db.elderResidence.findMany({ where: { elderId: elder.id }, orderBy: { validFrom: 'asc' } }),
  ).toMatchObject([
    { regionPath: places.village.path, validTo: '2026-11-19' },
    { regionPath: places.village2.path, validFrom: '2026-11-20', validTo: null },
  ])
  expect(await db.plate.findUniqueOrThrow({ where: { id: door.id } })).toMatchObject({
    revokeReason: '搬家',
    regionPath: places.village.path,
  })
  expect(await db.plate.findUniqueOrThrow({ where: { id: card.id } })).toMatchObject({
    revokedAt: null,
    regionPath: places.village2.path,
  })
  expect((await revealField(db, keys, clerk, elder.id, { field: 'address', purpose: '上门' }, clock.now)).value).toBe(
    '西庄村3号',
  )
})

test.each([
  ['2026-11-23', 'DATE_IN_FUTURE'],
  ['2026-01-01', 'DATE_ORDER'],
  ['2025-12-31', 'DATE_ORDER'],
])('a move on %s is refused: %s', async (validFrom, code) => {
  const world = await newWorld()
  const elder = await world.elder()
  const clerk = await world.staff('townStaff', world.places.town)

  expect(
    await refusal(
      moveElder(
        world.db,
        world.keys,
        clerk,
        elder.id,
        { id: randomUUID(), regionId: world.places.village2.id, address: '西庄村3号', validFrom },
        world.clock.now,
      ),
    ),
  ).toBe(code)
})

test('a couple that moves one after the other is behind one door again', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const household = randomUUID()
  const [wife, husband] = [
    await world.elder({ householdId: household }),
    await world.elder({ householdId: household, name: '于得水' }),
  ]
  const clerk = await world.staff('townStaff', places.town)
  const there = { regionId: places.village2.id, address: '西庄村3号', validFrom: TODAY }

  await moveElder(db, keys, clerk, wife.id, { id: randomUUID(), ...there }, clock.now)
  await moveElder(db, keys, clerk, husband.id, { id: randomUUID(), ...there, householdOf: wife.id }, clock.now)

  const rows = await db.elder.findMany({ where: { id: { in: [wife.id, husband.id] } } })
  expect(rows[0]?.householdId).toBe(rows[1]?.householdId)
  expect(
    await refusal(
      moveElder(
        db,
        keys,
        clerk,
        husband.id,
        { id: randomUUID(), regionId: places.village.id, address: '北庄村', validFrom: TODAY, householdOf: wife.id },
        clock.now,
      ),
    ),
  ).toBe('DATE_ORDER')
})

test('a category is held once at a time, also when two clerks give it at once; it ends on its day', async () => {
  const world = await newWorld()
  const { db, clock } = world
  const elder = await world.elder({ categories: [] })
  const clerk = await world.staff('villageStaff')

  const outcomes = await Promise.all(
    [1, 2, 3].map(() => refusal(tagElder(db, clerk, elder.id, tag('poor', '2026-11-10'), clock.now))),
  )
  expect(outcomes.sort()).toEqual(['CATEGORY_HELD', 'CATEGORY_HELD', null])

  const held = await db.elderCategory.findFirstOrThrow({ where: { elderId: elder.id } })
  expect(await refusal(endTag(db, clerk, elder.id, held.id, { validTo: '2026-11-09' }, clock.now))).toBe('DATE_ORDER')
  await endTag(db, clerk, elder.id, held.id, { validTo: '2026-11-20' }, clock.now)
  await endTag(db, clerk, elder.id, held.id, { validTo: '2026-11-20' }, clock.now)
  expect(await refusal(endTag(db, clerk, elder.id, held.id, { validTo: '2026-11-21' }, clock.now))).toBe(
    'CHANGED_MEANWHILE',
  )
  expect(await refusal(tagElder(db, clerk, elder.id, tag('poor', '2026-11-20'), clock.now))).toBe('CATEGORY_HELD')
  await tagElder(db, clerk, elder.id, tag('poor', '2026-11-21'), clock.now)
  expect(await refusal(endTag(db, clerk, (await world.elder()).id, held.id, { validTo: TODAY }, clock.now))).toBe(
    'NOT_FOUND',
  )
})

test('what tells of health is written down with a consent of its own only', async () => {
  const world = await newWorld()
  const { db, clock } = world
  const elder = await world.elder({ categories: [] })
  const clerk = await world.staff('villageStaff')
  expect(await refusal(tagElder(db, clerk, elder.id, tag('disabled'), clock.now))).toBe('CONSENT_NEEDED')

  await addConsent(db, clerk, elder.id, { kind: 'health', textVersion: '2026-01', how: 'paper' }, clock.now)
  await addConsent(db, clerk, elder.id, { kind: 'health', textVersion: '2026-01', how: 'paper' }, clock.now)

  expect(await db.consent.count({ where: { personId: elder.personId } })).toBe(1)
  expect(await refusal(tagElder(db, clerk, elder.id, tag('disabled'), clock.now))).toBeNull()
})

test('an open exit is ended by the next one; others may not overlap; the dead are no longer served', async () => {
  const world = await newWorld()
  const { db, clock } = world
  const elder = await world.elder()
  const clerk = await world.staff('villageStaff')
  await exitElder(db, clerk, elder.id, exit('away', '2026-11-01', '2026-11-05'), clock.now)
  await exitElder(db, clerk, elder.id, exit('hospital', '2026-11-10'), clock.now)

  expect(await refusal(exitElder(db, clerk, elder.id, exit('away', '2026-11-05', '2026-11-06'), clock.now))).toBe(
    'EXIT_OVERLAPS',
  )
  expect(await refusal(exitElder(db, clerk, elder.id, exit('away', '2026-11-10', '2026-11-12'), clock.now))).toBe(
    'EXIT_OVERLAPS',
  )
  expect(await refusal(exitElder(db, clerk, elder.id, exit('died', '2026-11-23'), clock.now))).toBe('DATE_IN_FUTURE')
  expect(await refusal(exitElder(db, clerk, elder.id, exit('died', TODAY, TODAY), clock.now))).toBe('BAD_INPUT')
  expect(await refusal(exitElder(db, clerk, elder.id, exit('away', TODAY, '2026-11-21'), clock.now))).toBe('DATE_ORDER')
  await exitElder(db, clerk, elder.id, exit('died', '2026-11-21'), clock.now)

  expect(await db.elderExit.findMany({ where: { elderId: elder.id }, orderBy: { validFrom: 'asc' } })).toMatchObject([
    { kind: 'away', validTo: '2026-11-05' },
    { kind: 'hospital', validTo: '2026-11-20', approvedByPersonId: clerk.personId },
    { kind: 'died', validTo: null },
  ])
  expect(await db.elder.findUniqueOrThrow({ where: { id: elder.id } })).toMatchObject({ endedDay: '2026-11-21' })
  expect(await refusal(exitElder(db, clerk, elder.id, exit('away', TODAY), clock.now))).toBe('EXIT_OVERLAPS')
})

test('who comes home is owed visits again, and who was written off by mistake is served again', async () => {
  const world = await newWorld()
  const { db, clock } = world
  const clerk = await world.staff('villageStaff')
  const [back, mistaken] = [await world.elder(), await world.elder()]
  const [hospital, died] = [exit('hospital', '2026-11-10'), exit('died', '2026-11-20')]
  await exitElder(db, clerk, back.id, hospital, clock.now)
  await exitElder(db, clerk, mistaken.id, died, clock.now)

  await endExit(db, clerk, back.id, hospital.id, { validTo: '2026-11-15' }, clock.now)
  await endExit(db, clerk, mistaken.id, died.id, { validTo: '2026-11-20' }, clock.now)

  expect(await db.elderExit.findUniqueOrThrow({ where: { id: hospital.id } })).toMatchObject({ validTo: '2026-11-15' })
  expect(await db.elder.findUniqueOrThrow({ where: { id: mistaken.id } })).toMatchObject({ endedDay: null })
  expect(await refusal(endExit(db, clerk, back.id, died.id, { validTo: TODAY }, clock.now))).toBe('NOT_FOUND')
})

test('two exits at once that overlap: one is refused', async () => {
  const world = await newWorld()
  const elder = await world.elder()
  const clerk = await world.staff('villageStaff')

  const outcomes = await Promise.all(
    [1, 2].map(() => refusal(exitElder(world.db, clerk, elder.id, exit('hospital', TODAY), world.clock.now))),
  )

  expect(outcomes.sort()).toEqual(['EXIT_OVERLAPS', null])
})

test('the home point is kept in WGS-84, sealed, whatever the phone measured in', async () => {
  const world = await newWorld()
  const { db, keys, clock } = world
  const elder = await world.elder()
  const clerk = await world.staff('villageStaff')
  const home = { lat: 36.95432, lon: 121.98765 }

  await setHomePoint(
    db,
    keys,
    clerk,
    elder.id,
    { place: { ...gcj02FromWgs84(home), accuracyMetres: 12.4, datum: 'GCJ-02' } },
    clock.now,
  )

  const row = await db.elder.findUniqueOrThrow({ where: { id: elder.id } })
  expect(row.homePointSealed).not.toContain('36.95')
  const point = (await homePointsOf(db, keys, [row])).get(elder.id)
  expect(point && distanceMetres(point, home)).toBeLessThan(1)
})

test('a fifth proxy, a second time the same one, and oneself are refused; at once too', async () => {
  const world = await newWorld()
  const { db, keys, clock } = world
  const elder = await world.elder({ personId: await world.person({ name: '王秀英', phone: '13811112222' }) })
  const clerk = await world.staff('villageStaff')
  expect(
    await refusal(
      addProxy(
        db,
        keys,
        clerk,
        elder.id,
        proxy('王秀英', { person: { name: '王秀英', identityKind: 'none', phone: '13811112222' } }),
        clock.now,
      ),
    ),
  ).toBe('PROXY_SELF')
  expect(await refusal(addProxy(db, keys, clerk, elder.id, proxy('王军', { validTo: '2026-11-21' }), clock.now))).toBe(
    'DATE_ORDER',
  )
  for (const name of ['王军', '王梅', '王海']) await addProxy(db, keys, clerk, elder.id, proxy(name), clock.now)
  expect(await refusal(addProxy(db, keys, clerk, elder.id, proxy('王军'), clock.now))).toBe('PROXY_EXISTS')

  const outcomes = await Promise.all(
    ['王洋', '王江'].map((name) => refusal(addProxy(db, keys, clerk, elder.id, proxy(name), clock.now))),
  )

  expect(outcomes.sort()).toEqual(['PROXY_FULL', null])
})

test('the elder stops a proxy with one tap; stopped twice is stopped; nobody else may', async () => {
  const world = await newWorld()
  const { db, keys, clock } = world
  const elder = await world.elder()
  const son = await world.proxy(elder.id)
  const { id } = await db.proxy.findFirstOrThrow({ where: { elderId: elder.id } })
  expect((await findMyElder(db, keys, son, elder.id, clock.now)).proxies).toMatchObject([
    { id, name: '王军', relation: '儿子' },
  ])

  expect(await refusal(revokeProxy(db, (await world.elder()).actor, id, clock.now))).toBe('NOT_FOUND')
  expect(await refusal(revokeProxy(db, son, id, clock.now))).toBe('NOT_FOUND')
  await Promise.all([revokeProxy(db, elder.actor, id, clock.now), revokeProxy(db, elder.actor, id, clock.now)])

  expect((await findMyElder(db, keys, elder.actor, undefined, clock.now)).proxies).toEqual([])
  expect(await db.operationLog.count({ where: { action: 'revokeProxy' } })).toBe(1)
})

test('an elder sees the own record in full, a proxy the one acted for, nobody anybody else’s', async () => {
  const world = await newWorld()
  const { db, keys, clock } = world
  const elder = await world.elder({ name: '王秀英' })
  const other = await world.elder({ name: '于得水' })
  const son = await world.proxy(elder.id)
  const card = await world.plate(elder.id)
  await db.plate.update({ where: { id: card.id }, data: { kind: 'card' } })

  expect(await findMyElder(db, keys, elder.actor, undefined, clock.now)).toMatchObject({
    id: elder.id,
    name: '王秀英',
    age: 82,
    address: '北庄村12号',
    card: { serial: card.serial },
  })
  expect(await findMyElder(db, keys, son, undefined, clock.now)).toMatchObject({ id: elder.id })
  expect(await refusal(findMyElder(db, keys, son, other.id, clock.now))).toBe('NOT_FOUND')
  expect(await refusal(findMyElder(db, keys, elder.actor, other.id, clock.now))).toBe('NOT_FOUND')
})

test('a field is opened for who says why, and the log keeps the purpose; an ID number not for a village', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const elder = await world.elder({ name: '王秀英' })
  const clerk = await world.staff('villageStaff')

  expect(await revealField(db, keys, clerk, elder.id, { field: 'name', purpose: '电话回访' }, clock.now)).toEqual({
    value: '王秀英',
    seconds: 60,
  })
  expect(await refusal(revealField(db, keys, clerk, elder.id, { field: 'idNumber', purpose: '核对' }, clock.now))).toBe(
    'NOT_ALLOWED',
  )
  expect(
    await refusal(
      revealField(
        db,
        keys,
        await world.staff('townStaff', places.town),
        elder.id,
        { field: 'idNumber', purpose: '核对' },
        clock.now,
      ),
    ),
    'there is none',
  ).toBe('NOT_FOUND')
  expect(await db.operationLog.findFirstOrThrow({ where: { personId: clerk.personId } })).toMatchObject({
    action: 'reveal',
    purpose: '电话回访',
    after: '{"field":"name"}',
  })
})

test('a contact with a wrong number is refused at the field of its own form', async () => {
  const world = await newWorld()
  const { db, keys, clock } = world
  const elder = await world.elder()
  const clerk = await world.staff('villageStaff')
  const wrong = { id: randomUUID(), relation: '女儿', name: '王梅', phone: '12' }
  await expect(addContact(db, keys, clerk, elder.id, wrong, clock.now)).rejects.toMatchObject({
    code: 'PHONE_FORM',
    detail: { field: 'phone' },
  })
})

test('a sixth contact is one too many', async () => {
  const world = await newWorld()
  const { db, keys, clock } = world
  const elder = await world.elder()
  const clerk = await world.staff('villageStaff')
  const add = () =>
    refusal(
      addContact(
        db,
        keys,
        clerk,
        elder.id,
        { id: randomUUID(), relation: '女儿', name: '王梅', phone: '13900002222' },
        clock.now,
      ),
    )

  for (let count = 0; count < 5; count++) expect(await add()).toBeNull()
  expect(await add()).toBe('CONTACT_FULL')
})
