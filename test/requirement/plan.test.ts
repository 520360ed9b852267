import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accept } from '../../server/order/accept'
import { planOf } from '../../server/requirement/plan'
import { type Hand, planVisits, rungOf, type ToVisit, whyWords } from '../../shared/requirement/plan'
import type { HelperPlan, Plan } from '../../shared/requirement/view'
import { times } from '../support/long'
import { asker } from '../support/orders'
import { newWorld, serveWorld } from '../support/world'
import { type Life, type Need, writeLives } from './lives'

const elder = (elderId: string, more: Partial<ToVisit> = {}): ToVisit => ({
  ...{ elderId, regionPath: '/1/2/', dueTo: '2026-11-30', came: [], paired: [], place: null },
  ...more,
})
const hand = (memberId: string, more: Partial<Hand> = {}): Hand => ({
  memberId,
  regionPath: '/1/2/',
  tasks: 0,
  place: null,
  ...more,
})

test('who usually comes is sent first, then the village, then the town; each about as often', () => {
  const hands = [hand('a', { tasks: 1 }), hand('b'), hand('far', { regionPath: '/1/3/' })]
  const usual = elder('1', {
    came: [
      { memberId: 'a', times: 3 },
      { memberId: 'b', times: 1 },
    ],
  })
  const plan = planVisits([usual, elder('2'), elder('3'), elder('4'), elder('5', { regionPath: '/1/3/' })], hands, 3)
  expect([...plan].map(([id, { memberId, why, kilometres }]) => [id, memberId, why, kilometres])).toEqual([
    ['1', 'a', 'usual', null],
    ['2', 'b', 'village', null],
    ['3', 'b', 'village', null],
    ['4', 'a', 'village', null],
    ['5', 'far', 'village', null],
  ])
  expect(planVisits([elder('1')], [hand('far', { regionPath: '/1/3/' })], 1).get('1')?.why).toBe('town')
})

/** So many kilometres north of the elders' village. */
const north = (kilometres: number) => ({ lat: 37.19 + kilometres / 111.2, lon: 122.05 })

test('of those of other villages the nearest is sent, whole kilometres apart; whose way is not known comes last', () => {
  const hands = [
    hand('unknown', { regionPath: '/1/5/' }),
    hand('far', { regionPath: '/1/3/', place: north(7) }),
    hand('near', { regionPath: '/1/4/', place: north(2.2), tasks: 1 }),
    // as near, as people count, and with less to do
    hand('idle', { regionPath: '/1/6/', place: north(1.8) }),
  ]
  const at = { place: north(0) }
  const plan = planVisits([elder('1', at), elder('2', at), elder('3', at), elder('4', at), elder('5', at)], hands, 2)
  expect([...plan].map(([id, one]) => [id, one.memberId, whyWords(one)])).toEqual([
    ['1', 'idle', '就近，约 2 公里'],
    ['2', 'idle', '就近，约 2 公里'],
    ['3', 'near', '就近，约 2 公里'],
    ['4', 'far', '就近，约 7 公里'],
    ['5', 'far', '就近，约 7 公里'],
  ])
  // who lives in the village itself has not to go anywhere; an elder whose place isn't known is as far from all
  expect(planVisits([elder('1', at)], [...hands, hand('here', { tasks: 1 })], 2).get('1')?.memberId).toBe('here')
  expect(planVisits([elder('1')], hands, 1).get('1')).toEqual({ memberId: 'far', why: 'town', kilometres: null })
})

test('the most urgent come first where there are not hands enough', () => {
  const late = elder('1', { dueTo: '2026-11-30' })
  const soon = elder('2', { dueTo: '2026-11-23' })
  expect([...planVisits([late, soon], [hand('a')], 1).keys()]).toEqual(['2'])
})

test('nobody gets more than is set, nobody twice, and nobody goes without while a hand is free', () => {
  const hands = fc.uniqueArray(fc.record({ memberId: fc.constantFrom('a', 'b', 'c', 'd'), tasks: fc.nat(4) }), {
    selector: ({ memberId }) => memberId,
  })
  fc.assert(
    fc.property(fc.nat(12), hands, fc.integer({ min: 1, max: 5 }), (count, made, most) => {
      const all = made.map((one) => hand(one.memberId, one))
      const plan = planVisits(
        Array.from({ length: count }, (_, no) => elder(String(no))),
        all,
        most,
      )
      const room = all.reduce((sum, { tasks }) => sum + Math.max(0, most - tasks), 0)
      expect(plan.size).toBe(Math.min(count, room))
      for (const { memberId, tasks } of all)
        expect([...plan.values()].filter((one) => one.memberId === memberId).length).toBeLessThanOrEqual(
          Math.max(0, most - tasks),
        )
    }),
    { numRuns: times(200, 5000) },
  )
})

test('an overdue visit climbs from village to town to county', () => {
  expect([1, 2, 3, 6, 7, 30].map((days) => rungOf(days, 3, 7))).toEqual([
    ...['village', 'village', 'town', 'town', 'county', 'county'],
  ])
})

const since = { validFrom: '2026-01-01', validTo: null }
const WEEKLY: Need = {
  ...{ place: 'county', category: 'disabled', rhythm: { interval: 'week', intervalLength: null } },
  ...{ channels: ['inPerson'], natures: ['volunteer'], minSeconds: 900 },
  ...since,
}
const life = (place: 'village' | 'village3', days: readonly string[], more: Partial<Life> = {}): Life => ({
  homes: [{ place, span: since }],
  tags: [{ category: 'disabled', ...since }],
  ...{ exits: [], events: [], endedDay: null },
  visits: days.map((day) => ({ day, servedSeconds: 1800, channel: 'inPerson', nature: 'volunteer' })),
  ...more,
})

test('the plan of a place: what is owed until when, what climbed, whom to send, and where nobody serves', async () => {
  const world = await newWorld()
  const { db, keys, places, clock } = world
  const { elders } = await writeLives(
    world,
    [
      life('village', ['2026-11-04', '2026-11-10', '2026-11-17']),
      life('village', ['2026-11-04', '2026-11-10']),
      life('village', ['2026-11-04']),
      life('village', [], { exits: [{ kind: 'hospital', ...since }] }),
      life('village3', []),
    ],
    [WEEKLY],
  )
  const region = (place: 'village' | 'town' | 'county') => ({ ...places[place] })
  const { rows, unserved } = await planOf(db, keys, region('town'), clock.now)

  const of = (no: number) => rows.find((one) => one.elderId === elders[no]?.id)
  expect(rows.map((one) => one.elderId)).toEqual([elders[2]?.id, elders[1]?.id])
  expect(of(1)).toMatchObject({
    ...{ requirement: '每周 1 次', dueTo: '2026-11-22', daysLeft: 0, overdueDays: 0, rung: null, ordered: false },
    ...{ lastVisitDay: '2026-11-10', helper: { why: 'usual', maskedName: '张*' } },
  })
  // the week of the 9th to the 15th was missed: seven days ago
  expect(of(2)).toMatchObject({ overdueDays: 7, rung: 'county' })
  expect(unserved).toEqual([])
  const county = await planOf(db, keys, region('county'), clock.now)
  expect([county.rows, county.unserved.map((one) => [one.regionName, one.due, one.missing])]).toEqual([
    [],
    [['尹家村', 1, 1]],
  ])
})

test('the plan by helper: where each is sent or has said to go, who has nothing to do, whom nobody goes to; as a file too', async () => {
  const world = await newWorld()
  const { db, places, clock } = world
  const since10th = ['2026-11-10']
  const { elders } = await writeLives(
    world,
    [life('village', since10th), life('village', since10th), life('village', since10th), life('village3', [])],
    [WEEKLY],
  )
  const took = await world.member({ name: '孙燕' })
  const free = await world.member({ name: '李青', place: places.village2 })
  const clerk = await world.staff('townStaff', places.town)
  const orderId = await asker(world, elders[2]?.id ?? '').ask(clerk, { wantedDay: '2026-11-24' })
  await accept(db, took.actor, orderId, clock.now)
  const { ask } = await serveWorld(world)

  const { body } = await ask<HelperPlan>(clerk, 'GET', `/plan/helpers?regionId=${places.town.id}`)

  expect(body.rows.map((one) => [one.maskedName, one.regionName, one.tasks, one.visits.length])).toEqual([
    ['张*', '北庄村', 0, 2],
    ['孙*', '北庄村', 1, 1],
    ['李*', '西庄村', 0, 0],
  ])
  const [usual, ordered] = body.rows
  expect(usual?.visits.map((one) => [one.elderId, one.helper?.why]).sort()).toEqual(
    [elders[0], elders[1]].map((one) => [one?.id, 'usual']).sort(),
  )
  expect(ordered?.visits).toMatchObject([
    { elderId: elders[2]?.id, helper: null, taken: { memberId: took.id, wantedDay: '2026-11-24' } },
  ])
  expect([body.left, body.rows[2]?.memberId]).toEqual([[], free.id])
  expect(body.most).toBeGreaterThan(0)

  const file = await ask<string>(clerk, 'GET', `/exports/helper-plan?format=csv&regionId=${places.town.id}`)
  const lines = file.body.trim().split(/\r?\n/)
  expect(lines).toHaveLength(1 + 4)
  expect(lines.find((line) => line.startsWith('孙*'))).toMatch(/2026-11-24.*已接单/)
  expect(lines.find((line) => line.startsWith('李*'))).toMatch(/^李\*,西庄村,0,,/)
  // where nobody lives who could go, somebody is left over
  const other = await world.staff('townStaff', places.town2)
  const { body: alone } = await ask<HelperPlan>(other, 'GET', `/plan/helpers?regionId=${places.town2.id}`)
  expect([alone.rows, alone.left.map((one) => one.elderId)]).toEqual([[], [elders[3]?.id]])
})

test('who lives nearest is sent, by whole kilometres between a home and the middle of a village; no place goes out', async () => {
  const world = await newWorld()
  const { db, keys, places, clock } = world
  await writeLives(world, [], [{ ...WEEKLY, category: 'livingAlone' }])
  const { id: memberId } = await db.member.findFirstOrThrow()
  const [home, other] = [north(0), north(4)]
  const elder = await world.elder({ place: places.village2, homePoint: `${home.lat},${home.lon}` })
  const clerk = await world.staff('townStaff', places.town)
  const planned = async () => {
    const { rows } = await planOf(db, keys, { ...places.town }, clock.now)
    return rows.find((one) => one.elderId === elder.id)?.helper
  }
  // nobody measured anything in the helper's village yet
  expect(await planned()).toMatchObject({ memberId, why: 'town', kilometres: null })

  // a home in it is measured: its middle is there
  await world.elder({ homePoint: `${other.lat},${other.lon}` })
  expect(await planned()).toMatchObject({ memberId, why: 'near', kilometres: 4 })

  // a site that is open to everybody says better where the village lies
  const site = north(2)
  await db.organisation.create({
    data: {
      ...{ id: randomUUID(), kind: 'canteen', regionId: places.village.id, regionPath: places.village.path },
      ...{
        countyId: places.county.id,
        name: '北庄村幸福餐桌',
        code: '',
        address: '',
        point: `${site.lat},${site.lon}`,
      },
      ...{ phone: '', openingHours: '', needs: '', active: true, source: 'desk', byPersonId: clerk.personId },
      recordedAt: clock.now,
    },
  })
  expect(await planned()).toMatchObject({ memberId, why: 'near', kilometres: 2 })

  const { ask } = await serveWorld(world)
  const { body } = await ask<string>(clerk, 'GET', `/exports/plan?format=csv&regionId=${places.town.id}`)
  expect(body).toContain('就近，约 2 公里')
  const { body: plan } = await ask<Plan>(clerk, 'GET', `/plan?regionId=${places.town.id}`)
  for (const said of [body, JSON.stringify(plan)]) expect(said).not.toMatch(/37\.19|37\.2|122\.05/)
})
