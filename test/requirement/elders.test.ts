import { expect, test } from 'vitest'
import { listCoverageElders } from '../../server/requirement/elders'
import { hoursOfVillage } from '../../server/requirement/hours'
import { codesOf } from '../ledger/books'
import { newWorld } from '../support/world'
import { type Life, type Need, writeLives } from './lives'

const WEEKLY: Need = {
  place: 'county',
  category: 'disabled',
  rhythm: { interval: 'week', intervalLength: null },
  channels: ['inPerson'],
  natures: ['volunteer', 'mutualAid', 'dutyPaid'],
  minSeconds: 900,
  validFrom: '2026-01-01',
  validTo: null,
}
const MONTHLY: Need = {
  ...WEEKLY,
  category: 'livingAlone',
  rhythm: { interval: 'month', intervalLength: null },
  channels: ['inPerson', 'phone'],
}
const since = { validFrom: '2026-01-01', validTo: null }
const life = (more: Partial<Life> & { category?: string } = {}): Life => ({
  homes: [{ place: 'village', span: since }],
  tags: [{ ...since, category: more.category ?? 'livingAlone' }],
  exits: [],
  events: [],
  endedDay: null,
  visits: [],
  ...more,
})
const visit = (day: string, servedSeconds = 1800) => ({
  ...{ day, servedSeconds, channel: 'inPerson' as const },
  nature: 'volunteer' as const,
})

test('a line says what is owed, period by period, and who came last', async () => {
  const world = await newWorld()
  const { elders } = await writeLives(
    world,
    [
      life({ category: 'disabled', visits: [visit('2026-11-04'), visit('2026-11-16')] }),
      life(),
      life({ exits: [{ kind: 'hospital', ...since }] }),
    ],
    [WEEKLY, MONTHLY],
  )
  const staff = await world.staff('villageStaff')
  const list = (state: 'due' | 'missing' | 'exited') =>
    listCoverageElders(world.db, world.keys, staff, { month: '2026-11', state, limit: 50 }, world.clock.now)

  const due = (await list('due')).items
  expect(due.find((one) => one.elderId === elders[0]?.id)).toMatchObject({
    regionName: '北庄村',
    categories: ['disabled'],
    requirement: '每周 1 次，上门，至少 15 分钟',
    periods: [
      { label: '第 1 周', mark: 'met' },
      { label: '第 2 周', mark: 'overdue' },
      { label: '第 3 周', mark: 'met' },
      { label: '第 4 周', mark: 'due' },
    ],
    visitedThisMonth: true,
    lastVisitDay: '2026-11-16',
    lastHelperName: '张*',
  })
  expect((await list('missing')).items.map((one) => [one.elderId, one.requirement, one.periods[0]?.mark])).toEqual([
    [elders[1]?.id, '每月 1 次，上门或电话，至少 15 分钟', 'due'],
  ])
  expect((await list('exited')).items.map((one) => [one.elderId, one.exitKind])).toEqual([[elders[2]?.id, 'hospital']])
})

test('nobody sees the elders of other places', async () => {
  const world = await newWorld()
  await writeLives(world, [life()], [MONTHLY])
  const { db, keys, clock, places } = world
  const [sibling, foreign] = [
    await world.staff('villageStaff', places.village2),
    await world.staff('townStaff', places.otherTown),
  ]
  const ask = { month: '2026-11', state: 'due' as const, limit: 50 }
  for (const actor of [sibling, foreign]) {
    expect((await listCoverageElders(db, keys, actor, ask, clock.now)).items).toEqual([])
    expect(
      await codesOf([listCoverageElders(db, keys, actor, { ...ask, regionId: places.village.id }, clock.now)]),
    ).toEqual(['NOT_FOUND'])
  }
})

test('hours against requirement: required, valid, missing, over, by nature, waiting and returned', async () => {
  const world = await newWorld()
  const { db, keys, places } = world
  const { elders } = await writeLives(
    world,
    [
      life({ category: 'disabled', visits: [visit('2026-11-04'), visit('2026-11-05'), visit('2026-11-16', 3600)] }),
      life(),
      life({ tags: [], visits: [visit('2026-11-07')] }),
      life({ tags: [] }),
      life({
        homes: [
          { place: 'village', span: { ...since, validTo: '2026-11-09' } },
          { place: 'village2', span: { validFrom: '2026-11-10', validTo: null } },
        ],
        visits: [visit('2026-11-03')],
      }),
    ],
    [WEEKLY, MONTHLY],
  )
  const [returned] = await db.visitElder.findMany({ where: { elderId: elders[0]?.id ?? '', day: '2026-11-05' } })
  await db.visit.update({ where: { id: returned?.visitId ?? '' }, data: { state: 'returned', counted: false } })
  await db.visitElder.updateMany({ where: { visitId: returned?.visitId ?? '' }, data: { counted: false } })
  const hours = (place: 'village' | 'village2' | 'town' | 'county') =>
    hoursOfVillage(db, keys, places[place], '2026-11')

  const { rows, total } = await hours('village')

  expect(rows.map((row) => row.elderId).sort()).toEqual([elders[0]?.id, elders[1]?.id, elders[2]?.id].sort())
  expect(rows.find((row) => row.elderId === elders[0]?.id)).toMatchObject({
    requirement: '每周 1 次，上门，至少 15 分钟',
    requiredVisits: 4,
    validVisits: 2,
    missingVisits: 2,
    overServed: 0,
    validSeconds: 5400,
    returnedVisits: 1,
    returnedSeconds: 1800,
    waitingVisits: 2,
    byNature: { volunteer: 5400, mutualAid: 0, dutyPaid: 0 },
  })
  expect(rows.find((row) => row.elderId === elders[1]?.id)).toMatchObject({
    requiredVisits: 1,
    validVisits: 0,
    missingVisits: 1,
  })
  expect(rows.find((row) => row.elderId === elders[2]?.id)).toMatchObject({
    requirement: '',
    requiredVisits: 0,
    validVisits: 1,
    missingVisits: 0,
    overServed: 1,
  })
  expect(total).toMatchObject({
    requiredVisits: 5,
    validVisits: 3,
    missingVisits: 3,
    overServed: 1,
    validSeconds: 7200,
  })
  // who moved is on the sheet of the village of the last due day
  expect((await hours('village2')).rows).toMatchObject([
    { elderId: elders[4]?.id, requiredVisits: 1, validVisits: 1, missingVisits: 0 },
  ])
  expect((await hours('town')).rows).toHaveLength(4)
  expect((await hours('county')).rows).toEqual([])
})
