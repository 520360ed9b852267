import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { decideComplaint } from '../../server/complaint/decide'
import { freezeComplained, openComplaint } from '../../server/complaint/open'
import { listComplaints } from '../../server/complaint/queries'
import type { Actor } from '../../server/core/actor'
import { auditLedger } from '../../server/ledger/audit'
import { showVisit } from '../../server/visit/show'
import type { SchemeDocument } from '../../shared/scheme/document'
import { atDoor, HOME, refusalOf } from '../support/door'
import { newWorld, SIMPLE } from '../support/world'

/** A visit of an hour (twelve points), an auditor of the town, and who may say something about it. */
async function visited(penalties?: SchemeDocument['penalties'], isConfirmed = true) {
  const world = await newWorld({ scheme: { ...SIMPLE, ...(penalties === undefined ? {} : { penalties }) } })
  const door = await atDoor(world, { homePoint: HOME })
  const { db, clock } = world
  const auditor = await world.staff('townAuditor', world.places.town)
  const visitId = await door.served(60)
  if (isConfirmed) await door.answer(visitId, 'yes')
  const open = async (by: Actor = door.elder.actor) =>
    (await openComplaint(db, by, { id: randomUUID(), visitId, kind: 'manner' }, clock.now)).id
  const decide = (id: string, decision: 'uphold' | 'dismiss', by: Actor = auditor) =>
    decideComplaint(db, by, id, { id: randomUUID(), decision, reason: '问过两边' }, clock.now)
  const told = async (personId: string) =>
    (await db.notice.findMany({ where: { personId }, orderBy: { id: 'asc' } })).map(({ title }) => title)
  const sound = async () => expect((await auditLedger(db)).problem).toBeNull()
  return { world, ...door, db, clock, auditor, visitId, open, decide, told, sound }
}

test('while a complaint is open the points of the visit are put aside; found wrong, they come back', async () => {
  const { open, decide, pointsOf, told, helper, elder, auditor, visitOf, visitId, sound, db, world } = await visited()
  expect(await pointsOf()).toBe(12_000n)
  const id = await open()
  expect(await pointsOf()).toBe(0n)
  expect(await refusalOf(open())).toBe('COMPLAINT_OPEN')
  const { items } = await listComplaints(db, world.keys, auditor, { limit: 50, state: 'open' }, world.clock.now)
  expect(items).toMatchObject([{ kindWords: '态度不好', frozenMilliPoints: '12000', mayDecide: true }])
  await decide(id, 'dismiss')
  expect([await pointsOf(), (await visitOf(visitId)).state]).toEqual([12_000n, 'confirmed'])
  expect(await refusalOf(decide(id, 'uphold'))).toBe('COMPLAINT_DECIDED')
  expect(await told(helper.personId)).toEqual(['有一次服务在核实', '核实清楚了，没有问题'])
  expect(await told(elder.personId)).toEqual(['您反映的事有结果了'])
  expect(await told(auditor.personId)).toEqual(['有一条投诉要核实'])
  await sound()
})

test('the desk writes it down for an elder who telephones; who wrote it down never decides it', async () => {
  const { open, decide, pointsOf, world, db } = await visited()
  const [clerk, boss] = [await world.staff('villageStaff'), await world.staff('countyAdmin', world.places.county)]
  const far = await world.staff('villageStaff', world.places.village3)
  expect(await refusalOf(open(far))).toBe('NOT_FOUND')
  const id = await open(clerk)
  expect(await pointsOf()).toBe(0n)
  expect(await db.complaint.findUniqueOrThrow({ where: { id } })).toMatchObject({ openedByPersonId: clerk.personId })
  expect(await refusalOf(decide(id, 'dismiss', clerk))).toBe('REQUEST_OWN')
  await decide(id, 'dismiss', boss)
  expect(await pointsOf()).toBe(12_000n)
})

test('found right, the visit is returned, its points are gone, and the fine of the rules waits for a second person', async () => {
  const one = await visited({ complaintMilliPoints: 500 })
  const { open, decide, pointsOf, visitOf, visitId, sound, db, world, helper, clock } = one
  await decide(await open(), 'uphold')
  expect([await pointsOf(), (await visitOf(visitId)).state]).toEqual([0n, 'returned'])
  expect(await db.ledgerRequest.findFirst()).toMatchObject({ kind: 'MANUAL', milliPoints: -500n })
  // what was written stays to be seen, with what compensates it
  const { timeline } = await showVisit(db, world.keys, helper.actor, visitId, clock.now)
  expect(timeline.map(({ title }) => title)).toEqual(
    expect.arrayContaining(['记账 +12 分', '有人反映：态度不好', '核实属实', '社区退回', '收回 12 分']),
  )
  expect(timeline.find(({ title }) => title.startsWith('有人反映'))?.note).toBe('12 分先放在一边')
  await sound()
})

test('points that come after the complaint are put aside when they are there, once', async () => {
  const { open, answer, pointsOf, visitId, db, clock } = await visited(undefined, false)
  await open()
  expect(await freezeComplained(db, clock.now)).toBe(0)
  await answer(visitId, 'yes')
  expect(await pointsOf()).toBe(12_000n)
  expect([await freezeComplained(db, clock.now), await freezeComplained(db, clock.now)]).toEqual([1, 0])
  expect(await pointsOf()).toBe(0n)
})

test('the rules may leave the points where they are while it is open', async () => {
  const { open, pointsOf } = await visited({ openComplaint: 'none' })
  await open()
  expect(await pointsOf()).toBe(12_000n)
})

test('nobody complains of his own visit or of a stranger’s, and nobody decides what he opened', async () => {
  const { world, open, decide, helper, auditor } = await visited()
  const stranger = await world.elder()
  expect(await refusalOf(open(stranger.actor))).toBe('NOT_FOUND')
  await world.staff('villageStaff', world.places.village, { personId: helper.personId })
  expect(await refusalOf(open(await world.actorOf(helper.personId)))).toBe('COMPLAINT_OWN')
  await world.staff('villageStaff', world.places.village, { personId: auditor.personId })
  const both = await world.actorOf(auditor.personId)
  const id = await open(both)
  expect(await refusalOf(decide(id, 'dismiss', both))).toBe('REQUEST_OWN')
  const elsewhere = await world.staff('townAuditor', world.places.town2)
  expect(await refusalOf(decide(id, 'dismiss', elsewhere))).toBe('NOT_FOUND')
})

test('of two who decide at once one is refused', async () => {
  const { world, open, decide, pointsOf } = await visited()
  const other = await world.staff('townAuditor', world.places.town)
  const id = await open()
  const codes = await Promise.all([refusalOf(decide(id, 'dismiss')), refusalOf(decide(id, 'uphold', other))])
  expect(codes.filter((code) => code === null)).toHaveLength(1)
  expect([0n, 12_000n]).toContain(await pointsOf())
})

test('a complaint has a day by which it must be decided; beyond the published years that is said, not guessed', async () => {
  const { world, open, auditor, db } = await visited()
  await open()
  const list = async () =>
    (await listComplaints(db, world.keys, auditor, { limit: 50, state: 'open' }, world.clock.now)).items[0]
  // Sunday 22 November and three working days
  expect(await list()).toMatchObject({ dueSentence: '11-25 前', late: false })
  world.at('09:00', '2026-11-26')
  expect(await list()).toMatchObject({ dueSentence: '超期，应在 11-25 前', late: true })
  await db.complaint.updateMany({ data: { openedAt: world.at('09:00', '2026-12-31') } })
  expect(await list()).toMatchObject({ dueSentence: '2027 年节假日未发布', late: false })
})
