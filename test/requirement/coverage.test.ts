import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countLive } from '../../server/requirement/count'
import { coverage } from '../../server/requirement/coverage'
import { listCoverageElders } from '../../server/requirement/elders'
import { countByVillage, coverageDrift, rollCoverage, rollMonth } from '../../server/requirement/rollup'
import { addStandardRequirements } from '../../server/requirement/standard'
import { countMonths, judgeMonth } from '../../shared/requirement/rules'
import { times } from '../support/long'
import { newWorld, type PlaceKey } from '../support/world'
import { lives, needs, writeLives } from './lives'

/** A village without anybody listed may be there with nothing, or not. */
const noEmpty = (counts: ReadonlyMap<string, { due: number }>) => Object.fromEntries([...counts].sort())
const MONTHS = ['2026-10', '2026-11', '2026-12']
const PLACES: PlaceKey[] = ['city', 'county', 'town', 'town2', 'village', 'village2', 'village3', 'otherCounty']

test(
  'the database judges whole regions as the rules judge one elder',
  async () => {
    await fc.assert(
      fc.asyncProperty(lives, needs, async (made, wanted) => {
        const world = await newWorld()
        const { elders, requirements } = await writeLives(world, made, wanted)
        const { countyId, path: countyPath } = { countyId: world.places.county.id, path: world.places.county.path }
        for (const month of MONTHS) await rollMonth(world.db, { countyId, path: countyPath }, month, world.clock.now)
        for (const month of MONTHS) {
          const judged = elders
            .map(({ life, visits }) => judgeMonth(life, requirements, visits, month))
            .filter((one) => one.regionPath !== null)
          for (const place of PLACES) {
            const path = world.places[place].path
            const found = await countLive(world.db, path, month)
            const rolled = await countByVillage(world.db, path, month)
            expect([place, month, noEmpty(rolled)]).toEqual([place, month, noEmpty(found)])
            const expected = new Map<string, ReturnType<typeof countMonths>>()
            for (const village of new Set(judged.map((one) => one.regionPath ?? ''))) {
              if (village.startsWith(path))
                expected.set(village, countMonths(judged.filter((one) => one.regionPath === village)))
            }
            expect([place, month, Object.fromEntries(found)]).toEqual([place, month, Object.fromEntries(expected)])
          }
        }
        await world.db.$disconnect()
      }),
      { numRuns: times(5, 400), endOnFailure: true },
    )
  },
  times(240_000, 3_600_000),
)

test(
  'the lists are of those the board counts: page by page, each elder once, at the home of the last due day',
  async () => {
    await fc.assert(
      fc.asyncProperty(lives, needs, async (made, wanted) => {
        const world = await newWorld()
        const { elders, requirements } = await writeLives(world, made, wanted)
        const admin = await world.staff('cityAdmin', world.places.city)
        for (const month of MONTHS) {
          const judged = elders.map(({ id, life, visits }) => ({
            id,
            ...judgeMonth(life, requirements, visits, month),
          }))
          for (const place of ['county', 'town', 'village3'] as const) {
            const { id: regionId, path } = world.places[place]
            const here = judged.filter((one) => one.regionPath?.startsWith(path))
            const wantedIds = {
              due: here.filter((one) => one.due),
              visited: here.filter((one) => one.due && one.visited),
              missing: here.filter((one) => one.due && !one.visited),
              exited: here.filter((one) => one.exitKind !== null),
            }
            for (const state of ['due', 'visited', 'missing', 'exited'] as const) {
              const found: string[] = []
              let cursor: string | undefined
              do {
                const page = await listCoverageElders(
                  world.db,
                  world.keys,
                  admin,
                  { month, regionId, state, limit: 3, cursor },
                  world.clock.now,
                )
                found.push(...page.items.map((one) => one.elderId))
                cursor = page.next ?? undefined
              } while (cursor !== undefined)
              expect([month, place, state, found.sort()]).toEqual([
                month,
                place,
                state,
                wantedIds[state].map((one) => one.id).sort(),
              ])
            }
          }
        }
        await world.db.$disconnect()
      }),
      { numRuns: times(5, 200), endOnFailure: true },
    )
  },
  times(240_000, 3_600_000),
)

test('at the turn of a year and around 29 February the database counts Shanghai days as the rules do', async () => {
  const world = await newWorld()
  const days = ['2027-12-31', '2028-01-01', '2028-01-02', '2028-02-28', '2028-02-29', '2028-03-01', '2028-03-31']
  const life = (category: string, day: string, since = '2026-01-01') => ({
    homes: [{ place: 'village' as const, span: { validFrom: '2026-01-01', validTo: null } }],
    tags: [{ category, validFrom: since, validTo: null }],
    visits: [{ day, channel: 'inPerson' as const, nature: 'volunteer' as const, servedSeconds: 1200 }],
    ...{ exits: [], events: [], endedDay: null },
  })
  const rule = (category: string, interval: 'week' | 'month' | 'quarter' | 'days', intervalLength: number | null) => ({
    ...{ place: 'county' as const, category, rhythm: { interval, intervalLength }, channels: ['inPerson'] as const },
    ...{ natures: ['volunteer'] as const, minSeconds: 900, validFrom: '2026-01-01', validTo: null },
  })
  const categories = ['livingAlone', 'disabled', 'emptyNest', 'poor']
  const { elders, requirements } = await writeLives(
    world,
    [
      ...days.flatMap((day) => categories.map((category) => life(category, day))),
      ...days.map((day) => life('disabled', day, '2028-02-29')),
    ],
    [
      ...[rule('livingAlone', 'month', null), rule('disabled', 'week', null), rule('emptyNest', 'quarter', null)],
      rule('poor', 'days', 10),
    ],
  )
  const { path } = world.places.village
  for (const month of ['2027-12', '2028-01', '2028-02', '2028-03']) {
    const expected = countMonths(elders.map(({ life, visits }) => judgeMonth(life, requirements, visits, month)))
    for (const place of ['village', 'county', 'city'] as const)
      expect([month, place, (await countLive(world.db, world.places[place].path, month)).get(path)]).toEqual([
        ...[month, place, expected],
      ])
  }
  const february = (await countLive(world.db, path, '2028-02', { category: 'livingAlone' })).get(path)
  expect([february?.due, february?.visited]).toEqual([7, 2])
})

test('a region shows its own figures and those of the places below it, rounded down', async () => {
  const world = await newWorld()
  const { db, places } = world
  await db.$transaction((tx) => addStandardRequirements(tx, places.county.id, new Date('2026-01-01T00:00:00Z')))
  const visited = { day: '2026-11-03', channel: 'phone' as const, nature: 'volunteer' as const, servedSeconds: 1200 }
  const life = (place: 'village' | 'village3', visits: (typeof visited)[]) => ({
    homes: [{ place, span: { validFrom: '2026-01-01', validTo: null } }],
    tags: [{ category: 'livingAlone', validFrom: '2026-01-01', validTo: null }],
    exits: [],
    events: [],
    endedDay: null,
    visits,
  })
  await writeLives(
    world,
    [life('village', [visited]), life('village', []), life('village', []), life('village3', [visited])],
    [],
  )
  const county = await db.region.findUniqueOrThrow({ where: { id: places.county.id } })

  const board = await coverage(db, county, '2026-11')

  expect(board.total).toMatchObject({
    regionName: '文登区',
    kindName: '区县',
    due: 4,
    visited: 2,
    missing: 2,
    coveragePercent: '50.0',
    requirementsDue: 4,
    requirementsMet: 2,
    fulfilmentPercent: '50.0',
  })
  expect(board.rows.map((row) => [row.regionName, row.due, row.visited, row.coveragePercent])).toEqual([
    ['泽头镇', 3, 1, '33.3'],
    ['泽库镇', 1, 1, '100.0'],
  ])
  expect((await coverage(db, county, '2026-11', { category: 'disabled' })).total).toMatchObject({
    due: 0,
    coveragePercent: null,
  })
  const other = await db.region.findUniqueOrThrow({ where: { id: places.otherCounty.id } })
  expect((await coverage(db, other, '2026-11')).total.due).toBe(0)
})

test('the standard requirements are laid down once', async () => {
  const { db, places, clock } = await newWorld()
  await db.$transaction((tx) => addStandardRequirements(tx, places.county.id, clock.now))
  await db.$transaction((tx) => addStandardRequirements(tx, places.county.id, clock.now))
  const rows = await db.requirement.findMany({ orderBy: { category: 'asc' } })
  expect(rows.map((one) => [one.category, one.interval, one.channels, one.minSeconds])).toEqual([
    ['disabled', 'week', 'inPerson', 900],
    ['emptyNest', 'month', 'inPerson,phone', 900],
    ['leftBehind', 'month', 'inPerson,phone', 900],
    ['livingAlone', 'month', 'inPerson,phone', 900],
    ['poor', 'week', 'inPerson', 900],
    ['severeDisability', 'month', 'inPerson,phone', 900],
    ['specialFamily', 'month', 'inPerson,phone', 900],
  ])
})

test('what is judged already is judged again when anything changes, and a forged sum is found', async () => {
  const world = await newWorld()
  const { db, places, clock } = world
  await db.$transaction((tx) => addStandardRequirements(tx, places.county.id, new Date('2026-01-01T00:00:00Z')))
  const helper = await world.member()
  const [first, second] = [await world.elder(), await world.elder({ place: places.village3 })]
  const county = await db.region.findUniqueOrThrow({ where: { id: places.county.id } })
  await rollCoverage(db, clock.now)
  expect(await db.coverageStale.count()).toBe(0)
  expect((await coverage(db, county, '2026-11')).total).toMatchObject({ due: 2, visited: 0 })

  const place = { regionId: first.regionId, regionPath: first.regionPath, countyId: first.countyId }
  const visitId = randomUUID()
  await db.visit.create({
    data: {
      ...{ id: visitId, ...place, memberId: helper.id, memberPersonId: helper.personId, serviceId: world.service.id },
      ...{ channel: 'inPerson', nature: 'volunteer', state: 'finished', flag: 'clean', tasksDone: '[]', level: 2 },
      ...{ day: '2026-11-20', month: '2026-11', checkInAt: world.at('09:00', '2026-11-20') },
      ...{ checkOutAt: world.at('10:00', '2026-11-20'), recordedAt: clock.now, servedSeconds: 3600, counted: true },
    },
  })
  await db.visitElder.create({
    data: {
      ...{ visitId, elderId: first.id, ...place, day: '2026-11-20', month: '2026-11' },
      ...{ channel: 'inPerson', nature: 'volunteer', servedSeconds: 3600, counted: true },
    },
  })
  const marked = await coverage(db, county, '2026-11')
  expect([marked.total.visited, marked.rows[0]?.visited]).toEqual([1, 1])
  await db.visitElder.update({ where: { visitId_elderId: { visitId, elderId: first.id } }, data: { counted: false } })
  expect((await coverage(db, county, '2026-11')).total.visited).toBe(0)
  await db.elderExit.create({
    data: {
      ...{ id: randomUUID(), elderId: second.id, kind: 'hospital', validFrom: '2026-11-20', validTo: null },
      ...{ reason: '', approvedByPersonId: helper.personId, recordedAt: clock.now },
    },
  })
  expect((await coverage(db, county, '2026-11')).total).toMatchObject({ due: 1, exits: { hospital: 1 } })
  world.at('09:00', '2026-11-22')
  await rollCoverage(db, clock.now)
  expect(await db.coverageStale.count()).toBe(0)
  expect((await coverage(db, county, '2026-11')).total).toMatchObject({ due: 1, exits: { hospital: 1 } })
  expect(await coverageDrift(db, county.path, '2026-11')).toEqual([])

  await db.elderMonth.updateMany({ where: { elderId: first.id, month: '2026-11' }, data: { visited: 1 } })
  expect((await coverageDrift(db, county.path, '2026-11'))?.map((one) => one.path)).toEqual([first.regionPath])
  await db.requirement.updateMany({ data: { validTo: '2026-12-31' } })
  expect(await db.coverageRoll.count()).toBe(0)
  expect((await coverage(db, county, '2026-11')).total).toMatchObject({ due: 1, visited: 0 })
})
