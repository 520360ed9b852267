import ExcelJS from 'exceljs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { auditAll } from '../../server/proof/audit'
import { sealLogs } from '../../server/proof/keep'
import { askReport } from '../../server/report/ask'
import { digestElders } from '../../server/report/elders'
import { makeReports } from '../../server/report/make'
import { countByVillage } from '../../server/requirement/rollup'
import { factsIn, readContent, sumUnder } from '../../shared/report/content'
import { FACT_KEYS } from '../../shared/report/templates'
import { countMonths, judgeMonth } from '../../shared/requirement/rules'
import type { Coverage } from '../../shared/requirement/view'
import { lives, needs, writeLives } from '../requirement/lives'
import { forge } from '../support/forge'
import { times } from '../support/long'
import { newWorld } from '../support/world'
import { addVisit, figureOf, MONTH, newMonth, placeFigure } from './month'

test('a month report says of town and villages what the board says', async () => {
  const { made, maker, world, ask } = await newMonth()
  const { body: report } = await made(maker, 'month', world.places.town, MONTH)
  expect([report.state, report.version, report.donePercent]).toEqual(['ready', 1, 100])
  expect(
    ['due', 'visited', 'coverage', 'seconds', 'mutualAidSeconds', 'elders'].map((key) => figureOf(report, key)),
  ).toEqual(['3', '2', '66.6', '1.5', '0.5', '3'])
  expect(placeFigure(report, '北庄村', 'coverage')).toBe('50.0')
  expect(placeFigure(report, '西庄村', 'coverage')).toBe('100.0')
  const { body: board } = await ask<{ total: { due: number; visited: number; coveragePercent: string } }>(
    maker,
    'GET',
    `/coverage?month=${MONTH}&regionId=${world.places.town.id}`,
  )
  expect([board.total.due, board.total.visited, board.total.coveragePercent]).toEqual([3, 2, '66.6'])
  const { body: missing } = await ask<{ items: { elderId: string; maskedName: string; result: string }[] }>(
    maker,
    'GET',
    `/reports/${report.id}/elders?state=missing`,
  )
  expect(missing.items.map((one) => [one.maskedName, one.result])).toEqual([['王*英', '没访到']])
})

test('whoever had it made can’t sign it; signed by another it stays, whatever is found out later; version 2 tells what changed', async () => {
  const { made, signed, maker, signer, world, ask, helper, second, visitId } = await newMonth()
  const { town, village } = world.places
  const { body: draft } = await made(maker, 'month', town, MONTH)
  expect((await signed(maker, draft.id)).body).toMatchObject({ code: 'REPORT_TWO_PERSONS' })
  world.later(60)
  const { body: first } = await signed(signer, draft.id)
  expect([first.state, (await signed(signer, draft.id)).status]).toEqual(['signed', 200])
  expect([first.askedByName, first.signedByName]).toEqual(['孙*', '孙*'])

  await world.db.visit.update({ where: { id: visitId }, data: { state: 'returned', counted: false } })
  await world.db.visitElder.updateMany({ where: { visitId }, data: { counted: false } })
  await addVisit(world, helper, second, '2026-10-20')
  await addVisit(world, helper, second, '2026-10-21')
  const { body: board } = await ask<{ total: { visited: number } }>(
    maker,
    'GET',
    `/coverage?month=${MONTH}&regionId=${town.id}`,
  )
  expect(board.total.visited).toBe(2)
  const ofVillage = await countByVillage(world.db, village.path, MONTH, { category: 'livingAlone' })
  expect(ofVillage.get(village.path)).toMatchObject({ due: 2, visited: 1 })
  const { body: again } = await ask<typeof first>(maker, 'GET', `/reports/${first.id}`)
  expect(again.content).toEqual(first.content)

  world.later(60)
  const { body: next } = await made(signer, 'month', town, MONTH)
  expect([next.version, next.state]).toEqual([2, 'ready'])
  expect(next.content?.changes).toMatchObject({
    against: '1',
    elders: '2',
    list: expect.arrayContaining([
      { place: '泽头镇', what: '服务次数（次）', before: '2', after: '3' },
      { place: '北庄村', what: '服务时间（小时）', before: '1', after: '2' },
    ]),
  })
  const { body: changed } = await ask<{ items: { elderId: string; result: string; before: string }[] }>(
    maker,
    'GET',
    `/reports/${next.id}/elders?state=changed`,
  )
  expect(changed.items.map((one) => [one.before, one.result]).sort()).toEqual([
    ['没访到', '访过'],
    ['访过', '没访到'],
  ])
  world.later(60)
  await signed(maker, next.id)
  const { body: third } = await made(signer, 'month', town, MONTH)
  expect(third.content?.changes?.list).toEqual([])
  expect((await signed(maker, third.id)).body).toMatchObject({ code: 'REPORT_SAME' })
})

test('the county takes signed towns as they were signed, the year takes signed months: the sum of the villages stays the county', async () => {
  const { made, signed, maker, signer, county, county2, world, helper, second } = await newMonth()
  const { town, county: whole } = world.places
  const { body: ofTown } = await made(maker, 'month', town, MONTH)
  await signed(signer, ofTown.id)
  await addVisit(world, helper, second, '2026-10-20')
  const { body: ofCounty } = await made(county, 'month', whole, MONTH)
  expect([figureOf(ofCounty, 'due'), figureOf(ofCounty, 'visited')]).toEqual(['4', '2'])
  expect(placeFigure(ofCounty, '泽头镇', 'visited')).toBe('2')
  expect(ofCounty.content?.sources).toMatchObject([{ place: '泽头镇', version: '1' }])
  world.later(60)
  await signed(county2, ofCounty.id)
  const { body: year } = await made(county, 'year', whole, '2026')
  expect(year.content?.months.find((one) => one.month === MONTH)?.values.slice(0, 3)).toEqual(['4', '2', '50.0'])
  expect((await signed(county2, year.id)).body).toMatchObject({ code: 'REPORT_NOT_OVER' })
  const { body: quarter } = await made(county, 'quarter', whole, '2026-Q3')
  expect((await signed(county2, quarter.id)).status).toBe(200)
  expect((await signed(signer, quarter.id)).status).toBe(404)
})

test('a signed report is in the county’s log, the audit finds it as it was, and the database lets nobody change it', async () => {
  const { made, signed, maker, signer, world, ask } = await newMonth()
  const { body: draft } = await made(maker, 'month', world.places.town, MONTH)
  await signed(signer, draft.id)
  await sealLogs(world.parts, world.clock.now)
  const { body: sealed } = await ask<typeof draft>(maker, 'GET', `/reports/${draft.id}`)
  expect(sealed.sealed).toMatchObject([{ index: expect.any(Number), digest: expect.stringMatching(/^[0-9a-f]{64}$/) }])
  expect((await auditAll(world.db, world.config.log)).problem).toBeNull()
  const row = await world.db.report.findUniqueOrThrow({ where: { id: draft.id } })
  const { digest, places } = await digestElders(world.db, draft.id)
  expect(readContent(row.content ?? '').elders).toEqual({
    ...{ count: '3', digest },
    places: [...places].map(([path, one]) => ({ path, digest: one })),
  })
  for (const change of [
    () => world.db.report.update({ where: { id: draft.id }, data: { content: '{}' } }),
    () => world.db.report.update({ where: { id: draft.id }, data: { state: 'ready' } }),
    () => world.db.report.delete({ where: { id: draft.id } }),
    () => world.db.reportElder.updateMany({ where: { reportId: draft.id }, data: { visited: true } }),
    () => world.db.reportElder.deleteMany({ where: { reportId: draft.id } }),
  ])
    await expect(change()).rejects.toThrow()
  // whoever takes the guards off first is seen, and where
  const { path } = world.places.village
  await forge(
    world.db,
    ['report_elder'],
    `UPDATE report_elder SET "visited" = NOT "visited" WHERE "regionPath" = '${path}'`,
  )
  const { problem } = await auditAll(world.db, world.config.log)
  expect(problem?.row).toBe(`report_elder ${draft.id} ${path}`)
})

test('in five years the file shows the same numbers, though people, rules, words and places have changed', async () => {
  const { made, signed, maker, signer, county, world, fileOf, ask, elders } = await newMonth()
  const { db, places } = world
  const { body: draft } = await made(maker, 'month', places.town, MONTH)
  await signed(signer, draft.id)
  const sheets = async () => {
    const book = new ExcelJS.Workbook()
    await book.xlsx.load((await fileOf(signer, `/reports/${draft.id}/file?format=xlsx`)) as unknown as ArrayBuffer)
    return book.worksheets.map((sheet) => {
      const rows: string[] = []
      sheet.eachRow((row) => rows.push((row.values as unknown[]).slice(1).join(' ')))
      // who takes the file, and when, is marked on it
      return [sheet.name, rows.filter((row) => !row.startsWith('导出 '))] as const
    })
  }
  const then = await sheets()
  const { body: before } = await ask<typeof draft>(signer, 'GET', `/reports/${draft.id}`)
  world.at('09:00', '2031-11-22')
  await db.visitElder.deleteMany({})
  await db.elder.updateMany({ data: { endedDay: '2030-01-01' } })
  await db.requirement.updateMany({ data: { interval: 'week', channels: 'phone', validTo: '2029-12-31' } })
  await db.elderCategory.updateMany({ where: { elderId: elders[0]?.id ?? '' }, data: { category: 'poor' } })
  await db.region.update({ where: { id: places.village.id }, data: { name: '北庄新村' } })
  await db.regionKind.updateMany({ data: { name: '另一种叫法' } })
  const setting = { id: crypto.randomUUID(), key: 'agencyName', value: '市民政和养老局', validFrom: '2031-11-23' }
  expect(await ask(county, 'POST', `/regions/${places.county.id}/settings`, setting)).toMatchObject({ status: 200 })
  world.at('09:00', '2031-11-24')
  expect(await sheets()).toEqual(then)
  const read = async <T>(path: string): Promise<T> => JSON.parse((await fileOf(signer, path)).toString('utf8')) as T
  expect((await read<typeof draft>(`/reports/${draft.id}`)).content).toEqual(before.content)
  const rowsOf = (name: string) => then.find(([sheet]) => sheet === name)?.[1] ?? []
  expect(rowsOf('汇总')).toContain('探访 月探访率 66.6 % 已访 ÷ 应访，只舍不入；几个月的按人月算')
  expect(rowsOf('分地方').map((row) => row.trim().split(' ')[0])).toEqual(['地方', '泽头镇', '北庄村', '西庄村'])
  const pdf = await fileOf(signer, `/reports/${draft.id}/file?format=pdf`)
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  const board = await read<Coverage>(`/coverage?month=${MONTH}&regionId=${places.town.id}`)
  expect(board.total).toMatchObject({ due: 3, visited: 2, coveragePercent: '66.6' })
})

test('a period that is none, that hasn’t begun or that is being made is refused; asked twice it is made once', async () => {
  const { maker, world, ask } = await newMonth()
  const asked = (kind: string, period: string) =>
    ask(maker, 'POST', '/reports', { id: crypto.randomUUID(), kind, regionId: world.places.town.id, period })
  for (const [kind, period, code] of [
    ['month', '2026-13', 'REPORT_PERIOD'],
    ['quarter', '2026-Q5', 'REPORT_PERIOD'],
    ['midTerm', '2026-H2', 'REPORT_PERIOD'],
    ['year', '2027', 'REPORT_FUTURE'],
  ] as const)
    expect((await asked(kind, period)).body).toMatchObject({ code })
  const input = { id: crypto.randomUUID(), kind: 'month', regionId: world.places.town.id, period: MONTH } as const
  await Promise.all([
    askReport(world.db, maker, input, world.clock.now),
    askReport(world.db, maker, input, world.clock.now),
  ])
  expect(await world.db.report.count()).toBe(1)
  expect((await asked('month', MONTH)).body).toMatchObject({ code: 'REPORT_RUNNING' })
})

test('one whose maker died is made by the next when its lease is over', async () => {
  const { maker, world } = await newMonth()
  const input = { id: crypto.randomUUID(), kind: 'month', regionId: world.places.town.id, period: MONTH } as const
  await askReport(world.db, maker, input, world.clock.now)
  await world.db.report.updateMany({ data: { state: 'running', leasedUntil: world.later(300), tries: 1 } })
  expect(await makeReports({ ...world.parts, now: () => world.clock.now })).toBe(0)
  world.later(1)
  expect(await makeReports(world.parts)).toBe(1)
})

test(
  'whatever lives people lead: villages add up to towns and the county, no share is above 100, and the rules say the same',
  async () => {
    await fc.assert(
      fc.asyncProperty(lives, needs, async (made, wanted) => {
        const world = await newWorld()
        const { elders, requirements } = await writeLives(world, made, wanted)
        const admin = await world.staff('countyAdmin', world.places.county)
        for (const period of ['2026-10', '2026-11']) {
          const id = crypto.randomUUID()
          await askReport(
            world.db,
            admin,
            { id, kind: 'month', regionId: world.places.county.id, period },
            world.clock.now,
          )
          await makeReports(world.parts)
          const { content } = await world.db.report.findUniqueOrThrow({ where: { id } })
          const villages = factsIn(readContent(content ?? ''))
          const judged = elders
            .map(({ life, visits }) => judgeMonth(life, requirements, visits, period))
            .filter((one) => one.regionPath?.startsWith(world.places.county.path))
          const expected = countMonths(judged)
          const county = sumUnder(villages, world.places.county.path)
          expect([county.due, county.visited, county.requirementsDue, county.requirementsMet].map(Number)).toEqual([
            expected.due,
            expected.visited,
            expected.requirementsDue,
            expected.requirementsMet,
          ])
          const towns = [world.places.town, world.places.town2].map(({ path }) => sumUnder(villages, path))
          for (const key of FACT_KEYS)
            expect([key, county[key]]).toEqual([key, towns.reduce((sum, one) => sum + one[key], 0n)])
          for (const one of villages.values())
            expect([one.visited <= one.due, one.requirementsMet <= one.requirementsDue]).toEqual([true, true])
        }
        await world.db.$disconnect()
      }),
      { numRuns: times(3, 150), endOnFailure: true },
    )
  },
  times(120_000, 3_600_000),
)
