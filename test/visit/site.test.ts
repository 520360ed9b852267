import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { manualShare } from '../../server/anomaly/share'
import type { Actor } from '../../server/core/actor'
import { findVolunteerRecord } from '../../server/member/volunteer-record'
import { revokePlate } from '../../server/plate/revoke'
import { readScan } from '../../server/plate/scan'
import { openScreen, showScreen } from '../../server/plate/screen'
import { auditAll } from '../../server/proof/audit'
import { signCheckpoints } from '../../server/proof/keep'
import { setSitePoint } from '../../server/registry/point'
import { checkIn } from '../../server/visit/check-in'
import { checkOut } from '../../server/visit/check-out'
import { deskConfirmations } from '../../server/visit/confirmations'
import { drawCalls } from '../../server/visit/draw-calls'
import { holdSilent } from '../../server/visit/hold-silent'
import { showVisit } from '../../server/visit/show'
import { confirmAtSite, siteVisits } from '../../server/visit/site'
import type { ScanView } from '../../shared/plate/view'
import { FAR, NEAR } from '../support/door'
import { refusal } from '../support/refusal'
import { newSitePlate, type Site } from '../support/site'
import { newWorld, serveWorld, type World } from '../support/world'

let world: World
let clerk: Actor
let site: Site
beforeEach(async () => {
  world = await newWorld()
  clerk = await world.staff('villageStaff')
  site = await newSitePlate(world, '北庄互助点')
})

function begin(actor: Actor, more: object = {}): Promise<{ id: string }> {
  const { db, keys, clock, service } = world
  const wish = { id: randomUUID(), code: site.code, elderIds: [], serviceId: service.id }
  return checkIn(db, keys, actor, { ...wish, deviceAt: clock.now.toISOString(), ...more }, clock.now)
}

function end(actor: Actor, visitId: string, more: object = {}): Promise<{ id: string }> {
  const { db, keys, clock } = world
  const press = { id: randomUUID(), tasksDone: [], deviceAt: clock.now.toISOString(), ...more }
  return checkOut(db, keys, actor, visitId, press, clock.now)
}

async function served(actor: Actor, minutes = 60, more: object = {}): Promise<string> {
  const { id } = await begin(actor, more)
  world.later(minutes * 60)
  await end(actor, id, more)
  return id
}

const say = (visitIds: string[], answer: 'yes' | 'no' = 'yes', by: Actor = clerk, id: string = randomUUID()) =>
  confirmAtSite(world.db, by, { id, visitIds, answer }, world.clock.now)
const visitOf = (id: string) =>
  world.db.visit.findUniqueOrThrow({ where: { id }, include: { elders: true, exceptions: true, evidence: true } })
const codesOf = async (id: string) => (await visitOf(id)).exceptions.map(({ code }) => code).sort()

describe('a visit to a place where nobody is named', () => {
  test('begins at its plate, is worth what its staff confirm, and touches no elder’s coverage', async () => {
    const helper = await world.member()
    const scanned = await readScan(world.db, world.keys, helper.actor, site.code, world.clock.now)
    expect(scanned).toMatchObject({ kind: 'door', elders: [], whyNot: null, site: { name: '北庄互助点' } })
    const id = await served(helper.actor)
    expect(await visitOf(id)).toMatchObject({
      ...{ siteId: site.id, elders: [], state: 'finished', level: 1, counted: true, servedSeconds: 3600 },
      ...{ regionPath: world.places.village.path, exceptions: [] },
    })
    const before = await showVisit(world.db, world.keys, helper.actor, id, world.clock.now)
    expect(before).toMatchObject({ siteName: '北庄互助点', elders: [] })
    expect(before.pointsSentence).toContain('等现场工作人员确认')
    expect(before.why).toContain('60 分钟')
    expect(await say([id])).toEqual({ confirmed: 1, refused: [] })
    expect((await visitOf(id)).state).toBe('confirmed')
    const after = await showVisit(world.db, world.keys, helper.actor, id, world.clock.now)
    expect(after.timeline.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['扫站点的牌子开始', '现场确认：是，来过了']),
    )
    expect(await world.db.visitElder.count()).toBe(0)
  })

  test('at a code that changes both ends are L3, and the confirmation of the staff posts by the same rule as an elder’s', async () => {
    const { db, keys, clock } = world
    const helper = await world.member()
    const activity = { title: '重阳节包饺子', others: [], siteId: site.id }
    const { id: screenId } = await openScreen(db, clerk, { id: randomUUID(), activity }, clock.now)
    const codeOf = async (phase: 'in' | 'out') =>
      `https://mulin.example/r/${(await showScreen(db, keys, clerk, screenId, { phase }, clock.now)).token}`
    const code = await codeOf('in')
    expect(await readScan(db, keys, helper.actor, code, clock.now)).toMatchObject({
      ...{ kind: 'door', activity: '重阳节包饺子', elders: [], site: { id: site.id } },
    })
    const { id } = await begin(helper.actor, { code })
    expect(await showScreen(db, keys, clerk, screenId, { phase: 'in' }, clock.now)).toMatchObject({
      ...{ name: '重阳节包饺子', serving: 1, scanned: 1 },
    })
    world.later(7200)
    await end(helper.actor, id, { code: await codeOf('out') })
    expect(await visitOf(id)).toMatchObject({ level: 3, state: 'finished', awardedMilliPoints: null })
    await say([id])
    expect(await visitOf(id)).toMatchObject({ state: 'confirmed', awardedMilliPoints: 24_000n })
    const record = await findVolunteerRecord(db, keys, helper.actor, helper.id, '2026', clock.now)
    expect(record.services).toMatchObject([
      { activity: '重阳节包饺子', place: expect.stringContaining('北庄互助点'), seconds: 7200 },
    ])
    await signCheckpoints(world.parts, clock.now)
    expect((await auditAll(db, world.config.log)).problem).toBeNull()
  })

  test('with the place of the site noted, plate, phone and place near it are L2; far away is E03', async () => {
    const { db, clock } = world
    const there = { lat: 37, lon: 122.08, accuracyMetres: 8, datum: 'WGS-84' as const }
    const other = await world.staff('villageStaff', world.places.village2)
    expect(await refusal(setSitePoint(db, other, site.id, { place: there }, clock.now))).toBe('NOT_FOUND')
    await setSitePoint(db, clerk, site.id, { place: there }, clock.now)
    const near = await served((await world.member()).actor, 60, { code: site.code, place: NEAR })
    const far = await served((await world.member()).actor, 60, { code: site.code, place: FAR })
    expect([(await visitOf(near)).level, await codesOf(near)]).toEqual([2, []])
    expect([(await visitOf(far)).level, await codesOf(far)]).toEqual([1, ['E03']])
  })

  test('the oddities of every visit hold here too: overlap, too short, no check-out, a revoked plate', async () => {
    const helper = await world.member()
    const elder = await world.elder()
    const plate = await world.plate(elder.id)
    const { id: first } = await begin(helper.actor)
    expect(await begin(helper.actor)).toEqual({ id: first })
    world.later(600)
    const { id: second } = await begin(helper.actor, { code: plate.code, elderIds: [elder.id] })
    world.later(3600)
    await end(helper.actor, first)
    await end(helper.actor, second)
    expect([await codesOf(first), await codesOf(second)]).toEqual([[], ['E02']])
    expect([(await visitOf(first)).counted, (await visitOf(second)).counted]).toEqual([true, false])

    const short = await served((await world.member()).actor, 5)
    expect([await codesOf(short), (await visitOf(short)).counted]).toEqual([['E04'], false])

    const late = await world.member()
    const { id: running } = await begin(late.actor)
    await revokePlate(world.db, clerk, site.plateId, { reason: '丢了' }, world.clock.now)
    expect(await refusal(begin((await world.member()).actor))).toBe('PLATE_REVOKED')
    world.later(3600)
    await end(late.actor, running, { code: site.code })
    expect(await codesOf(running)).toEqual(['E10'])
  })

  test('nobody is asked who wasn’t there: no call-back, no question to an elder; silence of the site is E08', async () => {
    const { db, keys, clock } = world
    const id = await served((await world.member()).actor)
    expect(await drawCalls(db, keys, clock.now)).toBe(0)
    world.later(73 * 3600)
    expect((await deskConfirmations(db, keys, clerk, undefined, clock.now)).waiting).toEqual([])
    expect(await holdSilent(db, clock.now)).toBe(1)
    const shown = await showVisit(db, keys, clerk, id, clock.now)
    expect(shown.exceptions.map(({ code, sentence }) => [code, sentence])).toEqual([['E08', '现场一直没有人确认']])
    await say([id])
    expect((await visitOf(id)).flag).toBe('clean')
  })

  test('whoever served doesn’t confirm it, nor staff of another village; a no is E07 and pays nothing', async () => {
    const helper = await world.member()
    const own = await served(helper.actor)
    const both = await world.staff('villageStaff', world.places.village, { personId: helper.actor.personId })
    expect(await say([own], 'yes', both)).toMatchObject({ confirmed: 0, refused: [{ code: 'CONFIRM_OWN' }] })
    const other = await world.staff('villageStaff', world.places.village2)
    expect(await say([own], 'yes', other)).toMatchObject({ confirmed: 0, refused: [{ code: 'NOT_FOUND' }] })
    expect((await siteVisits(world.db, world.keys, other, undefined, world.clock.now)).waiting).toEqual([])
    const waiting = await siteVisits(world.db, world.keys, clerk, undefined, world.clock.now)
    expect(waiting.waiting.map((one) => one.id)).toEqual([own])
    await say([own], 'no')
    expect(await visitOf(own)).toMatchObject({ state: 'disputed', counted: false, flag: 'red' })
    const shown = await showVisit(world.db, world.keys, helper.actor, own, world.clock.now)
    expect(shown.pointsSentence).toBe('现场工作人员说没来过，等社区核实')
  })

  test('asked again nothing is said twice, and many are confirmed at once, each with its own answer', async () => {
    const helpers = await Promise.all(Array.from({ length: 3 }, () => world.member()))
    const ids = [await served(helpers[0]?.actor as Actor), await served(helpers[1]?.actor as Actor)]
    const { id: running } = await begin(helpers[2]?.actor as Actor)
    const key = randomUUID()
    const asked = [...ids, running]
    const first = await say(asked, 'yes', clerk, key)
    expect(first).toMatchObject({ confirmed: 2, refused: [{ visitId: running, code: 'CONFIRM_NOT_FINISHED' }] })
    expect((await say(ids, 'yes', clerk, key)).confirmed).toBe(2)
    expect(await world.db.confirmation.count()).toBe(2)
  })

  test('counts for the manual share of its site', async () => {
    await served((await world.member()).actor)
    const admin = await world.staff('townAuditor', world.places.town)
    const share = await manualShare(world.db, world.keys, admin, { month: '2026-11' })
    expect(share.sites).toMatchObject([{ name: '北庄互助点', visits: 1, manual: 0, percent: '0.0' }])
  })

  test('a name is refused at its plate, and no name at a door', async () => {
    const helper = await world.member()
    const elder = await world.elder()
    const plate = await world.plate(elder.id)
    expect(await refusal(begin(helper.actor, { elderIds: [elder.id] }))).toBe('PLATE_KIND')
    expect(await refusal(begin(helper.actor, { code: plate.code, elderIds: [] }))).toBe('ELDERS_NOT_TOGETHER')
  })
})

test('a hundred helpers come to an activity within a minute, go, and are confirmed with one press', async () => {
  const { ask } = await serveWorld(world)
  const helpers = await Promise.all(Array.from({ length: 100 }, () => world.member()))
  const activity = { title: '重阳节', others: [], siteId: site.id }
  const opened = await ask<{ id: string }>(clerk, 'POST', '/screens', { id: randomUUID(), activity })
  const show = async (phase: 'in' | 'out') =>
    (await ask<{ token: string }>(clerk, 'GET', `/screens/${opened.body.id}?phase=${phase}`)).body.token
  const ids = helpers.map(() => randomUUID())
  const deviceAt = () => world.clock.now.toISOString()
  const arrived = await groupsOf(10, async (index) => {
    const code = `https://mulin.example/r/${await show('in')}`
    await ask<ScanView>(helpers[index] as never, 'POST', '/scans', { code })
    const wish = { id: ids[index], code, elderIds: [], serviceId: world.service.id, deviceAt: deviceAt() }
    return (await ask(helpers[index] as never, 'POST', '/visits', wish)).status
  })
  expect(arrived).toEqual(Array(100).fill(201))
  world.later(3600)
  const left = await groupsOf(10, async (index) => {
    const press = {
      id: randomUUID(),
      tasksDone: [],
      deviceAt: deviceAt(),
      code: `https://mulin.example/r/${await show('out')}`,
    }
    return (await ask(helpers[index] as never, 'POST', `/visits/${ids[index]}/check-out`, press)).status
  })
  expect(left).toEqual(Array(100).fill(200))
  const said = await ask(clerk, 'POST', '/confirmations/sites', { id: randomUUID(), visitIds: ids, answer: 'yes' })
  expect(said.body).toEqual({ confirmed: 100, refused: [] })
  expect(await world.db.visit.count({ where: { siteId: site.id, level: 3, awardedMilliPoints: 12_000n } })).toBe(100)
}, 120_000)

/** Ten at a time, six seconds after the ten before. */
async function groupsOf<T>(size: number, come: (index: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = []
  for (let from = 0; from < 100; from += size) {
    answers.push(...(await Promise.all(Array.from({ length: size }, (_, turn) => come(from + turn)))))
    world.later(6)
  }
  return answers
}
