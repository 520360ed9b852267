import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { confirm, confirmVisits } from '../../server/visit/confirm'
import { deskConfirmations, myConfirmations } from '../../server/visit/confirmations'
import { holdSilent } from '../../server/visit/hold-silent'
import type { SchemeDocument } from '../../shared/scheme/document'
import { atDoor, HOME, refusalOf } from '../support/door'
import { newWorld, SIMPLE } from '../support/world'

const withEarn = (earn: Partial<SchemeDocument['earn']>): SchemeDocument => ({
  ...SIMPLE,
  earn: { ...SIMPLE.earn, ...earn },
})

describe('是，来过了', () => {
  test('confirms the visit and posts what a well proved one is worth', async () => {
    const world = await newWorld()
    const { served, answer, visitOf, pointsOf, kindsOnBooks } = await atDoor(world, { homePoint: HOME })
    const id = await served(65)
    expect(await pointsOf()).toBe(0n)
    await answer(id, 'yes')
    expect(await visitOf(id)).toMatchObject({
      state: 'confirmed',
      awardedMilliPoints: 13_000n,
      confirmations: [{ answer: 'yes', how: 'app', revision: 1 }],
    })
    expect([await pointsOf(), await kindsOnBooks(id)]).toEqual([13_000n, ['EARN0']])
  })

  test('of a visit on paper alone posts nothing yet', async () => {
    const world = await newWorld()
    const { served, answer, visitOf, pointsOf } = await atDoor(world)
    const id = await served(65, 1)
    await answer(id, 'yes')
    expect(await visitOf(id)).toMatchObject({ state: 'confirmed', awardedMilliPoints: null })
    expect(await pointsOf()).toBe(0n)
  })

  test('posts nothing while something red is open', async () => {
    const world = await newWorld()
    const { served, answer, visitOf, pointsOf } = await atDoor(world, { homePoint: HOME })
    const id = await served(241)
    await answer(id, 'yes')
    expect(await visitOf(id)).toMatchObject({ state: 'confirmed', flag: 'red', awardedMilliPoints: null })
    expect(await pointsOf()).toBe(0n)
  })

  test('of a visit that was too short keeps an award of 0 with its reason, and no transaction', async () => {
    const world = await newWorld()
    const { served, answer, visitOf, kindsOnBooks } = await atDoor(world, { homePoint: HOME })
    const id = await served(8)
    await answer(id, 'yes')
    const visit = await visitOf(id)
    expect([visit.awardedMilliPoints, JSON.parse(visit.explanation ?? '').zeroReason, await kindsOnBooks(id)]).toEqual([
      0n,
      '8 分钟，不足 15 分钟，不记分',
      [],
    ])
  })

  test('posts at most what the day allows, whichever order they are confirmed in', async () => {
    const world = await newWorld({ scheme: withEarn({ dayCapMilliPoints: 15_000 }) })
    const { served, answer, pointsOf, visitOf, codesOf } = await atDoor(world, { homePoint: HOME })
    const [first, second] = [await served(50), await served(50)]
    await answer(second, 'yes')
    await answer(first, 'yes')
    expect(await pointsOf()).toBe(15_000n)
    expect([(await visitOf(second)).awardedMilliPoints, (await visitOf(first)).awardedMilliPoints]).toEqual([
      10_000n,
      5000n,
    ])
    expect(await codesOf(first)).toContain('E12')
  })

  test('where the scheme pays at the finish, the answer pays nothing more', async () => {
    const world = await newWorld({
      scheme: withEarn({ postAt: ['never', 'approval', 'finish', 'confirmation', 'finish'] }),
    })
    const { served, answer, pointsOf } = await atDoor(world, { homePoint: HOME })
    const id = await served(65)
    expect(await pointsOf()).toBe(13_000n)
    await answer(id, 'yes')
    expect(await pointsOf()).toBe(13_000n)
  })
})

describe('没来过', () => {
  test('is E07, disputes the visit, and it counts no more', async () => {
    const world = await newWorld()
    const { served, answer, visitOf } = await atDoor(world, { homePoint: HOME })
    const id = await served(65)
    await answer(id, 'no')
    expect(await visitOf(id)).toMatchObject({
      state: 'disputed',
      flag: 'red',
      counted: false,
      awardedMilliPoints: null,
      exceptions: [{ code: 'E07' }],
      elders: [{ counted: false }],
    })
  })

  test('within a day takes back what a yes had posted, exactly', async () => {
    const world = await newWorld()
    const { served, answer, visitOf, pointsOf, kindsOnBooks } = await atDoor(world, { homePoint: HOME })
    const id = await served(65)
    await answer(id, 'yes')
    world.later(24 * 3600)
    await answer(id, 'no')
    expect(await visitOf(id)).toMatchObject({ state: 'disputed', awardedMilliPoints: null, awardRevision: 1 })
    expect([await pointsOf(), await kindsOnBooks(id)]).toEqual([0n, ['EARN0', 'REVERSE']])
  })

  test('and back again pays once more, under the next revision', async () => {
    const world = await newWorld()
    const { served, answer, visitOf, pointsOf, kindsOnBooks } = await atDoor(world, { homePoint: HOME })
    const id = await served(65)
    await answer(id, 'yes')
    await answer(id, 'no')
    await answer(id, 'yes')
    expect(await visitOf(id)).toMatchObject({
      state: 'confirmed',
      counted: true,
      flag: 'clean',
      awardedMilliPoints: 13_000n,
      exceptions: [{ code: 'E07', resolutionCode: 'corrected' }],
    })
    expect([await pointsOf(), await kindsOnBooks(id)]).toEqual([13_000n, ['EARN0', 'EARN1', 'REVERSE']])
  })

  test('later than a day after the first answer is too late, and corrections don’t extend it', async () => {
    const world = await newWorld()
    const { served, answer } = await atDoor(world, { homePoint: HOME })
    const id = await served(65)
    await answer(id, 'yes')
    world.later(20 * 3600)
    await answer(id, 'no')
    world.later(4 * 3600 + 1)
    expect(await refusalOf(answer(id, 'yes'))).toBe('CONFIRM_TOO_LATE')
  })
})

describe('记不清', () => {
  test('leaves it waiting; staff may telephone whenever', async () => {
    const world = await newWorld()
    const { served, answer, visitOf } = await atDoor(world, { homePoint: HOME })
    const staff = await world.staff('villageStaff')
    const id = await served(65)
    await answer(id, 'unsure')
    expect(await visitOf(id)).toMatchObject({ state: 'finished', awardedMilliPoints: null })
    world.later(60 * 3600)
    await answer(id, 'yes', staff, 'phone')
    expect(await visitOf(id)).toMatchObject({ state: 'confirmed', awardedMilliPoints: 13_000n })
  })
})

describe('who answers', () => {
  test('a proxy who may confirm, or staff of the place who telephoned, and it is kept who', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const proxy = await world.proxy(door.elder.id)
    const staff = await world.staff('townStaff', world.places.town)
    const byProxy = await door.served(20, 1)
    await door.answer(byProxy, 'yes', proxy, 'proxy')
    const byPhone = await door.served(20, 1)
    await door.answer(byPhone, 'yes', staff, 'phone')
    expect((await door.visitOf(byProxy)).confirmations).toMatchObject([
      { how: 'proxy', byPersonId: proxy.personId, elderId: door.elder.id },
    ])
    expect((await door.visitOf(byPhone)).confirmations).toMatchObject([{ how: 'phone', byPersonId: staff.personId }])
  })

  test('nobody confirms their own service, neither as proxy nor as staff', async () => {
    const world = await newWorld()
    const { elder, helper, served, answer } = await atDoor(world)
    await world.proxy(elder.id, { personId: helper.personId })
    const both = await world.staff('villageStaff', world.places.village, { personId: helper.personId })
    const id = await served(20, 1)
    expect(await refusalOf(answer(id, 'yes', both, 'proxy'))).toBe('CONFIRM_OWN')
    expect(await refusalOf(answer(id, 'yes', both, 'phone'))).toBe('CONFIRM_OWN')
    expect(await refusalOf(answer(id, 'yes', helper.actor, 'app'))).toBe('CONFIRM_OWN')
  })

  test('others are told nothing, or that they may not', async () => {
    const world = await newWorld()
    const { elder, served, answer } = await atDoor(world)
    const [other, outside] = [await world.elder(), await world.staff('villageStaff', world.places.village2)]
    const [auditor, unscoped] = [
      await world.staff('townAuditor', world.places.town),
      await world.proxy(elder.id, { scopes: 'ask' }),
    ]
    const id = await served(20, 1)
    expect(await refusalOf(answer(id, 'yes', other.actor))).toBe('NOT_FOUND')
    expect(await refusalOf(answer(id, 'yes', outside, 'phone'))).toBe('NOT_FOUND')
    expect(await refusalOf(answer(id, 'yes', auditor, 'phone'))).toBe('NOT_ALLOWED')
    expect(await refusalOf(answer(id, 'yes', unscoped, 'proxy'))).toBe('NOT_ALLOWED')
    expect(await refusalOf(answer(id, 'yes', elder.actor, 'phone'))).toBe('NOT_ALLOWED')
    expect(await refusalOf(answer(id, 'yes', other.actor, 'app', { elderId: other.id }))).toBe('NOT_FOUND')
  })

  test('staff on the telephone can’t turn the elder’s own 没来过 into a yes', async () => {
    const world = await newWorld()
    const { served, answer } = await atDoor(world)
    const staff = await world.staff('villageStaff')
    const id = await served(20, 1)
    await answer(id, 'no')
    expect(await refusalOf(answer(id, 'yes', staff, 'phone'))).toBe('CONFIRM_ALREADY')
  })

  test('E16 when the account that confirms was merged with the helper’s', async () => {
    const world = await newWorld()
    const { elder, helper, served, answer, visitOf } = await atDoor(world)
    const proxy = await world.proxy(elder.id)
    const id = await served(20, 1)
    await world.db.person.update({ where: { id: helper.personId }, data: { mergedInto: proxy.personId } })
    await answer(id, 'yes', proxy, 'proxy')
    expect(await visitOf(id)).toMatchObject({ flag: 'red', exceptions: [{ code: 'E16' }] })
  })
})

describe('asked again', () => {
  test('the same press gets the same answer, another yes finds it confirmed', async () => {
    const world = await newWorld()
    const { served, elder, answer, visitOf } = await atDoor(world)
    const id = await served(20, 1)
    const input = { id: randomUUID(), elderId: elder.id, answer: 'yes' as const, how: 'app' as const }
    const press = () => confirm(world.db, elder.actor, id, input, world.clock.now)
    expect([await press(), await press()]).toEqual([{ id }, { id }])
    expect(await refusalOf(answer(id, 'yes'))).toBe('CONFIRM_ALREADY')
    expect((await visitOf(id)).confirmations).toHaveLength(1)
  })

  test('of elder and proxy at once one is refused, and it is paid once', async () => {
    const world = await newWorld()
    const { elder, served, answer, pointsOf } = await atDoor(world, { homePoint: HOME })
    const proxy = await world.proxy(elder.id)
    const id = await served(65)
    const answers = await Promise.all([
      refusalOf(answer(id, 'yes')),
      refusalOf(answer(id, 'yes', proxy, 'proxy')),
      refusalOf(answer(id, 'yes')),
    ])
    expect(answers.filter((code) => code === null)).toHaveLength(1)
    expect(await pointsOf()).toBe(13_000n)
  })

  test('a running visit can’t be confirmed', async () => {
    const world = await newWorld()
    const { begin, answer } = await atDoor(world)
    expect(await refusalOf(answer((await begin()).id, 'yes'))).toBe('CONFIRM_NOT_FINISHED')
  })

  test('two visits of one helper confirmed at once stay within the cap of the day', async () => {
    const world = await newWorld({ scheme: withEarn({ dayCapMilliPoints: 15_000 }) })
    const { served, answer, pointsOf } = await atDoor(world, { homePoint: HOME })
    const ids = [await served(50), await served(50), await served(50)]
    await Promise.all(ids.map((id) => answer(id, 'yes')))
    expect(await pointsOf()).toBe(15_000n)
  })
})

test('a list of answers posts in one commit; a refusal refuses its own visit only', async () => {
  const world = await newWorld({ scheme: withEarn({ dayCapMilliPoints: 15_000 }) })
  const { elder, helper, served, pointsOf } = await atDoor(world, { homePoint: HOME })
  const ids = [await served(50), await served(50), randomUUID()]
  const asks = ids.map((visitId) => ({
    actor: elder.actor,
    visitId,
    input: { id: randomUUID(), elderId: elder.id, answer: 'yes' as const, how: 'app' as const },
    at: world.clock.now,
  }))
  const outcomes = await confirmVisits(world.db, [...asks, { ...(asks[0] as (typeof asks)[0]), actor: helper.actor }])
  expect(outcomes.map(({ refusal }) => refusal?.code ?? null)).toEqual([null, null, 'NOT_FOUND', 'CONFIRM_ALREADY'])
  expect(await pointsOf()).toBe(15_000n)
})

describe('an answer that comes late', () => {
  test('ends the silence that held it', async () => {
    const world = await newWorld()
    const { served, answer, visitOf } = await atDoor(world, { homePoint: HOME })
    const id = await served(65)
    world.later(72 * 3600)
    await holdSilent(world.db, world.clock.now)
    expect(await visitOf(id)).toMatchObject({ flag: 'amber', exceptions: [{ code: 'E08', resolvedAt: null }] })
    await answer(id, 'yes')
    expect(await visitOf(id)).toMatchObject({ state: 'confirmed', flag: 'clean', awardedMilliPoints: 13_000n })
  })

  test('finds out that the elder was in hospital after all', async () => {
    const world = await newWorld()
    const { elder, served, answer, visitOf } = await atDoor(world, { homePoint: HOME })
    const id = await served(65)
    await world.db.elderExit.create({
      data: {
        id: randomUUID(),
        elderId: elder.id,
        kind: 'hospital',
        validFrom: '2026-11-20',
        validTo: null,
        reason: '',
        approvedByPersonId: '',
        recordedAt: world.clock.now,
      },
    })
    await answer(id, 'yes')
    expect(await visitOf(id)).toMatchObject({ flag: 'red', awardedMilliPoints: null, exceptions: [{ code: 'E13' }] })
  })
})

describe('what waits for an answer', () => {
  test('is asked of the elder and the proxy, and no more once somebody answered', async () => {
    const world = await newWorld()
    const { db, keys } = world
    const { elder, served, answer } = await atDoor(world)
    const proxy = await world.proxy(elder.id)
    const id = await served(20, 1)
    for (const actor of [elder.actor, proxy]) {
      const { waiting, recent } = await myConfirmations(db, keys, actor, world.clock.now)
      expect(waiting).toMatchObject([
        {
          visitId: id,
          elderId: elder.id,
          elderName: '王秀英',
          memberName: '张*',
          serviceName: '打扫卫生',
          servedSeconds: 1200,
          answer: null,
          canCorrectUntil: null,
          regionName: '北庄村',
        },
      ])
      expect(recent).toEqual([])
    }
    await answer(id, 'yes')
    const { waiting, recent } = await myConfirmations(db, keys, proxy, world.clock.now)
    expect(waiting).toEqual([])
    expect(recent).toMatchObject([{ visitId: id, answer: 'yes' }])
  })

  test('is for staff to ask when nobody has a phone to answer with, nobody was sure, or all kept silent', async () => {
    const world = await newWorld()
    const staff = await world.staff('villageStaff')
    const calls = async (actor = staff) =>
      (await deskConfirmations(world.db, world.keys, actor, undefined, world.clock.now)).waiting.map(
        ({ visitId }) => visitId,
      )
    const [phoneless, unsure, silent] = [
      await atDoor(world, { ownPhone: false }),
      await atDoor(world),
      await atDoor(world),
    ]
    const quiet = await silent.served(20, 1)
    world.later(72 * 3600)
    const withoutPhone = await phoneless.served(20, 1)
    const withDoubt = await unsure.served(20, 1)
    await silent.served(20, 1)
    await unsure.answer(withDoubt, 'unsure')
    expect(await calls()).toEqual([quiet, withoutPhone, withDoubt])
    expect(await calls(await world.staff('villageStaff', world.places.village2))).toEqual([])
  })
})
