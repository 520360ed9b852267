import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { findCalendar, setHoliday } from '../../server/audit/calendar'
import { decideVisits } from '../../server/audit/decide'
import { addReason, findDictionary, setReasonState } from '../../server/audit/dictionary'
import { listQueue } from '../../server/audit/queries'
import type { Actor } from '../../server/core/actor'
import { forgetSettings } from '../../server/region/settings'
import { showVisit } from '../../server/visit/show'
import type { DecideInput } from '../../shared/audit/input'
import { codesOf } from '../ledger/books'
import { atDoor } from '../support/door'
import { newWorld, type World } from '../support/world'

const press = (world: World, actor: Actor, visitId: string, more: Partial<DecideInput> = {}) =>
  decideVisits(
    world.db,
    actor,
    { id: randomUUID(), decision: 'approve', visitIds: [visitId], reasonCode: 'allGood', ...more },
    world.clock.now,
  )
const reason = (words: string, more: object = {}) => ({
  ...{ id: randomUUID(), kind: 'reason' as const, words, uses: ['return' as const], needsNote: false },
  ...more,
})

test('a county adds its own reason and takes one out of use; what was decided with it keeps its words', async () => {
  const world = await newWorld()
  const { db, places, clock } = world
  const door = await atDoor(world)
  const [admin, staff] = [await world.staff('countyAdmin', places.county), await world.staff('townStaff', places.town)]
  const foreign = await world.staff('townStaff', places.otherTown)
  const added = await addReason(db, admin, reason('代替别人签到'), clock.now)
  const code = added.reasons.at(-1)?.code ?? ''
  await setReasonState(db, admin, { id: randomUUID(), code: 'doubled', active: false }, clock.now)

  expect((await findDictionary(db, staff)).reasons.filter((one) => one.active).map((one) => one.words)).toContain(
    '代替别人签到',
  )
  expect((await findDictionary(db, foreign)).reasons.some((one) => one.code === code)).toBe(false)
  const id = await door.served(65, 1)
  await door.answer(id, 'yes')
  expect(
    await codesOf([
      press(world, staff, id, { decision: 'return', reasonCode: 'doubled' }),
      press(world, staff, id, { reasonCode: code }),
      setReasonState(db, admin, { id: randomUUID(), code: 'complaint', active: false }, clock.now),
      setReasonState(db, admin, { id: randomUUID(), code: 'nothing', active: false }, clock.now),
      addReason(db, admin, reason('没说用在哪', { uses: [] }), clock.now),
    ]),
  ).toEqual(['AUDIT_REASON', 'AUDIT_REASON', 'REASON_FIXED', 'NOT_FOUND', 'REQUIRED'])
  expect(await press(world, staff, id, { decision: 'return', reasonCode: code })).toMatchObject({ done: 1 })
  await setReasonState(db, admin, { id: randomUUID(), code, active: false }, clock.now)
  const shown = await showVisit(db, world.keys, staff, id, clock.now)
  expect([shown.decision?.reasonWords, shown.timeline.at(-2)?.note]).toEqual(['代替别人签到', '代替别人签到，孙梅'])
})

test('above the limit a second person must approve; the same one twice changes nothing', async () => {
  const world = await newWorld()
  const { db, places, clock, keys } = world
  const door = await atDoor(world)
  const [first, second] = [await world.staff('townStaff', places.town), await world.staff('townAuditor', places.town)]
  await db.setting.create({
    data: {
      ...{ id: randomUUID(), regionId: places.county.id, key: 'auditSecondPoints', value: '12', version: 1 },
      ...{ validFrom: '2026-01-01', recordedAt: clock.now, byPersonId: first.personId },
    },
  })
  forgetSettings(db)
  const id = await door.served(65, 1)
  await door.answer(id, 'yes')
  const codes = async (actor: Actor) => (await press(world, actor, id)).outcomes[0]?.code

  expect([await codes(first), await codes(first)]).toEqual(['AUDIT_SECOND', 'AUDIT_SECOND'])
  expect(await door.pointsOf()).toBe(0n)
  const queue = await listQueue(db, keys, second, { tab: 'waiting', limit: 50 }, clock.now)
  expect(queue.items).toMatchObject([{ id, awaitsSecond: true, late: false, dueSentence: '11-25 前' }])
  expect(await codes(second)).toBeNull()
  expect([await door.pointsOf(), await db.firstApproval.count()]).toEqual([13_000n, 1])
})

test('a day is worked as the county says, and an unpublished year is said, not guessed', async () => {
  const world = await newWorld()
  const { db, places, clock, keys } = world
  const door = await atDoor(world)
  const [admin, staff] = [await world.staff('countyAdmin', places.county), await world.staff('townStaff', places.town)]
  const id = await door.served(65, 1)
  await door.answer(id, 'yes')
  const due = async () => (await listQueue(db, keys, staff, { tab: 'waiting', limit: 50 }, clock.now)).items[0]
  expect(await due()).toMatchObject({ dueSentence: '11-25 前', late: false })
  await setHoliday(db, admin, { id: randomUUID(), day: '2026-11-24', kind: 'off', name: '停工' }, clock.now)
  expect(await due()).toMatchObject({ dueSentence: '11-26 前' })
  world.at('09:00', '2026-11-27')
  expect(await due()).toMatchObject({ dueSentence: '超期，应在 11-26 前', late: true })
  expect(await findCalendar(db, staff, '2027')).toEqual({ year: '2027', notice: '2027 年节假日未发布', days: [] })
  await setHoliday(db, admin, { id: randomUUID(), day: '2027-01-01', kind: 'off', name: '元旦' }, clock.now)
  expect((await findCalendar(db, staff, '2027')).notice).toBeNull()
  expect((await findCalendar(db, staff, '2026')).days.find((one) => one.day === '2026-11-24')).toMatchObject({
    kind: 'off',
  })
  expect((await findCalendar(db, await world.staff('townStaff', places.otherTown), '2027')).notice).not.toBeNull()
})
