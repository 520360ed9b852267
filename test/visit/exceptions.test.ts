import { randomUUID } from 'node:crypto'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../server/core/actor'
import { decidePaper } from '../../server/paper/decide'
import { enterPaper } from '../../server/paper/enter'
import { attachPicture } from '../../server/paper/picture'
import { checkIn } from '../../server/visit/check-in'
import { checkOut } from '../../server/visit/check-out'
import { closeLongVisits } from '../../server/visit/close-long'
import { holdSilent } from '../../server/visit/hold-silent'
import { showVisit } from '../../server/visit/show'
import { addDays } from '../../shared/core/time'
import type { SchemeDocument } from '../../shared/scheme/document'
import { explanationsFor } from '../../shared/visit/appeal'
import { EXCEPTIONS, type ExceptionCode } from '../../shared/visit/exceptions'
import { atDoor, HOME, NEAR } from '../support/door'
import { newWorld, SIMPLE, TODAY, type World } from '../support/world'

/** Six points a day, and each visit is asked for a scan after ten minutes: whatever can be odd, is odd somewhere. */
const STRICT: SchemeDocument = {
  ...SIMPLE,
  earn: { ...SIMPLE.earn, dayCapMilliPoints: 6000 },
  challenge: { visitsPercent: 100, mostPerVisit: 1, fromSeconds: 600, toSeconds: 601, answerSeconds: 300 },
}

let world: World
let desk: Actor
beforeAll(async () => {
  world = await newWorld({ scheme: STRICT })
  desk = await world.staff('villageStaff')
  await set('pairVisitsMonthMax', '2')
})

async function set(key: string, value: string): Promise<void> {
  const { id: regionId } = world.places.county
  const row = { id: randomUUID(), regionId, key, value, version: 1, validFrom: '2026-01-01' }
  await world.db.setting.create({ data: { ...row, recordedAt: world.clock.now } })
}

type Odd = { visitId: string; helper: Actor }

/** How each of them comes about. */
const WAYS: Record<ExceptionCode, () => Promise<Odd>> = {
  async E01() {
    const { begin, helper } = await atDoor(world)
    const { id } = await begin()
    world.later(5 * 3600)
    await closeLongVisits(world.db, world.keys, world.clock.now)
    return { visitId: id, helper: helper.actor }
  },
  async E02() {
    const [one, other] = [await atDoor(world), await atDoor(world)]
    await one.begin()
    const { id } = await other.begin({}, one.helper.actor)
    return { visitId: id, helper: one.helper.actor }
  },
  async E03() {
    const { begin, helper } = await atDoor(world, { homePoint: HOME })
    const { id } = await begin({ place: { ...NEAR, lat: 37.0145 } })
    return { visitId: id, helper: helper.actor }
  },
  E04: () => served(5),
  E05: () => served(5 * 60),
  async E06() {
    const door = await atDoor(world)
    const visits = [await door.served(20, 1), await door.served(20, 1), await door.served(20, 1)]
    return { visitId: visits[2] as string, helper: door.helper.actor }
  },
  async E07() {
    const door = await atDoor(world)
    const visitId = await door.served(20, 1)
    await door.answer(visitId, 'no')
    return { visitId, helper: door.helper.actor }
  },
  async E08() {
    const door = await atDoor(world)
    const visitId = await door.served(20, 1)
    world.later(73 * 3600)
    await holdSilent(world.db, world.clock.now)
    return { visitId, helper: door.helper.actor }
  },
  async E09() {
    const { begin, helper } = await atDoor(world)
    const { id } = await begin({ deviceAt: new Date(world.clock.now.getTime() - 600_000).toISOString() })
    return { visitId: id, helper: helper.actor }
  },
  async E10() {
    const { begin, end, helper } = await atDoor(world)
    const { id } = await begin()
    world.later(1200)
    await end(id, { code: `P1${'0'.repeat(29)}` })
    return { visitId: id, helper: helper.actor }
  },
  async E11() {
    const { begin, elder, helper } = await atDoor(world)
    await world.proxy(elder.id, { personId: helper.personId })
    return { visitId: (await begin()).id, helper: helper.actor }
  },
  E12: () => served(60),
  async E13() {
    const door = await atDoor(world)
    const { id } = await door.begin()
    // what the hospital tells while the visit runs, its end finds
    const exit = { id: randomUUID(), elderId: door.elder.id, kind: 'hospital', validTo: null, reason: '' }
    const day = { validFrom: '2026-11-20', approvedByPersonId: '', recordedAt: world.clock.now }
    await world.db.elderExit.create({ data: { ...exit, ...day } })
    world.later(1200)
    await door.end(id)
    return { visitId: id, helper: door.helper.actor }
  },
  async E14() {
    const { begin, end, plate, helper } = await atDoor(world, { homePoint: HOME })
    const { id } = await begin({ place: NEAR })
    world.later(900)
    // nobody was seen before: that the two ends are 30 km apart, only the whole visit shows
    await end(id, { code: plate.code, place: { ...NEAR, lat: 37.27 } })
    return { visitId: id, helper: helper.actor }
  },
  async E15() {
    const elder = await world.elder({ ownPhone: false })
    const helper = await world.member()
    const second = await world.staff('townStaff', world.places.town)
    const id = randomUUID()
    const line = {
      ...{ elderId: elder.id, memberId: helper.id, serviceId: world.service.id, day: addDays(TODAY, -1) },
      ...{ from: '09:00', to: '10:05', signedBy: 'elder' as const },
    }
    const { db, keys, clock } = world
    await enterPaper(db, keys, desk, { id, reason: '村里没有信号', lines: [line] }, clock.now)
    const image = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#fed' } })
      .jpeg()
      .toBuffer()
    await attachPicture(db, keys, desk, id, { id: randomUUID(), image: image.toString('base64') }, clock.now)
    await decidePaper(db, keys, second, id, { id: randomUUID(), outcome: 'approved', note: '和照片一致' }, clock.now)
    const visit = await db.visit.findFirstOrThrow({ where: { memberId: helper.id } })
    return { visitId: visit.id, helper: helper.actor }
  },
  async E16() {
    const door = await atDoor(world)
    const proxy = await world.proxy(door.elder.id)
    const visitId = await door.served(20, 1)
    await world.db.person.update({ where: { id: door.helper.personId }, data: { mergedInto: proxy.personId } })
    await door.answer(visitId, 'yes', proxy, 'proxy')
    return { visitId, helper: door.helper.actor }
  },
  E17: () => served(30),
}

/** What is odd about a beginning is spoken of when the visit is over. */
async function ended(visitId: string, helper: Actor): Promise<void> {
  const { state } = await world.db.visit.findUniqueOrThrow({ where: { id: visitId } })
  if (state !== 'inProgress') return
  world.later(1200)
  const { db, keys, clock } = world
  const end = { id: randomUUID(), tasksDone: [], deviceAt: clock.now.toISOString() }
  await checkOut(db, keys, helper, visitId, end, clock.now)
}

async function served(minutes: number): Promise<Odd> {
  const door = await atDoor(world)
  return { visitId: await door.served(minutes, 1), helper: door.helper.actor }
}

describe('each exception', () => {
  // E08 lets three days pass: it comes last
  const codes = (Object.keys(WAYS) as ExceptionCode[]).sort((a, b) => Number(a === 'E08') - Number(b === 'E08'))

  test.each(codes)('%s can arise, and both the helper and staff read in a sentence what it is', async (code) => {
    const { visitId, helper } = await WAYS[code]()
    await ended(visitId, helper)
    const at = world.clock.now
    const own = await showVisit(world.db, world.keys, helper, visitId, at)
    const told = own.exceptions.find((one) => one.code === code)
    expect(told, JSON.stringify(own.exceptions)).toMatchObject({
      severity: EXCEPTIONS[code].severity,
      sentence: EXCEPTIONS[code].helper,
    })
    const seen = await showVisit(world.db, world.keys, desk, visitId, at)
    const sentence = seen.exceptions.find((one) => one.code === code)?.sentence ?? ''
    expect(sentence).toMatch(/[一-龥]{2,}/)
    expect(sentence).not.toMatch(/undefined|NaN|null/)
    expect(seen.timeline.map(({ title }) => title)).toContain(sentence)
    // one tap opens the reasons, the second says one
    expect(own.mayExplain.includes(code)).toBe(EXCEPTIONS[code].severity !== 'info')
    expect(explanationsFor(code).length).toBeGreaterThan(0)
  })

  test('is one of the domain’s sixteen, or the scan in the middle that was not made', () => {
    const numbers = Array.from({ length: 17 }, (_, index) => `E${String(index + 1).padStart(2, '0')}`)
    expect(Object.keys(EXCEPTIONS)).toEqual(numbers)
    expect(Object.keys(WAYS).sort()).toEqual(numbers)
  })
})

test('what was uploaded late is judged with what is known by then: how often, and from where', async () => {
  const home = await atDoor(world, { homePoint: HOME })
  const { helper } = home
  world.at('08:00', addDays(TODAY, 10))
  const began = world.clock.now
  world.later(3600)
  // 30 km away, an hour after a visit nobody knows of yet
  const away = await atDoor(world, { homePoint: '37.27,122.08' })
  const { id } = await away.begin({ place: { ...NEAR, lat: 37.27 } }, helper.actor)
  world.later(1800)
  await away.end(id, { place: { ...NEAR, lat: 37.27 } }, helper.actor)
  expect(await away.codesOf(id)).not.toContain('E14')

  const offline = { receivedAt: world.clock.now, clockSeconds: 0 }
  const late = home.checkInBody({ place: NEAR, deviceAt: began.toISOString() })
  await checkIn(world.db, world.keys, helper.actor, late, began, offline)
  const endAt = new Date(began.getTime() + 3300_000)
  const end = home.checkOutBody({ place: NEAR, deviceAt: endAt.toISOString() })
  await checkOut(world.db, world.keys, helper.actor, late.id, end, endAt, offline)
  // five minutes to the next door, 30 km on
  expect(await home.codesOf(late.id)).toContain('E14')
})
