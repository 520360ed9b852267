import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { Actor } from '../../server/core/actor'
import { importFile } from '../../server/import/apply'
import { checkFile } from '../../server/import/check'
import { listImports } from '../../server/import/list'
import { faultsFile, importTemplate } from '../../server/import/template'
import { undoImport } from '../../server/import/undo'
import type { Refusal } from '../../shared/core/refusals'
import { IMPORT_KIND_CODES, type ImportKindCode } from '../../shared/import/kinds'
import { linesOf } from '../support/elder-file'
import { newWorld, type World } from '../support/world'

let world: World
let clerk: Actor
beforeEach(async () => {
  world = await newWorld()
  clerk = await world.staff('townStaff', world.places.town)
})

/** A sheet of a kind: the titles of its template, and what is written under some of them. */
async function sheet(kind: ImportKindCode, ...lines: Record<string, string>[]): Promise<Buffer> {
  const [titles = []] = await linesOf((await importTemplate(kind)).bytes)
  return Buffer.from(
    [titles, ...lines.map((one) => titles.map((title) => one[title] ?? ''))].map((row) => row.join(',')).join('\n'),
  )
}
const bring = async (kind: ImportKindCode, file: Buffer, id: string = randomUUID()) =>
  importFile(
    world.db,
    world.keys,
    clerk,
    { id, kind, file: file.toString('base64'), fileName: '表.csv' },
    world.clock.now,
  )
const undo = (id: string) => undoImport(world.db, world.keys, clerk, id, world.later(60))
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: Refusal) => error.code,
  )
const statesOf = (done: Awaited<ReturnType<typeof bring>>) => done.lines.map(({ state }) => state)
const notesOf = (done: Awaited<ReturnType<typeof bring>>) =>
  done.lines.map(({ notes }) => notes.map(({ column, sentence }) => `${column}：${sentence}`).join('；'))

const helper = (given: Record<string, string> = {}) => ({
  ...{ 姓名: '于海涛', 证件类型: '无', 出生日期: '1962-03-04', 性别: '男', 电话: '13911112222', 村或社区: '北庄村' },
  ...{ 身份: '志愿者', 同意登记: '是', ...given },
})

test('helpers come in, once however often the file is sent; who is known is told and never overwritten', async () => {
  const file = await sheet(
    'members',
    helper({ 原系统编号: 'A-7' }),
    helper({ 姓名: '王', 电话: '13911112223' }),
    helper({ 身份: '', 电话: '13911112224' }),
  )
  const id = randomUUID()
  const first = await bring('members', file, id)
  expect(statesOf(first)).toEqual(['new', 'error', 'error'])
  expect(notesOf(first).slice(1)).toEqual(['姓名：姓名请写 2 到 30 个字，不要用表情符号', '身份：这一项必须填写'])
  expect((await bring('members', file, id)).counts).toEqual(first.counts)
  expect(await world.db.importedLine.findMany({ select: { externalNo: true, change: true } })).toEqual([
    { externalNo: 'A-7', change: 'added' },
  ])
  const again = await bring(
    'members',
    await sheet('members', helper({ 村或社区: '西庄村', 身份: '睦邻互助员', 培训: '急救' })),
  )
  expect(statesOf(again)).toEqual(['update'])
  expect(notesOf(again)).toEqual(['村或社区：和登记的不一样，没有改动；身份：和登记的不一样，没有改动；培训：补上急救'])
  expect(await world.db.member.findMany({ select: { kind: true, trainings: true, regionId: true } })).toEqual([
    { kind: 'volunteer', trainings: '急救', regionId: world.places.village.id },
  ])
  await undo(again.batch.id)
  expect((await world.db.member.findFirstOrThrow()).trainings).toBe('')
})

test('a batch of helpers is taken back with their persons, but not once one of them was changed', async () => {
  const before = await world.db.person.count()
  const { batch } = await bring('members', await sheet('members', helper()))
  await undo(batch.id)
  expect([await world.db.member.count(), await world.db.person.count()]).toEqual([0, before])
  const next = await bring('members', await sheet('members', helper()))
  const member = await world.db.member.findFirstOrThrow()
  world.later(60)
  await world.db.member.update({ where: { id: member.id }, data: { state: 'active' } })
  await world.db.operationLog.create({
    data: {
      ...{ id: randomUUID(), at: world.clock.now, personId: clerk.personId, role: 'townStaff', action: 'state' },
      ...{ resource: 'member', resourceId: member.id, regionPath: member.regionPath },
    },
  })
  expect(await codeOf(undo(next.batch.id))).toBe('IMPORT_TOUCHED')
})

test('places, then what is known of helpers: teams by their name, hours of a training, an insurance with its end', async () => {
  const places = await bring(
    'organisations',
    await sheet(
      'organisations',
      { 名称: '北庄志愿队', 种类: '志愿服务队伍', 村或社区: '北庄村' },
      {
        名称: '北庄互助点',
        种类: '睦邻互助点',
        村或社区: '北庄村',
        五需: '生活交往、文化娱乐',
        开放时间: '8:00–17:00',
      },
      { 名称: '坏的', 种类: '睦邻互助点', 村或社区: '北庄村', 五需: '打麻将' },
    ),
  )
  expect(statesOf(places)).toEqual(['new', 'new', 'error'])
  await bring('members', await sheet('members', helper()))
  const who = { 姓名: '于海涛', 电话: '13911112222', 日期: '2026-10-01' }
  const records = await bring(
    'records',
    await sheet(
      'records',
      { ...who, 种类: '培训', 名称: '急救', 学时: '4', 单位: '区红十字会' },
      { ...who, 种类: '队伍', 名称: '队员', 队伍: '北庄志愿队' },
      { ...who, 种类: '保险', 名称: '意外险', 到期日: '2026-09-01' },
      { ...who, 姓名: '没有的人', 种类: '培训', 名称: '急救' },
      { ...who, 种类: '培训', 名称: '急救', 学时: '4' },
    ),
  )
  expect(statesOf(records)).toEqual(['new', 'new', 'error', 'error', 'error'])
  expect(await codeOf(undo(places.batch.id))).toBe('IMPORT_TOUCHED')
  await undo(records.batch.id)
  await undo(places.batch.id)
  expect([await world.db.memberRecord.count(), await world.db.organisation.count()]).toEqual([0, 0])
})

test('assessments are of elders who are registered, at most 90, and stay once they are written', async () => {
  await world.elder({ name: '王秀英', birthDate: '1944-03-08' })
  const who = { 姓名: '王秀英', 出生日期: '1944-03-08', 村或社区: '北庄村', 评估机构: '区中心医院' }
  const file = await sheet(
    'assessments',
    { ...who, 评估日期: '2026-10-01', 得分: '55' },
    { ...who, 评估日期: '2026-10-02', 得分: '91' },
    { ...who, 姓名: '没有人', 评估日期: '2026-10-01', 得分: '10' },
  )
  const done = await bring('assessments', file)
  expect(statesOf(done)).toEqual(['new', 'error', 'error'])
  expect(await world.db.assessment.findMany({ select: { level: true, source: true } })).toEqual([
    { level: 'moderate', source: 'import' },
  ])
  expect(done.batch.canUndoUntil).toBeNull()
  expect(await codeOf(undo(done.batch.id))).toBe('IMPORT_STAYS')
  const other = await bring('assessments', await sheet('assessments', { ...who, 评估日期: '2026-10-01', 得分: '60' }))
  expect(notesOf(other)).toEqual(['得分：和登记的不一样，没有改动'])
})

test.each(IMPORT_KIND_CODES)(
  'the sheet of %s has drop-down lists, another template is refused, and what is at fault comes back',
  async (kind) => {
    const bad = await sheet(kind, { 姓名: '于海', 名称: '一处', 村或社区: '没有的村' })
    const actor = kind === 'balances' ? await world.staff('countyAdmin', world.places.county) : clerk
    const given = { db: world.db, keys: world.keys, actor, batchId: randomUUID(), at: world.clock.now }
    const checked = await checkFile(kind, given, bad.toString('base64'))
    expect(checked.lines.map(({ view }) => view.state)).toEqual(['error'])
    const [titles = [], row = []] = await linesOf((await faultsFile(kind, checked)).bytes)
    expect([titles[0], row.length > 1]).toEqual(['问题', true])
    const foreign = Buffer.from('甲,乙\n1,2').toString('base64')
    expect(await codeOf(checkFile(kind, given, foreign))).toBe('IMPORT_TEMPLATE')
    expect(await world.db.importBatch.count()).toBe(0)
  },
)

test('the list of batches asks for its clerks and settings once, and a made-up cursor is refused', async () => {
  for (let turn = 0; turn < 3; turn++)
    await bring(
      'organisations',
      await sheet('organisations', { 名称: `第${turn}处`, 种类: '社区', 村或社区: '北庄村' }),
    )
  const list = (cursor?: string) =>
    listImports(world.db, world.keys, clerk, { limit: 2, cursor, kind: 'organisations' }, world.clock.now)
  const page = await list()
  expect([page.items.length, page.items[0]?.byName, (await list(page.next ?? '')).items.length]).toEqual([2, '孙*', 1])
  const cursor = Buffer.from(JSON.stringify(['no day', 'x'])).toString('base64url')
  expect(await codeOf(list(cursor))).toBe('BAD_INPUT')
})
