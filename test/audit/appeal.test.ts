import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { decideAppeal, listAppeals } from '../../server/audit/appeal'
import { correctEnd } from '../../server/audit/correct-end'
import { decideVisits } from '../../server/audit/decide'
import type { Actor } from '../../server/core/actor'
import { closeLongVisits } from '../../server/visit/close-long'
import { appeal, explain } from '../../server/visit/explain'
import { showVisit } from '../../server/visit/show'
import { explanationsFor } from '../../shared/visit/appeal'
import { EXCEPTIONS } from '../../shared/visit/exceptions'
import type { DecideAppealInput, ExplainInput } from '../../shared/visit/input'
import { atDoor, refusalOf } from '../support/door'
import { newWorld, type World } from '../support/world'

let world: World
let first: Actor
let second: Actor
beforeAll(async () => {
  world = await newWorld()
  first = await world.staff('townAuditor', world.places.town)
  second = await world.staff('townAuditor', world.places.town)
})

const returnIt = (visitId: string) =>
  decideVisits(
    world.db,
    first,
    { id: randomUUID(), decision: 'return', visitIds: [visitId], reasonCode: 'notThisLong' },
    world.clock.now,
  )
const ask = (actor: Actor, visitId: string, id: string = randomUUID()) =>
  appeal(world.db, actor, visitId, { id, reasonCode: 'reallyThisLong' }, world.clock.now)
const decide = (actor: Actor, id: string, more: Partial<DecideAppealInput> = {}) =>
  decideAppeal(
    world.db,
    actor,
    id,
    { id: randomUUID(), outcome: 'upheld', note: '邻居看见了', ...more },
    world.clock.now,
  )

async function returned() {
  const door = await atDoor(world)
  const visitId = await door.served(65, 1)
  await door.answer(visitId, 'yes')
  await returnIt(visitId)
  return { ...door, visitId }
}

describe('an appeal', () => {
  test('is decided by a second auditor: upheld, the visit is approved and paid', async () => {
    const { visitId, helper, visitOf, pointsOf } = await returned()
    const id = randomUUID()
    await ask(helper.actor, visitId, id)
    expect(await refusalOf(ask(helper.actor, visitId))).toBe('APPEAL_WAITS')
    expect(await refusalOf(decide(first, id))).toBe('APPEAL_SECOND')
    expect(await refusalOf(decide(await world.staff('townStaff', world.places.town), id))).toBe('AUDIT_RED_POWER')
    expect(await refusalOf(decide(await world.staff('townAuditor', world.places.town2), id))).toBe('NOT_FOUND')
    await decide(second, id)
    expect(await visitOf(visitId)).toMatchObject({ state: 'approved', awardedMilliPoints: 13_000n, counted: true })
    expect(await pointsOf()).toBe(13_000n)
    expect(await refusalOf(decide(second, id))).toBe('APPEAL_DECIDED')
    const shown = await showVisit(world.db, world.keys, helper.actor, visitId, world.clock.now)
    expect(shown.appeal).toMatchObject({ state: 'upheld', decisionNote: '邻居看见了' })
    expect(shown.timeline.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['志愿者申诉：时间是真的', '申诉成立']),
    )
  })

  test('that is rejected leaves the visit returned, and another can be made', async () => {
    const { visitId, helper, visitOf } = await returned()
    const id = randomUUID()
    await ask(helper.actor, visitId, id)
    await decide(second, id, { outcome: 'rejected' })
    expect((await visitOf(visitId)).state).toBe('returned')
    expect(await refusalOf(ask(helper.actor, visitId))).toBeNull()
  })

  test('of two who decide at once one is refused, and the visit is paid once', async () => {
    const { visitId, helper, pointsOf } = await returned()
    const id = randomUUID()
    await ask(helper.actor, visitId, id)
    const third = await world.staff('countyAdmin', world.places.county)
    const codes = await Promise.all([refusalOf(decide(second, id)), refusalOf(decide(third, id))])
    expect(codes.sort()).toEqual(['APPEAL_DECIDED', null].sort())
    expect(await pointsOf()).toBe(13_000n)
  })

  test('is the helper’s own, of what was returned, within the days of the place', async () => {
    const { visitId, helper, elder } = await returned()
    expect(await refusalOf(ask(elder.actor, visitId))).toBe('NOT_FOUND')
    const other = await atDoor(world)
    const unreturned = await other.served(20)
    expect(await refusalOf(ask(other.helper.actor, unreturned))).toBe('APPEAL_NOT_RETURNED')
    const before = world.clock.now
    world.later(31 * 86_400)
    expect(await refusalOf(ask(helper.actor, visitId))).toBe('APPEAL_TOO_LATE')
    world.clock.now = before
  })

  test('stands in the list of its place, with why one can’t decide it', async () => {
    const { visitId, helper } = await returned()
    await ask(helper.actor, visitId)
    const list = async (actor: Actor) =>
      (await listAppeals(world.db, world.keys, actor, { state: 'waiting', limit: 50 }, world.clock.now)).items
    expect((await list(first)).find((one) => one.visitId === visitId)).toMatchObject({
      reasonWords: '时间是真的',
      returnedWords: '时间不实',
      whyNot: 'APPEAL_SECOND',
    })
    expect((await list(second)).find((one) => one.visitId === visitId)?.whyNot).toBeNull()
    expect(await list(await world.staff('townAuditor', world.places.town2))).toEqual([])
  })
})

describe('what a helper says about what is odd', () => {
  const say = (actor: Actor, visitId: string, more: Partial<ExplainInput> = {}) =>
    explain(
      world.db,
      actor,
      visitId,
      { id: randomUUID(), code: 'E04', reasonCode: 'quick', ...more } as ExplainInput,
      world.clock.now,
    )

  test('is kept beside it, settles nothing, and stands in the timeline of both', async () => {
    const { helper, served, visitOf } = await atDoor(world)
    const visitId = await served(5)
    await say(helper.actor, visitId, { note: '只送了一袋米' })
    const shown = await showVisit(world.db, world.keys, first, visitId, world.clock.now)
    expect(shown.notes).toMatchObject([{ code: 'E04', words: '事情少，很快做完了', note: '只送了一袋米' }])
    expect(shown.timeline.map(({ title }) => title)).toContain('志愿者说明：事情少，很快做完了')
    expect((await visitOf(visitId)).exceptions[0]?.resolvedAt).toBeNull()
    expect(await refusalOf(say(helper.actor, visitId, { code: 'E03', reasonCode: 'drift' }))).toBe('EXPLAIN_NOTHING')
    expect(await refusalOf(say(helper.actor, visitId, { reasonCode: 'drift' }))).toBe('EXPLAIN_NOTHING')
    expect(await refusalOf(say((await atDoor(world)).helper.actor, visitId))).toBe('NOT_FOUND')
  })

  test('there is something to say about every exception', () => {
    for (const code of Object.keys(EXCEPTIONS))
      expect(explanationsFor(code).length, code).toBeGreaterThanOrEqual(code === 'E12' ? 1 : 2)
  })

  describe('of a visit the clock closed', () => {
    async function forgotten() {
      const door = await atDoor(world)
      const { id } = await door.begin()
      const began = world.clock.now
      world.later(5 * 3600)
      await closeLongVisits(world.db, world.keys, world.clock.now)
      const ended = (minutes: number) => new Date(began.getTime() + minutes * 60_000).toISOString()
      const correct = (by: Actor, endAt: string) =>
        correctEnd(world.db, by, id, { id: randomUUID(), endAt, note: '志愿者说的' }, world.clock.now)
      return { ...door, visitId: id, ended, correct }
    }

    test('the end the helper names is decided by an auditor: what the clock wrote stays, minutes and worth are new', async () => {
      const { visitId, helper, answer, ended, correct, visitOf, pointsOf, codesOf } = await forgotten()
      await say(helper.actor, visitId, { code: 'E01', reasonCode: 'forgot', endAt: ended(65) })
      expect(
        await refusalOf(say(helper.actor, visitId, { code: 'E01', reasonCode: 'forgot', endAt: ended(300) })),
      ).toBe('EXPLAIN_CLAIM')
      const shown = await showVisit(world.db, world.keys, first, visitId, world.clock.now)
      expect([shown.notes[0]?.claimedEndAt, shown.mayCorrectEnd]).toEqual([ended(65), true])
      await correct(first, ended(65))
      expect(await visitOf(visitId)).toMatchObject({
        state: 'finished',
        servedSeconds: 3900,
        counted: true,
        flag: 'clean',
        closedBy: 'staff',
        expectedMilliPoints: 13_000n,
        elders: [{ servedSeconds: 3900, counted: true }],
      })
      expect(await codesOf(visitId)).toEqual(['E01'])
      expect(await world.db.endCorrection.findMany({ where: { visitId } })).toMatchObject([
        { wasSeconds: 14_400, servedSeconds: 3900, byPersonId: first.personId },
      ])
      await answer(visitId, 'yes')
      await decideVisits(
        world.db,
        first,
        { id: randomUUID(), decision: 'approve', visitIds: [visitId], reasonCode: 'allGood' },
        world.clock.now,
      )
      expect(await pointsOf()).toBe(13_000n)
      expect(await refusalOf(correct(second, ended(30)))).toBe('END_NOT_AUTO')
    })

    test('no later than the clock closed it, by who may settle red ones, and never one’s own', async () => {
      const { visitId, helper, ended, correct } = await forgotten()
      expect(await refusalOf(correct(first, ended(241)))).toBe('END_SPAN')
      expect(await refusalOf(correct(first, ended(0)))).toBe('END_SPAN')
      expect(await refusalOf(correct(await world.staff('townStaff', world.places.town), ended(60)))).toBe(
        'AUDIT_RED_POWER',
      )
      expect(await refusalOf(correct(await world.staff('townAuditor', world.places.town2), ended(60)))).toBe(
        'NOT_FOUND',
      )
      const own = await world.staff('townAuditor', world.places.town, { personId: helper.personId })
      expect(await refusalOf(correct(own, ended(60)))).toBe('AUDIT_OWN')
      expect(visitId).toBeTruthy()
    })
  })
})
