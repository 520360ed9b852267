// December 2026 of one village, reckoned by hand: every number of it, wherever it is shown.
//   weeks of December: 30 Nov – 6, 7 – 13, 14 – 20, 21 – 27, 28 Dec – 3 Jan; ten-day periods that end in it: 27 Nov – 6, 7 – 16, 17 – 26
import { randomUUID } from 'node:crypto'
import ExcelJS from 'exceljs'
import { expect, test } from 'vitest'
import { decideVisits } from '../../server/audit/decide'
import { makeReports } from '../../server/report/make'
import { countUnsigned, coverageDrift, rollCoverage } from '../../server/requirement/rollup'
import { startSession } from '../../server/session/start'
import type { Dashboard, ReportView } from '../../shared/report/view'
import type { Coverage, CoverageElder, Hours } from '../../shared/requirement/view'
import type { VisitView } from '../../shared/visit/view'
import { figureOf, placeFigure } from '../report/month'
import { newWorld, serveWorld } from '../support/world'
import { type Life, type Need, writeLives } from './lives'

const MONTH = '2026-12'
const since = { validFrom: '2026-01-01', validTo: null }
const rule = (category: string, interval: Need['rhythm']['interval'], more: Partial<Need> = {}): Need => ({
  ...{ place: 'county', category, channels: ['inPerson'], natures: ['volunteer', 'mutualAid', 'dutyPaid'] },
  ...{ minSeconds: 900, rhythm: { interval, intervalLength: null }, ...since },
  ...more,
})
const RULES: Need[] = [
  rule('livingAlone', 'month', { channels: ['inPerson', 'phone'] }),
  rule('disabled', 'week'),
  rule('emptyNest', 'quarter', { channels: ['inPerson', 'phone', 'video'] }),
  rule('poor', 'days', { rhythm: { interval: 'days', intervalLength: 10 } }),
  rule('severeDisability', 'event', { rhythm: { interval: 'event', intervalLength: 24 } }),
]

type Came = Life['visits'][number]
const came = (day: string, channel: Came['channel'] = 'inPerson'): Came => ({
  ...{ day, channel, nature: 'volunteer', servedSeconds: 1800 },
})
const life = (tags: Record<string, string>, visits: readonly Came[], more: Partial<Life> = {}): Life => ({
  homes: [{ place: 'village', span: since }],
  tags: Object.entries(tags).map(([category, validFrom]) => ({ category, validFrom, validTo: null })),
  ...{ exits: [], events: [], endedDay: null, visits: [...visits] },
  ...more,
})
const alone = (visits: readonly Came[], more: Partial<Life> = {}) => life({ livingAlone: '2026-01-01' }, visits, more)
const exit = (kind: Life['exits'][number]['kind'], validFrom: string, validTo: string | null = null) => ({
  exits: [{ kind, validFrom, validTo }],
})
const happened = (text: string) => ({ events: [{ happenedAt: new Date(text) }] })

/** Each with what is expected of it: due, visited, requirements met of due. */
const PEOPLE: readonly [who: string, life: Life, due: boolean, visited: boolean, met: number, owed: number][] = [
  ['monthly, visited', alone([came('2026-12-05')]), true, true, 1, 1],
  ['monthly, by telephone', alone([came('2026-12-20', 'phone')]), true, true, 1, 1],
  ['monthly, by video: no channel that counts for it', alone([came('2026-12-20', 'video')]), true, true, 0, 1],
  ['monthly, the one visit is returned', alone([came('2026-12-08')]), true, false, 0, 1],
  [
    'died on the 10th',
    alone([came('2026-12-03')], { ...exit('died', '2026-12-10'), endedDay: '2026-12-10' }),
    false,
    true,
    0,
    0,
  ],
  ['in hospital since the 20th', alone([], exit('hospital', '2026-12-20')), false, false, 0, 0],
  ['away until the 15th', alone([], exit('away', '2026-12-01', '2026-12-15')), true, false, 0, 1],
  [
    'tagged on the 15th, visited the day before',
    life({ livingAlone: '2026-12-15' }, [came('2026-12-14')]),
    true,
    true,
    0,
    1,
  ],
  [
    'tagged on the 15th, uploaded three days late',
    life({ livingAlone: '2026-12-15' }, [came('2026-12-31')]),
    true,
    true,
    1,
    1,
  ],
  ['visited on New Year’s Day', alone([came('2027-01-01')]), true, false, 0, 1],
  [
    'weekly, each week',
    life(
      { disabled: '2026-01-01' },
      ['01', '08', '15', '22', '29'].map((day) => came(`2026-12-${day}`)),
    ),
    ...([true, true, 5, 5] as const),
  ],
  [
    'weekly, at both ends of the month only',
    life({ disabled: '2026-01-01' }, [came('2026-11-30'), came('2027-01-02')]),
    true,
    false,
    2,
    5,
  ],
  [
    'weekly since the 10th',
    life({ disabled: '2026-12-10' }, [came('2026-12-09'), came('2026-12-12'), came('2026-12-16', 'phone')]),
    ...([true, true, 1, 4] as const),
  ],
  [
    'weekly and monthly',
    life({ disabled: '2026-01-01', livingAlone: '2026-01-01' }, [came('2026-12-03')]),
    true,
    true,
    2,
    6,
  ],
  [
    'quarterly, visited in October',
    life({ emptyNest: '2026-01-01' }, [came('2026-10-02', 'phone')]),
    true,
    false,
    1,
    1,
  ],
  [
    'quarterly, visited on the 30th',
    life({ emptyNest: '2026-01-01' }, [came('2026-12-30', 'video')]),
    true,
    true,
    1,
    1,
  ],
  ['every ten days', life({ poor: '2026-01-01' }, [came('2026-12-06'), came('2026-12-07')]), true, true, 2, 3],
  [
    'after 24 hours, not within',
    life({ severeDisability: '2026-01-01' }, [came('2026-12-11')], happened('2026-12-09T15:00:00Z')),
    ...([true, true, 0, 1] as const),
  ],
  [
    'to be answered in January',
    life({ severeDisability: '2026-01-01' }, [came('2026-12-31')], happened('2026-12-31T02:00:00Z')),
    ...([true, true, 0, 0] as const),
  ],
  ['moved away on the 2nd', alone([], { ...exit('moved', '2026-12-02'), endedDay: '2026-12-02' }), false, false, 0, 0],
]
const VILLAGE = {
  ...{ due: 17, visited: 12, missing: 5, coveragePercent: '70.5' },
  ...{ requirementsDue: 34, requirementsMet: 17, fulfilmentPercent: '50.0' },
  exits: { hospital: 1, away: 0, died: 1, moved: 1, refused: 0 },
}
/** With one more, visited, in another town. */
const COUNTY = {
  ...VILLAGE,
  due: 18,
  visited: 13,
  coveragePercent: '72.2',
  requirementsDue: 35,
  requirementsMet: 18,
  fulfilmentPercent: '51.4',
}

test('a village month, reckoned by hand, is the same in the API, on the board, on the sheet, in the export and on the dashboard', async () => {
  const world = await newWorld()
  const { db, places } = world
  const elsewhere = alone([came('2026-12-05')], { homes: [{ place: 'village3', span: since }] })
  const { elders } = await writeLives(world, [...PEOPLE.map(([, one]) => one), elsewhere], RULES)
  world.at('09:00', '2027-01-05')
  const { ask, base } = await serveWorld(world)
  const [admin, town] = [await world.staff('countyAdmin', places.county), await world.staff('townStaff', places.town)]
  const visitOf = async (no: number) => {
    const { visitId } = await db.visitElder.findFirstOrThrow({ where: { elderId: elders[no]?.id ?? '' } })
    return visitId
  }
  await db.visit.update({ where: { id: await visitOf(8) }, data: { recordedAt: new Date('2027-01-03T01:00:00Z') } })
  const returned = await visitOf(3)
  await db.visit.update({ where: { id: returned }, data: { state: 'confirmed' } })
  await rollCoverage(db, world.clock.now)
  const get = async <T>(path: string, who = admin): Promise<T> => {
    const { status, body } = await ask<T>(who, 'GET', path)
    expect([path, status]).toEqual([path, 200])
    return body
  }
  const board = (place: keyof typeof places) => get<Coverage>(`/coverage?month=${MONTH}&regionId=${places[place].id}`)
  expect((await board('village')).total).toMatchObject({ visited: 13, requirementsMet: 18 })
  const press = { id: randomUUID(), decision: 'return' as const, visitIds: [returned], reasonCode: 'nobodyCame' }
  expect(await decideVisits(db, town, press, world.clock.now)).toMatchObject({ done: 1 })

  for (const turn of ['with marks', 'judged anew', 'from live rows']) {
    if (turn === 'judged anew') await rollCoverage(db, world.clock.now)
    if (turn === 'from live rows') await db.coverageRoll.deleteMany()
    const [village, inTown, county] = [await board('village'), await board('town'), await board('county')]
    expect([turn, village.total]).toMatchObject([turn, VILLAGE])
    expect([turn, inTown.total]).toMatchObject([turn, VILLAGE])
    expect(inTown.rows.map(({ regionName, due, visited }) => [regionName, due, visited])).toEqual([
      ['北庄村', 17, 12],
      ['西庄村', 0, 0],
    ])
    expect([turn, county.total]).toMatchObject([turn, COUNTY])
    expect(county.rows.reduce((sum, one) => sum + one.requirementsMet, 0)).toBe(COUNTY.requirementsMet)
    if (turn === 'judged anew') expect(await coverageDrift(db, places.county.path, MONTH)).toEqual([])
  }

  const itemsOf = async (state: string) =>
    (
      await get<{ items: CoverageElder[] }>(
        `/coverage/elders?month=${MONTH}&regionId=${places.village.id}&state=${state}&limit=50`,
      )
    ).items
  const listed = async (state: string) =>
    (await itemsOf(state)).map((one) => PEOPLE[elders.findIndex(({ id }) => id === one.elderId)]?.[0]).sort()
  const wanted = (is: (one: (typeof PEOPLE)[number]) => boolean) =>
    PEOPLE.filter(is)
      .map(([who]) => who)
      .sort()
  expect(await listed('due')).toEqual(wanted(([, , due]) => due))
  expect(await listed('visited')).toEqual(wanted(([, , due, visited]) => due && visited))
  expect(await listed('missing')).toEqual(wanted(([, , due, visited]) => due && !visited))
  expect(await listed('exited')).toEqual(wanted(([, , due]) => !due))
  expect(await listed('overdue')).toEqual(wanted(([, , , , met, owed]) => met < owed))
  // by week: the weekly rule, or else whether somebody came
  const weeksOf = async (who: string) => {
    const at = PEOPLE.findIndex(([name]) => name === who)
    return (await itemsOf('due'))
      .find((one) => one.elderId === elders[at]?.id)
      ?.weeks.map(({ week, mark }) => `${week} ${mark}`)
  }
  expect(await weeksOf('weekly since the 10th')).toEqual([
    ...['49 none', '50 met', '51 overdue', '52 overdue', '53 overdue'],
  ])
  expect(await weeksOf('monthly, by telephone')).toEqual(['49 none', '50 none', '51 met', '52 none', '53 none'])
  expect((await itemsOf('exited')).map((one) => [one.exitKind, one.exit?.validFrom]).sort()).toEqual([
    ...[
      ['died', '2026-12-10'],
      ['hospital', '2026-12-20'],
      ['moved', '2026-12-02'],
    ],
  ])

  const weekly = await get<Coverage>(`/coverage?month=${MONTH}&regionId=${places.village.id}&interval=week`)
  expect(weekly.total).toMatchObject({ due: 4, visited: 3, requirementsDue: 19, requirementsMet: 9 })

  const hours = await get<Hours>(`/hours?month=${MONTH}&regionId=${places.village.id}`)
  // that began in the month: 21 visits, one of them returned
  expect(hours.total).toMatchObject({
    ...{ doneVisits: 21, validVisits: 20, returnedVisits: 1, returnedSeconds: 1800, validSeconds: 20 * 1800 },
    ...{ byNature: { volunteer: 20 * 1800, mutualAid: 0, dutyPaid: 0 }, byLevel: [0, 20 * 1800, 0, 0, 0] },
  })
  expect(hours.rows.reduce((sum, one) => sum + one.helpers.reduce((all, helper) => all + helper.seconds, 0), 0)).toBe(
    20 * 1800,
  )

  const sheet = await get<string>(`/exports/coverage?format=csv&month=${MONTH}&regionId=${places.county.id}`)
  expect(sheet.trim().split(/\r?\n/).slice(1)).toEqual([
    '泽头镇,17,12,5,70.5,34,17,50.0,1,0,1,1,0',
    '泽库镇,1,1,0,100.0,1,1,100.0,0,0,0,0,0',
    '文登区,18,13,5,72.2,35,18,51.4,1,0,1,1,0',
  ])
  const dashboard = await get<Dashboard>(`/dashboard?month=${MONTH}`)
  const tile = (key: string) => dashboard.tiles.find((one) => one.key === key)?.value
  expect([tile('missing'), tile('coverage'), tile('fulfilment')]).toEqual(['5', '72.2', '51.4'])

  // two calls from a number to what stands behind it: the elders, then the visits of one of them
  const [behind] = await itemsOf('visited')
  const visits = await get<{ items: VisitView[] }>(
    `/visits?elderId=${behind?.elderId}&from=${MONTH}-01&to=${MONTH}-31&limit=50`,
  )
  expect(visits.items.length).toBeGreaterThan(0)
  expect(visits.items.every((one) => one.elders.some(({ id }) => id === behind?.elderId))).toBe(true)

  // the month report, its file, and again board, list, export and dashboard when it is signed and the records go on
  const maker = await world.staff('countyAdmin', places.county)
  const { body: draft } = await ask<ReportView>(maker, 'POST', '/reports', {
    ...{ id: randomUUID(), kind: 'month', regionId: places.county.id, period: MONTH },
  })
  // who asked began to make it; whoever comes first finishes it
  await makeReports(world.parts)
  await expect
    .poll(async () => (await get<ReportView>(`/reports/${draft.id}`)).state, { timeout: 30_000 })
    .toBe('ready')
  expect((await ask(admin, 'POST', `/reports/${draft.id}/signature`, {})).status).toBe(200)
  const report = await get<ReportView>(`/reports/${draft.id}`)
  const figures = ['due', 'visited', 'coverage', 'requirementsDue', 'requirementsMet', 'fulfilment', 'hospital', 'died']
  expect(figures.map((key) => figureOf(report, key))).toEqual(['18', '13', '72.2', '35', '18', '51.4', '1', '1'])
  expect(figures.slice(0, 6).map((key) => placeFigure(report, '北庄村', key))).toEqual([
    ...['17', '12', '70.5', '34', '17', '50.0'],
  ])
  const book = new ExcelJS.Workbook()
  const token = (await startSession(db, world.keys, admin.personId, {}, world.clock.now)).accessToken
  const file = await fetch(`${base}/api/v1/reports/${draft.id}/file?format=xlsx`, {
    headers: { authorization: `Bearer ${token}` },
  })
  await book.xlsx.load((await file.arrayBuffer()) as never)
  const rows: string[] = []
  book.getWorksheet('分地方')?.eachRow((row) => rows.push((row.values as unknown[]).slice(1, 8).join(',').trim()))
  expect(rows).toEqual(expect.arrayContaining(['泽头镇,17,12,70.5,34,17,50', '北庄村,17,12,70.5,34,17,50']))

  const late = await visitOf(0)
  await db.visit.update({ where: { id: late }, data: { state: 'confirmed' } })
  const reasons = { id: randomUUID(), decision: 'return' as const, visitIds: [late], reasonCode: 'nobodyCame' }
  expect(await decideVisits(db, town, reasons, world.clock.now)).toMatchObject({ done: 1 })
  expect((await countUnsigned(db, places.village.path, MONTH)).get(places.village.path)?.visited).toBe(11)
  expect((await board('village')).total).toMatchObject(VILLAGE)
  expect((await board('county')).total).toMatchObject(COUNTY)
  expect((await board('county')).signed).toMatchObject([{ reportId: draft.id, regionName: '文登区', version: 1 }])
  expect(await listed('visited')).toEqual(wanted(([, , due, visited]) => due && visited))
  expect(await listed('missing')).toEqual(wanted(([, , due, visited]) => due && !visited))
  expect(await listed('exited')).toEqual(wanted(([, , due]) => !due))
  const changed = (await itemsOf('due')).filter((one) => one.changedSince).map((one) => one.elderId)
  expect(changed).toEqual([elders[0]?.id])
  const after = await get<Dashboard>(`/dashboard?month=${MONTH}`)
  expect(after.tiles.map(({ value }) => value).slice(0, 3)).toEqual(
    dashboard.tiles.map(({ value }) => value).slice(0, 3),
  )
  expect(await get<string>(`/exports/coverage?format=csv&month=${MONTH}&regionId=${places.county.id}`)).toBe(sheet)
}, 120_000)
