import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openScreen, showScreen } from '../../server/plate/screen'
import { schemesById } from '../../server/scheme/queries'
import { challengesFor, tellChallenges } from '../../server/visit/challenge'
import { scanDuring } from '../../server/visit/scan'
import { showCurrent } from '../../server/visit/show'
import { addSeconds } from '../../shared/core/time'
import type { SchemeDocument } from '../../shared/scheme/document'
import { type ChallengeRules, challengeNow, challengesOf, unansweredBy } from '../../shared/visit/challenge'
import { atDoor, HOME, NEAR } from '../support/door'
import { newOfflinePhone } from '../support/offline-phone'
import { newWorld, SIMPLE } from '../support/world'

const RULES: ChallengeRules = {
  ...{ visitsPercent: 100, mostPerVisit: 1, fromSeconds: 600, toSeconds: 601, answerSeconds: 300 },
}
const ASKING: SchemeDocument = { ...SIMPLE, challenge: RULES }

async function atAskingDoor(rules: Partial<ChallengeRules> = {}) {
  const world = await newWorld({ scheme: { ...ASKING, challenge: { ...RULES, ...rules } } })
  const door = await atDoor(world, { homePoint: HOME })
  const { db, keys, clock } = world
  const current = (visitId: string) => showCurrent(db, keys, door.helper.actor, visitId, clock.now)
  const scan = (visitId: string, more: object = {}) =>
    scanDuring(
      db,
      keys,
      door.helper.actor,
      visitId,
      { id: randomUUID(), code: door.plate.code, deviceAt: clock.now.toISOString(), ...more },
      clock.now,
    )
  return { ...world, ...door, current, scan }
}

describe('a scan asked for in the middle of a visit', () => {
  test('is asked at its moment, not before, told once, and answered by scanning the plate again', async () => {
    const { db, keys, clock, later, begin, end, current, scan, codesOf, visitOf, plate, helper } = await atAskingDoor()
    const { id } = await begin({ place: NEAR })
    expect((await current(id)).scanAgainUntil).toBeNull()
    expect(await tellChallenges(db, keys, clock.now)).toBe(0)
    later(601)
    expect((await current(id)).scanAgainUntil).toBe(addSeconds(clock.now, 299).toISOString())
    expect(await tellChallenges(db, keys, clock.now)).toBe(1)
    expect(await tellChallenges(db, keys, clock.now)).toBe(0)
    expect(await db.notice.findMany({ where: { personId: helper.personId } })).toMatchObject([
      { kind: 'scanAgain', title: '请再扫一次门牌', phoneLink: '/visit/current' },
    ])
    later(120)
    await scan(id, { place: NEAR })
    expect((await current(id)).scanAgainUntil).toBeNull()
    later(1800)
    await end(id, { code: plate.code, place: NEAR })
    expect(await codesOf(id)).toEqual([])
    // it doesn't make a plate more than a plate
    expect((await visitOf(id)).level).toBe(2)
  })

  test('left without an answer is E17, amber, and blocks nothing; who went before the time was over is not blamed', async () => {
    const { later, begin, end, answer, codesOf, visitOf, scan } = await atAskingDoor()
    const { id } = await begin()
    later(1800)
    // too late
    await scan(id)
    await end(id)
    const visit = await visitOf(id)
    expect(visit).toMatchObject({ state: 'finished', counted: true, flag: 'amber' })
    expect(visit.exceptions.map(({ code, severity, detail }) => [code, severity, JSON.parse(detail)])).toContainEqual([
      'E17',
      'amber',
      { times: 1, minutes: 5 },
    ])
    await answer(id, 'yes')
    expect((await visitOf(id)).state).toBe('confirmed')
    const short = await begin()
    later(890)
    await end(short.id)
    expect(await codesOf(short.id)).not.toContain('E17')
  })

  test('typed in is no answer: a number can be typed anywhere', async () => {
    const { later, begin, end, scan, codesOf, plate } = await atAskingDoor()
    const { id } = await begin()
    later(700)
    await scan(id, { code: plate.serial })
    later(700)
    await end(id)
    expect(await codesOf(id)).toContain('E17')
  })

  test('answered, makes L4 of a visit that codes on a screen proved at both ends', async () => {
    const { db, keys, clock, later, begin, end, scan, visitOf, elder } = await atAskingDoor()
    const { id: screenId } = await openScreen(db, elder.actor, { id: randomUUID(), elderId: elder.id }, clock.now)
    const shown = async (phase: 'in' | 'out') =>
      (await showScreen(db, keys, elder.actor, screenId, { phase }, clock.now)).token ?? ''
    const { id } = await begin({ code: await shown('in') })
    later(650)
    await scan(id)
    later(1200)
    await end(id, { code: await shown('out') })
    expect(await visitOf(id)).toMatchObject({ level: 4, exceptions: [{ code: 'E03' }] })
  })

  test('answered without a network counts when it was scanned, whenever it is uploaded', async () => {
    const { later, begin, end, codesOf, visitOf, plate, helper, db, keys, clock } = await atAskingDoor()
    const phone = await newOfflinePhone({ db, keys, clock }, helper.actor)
    const { id } = await begin()
    later(660)
    phone.press('scan', { visitId: id, code: plate.code })
    later(900)
    const { answers } = await phone.send()
    expect(answers).toMatchObject([{ outcome: 'done', subjectId: id }])
    expect((await phone.send()).answers).toMatchObject([{ outcome: 'done' }])
    await end(id)
    expect(await codesOf(id)).not.toContain('E17')
    expect((await visitOf(id)).evidence.map(({ phase }) => phase)).toEqual(['in', 'during', 'out'])
  })

  test('is never asked of who began without a network, and is no reason against who ended without one', async () => {
    const { later, begin, codesOf, helper, db, keys, clock, checkInBody, plate } = await atAskingDoor()
    const phone = await newOfflinePhone({ db, keys, clock }, helper.actor)
    const wish = checkInBody()
    phone.press(
      'checkIn',
      { code: wish.code, elderIds: JSON.stringify(wish.elderIds), serviceId: wish.serviceId },
      wish.id,
    )
    later(2000)
    phone.press('checkOut', { visitId: wish.id, tasksDone: '[]', code: plate.code })
    await phone.send()
    expect(await codesOf(wish.id)).not.toContain('E17')
    const { id } = await begin()
    later(2000)
    phone.press('checkOut', { visitId: id, tasksDone: '[]' })
    later(60)
    await phone.send()
    expect(await codesOf(id)).not.toContain('E17')
  })

  test('is drawn by the server’s key: the same whenever it is asked, another for another key', async () => {
    const { db, keys } = await atAskingDoor({ visitsPercent: 30, mostPerVisit: 2, toSeconds: 7200 })
    const { id: schemeId } = await db.scheme.findFirstOrThrow()
    const scheme = (await schemesById(db, [schemeId])).get(schemeId) ?? null
    const other = { ...keys, index: { ...keys.index, key: Buffer.alloc(32, 7) } }
    const began = new Date('2026-11-22T01:00:00Z')
    const visits = Array.from({ length: 2000 }, () => ({
      ...{ id: randomUUID(), regionPath: '/', day: '2026-11-22', checkInAt: began },
      evidence: [{ phase: 'in', method: 'plate', at: began, recordedAt: began }],
    }))
    const timesBy = (by: typeof keys) => visits.map((visit) => challengesFor(by, scheme, visit).map(({ at }) => at))
    const [one, again, another] = [timesBy(keys), timesBy(keys), timesBy(other)]
    expect(again).toEqual(one)
    expect(another).not.toEqual(one)
    const share = one.flat().length / (visits.length * 2)
    expect(share).toBeGreaterThan(0.27)
    expect(share).toBeLessThan(0.33)
  })
})

test('no two turns of a visit fall together, each within its stretch', () => {
  const rules = { ...RULES, mostPerVisit: 3, fromSeconds: 600, toSeconds: 6000 }
  const checkInAt = new Date('2026-11-22T01:00:00Z')
  for (const drawn of [0, 0.5, 0.999]) {
    const challenges = challengesOf(rules, () => drawn, { checkInAt, scans: [] })
    const offsets = challenges.map(({ at }) => (at.getTime() - checkInAt.getTime()) / 1000)
    expect(offsets).toEqual([0, 1, 2].map((turn) => Math.floor(600 + 1800 * (turn + drawn))))
    expect(challengeNow(challenges, addSeconds(checkInAt, 599))).toBeNull()
    expect(unansweredBy(challenges, addSeconds(checkInAt, 10_000))).toBe(3)
  }
})
