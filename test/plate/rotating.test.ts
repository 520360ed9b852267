import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { mintRotatingToken, rotatingSessionOf } from '../../server/core/code-tokens'
import { findPublicPlate } from '../../server/plate/public'
import { findRotating, rotatingKey } from '../../server/plate/rotating'
import { readScan } from '../../server/plate/scan'
import { closeScreen, openScreen, showScreen } from '../../server/plate/screen'
import { checkIn } from '../../server/visit/check-in'
import { checkOut } from '../../server/visit/check-out'
import { scanDuring } from '../../server/visit/scan'
import { addSeconds } from '../../shared/core/time'
import type { ScreenView } from '../../shared/plate/view'
import { times } from '../support/long'
import { newWorld, serveWorld, type World } from '../support/world'

type Helper = Awaited<ReturnType<World['member']>>

/** An elder's phone that shows changing codes, and helpers who come. */
async function newScreen() {
  const world = await newWorld()
  const { db, keys, clock, service } = world
  const elder = await world.elder()
  const { id } = await openScreen(db, elder.actor, { id: randomUUID(), elderId: elder.id }, clock.now)
  const shown = async (phase: 'in' | 'out' = 'in') =>
    (await showScreen(db, keys, elder.actor, id, { phase }, clock.now)).token ?? ''
  const body = (code: string) => ({
    code,
    elderIds: [elder.id],
    serviceId: service.id,
    deviceAt: clock.now.toISOString(),
  })
  const begin = async ({ actor }: Helper, code: string, visitId: string = randomUUID()) =>
    checkIn(db, keys, actor, { ...body(code), id: visitId }, clock.now).then(
      ({ id: began }) => began,
      (error) => (error.code ?? String(error)) as string,
    )
  const end = ({ actor }: Helper, visitId: string, code?: string) =>
    checkOut(
      db,
      keys,
      actor,
      visitId,
      { id: randomUUID(), tasksDone: [], deviceAt: clock.now.toISOString(), ...(code === undefined ? {} : { code }) },
      clock.now,
    )
  const scan = ({ actor }: Helper, code: string) => readScan(db, keys, actor, code, clock.now)
  const levelOf = async (visitId: string) => (await db.visit.findUniqueOrThrow({ where: { id: visitId } })).level
  return { ...world, newElder: world.elder, elder, screenId: id, shown, begin, end, scan, levelOf }
}

describe('a code that changes every fifteen seconds', () => {
  test('counts in its own step and the one after, and in no other', async () => {
    const { keys, screenId, clock, begin, member } = await newScreen()
    const helpers = await Promise.all(Array.from({ length: 5 }, () => member()))
    const answers: string[] = []
    for (const [index, step] of [-2, -1, 0, 1, 2].entries()) {
      const moment = { phase: 'in', at: addSeconds(clock.now, step * 15), stepSeconds: 15 } as const
      answers.push(await begin(helpers[index] as Helper, mintRotatingToken(keys.code, screenId, moment)))
    }
    expect(answers.map((one) => (one.includes('-') ? 'begun' : one))).toEqual([
      'CODE_STALE',
      'begun',
      'begun',
      'CODE_STALE',
      'CODE_STALE',
    ])
  })

  test('at both ends proves a visit as L3; at one end only it is worth what the other is', async () => {
    const { begin, end, shown, later, member, levelOf, db, plate, elder } = await newScreen()
    const [both, one] = [await member(), await member()]
    const first = await begin(both, await shown())
    const second = await begin(one, await shown())
    later(1800)
    await end(both, first, await shown('out'))
    await end(one, second)
    expect([await levelOf(first), await levelOf(second)]).toEqual([3, 1])
    const evidence = await db.visitEvidence.findMany({ where: { visitId: first } })
    expect(evidence.map(({ method, level }) => [method, level])).toEqual([
      ['rotating', 3],
      ['rotating', 3],
    ])
    // and a plate at the end takes it down
    const third = await begin(await member(), (await plate(elder.id)).code)
    expect(third).toContain('-')
  })

  test('is used once by a helper for a beginning, and again only for an end; another helper uses the same one', async () => {
    const { begin, end, shown, later, member, levelOf } = await newScreen()
    const [zhang, li] = [await member(), await member()]
    const code = await shown()
    const first = await begin(zhang, code)
    expect(await begin(li, code)).toContain('-')
    later(1800)
    const out = await shown('out')
    await end(zhang, first, out)
    expect(await begin(zhang, await shown())).toBe('CODE_USED')
    expect(await levelOf(first)).toBe(3)
    // the code of an end begins nothing, and is told from an old one
    expect(await begin(await member(), out)).toBe('CODE_PHASE')
  })

  test('of one visit ends no other: the door must be the same', async () => {
    const world = await newScreen()
    const { begin, end, later, member, levelOf, db, keys, clock, service } = world
    const helper = await member()
    const other = await world.newElder({ name: '李桂兰' })
    const plate = await world.plate(other.id)
    const deviceAt = clock.now.toISOString()
    const input = { id: randomUUID(), code: plate.code, elderIds: [other.id], serviceId: service.id, deviceAt }
    await checkIn(db, keys, helper.actor, input, clock.now)
    later(1800)
    const code = await world.shown('out')
    await expect(
      scanDuring(db, keys, helper.actor, input.id, { id: randomUUID(), code, deviceAt }, clock.now),
    ).rejects.toMatchObject({ code: 'PLATE_KIND' })
    await end(helper, input.id, code)
    expect(await levelOf(input.id)).toBe(1)
    expect(await begin(await member(), await world.shown())).toContain('-')
  })

  test('is nothing to a helper of another county, nor once the screen was closed or its day is over', async () => {
    const { begin, shown, places, member, db, elder, screenId, clock, later, scan } = await newScreen()
    const code = await shown()
    const stranger = await member({ place: places.otherVillage })
    expect(await begin(stranger, code)).toBe('PLATE_FOREIGN')
    expect(await scan(stranger, code)).toMatchObject({ kind: 'foreign' })
    await closeScreen(db, elder.actor, screenId, clock.now)
    expect(await begin(await member(), code)).toBe('CODE_CLOSED')
    expect(await shown()).toBe('')
    const again = await openScreen(db, elder.actor, { id: randomUUID(), elderId: elder.id }, clock.now)
    later(13 * 3600)
    await expect(closeScreen(db, (await member()).actor, again.id, clock.now)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('scanned, is held for that helper for some minutes: whoever reads the page first begins all the same', async () => {
    const { begin, shown, scan, later, member, db } = await newScreen()
    const [quick, slow, late] = [await member(), await member(), await member()]
    const code = await shown()
    expect(await scan(quick, code)).toMatchObject({ kind: 'door', serial: '' })
    await scan(quick, code)
    await scan(late, code)
    expect(await db.rotatingUse.count()).toBe(2)
    later(120)
    expect(await begin(quick, code)).toContain('-')
    // who hasn't scanned it in time can't use a picture of it
    expect(await begin(slow, code)).toBe('CODE_STALE')
    expect(await scan(slow, code)).toMatchObject({ kind: 'stale', sentence: '这个码过时了，请扫屏幕上新的' })
    later(300)
    expect(await begin(late, code)).toBe('CODE_STALE')
    expect(await begin(late, await shown())).toContain('-')
  })

  test('guessed, is never right', async () => {
    const { db, keys, screenId, clock, shown } = await newScreen()
    const real = await shown()
    const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    const guess = () => [...randomBytes(17)].map((byte) => letters[byte % 62]).join('')
    const asks = Array.from({ length: times(10_000, 1_000_000) }, () => ({
      code: real.slice(0, 14) + guess(),
      ...{ memberId: 'anybody', countyId: 'anywhere', phase: 'in', at: clock.now },
    }))
    expect(rotatingSessionOf(keys.code, real)).toBe(screenId)
    let accepted = 0
    for (let from = 0; from < asks.length; from += 5000) {
      const some = asks.slice(from, from + 5000) as Parameters<typeof findRotating>[2][number][]
      const known = some.map((ask) => ({ ...ask, countyId: 'anywhere' }))
      const found = await findRotating(db, keys, known)
      accepted += known.filter((ask) => {
        const one = found.get(rotatingKey(ask))
        return one != null && (one.whyNot === null || one.whyNot === 'CODE_PHASE')
      }).length
    }
    expect(accepted).toBe(0)
  }, 600_000)

  test('read by any camera says who runs it, and nothing about the elder', async () => {
    const { db, keys, clock, shown, later } = await newScreen()
    const code = await shown()
    const told = await findPublicPlate(db, keys, code, clock.now)
    expect(told).toMatchObject({ state: 'inForce', hotline: '12349' })
    expect(JSON.stringify(told)).not.toContain('王')
    later(3600)
    expect(await findPublicPlate(db, keys, code, clock.now)).toMatchObject({ state: 'unknown' })
  })

  test('is shown by the elder, who may confirm for the elder, and staff of the place; by nobody else', async () => {
    const { db, elder, clock, proxy, staff, member, places } = await newScreen()
    const open = async (actor: Helper['actor']) =>
      openScreen(db, actor, { id: randomUUID(), elderId: elder.id }, clock.now).then(
        async ({ id }) => (await db.rotatingSession.findUniqueOrThrow({ where: { id } })).kind,
        (error) => (error.code ?? String(error)) as string,
      )
    expect(await open(await proxy(elder.id))).toBe('elder')
    expect(await open(await proxy(elder.id, { scopes: 'ask' }))).toBe('NOT_FOUND')
    expect(await open(await staff('villageStaff'))).toBe('staff')
    expect(await open(await staff('villageStaff', places.village2))).toBe('NOT_FOUND')
    expect(await open((await member()).actor)).toBe('NOT_FOUND')
  })
})

describe('a tablet where many meet', () => {
  test('a hundred helpers come within a minute and go within another: none lost, each once, all of it L3', async () => {
    const world = await newWorld()
    const { ask } = await serveWorld(world)
    const clerk = await world.staff('villageStaff')
    // at home they live far from each other and from here
    const homes = await Promise.all(
      Array.from({ length: 5 }, () =>
        world.elder({ homePoint: '37.00000,122.08000' } as Parameters<World['elder']>[0]),
      ),
    )
    const helpers = await Promise.all(Array.from({ length: 100 }, () => world.member()))
    const [first, ...others] = homes.map(({ id }) => id) as [string, ...string[]]
    const activity = { title: '北庄幸福餐桌 重阳节', others }
    const opened = await ask<ScreenView>(clerk, 'POST', '/screens', { id: randomUUID(), elderId: first, activity })
    expect([opened.status, opened.body.name]).toEqual([201, activity.title])
    const show = async (phase: 'in' | 'out') =>
      (await ask<ScreenView>(clerk, 'GET', `/screens/${opened.body.id}?phase=${phase}`)).body
    const deviceAt = () => world.clock.now.toISOString()
    const visitIds = helpers.map(() => randomUUID())

    const come = async (index: number, code: string, visitId = visitIds[index]) => {
      const elderIds = [homes[index % 5]?.id]
      const wish = { id: visitId, code, elderIds, serviceId: world.service.id, deviceAt: deviceAt() }
      return ask<{ code?: string }>(helpers[index] as Helper, 'POST', '/visits', wish)
    }
    const statuses = await inAMinute(async (index, token) => {
      const code = `https://mulin.example/r/${token}`
      const { body } = await ask<{ activity: string; elders: object[] }>(helpers[index] as Helper, 'POST', '/scans', {
        code,
      })
      expect([body.activity, body.elders.length]).toEqual([activity.title, 5])
      return (await come(index, code)).status
    }, 'in')
    expect(statuses).toEqual(Array(100).fill(201))
    expect(await show('in')).toMatchObject({ scanned: 100, serving: 100, lastName: expect.stringMatching(/^.\*/) })

    world.later(1800)
    const ends = await inAMinute(async (index, token) => {
      const end = { id: randomUUID(), code: token, tasksDone: [], deviceAt: deviceAt() }
      return (await ask(helpers[index] as Helper, 'POST', `/visits/${visitIds[index]}/check-out`, end)).status
    }, 'out')
    expect(ends).toEqual(Array(100).fill(ends[0]))
    const visits = await world.db.visit.findMany({ include: { exceptions: true } })
    expect(visits).toHaveLength(100)
    expect(new Set(visits.map(({ level, counted }) => `${level} ${counted}`))).toEqual(new Set(['3 true']))
    // nobody was at home, so that nobody is asked how far that was
    expect(visits.flatMap(({ exceptions }) => exceptions)).toEqual([])
    expect(await world.db.rotatingUse.groupBy({ by: ['phase'], _count: true, orderBy: { phase: 'asc' } })).toEqual([
      { phase: 'in', _count: 100 },
      { phase: 'out', _count: 100 },
    ])
    // once for each helper, screen and phase
    const again = await come(0, (await show('in')).token ?? '', randomUUID())
    expect([again.status, again.body.code]).toEqual([409, 'CODE_USED'])

    /** Ten at a time, every six seconds, each with the code that is shown then. */
    async function inAMinute(act: (index: number, token: string) => Promise<number>, phase: 'in' | 'out') {
      const answers: number[] = []
      for (let ten = 0; ten < 10; ten++) {
        const { token } = await show(phase)
        const some = Array.from({ length: 10 }, (_, one) => ten * 10 + one)
        answers.push(...(await Promise.all(some.map((index) => act(index, token ?? '')))))
        world.later(6)
      }
      return answers
    }
  }, 240_000)

  test('is opened by staff for elders of their place only, and helps whom it is for', async () => {
    const { db, elder, clock, staff, places, member, newElder, keys, service } = await newScreen()
    const other = await newElder({ name: '李桂兰' })
    const stranger = await newElder({ name: '孙玉梅' })
    const open = async (actor: Helper['actor'], others: string[] = [other.id]) =>
      openScreen(
        db,
        actor,
        { id: randomUUID(), elderId: elder.id, activity: { title: '包饺子', others } },
        clock.now,
      ).catch((error) => (error.code ?? String(error)) as string)
    expect(await open(elder.actor, [])).toBe('NOT_FOUND')
    expect(await open(await staff('villageStaff', places.village2))).toBe('NOT_FOUND')
    const clerk = await staff('villageStaff')
    const { id } = (await open(clerk)) as { id: string }
    const code = (await showScreen(db, keys, clerk, id, { phase: 'in' }, clock.now)).token ?? ''
    const begin = async (elderIds: string[]) => {
      const wish = { id: randomUUID(), code, elderIds, serviceId: service.id, deviceAt: clock.now.toISOString() }
      return checkIn(db, keys, (await member()).actor, wish, clock.now).then(
        () => 'begun',
        (error) => (error.code ?? String(error)) as string,
      )
    }
    expect(await begin([other.id])).toBe('begun')
    expect(await begin([elder.id, other.id])).toBe('begun')
    expect(await begin([stranger.id])).toBe('ELDERS_NOT_TOGETHER')
  })
})
