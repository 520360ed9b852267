import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { newCodeId, printedNumber } from '../../server/core/code-tokens'
import { replacePlate } from '../../server/plate/issue'
import { revokePlate } from '../../server/plate/revoke'
import { loadActor } from '../../server/session/authenticate'
import { changeDevice } from '../../server/session/change-device'
import { findMe } from '../../server/session/me'
import { startSession } from '../../server/session/start'
import { checkIn } from '../../server/visit/check-in'
import type { EventAnswer } from '../../shared/queue/view'
import { newOfflinePhone } from '../support/offline-phone'
import { newSitePlate } from '../support/site'
import { newWorld } from '../support/world'

const HOME = { lat: 37.1956, lon: 122.0583 }

/** A helper whose phone has no network, and a door with a place. */
async function newVillage() {
  const world = await newWorld({ config: { demo: true } })
  const helper = await world.member()
  const elder = await world.elder({ homePoint: `${HOME.lat},${HOME.lon}` })
  const plate = await world.plate(elder.id)
  const phone = await newOfflinePhone(world, helper.actor)
  const near = { place: JSON.stringify({ ...HOME, accuracyMetres: 10, datum: 'WGS-84' }) }
  const begin = (more: Record<string, string> = {}) => phone.press('checkIn', { code: plate.code, ...more })
  const end = (visitId: string, more: Record<string, string> = {}) =>
    phone.press('checkOut', { visitId, tasksDone: '[]', ...more })
  const visitOf = (id: string) =>
    world.db.visit.findUniqueOrThrow({ where: { id }, include: { evidence: true, exceptions: true, elders: true } })
  return { ...world, helper, elder, plate, phone, near, begin, end, visitOf }
}
const said = (answers: readonly EventAnswer[]) => answers.map(({ outcome, code }) => code ?? outcome)
const codesOf = (rows: readonly { code: string }[]) => rows.map(({ code }) => code).sort()

describe('a visit without a network', () => {
  test('is begun and ended on the phone and counts as long as it was; both times are kept', async () => {
    const { phone, begin, end, later, visitOf, clock, elder } = await newVillage()
    const began = clock.now
    const first = begin()
    const ended = later(65 * 60)
    end(first.id)
    const received = later(2 * 3600)
    const { answers } = await phone.send()
    expect(answers).toMatchObject([
      { outcome: 'done', title: '王大娘', sentence: '9:00 开始，记下了', subjectId: first.id },
      { outcome: 'done', title: '王大娘', sentence: '10:05 结束，记下了', subjectId: first.id },
    ])
    const visit = await visitOf(first.id)
    expect(visit).toMatchObject({ checkInAt: began, checkOutAt: ended, servedSeconds: 3900, recordedAt: received })
    expect(visit.elders.map(({ elderId }) => elderId)).toEqual([elder.id])
    expect(visit.evidence.map(({ at, recordedAt }) => [at, recordedAt])).toEqual([
      [began, received],
      [ended, received],
    ])
    expect(visit.level).toBe(1)
  })

  test('is proved by plate, bound phone and place as L2 and never better; a bare plate stays L1', async () => {
    const { phone, begin, end, later, near, plate, visitOf } = await newVillage()
    const proved = begin(near)
    later(1800)
    end(proved.id, { ...near, code: plate.code })
    later(600)
    const bare = begin()
    later(1800)
    end(bare.id, near)
    expect(said((await phone.send()).answers)).toEqual(['done', 'done', 'done', 'done'])
    expect([(await visitOf(proved.id)).level, (await visitOf(bare.id)).level]).toEqual([2, 1])
    expect(codesOf((await visitOf(proved.id)).exceptions)).toEqual([])
  })

  test('leaves nowhere in clear where the phone was, and is known again all the same', async () => {
    const { phone, begin, near, db } = await newVillage()
    const first = begin(near)
    const { answers } = await phone.send()
    const kept = await db.queueEvent.findUniqueOrThrow({ where: { id: first.id } })
    expect(kept.body).not.toContain(String(HOME.lat))
    expect((await phone.send()).answers).toEqual(answers)
    const elsewhere = { ...first.body, place: near.place.replace('37.1956', '37.2') }
    expect(said((await phone.send([{ ...first, body: elsewhere }])).answers)).toEqual(['QUEUE_REPLAY'])
  })

  test('at a site’s plate is begun for the site, though the phone couldn’t see what it is', async () => {
    const village = await newVillage()
    const { phone, begin, end, later, visitOf } = village
    const site = await newSitePlate(village, '北庄互助点')
    const first = begin({ code: site.code })
    later(3600)
    end(first.id)
    const { answers } = await phone.send()
    expect(answers.map(({ title, outcome }) => [title, outcome])).toEqual(Array(2).fill(['北庄互助点', 'done']))
    expect(await visitOf(first.id)).toMatchObject({ siteId: site.id, elders: [], level: 1, state: 'finished' })
  })

  test('uploaded a day late, or from a phone with a wrong clock, is flagged E09 and refused nothing', async () => {
    const { phone, begin, end, later, near, visitOf } = await newVillage()
    const late = begin(near)
    later(1800)
    end(late.id, near)
    later(25 * 3600)
    await phone.send()
    const { exceptions } = await visitOf(late.id)
    expect(exceptions.map(({ code, detail }) => [code, JSON.parse(detail).kind])).toEqual([['E09', 'late']])
    const before = phone.events.length
    phone.aheadMs = 20 * 60_000
    const wrong = begin(near)
    later(1800)
    end(wrong.id, near)
    await phone.send(phone.events.slice(before))
    const visit = await visitOf(wrong.id)
    expect(visit.exceptions.map(({ code, detail }) => [code, JSON.parse(detail).kind])).toEqual([['E09', 'clock']])
    // the clock was wrong all the time: how long it took is right
    expect(visit.servedSeconds).toBe(1800)
  })

  test('at a plate that was exchanged later counts as ever; at one that was out of use already it is red, not lost', async () => {
    const world = await newVillage()
    const { phone, begin, end, later, near, visitOf, db, keys, plate, staff, clock } = world
    const clerk = await staff('villageStaff')
    const good = begin(near)
    later(1800)
    end(good.id, near)
    later(60)
    const next = await replacePlate(db, keys, clerk, plate.id, { batchId: randomUUID() }, clock.now)
    expect(next.id).not.toBe(plate.id)
    later(60)
    const old = begin(near)
    later(1800)
    end(old.id, near)
    await phone.send()
    expect(codesOf((await visitOf(good.id)).exceptions)).toEqual([])
    expect(await visitOf(old.id)).toMatchObject({ flag: 'red', level: 1 })
    expect(codesOf((await visitOf(old.id)).exceptions)).toEqual(['E10'])
  })

  test('begun online when the answer was lost is the same visit; a visit begun later doesn’t swallow it', async () => {
    const world = await newVillage()
    const { phone, end, later, near, db, keys, helper, elder, plate, service, clock, visitOf } = world
    const id = randomUUID()
    const body = { code: plate.code, elderIds: [elder.id], serviceId: service.id }
    await checkIn(db, keys, helper.actor, { ...body, id, deviceAt: clock.now.toISOString() }, clock.now)
    phone.press('checkIn', { ...body, elderIds: JSON.stringify(body.elderIds), ...near }, id)
    later(1800)
    end(id)
    expect(said((await phone.send()).answers)).toEqual(['done', 'done'])
    later(600)
    const old = phone.press('checkIn', { code: plate.code })
    later(1800)
    end(old.id)
    later(1800)
    // the network is back for another phone of the helper's: in service again at the same door before the queue went up
    const again = randomUUID()
    await checkIn(db, keys, helper.actor, { ...body, id: again, deviceAt: clock.now.toISOString() }, clock.now)
    later(60)
    expect(said((await phone.send()).answers)).toEqual(['done', 'done', 'done', 'done'])
    expect(await db.visit.count()).toBe(3)
    expect(await visitOf(old.id)).toMatchObject({ state: 'finished', servedSeconds: 1800 })
    expect(codesOf((await visitOf(old.id)).exceptions)).not.toContain('E02')
    expect(await visitOf(again)).toMatchObject({ state: 'inProgress' })
  })

  test('that can’t be is kept with its reason: not our plate, a plate of a counter, an end without a beginning', async () => {
    const { phone, begin, end, db, places, keys, clock, helper } = await newVillage()
    const id = newCodeId()
    await db.plate.create({
      data: {
        ...{ id, kind: 'point', keyId: keys.code[0].id, serial: printedNumber(id), batchId: randomUUID() },
        ...{ regionId: places.village.id, regionPath: places.village.path },
        ...{ issuedAt: clock.now, issuedByPersonId: helper.personId },
      },
    })
    const wrong = begin({ code: 'https://example.com/d/whatever' })
    end(wrong.id)
    begin({ code: printedNumber(id) })
    begin({ code: '' })
    expect(said((await phone.send()).answers)).toEqual(['PLATE_UNKNOWN', 'NOT_FOUND', 'PLATE_KIND', 'REQUIRED'])
    expect(await db.queueEvent.count({ where: { outcome: 'conflict' } })).toBe(4)
  })
})

test('an elder’s answer given without a network counts from when it was given', async () => {
  const { phone, begin, end, later, elder, visitOf, db, clock, ...world } = await newVillage()
  const visit = begin()
  later(1800)
  end(visit.id)
  await phone.send()
  const own = await newOfflinePhone({ ...world, db, clock }, elder.actor)
  const given = later(3600)
  own.press('confirm', { visitId: visit.id, elderId: elder.id, answer: 'yes', how: 'app' })
  own.press('confirm', { visitId: visit.id, elderId: elder.id, answer: 'yes', how: 'app' })
  later(30 * 3600)
  expect(said((await own.send()).answers)).toEqual(['done', 'CONFIRM_ALREADY'])
  expect(await visitOf(visit.id)).toMatchObject({ state: 'confirmed' })
  expect(await db.confirmation.findMany()).toMatchObject([{ answer: 'yes', at: given }])
})

test('staff check a door without a network: what they saw is kept, sealed where it is words, and nobody earns by it', async () => {
  const { plate, near, staff, later, db, clock, elder, places, ...world } = await newVillage()
  const clerk = await staff('villageStaff')
  const phone = await newOfflinePhone({ ...world, db, clock }, clerk)
  phone.press('fieldCheck', { code: plate.code, result: 'well', ...near })
  phone.press('fieldCheck', { code: plate.serial, result: 'trouble', note: '暖气坏了' })
  later(7200)
  expect(said((await phone.send()).answers)).toEqual(['done', 'done'])
  const [well, trouble] = await db.fieldCheck.findMany({ orderBy: { result: 'desc' } })
  expect(well).toMatchObject({ elderId: elder.id, level: 2, distanceMetres: 0, noteSealed: null })
  expect(trouble).toMatchObject({ result: 'trouble', level: 1 })
  expect(trouble?.noteSealed).not.toContain('暖气')
  expect(await db.visit.count()).toBe(0)
  await expect(db.fieldCheck.deleteMany()).rejects.toThrow()
  const stranger = await staff('villageStaff', places.otherVillage)
  const other = await newOfflinePhone({ ...world, db, clock }, stranger)
  other.press('fieldCheck', { code: plate.code, result: 'well' })
  expect(said((await other.send()).answers)).toEqual(['NOT_FOUND'])
})

describe('the phone a helper is bound to', () => {
  /** The same person on another phone, proved again or not. */
  async function onAnotherPhone({ db, keys, clock }: Awaited<ReturnType<typeof newVillage>>, personId: string) {
    const { accessToken: _, ...tokens } = await startSession(db, keys, personId, { deviceId: randomUUID() }, clock.now)
    const session = await db.session.findFirstOrThrow({ where: { personId: tokens.personId }, orderBy: { id: 'desc' } })
    return loadActor(db, session.id, personId, clock.now)
  }

  test('is changed for another one; what the old one did before is still taken, what it does after is not', async () => {
    const village = await newVillage()
    const { phone, begin, end, later, near, parts, helper, clock, visitOf, db } = village
    const before = begin(near)
    later(1800)
    end(before.id, near)
    later(60)
    const actor = await onAnotherPhone(village, helper.personId)
    expect((await findMe(parts, actor, clock.now)).device).toBe('other')
    await changeDevice(parts, actor, {}, clock.now)
    await changeDevice(parts, actor, {}, clock.now)
    expect((await findMe(parts, actor, clock.now)).device).toBe('bound')
    expect((await findMe(parts, helper.actor, clock.now)).device).toBe('other')
    later(60)
    begin(near)
    later(60)
    expect(said((await phone.send()).answers)).toEqual(['done', 'done', 'DEVICE_CHANGED'])
    expect((await visitOf(before.id)).level).toBe(1)
    expect((await visitOf(before.id)).evidence.map(({ boundDevice }) => boundDevice)).toEqual([true, true])
    expect(await db.device.count({ where: { personId: helper.personId, unboundAt: null } })).toBe(1)
  })

  test('isn’t changed again within the hours a place sets, nor without proof of the number', async () => {
    const village = await newVillage()
    const { parts, helper, clock, later } = village
    await changeDevice(parts, await onAnotherPhone(village, helper.personId), {}, clock.now)
    const third = await onAnotherPhone(village, helper.personId)
    await expect(changeDevice(parts, third, {}, clock.now)).rejects.toMatchObject({ code: 'DEVICE_COOLDOWN' })
    later(72 * 3600)
    await changeDevice(parts, third, {}, clock.now)
    const live = { ...parts, config: { ...parts.config, demo: false } }
    const fourth = await onAnotherPhone(village, helper.personId)
    later(73 * 3600)
    await expect(changeDevice(live, fourth, {}, clock.now)).rejects.toMatchObject({ code: 'REQUIRED' })
    await expect(changeDevice(live, { ...fourth, deviceId: null }, {}, clock.now)).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
    })
  })

  test('keeps the first key it came with: another key under its number is another phone', async () => {
    const { db, keys, clock, helper } = await newVillage()
    const deviceId = randomUUID()
    const login = (deviceKey: string) => startSession(db, keys, helper.personId, { deviceId, deviceKey }, clock.now)
    await login('a'.repeat(64))
    await login('a'.repeat(64))
    await expect(login('b'.repeat(64))).rejects.toMatchObject({ code: 'DEVICE_KEY' })
    await expect(db.deviceKey.updateMany({ data: { publicKey: 'x' } })).rejects.toThrow()
  })
})

test('a plate that was revoked, used online, is refused at the door as before', async () => {
  const { db, keys, helper, plate, elder, service, clock, staff } = await newVillage()
  await revokePlate(db, await staff('villageStaff'), plate.id, { reason: '丢了' }, clock.now)
  const input = { id: randomUUID(), code: plate.code, elderIds: [elder.id], serviceId: service.id }
  await expect(
    checkIn(db, keys, helper.actor, { ...input, deviceAt: clock.now.toISOString() }, clock.now),
  ).rejects.toMatchObject({ code: 'PLATE_REVOKED' })
})
