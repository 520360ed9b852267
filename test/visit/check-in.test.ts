import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { printedNumber } from '../../server/core/code-tokens'
import { openForPersons, sealForPerson } from '../../server/person/vault'
import { checkIn, checkInVisits } from '../../server/visit/check-in'
import { forgetPlaces } from '../../server/visit/forget-places'
import { atDoor, FAR, HOME, NEAR, refusalOf } from '../support/door'
import { newWorld } from '../support/world'

describe('a scan at the door', () => {
  test('begins a visit on the server’s clock, with its nature, place and evidence', async () => {
    const world = await newWorld()
    const { elder, helper, begin, plate, visitOf } = await atDoor(world, { homePoint: HOME })
    const visit = await visitOf((await begin({ place: NEAR })).id)
    expect(visit).toMatchObject({
      state: 'inProgress',
      nature: 'volunteer',
      channel: 'inPerson',
      day: '2026-11-22',
      month: '2026-11',
      regionPath: elder.regionPath,
      memberId: helper.id,
      flag: 'clean',
      counted: false,
      exceptions: [],
    })
    expect(visit.checkInAt).toEqual(world.clock.now)
    expect(visit.elders).toMatchObject([{ elderId: elder.id, counted: false, day: '2026-11-22' }])
    expect(visit.evidence).toMatchObject([
      {
        phase: 'in',
        method: 'plate',
        level: 2,
        plateId: plate.id,
        boundDevice: true,
        distanceMetres: 56,
        accuracyMetres: 15,
      },
    ])
    expect(await world.db.operationLog.findMany({ where: { resourceId: visit.id } })).toMatchObject([
      { action: 'checkIn', role: 'volunteer', personId: helper.personId },
    ])
  })

  test('keeps the place rounded and sealed, and equal raw readings have equal marks', async () => {
    const world = await newWorld()
    const { begin, end, visitOf, helper } = await atDoor(world, { homePoint: HOME })
    const { id } = await begin({ place: { ...NEAR, lat: 37.000512345 } })
    world.later(1800)
    await end(id, { place: { ...NEAR, lat: 37.000512345 } })
    const [first, second] = (await visitOf(id)).evidence
    expect(first?.placeSealed).not.toContain('37.0005')
    const [place] = await openForPersons(world.db, world.keys, [
      { personId: helper.personId, table: 'visit_evidence', column: 'place', sealed: first?.placeSealed ?? '' },
    ])
    expect(place).toBe('37.0005,122.0800')
    expect(first?.placeHmac).toHaveLength(64)
    expect(second?.placeHmac).toBe(first?.placeHmac)
    expect(first?.placeDatum).toBe('WGS-84')
  })

  test('forgets the place after its days, keeps how far it was, and forgets nothing else', async () => {
    const world = await newWorld()
    const { db, clock } = world
    const { begin, visitOf } = await atDoor(world, { homePoint: HOME })
    const { id } = await begin({ place: NEAR })
    const [before] = (await visitOf(id)).evidence
    expect(await forgetPlaces(db, clock.now)).toBe(0)
    const row = { regionId: world.places.county.id, key: 'placeKeepDays', value: '30', version: 1 }
    await db.setting.create({ data: { id: randomUUID(), ...row, validFrom: '2026-01-01', recordedAt: clock.now } })
    world.later(31 * 86_400)
    expect(await forgetPlaces(db, clock.now)).toBe(1)
    expect((await visitOf(id)).evidence).toEqual([{ ...before, placeSealed: null, placeHmac: null }])
    expect(await forgetPlaces(db, clock.now)).toBe(0)
    const other = await begin({ place: NEAR })
    const changed = db.visitEvidence.updateMany({
      where: { visitId: other.id },
      data: { placeSealed: null, placeHmac: null, level: 4 },
    })
    await expect(changed).rejects.toMatchObject({ code: 'P2003' })
  })

  test('measures WeChat’s datum and the browser’s alike', async () => {
    const world = await newWorld()
    const { begin, visitOf } = await atDoor(world, { homePoint: HOME })
    // The same spot as NEAR, as WeChat shows it: some 500 m away on the map.
    const { evidence } = await visitOf(
      (await begin({ place: { lat: 37.00135, lon: 122.08537, accuracyMetres: 15, datum: 'GCJ-02' } })).id,
    )
    expect(evidence[0]?.distanceMetres).toBeLessThan(80)
    expect(evidence[0]?.level).toBe(2)
  })

  test('is worth L2 only with plate, own phone and a place near the door', async () => {
    const world = await newWorld()
    const { helper, plate, begin, visitOf, end } = await atDoor(world, { homePoint: HOME })
    const levelWith = async (more: object, actor = helper.actor) => {
      const { id } = await begin(more, actor)
      const level = (await visitOf(id)).evidence[0]?.level
      world.later(60)
      await end(id, {}, actor)
      return level
    }
    expect(await levelWith({ place: NEAR })).toBe(2)
    expect(await levelWith({})).toBe(1)
    expect(await levelWith({ place: FAR })).toBe(1)
    expect(await levelWith({ place: { ...NEAR, accuracyMetres: 201 } })).toBe(1)
    expect(await levelWith({ place: NEAR, code: printedNumber(plate.id) })).toBe(1)
    expect(await levelWith({ place: NEAR }, { ...helper.actor, deviceId: randomUUID() })).toBe(1)
    expect(await levelWith({ place: NEAR }, { ...helper.actor, deviceId: null })).toBe(1)
  })

  test('fixes the nature by capacity × service: a neighbour helper’s is mutual aid', async () => {
    const world = await newWorld()
    const { begin, visitOf } = await atDoor(world, { kind: 'neighbourHelper' })
    expect((await visitOf((await begin()).id)).nature).toBe('mutualAid')
  })

  test('serves a couple behind one door as one visit', async () => {
    const world = await newWorld()
    const { elder, begin, visitOf } = await atDoor(world)
    const spouse = await world.elder({ householdId: elder.householdId, name: '于福' })
    const { elders } = await visitOf((await begin({ elderIds: [elder.id, spouse.id] })).id)
    expect(elders.map(({ elderId }) => elderId).sort()).toEqual([elder.id, spouse.id].sort())
  })
})

describe('what refuses a beginning', () => {
  test('a code that is none of ours, a revoked plate, a plate of a counter', async () => {
    const world = await newWorld()
    const { plate, begin } = await atDoor(world)
    expect(await refusalOf(begin({ code: 'https://example.org/menu' }))).toBe('PLATE_UNKNOWN')
    expect(await refusalOf(begin({ code: plate.code.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) }))).toBe(
      'PLATE_UNKNOWN',
    )
    await world.db.plate.update({ where: { id: plate.id }, data: { revokedAt: world.clock.now } })
    expect(await refusalOf(begin())).toBe('PLATE_REVOKED')
    await world.db.plate.update({ where: { id: plate.id }, data: { revokedAt: null, elderId: null } })
    expect(await refusalOf(begin())).toBe('PLATE_KIND')
  })

  test('elders who do not live behind this door', async () => {
    const world = await newWorld()
    const { elder, begin } = await atDoor(world)
    const other = await world.elder()
    expect(await refusalOf(begin({ elderIds: [elder.id, other.id] }))).toBe('ELDERS_NOT_TOGETHER')
    expect(await refusalOf(begin({ elderIds: [randomUUID()] }))).toBe('ELDERS_NOT_TOGETHER')
  })

  test('another county, oneself, an elder who is no longer served', async () => {
    const world = await newWorld()
    const { elder, begin } = await atDoor(world)
    const stranger = await world.member({ place: world.places.otherVillage })
    expect(await refusalOf(begin({}, stranger.actor))).toBe('PLATE_FOREIGN')
    const self = await world.member({ personId: elder.personId })
    expect(await refusalOf(begin({}, self.actor))).toBe('SELF_SERVICE')
    await world.db.elder.update({ where: { id: elder.id }, data: { endedDay: '2026-11-21' } })
    expect(await refusalOf(begin())).toBe('ELDER_ENDED')
  })

  test('who is no helper, or suspended; a service that is not for them', async () => {
    const world = await newWorld()
    const { elder, begin } = await atDoor(world)
    expect(await refusalOf(begin({}, elder.actor))).toBe('NOT_A_MEMBER')
    const suspended = await world.member({ state: 'suspended' })
    expect(await refusalOf(begin({}, suspended.actor))).toBe('MEMBER_SUSPENDED')
    expect(await refusalOf(begin({ serviceId: randomUUID() }))).toBe('SERVICE_UNKNOWN')
    await world.db.service.update({ where: { id: world.service.id }, data: { natures: 'dutyPaid' } })
    expect(await refusalOf(begin())).toBe('SERVICE_NATURE')
    await world.db.service.update({
      where: { id: world.service.id },
      data: { natures: 'volunteer', trainingNeeded: '急救' },
    })
    expect(await refusalOf(begin())).toBe('TRAINING_NEEDED')
    expect(await world.db.visit.count()).toBe(0)
  })
})

describe('asked again', () => {
  test('the same request gets the same visit, another one under its id a conflict', async () => {
    const world = await newWorld()
    const { helper, checkInBody } = await atDoor(world)
    const body = checkInBody()
    const ask = (input: typeof body) => checkIn(world.db, world.keys, helper.actor, input, world.clock.now)
    expect(await ask(body)).toEqual(await ask(body))
    expect(await refusalOf(ask({ ...body, elderIds: [randomUUID()] }))).toBe('IDEMPOTENCY_CONFLICT')
    expect(await world.db.visit.count()).toBe(1)
  })

  test('a press whose answer was lost is the same press when it comes again from the next street, a minute later', async () => {
    const world = await newWorld()
    const { helper, checkInBody } = await atDoor(world)
    const body = checkInBody()
    const first = await checkIn(world.db, world.keys, helper.actor, body, world.clock.now)
    const later = {
      ...body,
      place: { lat: 37.07, lon: 122.06, accuracyMetres: 9, datum: 'WGS-84' as const },
      deviceAt: world.later(60).toISOString(),
    }
    expect(await checkIn(world.db, world.keys, helper.actor, later, world.clock.now)).toEqual(first)
    expect(await world.db.visitEvidence.count()).toBe(1)
  })

  test('a second beginning at the same door opens the one that is running', async () => {
    const world = await newWorld()
    const { begin } = await atDoor(world)
    const first = await begin()
    world.later(60)
    expect(await begin()).toEqual(first)
    expect(await world.db.visit.count()).toBe(1)
  })

  test('two taps at once make one visit', async () => {
    const world = await newWorld()
    const { begin } = await atDoor(world)
    const answers = await Promise.all([begin(), begin(), begin()])
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    expect(await world.db.visit.count()).toBe(1)
  })

  test('the same request sent twice at once makes one visit', async () => {
    const world = await newWorld()
    const { helper, checkInBody } = await atDoor(world)
    const body = checkInBody()
    const answers = await Promise.all(
      [1, 2].map(() => checkIn(world.db, world.keys, helper.actor, body, world.clock.now)),
    )
    expect(answers).toEqual([{ id: body.id }, { id: body.id }])
    expect(await world.db.visit.count()).toBe(1)
  })
})

describe('what is odd is recorded, not refused', () => {
  test('E02 when another visit is still running elsewhere', async () => {
    const world = await newWorld()
    const { helper, begin, codesOf, visitOf } = await atDoor(world)
    await begin()
    const elsewhere = await atDoor(world)
    const { id } = await elsewhere.begin({}, helper.actor)
    expect(await codesOf(id)).toEqual(['E02'])
    expect((await visitOf(id)).flag).toBe('red')
  })

  test('E03 far from the door or without a place, but only where the door’s place is known', async () => {
    const world = await newWorld()
    const known = await atDoor(world, { homePoint: HOME })
    const far = await known.visitOf((await known.begin({ place: FAR })).id)
    expect(far.exceptions).toMatchObject([
      { code: 'E03', severity: 'amber', detail: JSON.stringify({ inMetres: 500, nearMetres: 200 }) },
    ])
    expect(far.flag).toBe('amber')
    const unplaced = await atDoor(world, { homePoint: HOME })
    expect((await unplaced.visitOf((await unplaced.begin()).id)).exceptions[0]?.detail).toBe(
      JSON.stringify({ inMetres: null, nearMetres: 200 }),
    )
    const unknown = await atDoor(world)
    expect(await unknown.codesOf((await unknown.begin()).id)).toEqual([])
  })

  test('E06 when the same two meet more often than the place allows in a month', async () => {
    const world = await newWorld()
    await world.db.setting.create({
      data: {
        id: randomUUID(),
        regionId: world.places.county.id,
        key: 'pairVisitsMonthMax',
        version: 1,
        validFrom: '2026-01-01',
        value: '2',
        recordedAt: world.clock.now,
      },
    })
    const { served, codesOf } = await atDoor(world)
    expect(await codesOf(await served(20, 1))).toEqual([])
    expect(await codesOf(await served(20, 1))).toEqual([])
    expect(await codesOf(await served(20, 1))).toEqual(['E06'])
  })

  test('E09 when the phone’s clock is off, or the event is a day old', async () => {
    const world = await newWorld()
    const off = await atDoor(world)
    expect(await off.codesOf((await off.begin({ deviceAt: '2026-11-22T00:54:00.000Z' })).id)).toEqual(['E09'])
    const right = await atDoor(world)
    expect(await right.codesOf((await right.begin({ deviceAt: '2026-11-22T00:56:00.000Z' })).id)).toEqual([])
  })

  test('E11 when helper and elder are family: proxy, contact, or behind the same door', async () => {
    const world = await newWorld()
    const { elder, helper, begin, codesOf } = await atDoor(world)
    await world.proxy(elder.id, { personId: helper.personId })
    expect(await codesOf((await begin()).id)).toEqual(['E11'])

    const byPhone = await atDoor(world)
    const daughter = await world.member({ personId: await world.person({ phone: '13800001234' }) })
    const sealed = (column: string, text: string) =>
      sealForPerson(world.db, world.keys, byPhone.elder.personId, 'elder_contact', column, text)
    await world.db.elderContact.create({
      data: {
        id: randomUUID(),
        elderId: byPhone.elder.id,
        relation: '女儿',
        nameSealed: await sealed('name', '王芳'),
        phoneSealed: await sealed('phone', '13800001234'),
      },
    })
    expect(await codesOf((await byPhone.begin({}, daughter.actor)).id)).toEqual(['E11'])

    const atHome = await atDoor(world)
    const spouse = await world.elder({ householdId: atHome.elder.householdId })
    const husband = await world.member({ personId: spouse.personId })
    expect(await codesOf((await atHome.begin({}, husband.actor)).id)).toEqual(['E11'])
  })

  test('E13 when the register has the elder in hospital that day, not when away', async () => {
    const world = await newWorld()
    const exit = (elderId: string, kind: string, validTo: string | null) =>
      world.db.elderExit.create({
        data: {
          id: randomUUID(),
          elderId,
          kind,
          validFrom: '2026-11-20',
          validTo,
          reason: '',
          approvedByPersonId: '',
          recordedAt: world.clock.now,
        },
      })
    const ill = await atDoor(world)
    await exit(ill.elder.id, 'hospital', '2026-11-22')
    expect(await ill.codesOf((await ill.begin()).id)).toEqual(['E13'])
    const back = await atDoor(world)
    await exit(back.elder.id, 'hospital', '2026-11-21')
    await exit(back.elder.id, 'away', null)
    expect(await back.codesOf((await back.begin()).id)).toEqual([])
  })

  test('E14 when nobody could have come from the last door so fast', async () => {
    const world = await newWorld()
    const first = await atDoor(world, { homePoint: HOME })
    const { id } = await first.begin({ place: NEAR })
    world.later(1800)
    await first.end(id, { place: NEAR })
    world.later(600)
    // 20 km in 10 minutes are 120 km/h
    const second = await atDoor(world, { homePoint: '37.18,122.08' })
    expect(
      await second.codesOf((await second.begin({ place: { ...NEAR, lat: 37.18 } }, first.helper.actor)).id),
    ).toEqual(['E14'])
  })
})

test('a list of beginnings is one commit, and a refusal refuses its own visit only', async () => {
  const world = await newWorld()
  const [one, two, three] = [await atDoor(world), await atDoor(world), await atDoor(world)]
  const asks = [one, two, three].map((door) => ({
    actor: door.helper.actor,
    input: door.checkInBody(),
    at: world.clock.now,
  }))
  await world.db.plate.update({ where: { id: two.plate.id }, data: { revokedAt: world.clock.now } })
  const outcomes = await checkInVisits(world.db, world.keys, asks)
  expect(outcomes.map(({ refusal }) => refusal?.code ?? null)).toEqual([null, 'PLATE_REVOKED', null])
  expect(await world.db.visit.count()).toBe(2)
  expect((await checkInVisits(world.db, world.keys, asks)).map(({ id }) => id)).toEqual(
    asks.map(({ input }) => input.id),
  )
  expect(await world.db.visit.count()).toBe(2)
})
