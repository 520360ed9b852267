import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decideVisits } from '../../server/audit/decide'
import { countQueue, listQueue } from '../../server/audit/queries'
import type { Actor } from '../../server/core/actor'
import { holdSilent } from '../../server/visit/hold-silent'
import type { DecideInput } from '../../shared/audit/input'
import { atDoor, HOME, refusalOf } from '../support/door'
import { newWorld, type World } from '../support/world'

async function desk(world: World) {
  const [staff, auditor, admin] = [
    await world.staff('townStaff', world.places.town),
    await world.staff('townAuditor', world.places.town),
    await world.staff('countyAdmin', world.places.county),
  ]
  const decide = (actor: Actor, visitIds: string[], more: Partial<DecideInput> = {}) =>
    decideVisits(
      world.db,
      actor,
      {
        id: randomUUID(),
        decision: 'approve',
        visitIds,
        reasonCode: more.decision === 'return' ? 'notThisLong' : 'allGood',
        ...more,
      },
      world.clock.now,
    )
  /** The code that refused each visit, or null. */
  const codes = async (actor: Actor, visitIds: string[], more: Partial<DecideInput> = {}) =>
    (await decide(actor, visitIds, more)).outcomes.map(({ code }) => code)
  return { staff, auditor, admin, decide, codes }
}
const settles = (code: string) => ({
  resolutions: [{ code, reasonCode: 'calledBack', resolutionCode: 'verifiedByPhone' }],
})

describe('approving', () => {
  test('posts what is proved by paper only', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const { staff, decide } = await desk(world)
    const id = await door.served(65, 1)
    await door.answer(id, 'yes')
    expect(await decide(staff, [id])).toEqual({
      outcomes: [{ visitId: id, ok: true, code: null, sentence: null }],
      done: 1,
      refused: 0,
    })
    expect(await door.visitOf(id)).toMatchObject({
      state: 'approved',
      awardedMilliPoints: 13_000n,
      decisions: [{ decision: 'approve', reasonCode: 'allGood', byPersonId: staff.personId, revision: 1 }],
    })
    expect([await door.pointsOf(), await door.kindsOnBooks(id)]).toEqual([13_000n, ['EARN0']])
  })

  test('posts nothing twice', async () => {
    const world = await newWorld()
    const door = await atDoor(world, { homePoint: HOME })
    const { staff, codes } = await desk(world)
    const id = await door.served(65)
    await door.answer(id, 'yes')
    expect(await codes(staff, [id])).toEqual([null])
    expect(await codes(staff, [id])).toEqual(['AUDIT_NOT_READY'])
    expect(await door.pointsOf()).toBe(13_000n)
  })

  test('waits for the elder’s answer, or for silence that was held', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const { staff, codes } = await desk(world)
    const id = await door.served(65, 1)
    expect(await codes(staff, [id])).toEqual(['AUDIT_NOT_READY'])
    world.later(72 * 3600)
    await holdSilent(world.db, world.clock.now)
    expect(await codes(staff, [id])).toEqual(['AUDIT_REASON'])
    expect(await codes(staff, [id], { reasonCode: 'calledBack' })).toEqual([null])
    expect(await door.visitOf(id)).toMatchObject({
      state: 'approved',
      awardedMilliPoints: 13_000n,
      exceptions: [
        { code: 'E08', reasonCode: 'calledBack', resolutionCode: 'acceptedAsIs', resolvedByPersonId: staff.personId },
      ],
    })
  })

  test('red takes a town auditor or county administrator, one visit, and a resolution', async () => {
    const world = await newWorld()
    const door = await atDoor(world, { homePoint: HOME })
    const { staff, auditor, codes } = await desk(world)
    const [red, clean] = [await door.served(241), await door.served(20)]
    for (const id of [red, clean]) await door.answer(id, 'yes')
    expect(await codes(staff, [red], settles('E05'))).toEqual(['AUDIT_RED_POWER'])
    expect(await codes(auditor, [red, clean])).toEqual(['AUDIT_RED_BATCH', null])
    expect(await codes(auditor, [red])).toEqual(['AUDIT_RESOLUTION'])
    expect(
      await codes(auditor, [red], {
        resolutions: [{ code: 'E05', reasonCode: 'calledBack', resolutionCode: 'unheardOf' }],
      }),
    ).toEqual(['AUDIT_RESOLUTION'])
    expect(
      await codes(auditor, [red], {
        resolutions: [{ code: 'E05', reasonCode: 'nobodyCame', resolutionCode: 'verifiedByPhone' }],
      }),
    ).toEqual(['AUDIT_REASON'])
    expect(await door.pointsOf()).toBe(4000n)
    expect(await codes(auditor, [red], settles('E05'))).toEqual([null])
    expect(await door.visitOf(red)).toMatchObject({
      state: 'approved',
      flag: 'clean',
      exceptions: [{ code: 'E05', reasonCode: 'calledBack', resolutionCode: 'verifiedByPhone' }],
    })
    expect(await door.pointsOf()).toBe(52_000n)
  })

  test('what the elder disputed pays after the audit found otherwise', async () => {
    const world = await newWorld()
    const door = await atDoor(world, { homePoint: HOME })
    const { auditor, codes } = await desk(world)
    const id = await door.served(65)
    await door.answer(id, 'no')
    expect(await codes(auditor, [id], settles('E07'))).toEqual([null])
    expect(await door.visitOf(id)).toMatchObject({ state: 'approved', counted: true, awardedMilliPoints: 13_000n })
  })

  test('never makes two overlapping visits of one helper count', async () => {
    const world = await newWorld()
    const [one, two] = [await atDoor(world), await atDoor(world)]
    const { auditor, codes } = await desk(world)
    const a = await one.begin()
    const b = await two.begin({}, one.helper.actor)
    world.later(1800)
    await one.end(a.id)
    await two.end(b.id, {}, one.helper.actor)
    await one.answer(a.id, 'yes')
    await two.answer(b.id, 'yes')
    expect(await codes(auditor, [b.id], settles('E02'))).toEqual(['AUDIT_OVERLAP'])
    expect(await codes(auditor, [a.id], { decision: 'return' })).toEqual([null])
    expect(await codes(auditor, [b.id], settles('E02'))).toEqual([null])
    expect([(await one.visitOf(a.id)).counted, (await one.visitOf(b.id)).counted]).toEqual([false, true])
  })

  test('finds that the elder had died by then, though it was reported later', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const { auditor, codes } = await desk(world)
    const id = await door.served(65, 1)
    await door.answer(id, 'yes')
    await world.db.elderExit.create({
      data: {
        id: randomUUID(),
        elderId: door.elder.id,
        kind: 'died',
        validFrom: '2026-11-21',
        validTo: null,
        reason: '',
        approvedByPersonId: '',
        recordedAt: world.clock.now,
      },
    })
    expect(await codes(auditor, [id])).toEqual(['AUDIT_RESOLUTION'])
    expect(await door.visitOf(id)).toMatchObject({ state: 'confirmed', flag: 'red', exceptions: [{ code: 'E13' }] })
  })
})

describe('returning', () => {
  test('takes back exactly what was posted, and the visit counts no more', async () => {
    const world = await newWorld()
    const door = await atDoor(world, { homePoint: HOME })
    const { staff, codes } = await desk(world)
    const id = await door.served(65)
    await door.answer(id, 'yes')
    await codes(staff, [id])
    expect(await codes(staff, [id], { decision: 'return', note: '电话核实不足' })).toEqual([null])
    expect(await door.visitOf(id)).toMatchObject({
      state: 'returned',
      counted: false,
      awardedMilliPoints: null,
      awardRevision: 1,
      elders: [{ counted: false }],
      decisions: [{ revision: 1 }, { decision: 'return', revision: 2, note: '电话核实不足' }],
    })
    expect([await door.pointsOf(), await door.kindsOnBooks(id)]).toEqual([0n, ['EARN0', 'REVERSE']])
  })

  test('can be appealed: who may decide red approves again, and it pays again', async () => {
    const world = await newWorld()
    const door = await atDoor(world, { homePoint: HOME })
    const { staff, admin, codes } = await desk(world)
    const id = await door.served(65)
    await door.answer(id, 'yes')
    await codes(staff, [id], { decision: 'return' })
    expect(await codes(staff, [id])).toEqual(['AUDIT_RED_POWER'])
    expect(await codes(admin, [id])).toEqual([null])
    expect(await door.visitOf(id)).toMatchObject({ state: 'approved', counted: true, awardedMilliPoints: 13_000n })
    expect([await door.pointsOf(), await door.kindsOnBooks(id)]).toEqual([13_000n, ['EARN0', 'EARN1', 'REVERSE']])
  })

  test('a helper who has spent the points owes them, and is never below zero', async () => {
    const world = await newWorld()
    const door = await atDoor(world, { homePoint: HOME })
    const { staff, codes } = await desk(world)
    const id = await door.served(65)
    await door.answer(id, 'yes')
    await world.db.$executeRaw`UPDATE ledger_account SET "pendingMilliPoints" = 10000 WHERE "kind" = 'member'`
    expect(await codes(staff, [id], { decision: 'return' })).toEqual([null])
    expect(await world.db.ledgerTransaction.count({ where: { kind: 'ADVANCE' } })).toBe(1)
  })
})

describe('who decides', () => {
  test('nobody who served it, typed it in, telephoned for it or confirmed it', async () => {
    const world = await newWorld()
    const { staff, codes } = await desk(world)
    const door = await atDoor(world)
    const both = await world.staff('townStaff', world.places.town, { personId: door.helper.personId })
    const [served, telephoned, typed] = [await door.served(20, 1), await door.served(20, 1), await door.served(20, 1)]
    await door.answer(served, 'yes')
    await door.answer(telephoned, 'yes', staff, 'phone')
    await door.answer(typed, 'yes')
    await world.db.visit.update({ where: { id: typed }, data: { enteredByPersonId: staff.personId } })
    expect(await codes(both, [served])).toEqual(['AUDIT_OWN'])
    expect(await codes(staff, [telephoned, typed, served])).toEqual(['AUDIT_OWN', 'AUDIT_OWN', null])
  })

  test('nobody outside the place, and village staff not at all', async () => {
    const world = await newWorld()
    const { codes } = await desk(world)
    const door = await atDoor(world)
    const id = await door.served(20, 1)
    await door.answer(id, 'yes')
    expect(await codes(await world.staff('townStaff', world.places.town2), [id])).toEqual(['NOT_FOUND'])
    expect(await codes(await world.staff('villageStaff'), [id])).toEqual(['NOT_ALLOWED'])
    expect(await codes(await world.staff('townStaff', world.places.town), [randomUUID(), id])).toEqual([
      'NOT_FOUND',
      null,
    ])
  })

  test('a reason that is none for this decision refuses the whole press', async () => {
    const world = await newWorld()
    const { staff, decide } = await desk(world)
    expect(await refusalOf(decide(staff, [randomUUID()], { reasonCode: 'nobodyCame' }))).toBe('AUDIT_REASON')
    expect(await refusalOf(decide(staff, [randomUUID()], { reasonCode: 'toString' }))).toBe('AUDIT_REASON')
    expect(await refusalOf(decide(staff, [randomUUID()], { reasonCode: 'otherTrue' }))).toBe('REQUIRED')
  })
})

describe('asked again', () => {
  test('the same press gets the same outcomes', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const { staff, decide } = await desk(world)
    const id = await door.served(20, 1)
    await door.answer(id, 'yes')
    const key = randomUUID()
    expect(await decide(staff, [id], { id: key })).toEqual(await decide(staff, [id], { id: key }))
    expect((await door.visitOf(id)).decisions).toHaveLength(1)
  })

  test('of approve and return at once one wins, and the books agree with it', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const { staff, auditor, codes } = await desk(world)
    const id = await door.served(65, 1)
    await door.answer(id, 'yes')
    await Promise.all([codes(staff, [id]), codes(auditor, [id], { decision: 'return' })])
    const { state, awardedMilliPoints } = await door.visitOf(id)
    expect(await door.pointsOf()).toBe(state === 'approved' ? 13_000n : 0n)
    expect(awardedMilliPoints).toBe(state === 'approved' ? 13_000n : null)
  })

  test('two desks approving the same fifty at once pay each once', async () => {
    const world = await newWorld()
    const doors = [await atDoor(world), await atDoor(world), await atDoor(world)]
    const { staff, admin, decide } = await desk(world)
    const ids: string[] = []
    for (const door of doors) {
      for (let visit = 0; visit < 3; visit++) {
        const id = await door.served(20, 1)
        await door.answer(id, 'yes')
        ids.push(id)
      }
    }
    const [one, other] = await Promise.all([decide(staff, ids), decide(admin, [...ids].reverse())])
    expect([one.done, other.done].sort()).toEqual([0, 9])
    for (const door of doors) expect(await door.pointsOf()).toBe(12_000n)
  })
})

describe('the queue', () => {
  test('shows what is ready, by colour, with masked names and why a row can’t go into a batch', async () => {
    const world = await newWorld()
    const { staff, auditor } = await desk(world)
    const door = await atDoor(world, { homePoint: HOME })
    const ids = [await door.served(20), await door.served(8), await door.served(241), await door.served(20)]
    for (const id of ids.slice(0, 3)) await door.answer(id, 'yes')
    const list = async (actor: Actor, tab: 'waiting' | 'red' | 'amber' | 'clean' | 'returned') =>
      (await listQueue(world.db, world.keys, actor, { tab, limit: 50 }, world.clock.now)).items
    expect((await list(staff, 'waiting')).map(({ id }) => id)).toEqual(ids.slice(0, 3).reverse())
    expect(await list(staff, 'red')).toMatchObject([
      {
        id: ids[2],
        whyNot: 'AUDIT_RED_POWER',
        memberName: '张*',
        elders: [{ name: '王*英' }],
        exceptions: [{ code: 'E05', sentence: '241 分钟，超过 240 分钟' }],
      },
    ])
    expect(await list(auditor, 'red')).toMatchObject([
      { whyNot: 'AUDIT_RED_BATCH', whyNotSentence: '红色异常要单独审核' },
    ])
    expect(await list(staff, 'amber')).toMatchObject([{ id: ids[1], whyNot: null }])
    expect(await countQueue(world.db, staff, {})).toEqual({
      waiting: 3,
      red: 1,
      amber: 1,
      clean: 1,
      returned: 0,
      spot: 0,
      appeals: 0,
    })
    expect(await countQueue(world.db, staff, { from: '2026-11-23' })).toEqual({
      waiting: 0,
      red: 0,
      amber: 0,
      clean: 0,
      returned: 0,
      spot: 0,
      appeals: 0,
    })
    expect(await countQueue(world.db, await world.staff('townAuditor', world.places.town2), {})).toMatchObject({
      waiting: 0,
    })
    expect(await list(await world.staff('auditor', world.places.county), 'clean')).toMatchObject([
      { whyNot: 'NOT_ALLOWED' },
    ])
  })
})
