import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { askReport } from '../../server/report/ask'
import { makeReports } from '../../server/report/make'
import { signReport } from '../../server/report/sign'
import { coverage } from '../../server/requirement/coverage'
import { listCoverageElders } from '../../server/requirement/elders'
import { rollMonth } from '../../server/requirement/rollup'
import type { CoverageRow } from '../../shared/requirement/view'
import { type Life, lives, type Need, needs, writeLives } from '../requirement/lives'
import { times } from '../support/long'
import { newWorld, type World } from '../support/world'

const MONTH = '2026-10'
const FILTERS = [
  {},
  { category: 'livingAlone' },
  { interval: 'week' },
  { category: 'poor', interval: 'month' },
] as const
const STATES = ['due', 'visited', 'missing', 'exited'] as const

/** What may come to light after a month was signed; each to every second elder. */
const CHANGES = {
  uncount: ({ db }: World, ids: string[]) =>
    db.visitElder.updateMany({ where: { elderId: { in: ids } }, data: { counted: false } }),
  leave: ({ db }: World, ids: string[]) =>
    db.elder.updateMany({ where: { id: { in: ids } }, data: { endedDay: '2026-10-05' } }),
  untag: ({ db }: World, ids: string[]) =>
    db.elderCategory.updateMany({ where: { elderId: { in: ids }, validTo: null }, data: { validTo: '2026-12-31' } }),
  move: ({ db, places }: World, ids: string[]) =>
    db.elderResidence.updateMany({
      where: { elderId: { in: ids } },
      data: { regionId: places.village3.id, regionPath: places.village3.path },
    }),
  hospital: ({ db }: World, ids: string[]) =>
    db.elderExit.createMany({
      data: ids.map((elderId) => ({
        ...{ id: randomUUID(), elderId, kind: 'hospital', validFrom: '2026-10-02', validTo: null },
        ...{ reason: '', approvedByPersonId: elderId, recordedAt: new Date(0) },
      })),
    }),
  rules: ({ db }: World) => db.requirement.updateMany({ data: { minSeconds: 7200 } }),
}
const changes = fc.shuffledSubarray(Object.keys(CHANGES) as (keyof typeof CHANGES)[], { minLength: 1 })

test(
  'a signed month never changes, whatever comes to light; no share is above 100; the villages are the town and the towns the county',
  async () => {
    await fc.assert(
      fc.asyncProperty(lives, needs, changes, async (made, wanted, later) => {
        const world = await newWorld()
        const { db, keys, places, clock } = world
        const { elders } = await writeLives(world, made, wanted)
        const [maker, signer] = [
          await world.staff('townStaff', places.town),
          await world.staff('townStaff', places.town),
        ]
        const admin = await world.staff('countyAdmin', places.county)
        await rollMonth(db, { countyId: places.county.id, path: places.county.path }, MONTH, clock.now)
        const board = async (place: 'county' | 'town' | 'village', filter: (typeof FILTERS)[number]) =>
          coverage(db, await db.region.findUniqueOrThrow({ where: { id: places[place].id } }), MONTH, filter)
        const shown = async () => {
          const found = []
          for (const filter of FILTERS) {
            const [town, village] = [await board('town', filter), await board('village', filter)]
            found.push({ filter, town: town.total, rows: town.rows, village: village.total })
          }
          return found
        }
        const before = await shown()
        const id = randomUUID()
        await askReport(db, maker, { id, kind: 'month', regionId: places.town.id, period: MONTH }, clock.now)
        await makeReports(world.parts)
        await signReport(db, signer, id, world.later(60))
        expect(await shown()).toEqual(before)
        const half = elders.filter((_, place) => place % 2 === 0).map((one) => one.id)
        for (const change of later) await CHANGES[change](world, half)
        expect([later, await shown()]).toEqual([later, before])

        for (const { filter, town } of before) {
          const county = await board('county', filter)
          for (const key of ['due', 'visited', 'requirementsDue', 'requirementsMet'] as const)
            expect([key, county.total[key]]).toEqual([key, county.rows.reduce((sum, row) => sum + row[key], 0)])
          expect(county.rows.find((row) => row.regionId === places.town.id)).toEqual(town)
          for (const row of [county.total, ...county.rows]) expect(isAtMostAll(row)).toBe(true)
          for (const state of STATES) {
            const ask = { month: MONTH, regionId: places.town.id, state, limit: 200, ...filter }
            const { items } = await listCoverageElders(db, keys, admin, ask, clock.now)
            const { exits } = town
            const counted = {
              ...{ due: town.due, visited: town.visited, missing: town.missing },
              exited: exits.died + exits.moved + exits.hospital + exits.refused + exits.away,
            }
            expect([filter, state, items.length]).toEqual([filter, state, counted[state]])
          }
        }
        await db.$disconnect()
      }),
      { numRuns: times(3, 150), endOnFailure: true },
    )
  },
  times(240_000, 3_600_000),
)

test('who moved to another town is still in the month of the one before where its own rule asked for it', async () => {
  const world = await newWorld()
  const { db, places, clock } = world
  const since = { validFrom: '2026-01-01', validTo: null }
  const weekly: Need = {
    ...{ place: 'town', category: 'poor', rhythm: { interval: 'week', intervalLength: null } },
    ...{ channels: ['inPerson'], natures: ['volunteer'], minSeconds: 0 },
    ...since,
  }
  const monthly: Need = { ...weekly, place: 'county', rhythm: { interval: 'month', intervalLength: null } }
  const moved: Life = {
    homes: [
      { place: 'village', span: { ...since, validTo: '2026-10-27' } },
      { place: 'village3', span: { validFrom: '2026-10-28', validTo: null } },
    ],
    tags: [{ category: 'poor', ...since }],
    ...{ exits: [], events: [], endedDay: null },
    visits: [{ day: '2026-10-13', nature: 'volunteer', channel: 'inPerson', servedSeconds: 1800 }],
  }
  await writeLives(world, [moved], [weekly, monthly])
  const board = async (filter: (typeof FILTERS)[number]) => {
    const { total } = await coverage(
      db,
      await db.region.findUniqueOrThrow({ where: { id: places.town.id } }),
      MONTH,
      filter,
    )
    return total
  }
  const shown = async () => [await board({}), await board({ interval: 'week' })]
  const before = await shown()
  expect(before.map((one) => one.due)).toEqual([0, 1])
  const [maker, signer] = [await world.staff('townStaff', places.town), await world.staff('townStaff', places.town)]
  const id = randomUUID()
  await askReport(db, maker, { id, kind: 'month', regionId: places.town.id, period: MONTH }, clock.now)
  await makeReports(world.parts)
  await signReport(db, signer, id, world.later(60))
  expect(await shown()).toEqual(before)
  // the other town's own report has the rest of the month
  const rows = await db.reportElder.findMany({ where: { reportId: id } })
  expect(rows.map((one) => [one.category, one.interval, one.regionPath]).sort()).toEqual([
    ['', 'week', places.village.path],
    ['poor', 'week', places.village.path],
  ])
})

function isAtMostAll({ due, visited, requirementsDue, requirementsMet, coveragePercent }: CoverageRow): boolean {
  return visited <= due && requirementsMet <= requirementsDue && Number(coveragePercent ?? '0') <= 100
}
