import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { recordEvent } from '../../server/elder/event'
import { climbLadder } from '../../server/requirement/ladder'
import { planOf } from '../../server/requirement/plan'
import { instantOf } from '../../shared/core/time'
import type { AreaEventElders, AreaEventReach, AreaEventView } from '../../shared/elder/view'
import { addVisit } from '../report/month'
import { newWorld, serveWorld, type World } from '../support/world'
import { type Life, type Need, writeLives } from './lives'

const since = { validFrom: '2026-01-01', validTo: null }
const MONTHLY: Need = {
  ...{ place: 'county', category: 'disabled', rhythm: { interval: 'month', intervalLength: null } },
  ...{ channels: ['inPerson'], natures: ['volunteer'], minSeconds: 0 },
  ...since,
}
const WITHIN_A_DAY: Need = { ...MONTHLY, rhythm: { interval: 'event', intervalLength: 24 } }
const life = (place: 'village' | 'village2' | 'village3', days: readonly string[], more: Partial<Life> = {}): Life => ({
  homes: [{ place, span: since }],
  tags: [{ category: 'disabled', ...since }],
  ...{ exits: [], events: [], endedDay: null },
  visits: days.map((day) => ({ day, servedSeconds: 1800, channel: 'inPerson', nature: 'volunteer' })),
  ...more,
})

async function desksOf(world: World) {
  const { places } = world
  return {
    village: (await world.staff('villageStaff', places.village)).personId,
    town: (await world.staff('townStaff', places.town)).personId,
    county: (await world.staff('countyAdmin', places.county)).personId,
  }
}
const overdueNotices = async ({ db }: World) =>
  (await db.notice.findMany({ where: { kind: 'visitOverdue' }, orderBy: { createdAt: 'asc' } })).map((one) => ({
    personId: one.personId,
    body: one.body,
    deskLink: one.deskLink,
  }))

test('a month without a visit is overdue from midnight on, and goes up to the town and to the county, each told once', async () => {
  const world = await newWorld()
  const { db, places } = world
  const desks = await desksOf(world)
  await writeLives(world, [life('village', ['2026-10-03']), life('village', ['2026-10-03', '2026-11-04'])], [MONTHLY])

  expect(await climbLadder(db, instantOf('2026-11-30', '23:59'), 'all')).toBe(0)
  expect(await climbLadder(db, instantOf('2026-12-01', '00:00'), 'all')).toBe(1)
  expect(await climbLadder(db, instantOf('2026-12-02', '07:10'), 'all')).toBe(0)
  expect(await overdueNotices(world)).toEqual([
    {
      personId: desks.village,
      body: '北庄村有 1 位老人该去看还没去，请安排人去。',
      deskLink: `/plan?regionId=${places.village.id}`,
    },
  ])
  expect(await climbLadder(db, instantOf('2026-12-03', '07:10'), 'all')).toBe(1)
  expect(await climbLadder(db, instantOf('2026-12-07', '07:10'), 'all')).toBe(1)
  expect(await climbLadder(db, instantOf('2026-12-08', '07:10'), 'all')).toBe(0)
  expect((await overdueNotices(world)).map((one) => one.personId)).toEqual([desks.village, desks.town, desks.county])
})

test('a visit since, an exit or a tag that ended ends the matter', async () => {
  const world = await newWorld()
  await desksOf(world)
  const ended = { validFrom: '2026-01-01', validTo: '2026-11-15' }
  await writeLives(
    world,
    [
      life('village', ['2026-12-01']),
      life('village', [], { exits: [{ kind: 'hospital', validFrom: '2026-12-01', validTo: null }] }),
      life('village', [], { tags: [{ category: 'disabled', ...ended }] }),
    ],
    [MONTHLY],
  )
  expect(await climbLadder(world.db, instantOf('2026-12-01', '23:00'), 'all')).toBe(0)
})

test('the county’s own number of days decides when the town and the county are told', async () => {
  const world = await newWorld()
  const { db, places } = world
  const desks = await desksOf(world)
  for (const [key, value] of [['ladderTownDays', 1] as const, ['ladderCountyDays', 2] as const])
    await db.setting.create({
      data: {
        ...{ id: randomUUID(), regionId: places.county.id, key, version: 1, validFrom: '2026-01-01' },
        ...{ value: JSON.stringify(value), recordedAt: instantOf('2026-01-01', '08:00') },
      },
    })
  await writeLives(world, [life('village', [])], [{ ...MONTHLY, validFrom: '2026-11-01' }])
  await climbLadder(db, instantOf('2026-12-01', '07:10'), 'all')
  await climbLadder(db, instantOf('2026-12-02', '07:10'), 'all')
  expect((await overdueNotices(world)).map((one) => one.personId)).toEqual([desks.town, desks.county])
})

test('within 24 hours of a change is judged to the minute: at the deadline it is owed, a minute later overdue', async () => {
  const world = await newWorld()
  const { db, keys, places } = world
  const desks = await desksOf(world)
  const staff = await world.staff('villageStaff')
  const { elders } = await writeLives(world, [life('village', ['2026-11-02'])], [MONTHLY, WITHIN_A_DAY])
  const elderId = elders[0]?.id ?? ''
  const at = world.at('23:30', '2026-11-20')
  await recordEvent(
    db,
    staff,
    elderId,
    { ...{ id: randomUUID(), kind: 'change', note: '' }, happenedAt: at.toISOString() },
    at,
  )

  const rowAt = async (clock: string) =>
    (await planOf(db, keys, places.village, instantOf('2026-11-21', clock))).rows[0]
  expect(await rowAt('23:30')).toMatchObject({
    ...{ requirement: '有情况 24 小时内 1 次', dueTo: '2026-11-21', dueAt: '2026-11-21T15:30:00.000Z', overdueDays: 0 },
  })
  expect(await climbLadder(db, instantOf('2026-11-21', '23:30'), 'events')).toBe(0)
  expect(await rowAt('23:31')).toMatchObject({ overdueDays: 1, rung: 'village' })
  expect(await climbLadder(db, instantOf('2026-11-21', '23:31'), 'events')).toBe(1)
  expect((await overdueNotices(world)).map((one) => one.personId).sort()).toEqual(
    [desks.village, staff.personId].sort(),
  )
})

test('heat is declared for a town: every elder of the categories who is at home is owed a visit within the day', async () => {
  const world = await newWorld()
  const { db, places } = world
  const { ask } = await serveWorld(world)
  const villageStaff = await world.staff('villageStaff')
  const staff = await world.staff('townStaff', places.town)
  const { elders } = await writeLives(
    world,
    [
      life('village', []),
      life('village2', []),
      life('village3', []),
      life('village', [], { exits: [{ kind: 'away', validFrom: '2026-11-20', validTo: '2026-11-30' }] }),
      life('village', [], { tags: [{ category: 'poor', ...since }] }),
    ],
    [WITHIN_A_DAY],
  )
  const reach = await ask<AreaEventReach>(
    staff,
    'GET',
    `/area-events/reach?regionId=${places.town.id}&categories=disabled,poor`,
  )
  expect(reach.body).toMatchObject({ elders: 3, owed: 2 })
  const helper = await world.member({ name: '李国强' })
  await db.pairing.create({
    data: {
      ...{ id: randomUUID(), elderId: elders[1]?.id ?? '', memberId: helper.id, regionPath: places.village2.path },
      ...{ agreementNo: '', sinceDay: '2026-11-01', byPersonId: staff.personId, recordedAt: world.clock.now },
    },
  })
  const body = { id: randomUUID(), regionId: places.town.id, kind: 'heat', categories: ['disabled'], note: '橙色预警' }
  expect((await ask(staff, 'POST', '/area-events', body)).status).toBe(201)
  expect((await ask(staff, 'POST', '/area-events', body)).status).toBe(201)
  const events = await db.elderEvent.findMany({ where: { areaEventId: body.id } })
  await expect(db.areaEvent.updateMany({ data: { elders: 9 } })).rejects.toThrow()
  expect(events.map((one) => one.elderId).sort()).toEqual([elders[0]?.id, elders[1]?.id].sort())
  const told = await db.notice.findMany({ where: { kind: 'visitDue' } })
  // 北庄村 has its own desk; 西庄村's is the town
  expect(told.map((one) => one.personId).sort()).toEqual(
    [villageStaff.personId, staff.personId, helper.personId].sort(),
  )
  const plan = await ask<{ rows: { elderId: string; dueAt: string | null }[] }>(
    staff,
    'GET',
    `/plan?regionId=${places.town.id}`,
  )
  expect(plan.body.rows.map((one) => [one.elderId, one.dueAt]).sort()).toEqual(
    [elders[0]?.id, elders[1]?.id].map((id) => [id, '2026-11-23T01:00:00.000Z']).sort(),
  )
  const list = await ask<{ items: AreaEventView[] }>(staff, 'GET', '/area-events')
  expect(list.body.items).toMatchObject([{ regionName: '泽头镇', elders: 2, visited: 0, categories: ['disabled'] }])

  // whom to visit, by village and by who is to go; a village sees its own part, another town nothing
  const named = (who: { personId: string }, query = '') =>
    ask<AreaEventElders>(who, 'GET', `/area-events/${body.id}/elders${query}`)
  const [first, second] = [elders[0]?.id, elders[1]?.id]
  expect((await named(staff)).body.items).toMatchObject([
    { elderId: first, regionName: '北庄村', categories: ['disabled'], visitedDay: null, helper: { why: 'village' } },
    { elderId: second, regionName: '西庄村', visitedBy: null, helper: { maskedName: '李*强', why: 'paired' } },
  ])
  expect((await named(villageStaff)).body.items.map((one) => one.elderId)).toEqual([first])
  expect((await ask<{ items: AreaEventView[] }>(villageStaff, 'GET', '/area-events')).body.items).toHaveLength(1)
  expect((await named(staff, `?regionId=${places.village2.id}`)).body.items.map((one) => one.elderId)).toEqual([second])
  const foreign = await world.staff('townStaff', places.otherTown)
  expect((await named(foreign)).status).toBe(404)
  await addVisit(world, helper, await db.elder.findUniqueOrThrow({ where: { id: first ?? '' } }), '2026-11-22')
  const after = (await named(staff)).body
  expect([after.event.visited, after.items[0]?.visitedDay, after.items[0]?.visitedBy]).toEqual([
    1,
    '2026-11-22',
    '李*强',
  ])
})

test('what nobody would be owed for, or what lies ahead, is not declared', async () => {
  const world = await newWorld()
  const { places } = world
  const { ask } = await serveWorld(world)
  const staff = await world.staff('townStaff', places.town)
  const { elders } = await writeLives(world, [life('village', []), life('village3', [])], [MONTHLY])
  const codeOf = async (more: object) => {
    const body = { id: randomUUID(), regionId: places.town.id, kind: 'cold', categories: ['disabled'], ...more }
    return (await ask<{ code: string }>(staff, 'POST', '/area-events', body)).body.code
  }
  expect(await codeOf({ categories: ['poor'] })).toBe('AREA_EVENT_NOBODY')
  expect(await codeOf({})).toBe('AREA_EVENT_NO_RULE')
  expect(await codeOf({ happenedAt: '2026-11-22T01:00:01Z' })).toBe('DATE_IN_FUTURE')
  expect(await codeOf({ happenedAt: '2026-11-19T00:59:59Z' })).toBe('EVENT_TOO_OLD')
  // a list by name never reaches beyond the place
  expect(await codeOf({ elderIds: elders.map(({ id }) => id) })).toBe('NOT_FOUND')
  expect(await world.db.elderEvent.count()).toBe(0)
})
