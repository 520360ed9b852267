import { randomUUID } from 'node:crypto'
import ExcelJS from 'exceljs'
import { expect, test } from 'vitest'
import { volunteerYear } from '../../server/member/volunteer-year'
import { rateVisit } from '../../server/visit/rate'
import type { CorrectionView, VolunteerRecord } from '../../shared/member/view'
import { addVisit } from '../report/month'
import { newWorld, serveWorld } from '../support/world'

test('the volunteer record of a year has what the law asks for, of volunteering alone, and tells what came too late', async () => {
  const world = await newWorld()
  const clerk = await world.staff('townStaff', world.places.town)
  const member = await world.member({ name: '于海涛' })
  const elder = await world.elder()
  const rated = await addVisit(world, member, elder, '2026-11-19')
  await addVisit(world, member, elder, '2026-11-20', { nature: 'mutualAid' })
  await addVisit(world, member, elder, '2026-11-18', { nature: 'dutyPaid' })
  await addVisit(world, member, elder, '2025-11-20')
  const waiting = await addVisit(world, member, elder, '2026-11-02')
  await world.db.visit.update({ where: { id: waiting }, data: { state: 'finished' } })
  const face = { id: randomUUID(), elderId: elder.id, face: 3 as const }
  await rateVisit(world.db, elder.actor, rated, face, world.clock.now)
  const { ask } = await serveWorld(world)
  const write = (fields: object) =>
    ask(clerk, 'POST', '/member-records', { id: randomUUID(), memberId: member.id, ...fields })
  await write({ kind: 'training', title: '急救', seconds: 14_400, grantedBy: '区红十字会', day: '2026-03-01' })
  await write({ kind: 'honour', title: '最美志愿者', grantedBy: '区民政局', day: '2026-05-01' })
  await write({ kind: 'skill', title: '理发', day: '2020-01-01' })
  const insured = { kind: 'insurance', title: '志愿者意外险', number: 'PA-1' }
  await write({ ...insured, day: '2025-07-01', untilDay: '2026-06-30' })
  await write({ ...insured, number: 'PA-0', day: '2024-07-01', untilDay: '2025-06-30' })
  await write({ kind: 'agreement', title: '志愿服务协议', day: '2025-01-01' })
  const of = (who: { personId: string }) =>
    ask<VolunteerRecord>(who, 'GET', `/members/${member.id}/volunteer-record?year=2026`)
  const { body } = await of(clerk)
  expect(body.total).toEqual({ visits: 2, seconds: 7200, trainingSeconds: 14_400, late: 1 })
  expect(body.person).toMatchObject({ maskedName: '于*涛', area: '泽头镇 北庄村', skills: ['理发'] })
  expect([body.trainings[0]?.grantedBy, body.honours[0]?.title]).toEqual(['区红十字会', '最美志愿者'])
  // what held on a day of the year, not what was over before
  expect(body.covers.map((one) => [one.kindWords, one.number, one.untilDay])).toEqual([
    ['服务协议', '', null],
    ['保险', 'PA-1', '2026-06-30'],
  ])
  // Monday 2 November and ten working days: Monday 16 November
  expect(body.services.map((one) => [one.day, one.late, one.recordedDay])).toEqual([
    ['2026-11-02', true, null],
    ['2026-11-19', false, '2026-11-19'],
  ])
  expect(body.services[0]?.due).toContain('11-16')
  // art. 10: what was said of this year’s volunteering
  expect(body.rating).toMatchObject({ elder: { good: 1, fair: 0, bad: 0 }, calls: { times: 0 }, stars: 0 })
  expect((await of(member)).status).toBe(200)
  expect((await of(await world.member({ place: world.places.otherVillage }))).status).toBe(404)
})

test('a volunteer says what isn’t right; staff answer in ten working days; what was recorded stays', async () => {
  const world = await newWorld()
  const clerk = await world.staff('villageStaff')
  const member = await world.member({ name: '于海涛' })
  const own = await world.staff('villageStaff', world.places.village, { personId: member.personId })
  const elder = await world.elder()
  const visitId = await addVisit(world, member, elder, '2026-11-02')
  const paid = await addVisit(world, member, elder, '2026-11-03', { nature: 'dutyPaid' })
  const { ask } = await serveWorld(world)
  const say = (more: object) =>
    ask<CorrectionView & { code: string }>(member.actor, 'POST', '/record-corrections', {
      ...{ id: randomUUID(), year: '2026', about: 'visit', aboutId: visitId, text: '那天是两个小时' },
      ...more,
    })
  expect((await say({ aboutId: paid })).body.code).toBe('CORRECTION_ABOUT')
  expect((await say({ year: '2025' })).body.code).toBe('CORRECTION_ABOUT')
  expect((await say({ about: 'person' })).body.code).toBe('CORRECTION_ABOUT')
  const asked = await say({})
  expect(asked.status).toBe(201)
  expect((await say({})).body.code).toBe('CORRECTION_OPEN')
  world.later(60)
  expect((await say({ about: 'person', aboutId: null, text: '名字写错了' })).status).toBe(201)
  expect(await world.db.notice.count({ where: { kind: 'correctionAsked', personId: clerk.personId } })).toBe(2)

  const listed = async (who: { personId: string }, state = 'open') =>
    (await ask<{ items: CorrectionView[] }>(who, 'GET', `/record-corrections?state=${state}`)).body.items
  // asked on Sunday the 22nd: ten working days end on Friday 4 December
  expect((await listed(clerk)).map((one) => [one.title.slice(0, 10), one.text, one.late])).toEqual([
    ['2026-11-02', '那天是两个小时', false],
    ['本人信息', '名字写错了', false],
  ])
  world.at('23:59', '2026-12-04')
  expect((await listed(clerk)).map((one) => one.late)).toEqual([false, false])
  world.at('00:00', '2026-12-05')
  expect((await listed(clerk)).map((one) => one.late)).toEqual([true, true])

  const path = `/record-corrections/${asked.body.id}/decision`
  const answer = { outcome: 'corrected', answer: '核对了登记单，已经补上' }
  expect((await ask<{ code: string }>(own, 'POST', path, answer)).body.code).toBe('CORRECTION_OWN')
  expect((await ask<CorrectionView>(clerk, 'POST', path, answer)).body).toMatchObject({
    state: 'corrected',
    late: true,
  })
  expect((await ask<{ code: string }>(clerk, 'POST', path, { ...answer, outcome: 'refused' })).body.code).toBe(
    'CORRECTION_DECIDED',
  )
  const { body } = await ask<VolunteerRecord>(member, 'GET', `/members/${member.id}/volunteer-record?year=2026`)
  expect(body.services.map((one) => [one.visitId, one.seconds])).toEqual([[visitId, 3600]])
  expect(body.corrections.map((one) => [one.about, one.state, one.answer])).toContainEqual([
    ...['visit', 'corrected', '核对了登记单，已经补上'],
  ])
  const [stored] = await world.db.recordCorrection.findMany({ where: { id: asked.body.id } })
  expect(stored?.textSealed).not.toContain('两个小时')
})

test('the annual file has every volunteer of a place with services, trainings and honours of the year, and nobody’s whole name', async () => {
  const world = await newWorld()
  const clerk = await world.staff('townStaff', world.places.town)
  const member = await world.member({ name: '于海涛' })
  const [elder, other] = [await world.elder(), await world.member({ name: '李国强', place: world.places.village3 })]
  await addVisit(world, member, elder, '2026-11-02')
  await addVisit(world, member, elder, '2026-11-03')
  await addVisit(world, member, elder, '2026-11-04', { nature: 'mutualAid' })
  await addVisit(world, member, elder, '2025-11-04')
  await addVisit(world, other, elder, '2026-11-05')
  const { ask } = await serveWorld(world)
  await ask(clerk, 'POST', '/member-records', {
    ...{ id: randomUUID(), memberId: member.id, kind: 'training', title: '急救', seconds: 14_400, day: '2026-03-01' },
  })
  const file = async (format: 'xlsx' | 'pdf') => {
    const asked = { year: '2026', regionId: world.places.town.id, format }
    return (await volunteerYear(world.db, world.keys, clerk, asked, world.clock.now)).bytes
  }
  const book = new ExcelJS.Workbook()
  await book.xlsx.load((await file('xlsx')) as unknown as ArrayBuffer)
  expect(book.worksheets.map(({ name, rowCount }) => [name, rowCount])).toEqual([
    ['志愿者', 2],
    ['服务', 3],
    ['培训', 2],
    ['表扬奖励', 1],
  ])
  const row = (book.getWorksheet('志愿者')?.getRow(2).values ?? []) as unknown[]
  expect([row[2], row[10], row[11], row[12]]).toEqual(['于*涛', 2, 2, 4])
  expect(JSON.stringify(book.getWorksheet('服务')?.getSheetValues())).not.toContain('于海涛')
  expect((await file('pdf')).subarray(0, 5).toString()).toBe('%PDF-')
})
