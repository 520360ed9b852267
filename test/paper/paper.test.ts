import { randomUUID } from 'node:crypto'
import ExcelJS from 'exceljs'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../server/core/actor'
import { checkPaper } from '../../server/paper/check'
import { decidePaper } from '../../server/paper/decide'
import { enterPaper } from '../../server/paper/enter'
import { attachPicture, readPicture } from '../../server/paper/picture'
import { monthSheet, paperTemplate } from '../../server/paper/sheet'
import { addDays } from '../../shared/core/time'
import type { PaperInput, PaperLineInput } from '../../shared/paper/input'
import { readSheetLine, sheetLineCode } from '../../shared/paper/rules'
import { atDoor, refusalOf } from '../support/door'
import { times } from '../support/long'
import { newWorld, TODAY, type World } from '../support/world'

let world: World
let clerk: Actor
let second: Actor
beforeAll(async () => {
  world = await newWorld()
  clerk = await world.staff('villageStaff')
  second = await world.staff('townStaff', world.places.town)
  world.at('18:00')
})

const YESTERDAY = addDays(TODAY, -1)

async function pair(more: Parameters<World['elder']>[0] = {}) {
  const elder = await world.elder({ ownPhone: false, ...more })
  const helper = await world.member()
  const line = (given: Partial<PaperLineInput> = {}): PaperLineInput => ({
    elderId: elder.id,
    memberId: helper.id,
    serviceId: world.service.id,
    day: YESTERDAY,
    from: '09:00',
    to: '10:05',
    signedBy: 'elder',
    ...given,
  })
  return { elder, helper, line }
}
const enter = (input: Partial<PaperInput>, by: Actor = clerk) =>
  enterPaper(world.db, world.keys, by, { id: randomUUID(), reason: '村里没有信号', ...input }, world.clock.now)
const check = async (lines: PaperLineInput[], by: Actor = clerk) =>
  (await checkPaper(world.db, world.keys, by, { lines }, world.clock.now)).lines.map(({ view }) => view)
const photo = async (size = 40) =>
  (
    await sharp({ create: { width: size, height: size, channels: 3, background: '#fed' } })
      .withExif({ IFD0: { Make: 'PHONEMAKER' }, IFD3: { GPSLatitude: '37/1 0/1 0/1' } })
      .jpeg()
      .toBuffer()
  ).toString('base64')
const attach = async (batchId: string, image?: string, by: Actor = clerk) =>
  attachPicture(
    world.db,
    world.keys,
    by,
    batchId,
    { id: randomUUID(), image: image ?? (await photo()) },
    world.clock.now,
  )
const decide = (batchId: string, by: Actor = second, outcome: 'approved' | 'rejected' = 'approved') =>
  decidePaper(world.db, world.keys, by, batchId, { id: randomUUID(), outcome, note: '和照片一致' }, world.clock.now)

/** Entered, with a photograph, approved: the visits. */
async function approved(lines: PaperLineInput[]) {
  const id = randomUUID()
  await enter({ id, lines })
  await attach(id)
  await decide(id)
  return world.db.visit.findMany({
    where: { enteredByPersonId: clerk.personId, memberId: { in: lines.map(({ memberId }) => memberId) } },
    include: { exceptions: true, confirmations: true, elders: true, evidence: true },
    orderBy: { checkInAt: 'asc' },
  })
}

describe('lines of paper', () => {
  test('become visits when a second person approves them: L0, E15, confirmed on paper where signed, and on the list of calls', async () => {
    const { elder, line } = await pair()
    const lines = [line(), line({ from: '14:00', to: '15:00', signedBy: 'nobody' })]
    const id = randomUUID()
    await enter({ id, lines })
    expect(await world.db.visit.count({ where: { enteredByPersonId: clerk.personId } })).toBe(0)
    await attach(id)
    await decide(id)
    const visits = await world.db.visit.findMany({
      where: { elders: { some: { elderId: elder.id } } },
      include: { exceptions: true, confirmations: true, elders: true, evidence: true },
      orderBy: { checkInAt: 'asc' },
    })
    expect(visits).toMatchObject([
      {
        state: 'confirmed',
        level: 0,
        counted: true,
        servedSeconds: 3900,
        closedBy: 'staff',
        flag: 'amber',
        day: YESTERDAY,
      },
      { state: 'finished', level: 0, counted: true, servedSeconds: 3600, awardedMilliPoints: null },
    ])
    expect(visits.map(({ exceptions }) => exceptions.map(({ code }) => code))).toEqual([['E15'], ['E15']])
    expect(visits[0]?.confirmations).toMatchObject([{ how: 'paper', answer: 'yes', byPersonId: second.personId }])
    expect(visits[0]?.evidence.map(({ method, level }) => [method, level])).toEqual([
      ['staff', 0],
      ['staff', 0],
    ])
    expect(visits[0]?.elders).toMatchObject([{ counted: true, servedSeconds: 3900 }])
    expect(
      await world.db.callDraw.count({ where: { visitId: { in: visits.map((one) => one.id) }, reason: 'weak' } }),
    ).toBe(2)
  })

  test('entered twice add nothing: the same batch again, the same lines under another id, and once approved', async () => {
    const { line, elder } = await pair()
    const id = randomUUID()
    const lines = [line()]
    const first = await enter({ id, lines })
    expect((await enter({ id, lines })).paper?.id).toBe(first.paper?.id)
    const again = await enter({ lines })
    expect([again.paper, again.counts]).toEqual([null, { new: 0, skip: 1, error: 0 }])
    await attach(id)
    await decide(id)
    expect((await check(lines)).map(({ state }) => state)).toEqual(['skip'])
    expect(await world.db.visitElder.count({ where: { elderId: elder.id } })).toBe(1)
    expect(await refusalOf(enter({ id, lines: [line({ to: '11:00' })] }))).toBe('IDEMPOTENCY_CONFLICT')
  })

  test('wait for another person of the town, with the paper itself', async () => {
    const { line } = await pair()
    const id = randomUUID()
    const townClerk = await world.staff('townStaff', world.places.town)
    await enter({ id, lines: [line()] }, townClerk)
    expect(await refusalOf(decide(id, second))).toBe('PAPER_NO_PICTURE')
    await attach(id, undefined, townClerk)
    expect(await refusalOf(decide(id, townClerk))).toBe('PAPER_SECOND')
    expect(await refusalOf(decide(id, clerk))).toBe('NOT_ALLOWED')
    expect(await refusalOf(decide(id, await world.staff('townStaff', world.places.town2)))).toBe('NOT_FOUND')
    const codes = await Promise.all([
      refusalOf(decide(id)),
      refusalOf(decide(id, await world.staff('townStaff', world.places.town))),
    ])
    expect(codes.filter((code) => code === null)).toHaveLength(1)
    expect(codes.filter((code) => code === 'PAPER_DECIDED')).toHaveLength(1)
  })

  test('that were rejected are no visits, and may be entered anew', async () => {
    const { line, elder } = await pair()
    const id = randomUUID()
    await enter({ id, lines: [line()] })
    await decide(id, second, 'rejected')
    expect(await world.db.visitElder.count({ where: { elderId: elder.id } })).toBe(0)
    expect((await check([line()])).map(({ state }) => state)).toEqual(['new'])
  })

  test('that overlap, are too long, of a relative, or of days in hospital are visits with what is odd about them', async () => {
    const { elder, helper, line } = await pair()
    const other = await world.elder()
    await world.db.elderExit.create({
      data: {
        ...{ id: randomUUID(), elderId: other.id, kind: 'hospital', validFrom: addDays(TODAY, -5), validTo: null },
        ...{ reason: '手术', approvedByPersonId: clerk.personId, recordedAt: world.clock.now },
      },
    })
    await world.proxy(elder.id, { personId: helper.personId })
    const visits = await approved([
      line({ signedBy: 'proxy' }),
      line({ elderId: other.id, from: '09:30', to: '10:30' }),
      line({ from: '11:00', to: '17:00' }),
      line({ from: '18:00', to: '18:05' }),
    ])
    const codesOf = (index: number) => visits[index]?.exceptions.map(({ code }) => code).sort()
    expect(codesOf(0)).toEqual(['E11', 'E15', 'E16'])
    expect(codesOf(1)).toEqual(expect.arrayContaining(['E02', 'E13', 'E15']))
    expect(codesOf(2)).toEqual(expect.arrayContaining(['E05', 'E15']))
    expect(codesOf(3)).toEqual(expect.arrayContaining(['E04', 'E15']))
    expect(visits.map(({ counted }) => counted)).toEqual([true, false, true, false])
  })

  test('are told one by one what is wrong with them', async () => {
    const { line, elder, helper } = await pair()
    const stranger = await world.elder({ place: world.places.otherVillage })
    const own = await world.member({ personId: clerk.personId })
    const states = await check([
      line(),
      line(),
      line({ elderId: stranger.id }),
      line({ day: addDays(TODAY, 1) }),
      line({ day: addDays(TODAY, -100) }),
      line({ memberId: own.id }),
      line({ memberId: randomUUID() }),
      line({ serviceId: randomUUID() }),
      line({ from: '22:00', to: '21:00' }),
    ])
    expect(states.map(({ state, notes }) => [state, notes[0]?.sentence ?? null])).toEqual([
      ['new', null],
      ['error', '这一行前面已经有了'],
      ['error', '没有找到这位老人，请写上门牌或随身卡的编号'],
      ['error', '不能晚于今天'],
      ['error', '太早的服务不能再补录了'],
      ['error', '自己做的服务，不能自己补录'],
      ['error', '没有找到这位志愿者，请核对姓名和电话'],
      ['error', '没有这个服务项目'],
      ['error', '时间写成 09:05 这样，结束要晚于开始'],
    ])
    expect([elder.id, helper.id].every(Boolean)).toBe(true)
  })

  test('of one printed line come in once, whatever times are written', async () => {
    const { elder, line } = await pair()
    const sheetLine = sheetLineCode({ kind: 'elder', id: elder.id, month: '2026-11', line: 3 })
    await enter({ lines: [line({ sheetLine })] })
    expect((await check([line({ sheetLine, from: '13:00', to: '14:00' })])).map(({ state }) => state)).toEqual(['skip'])
    expect(readSheetLine(sheetLine)).toEqual({ kind: 'elder', id: elder.id, month: '2026-11', line: 3 })
    expect(readSheetLine('MLP1.x.3')).toBeNull()
  })

  test('are as many a month and clerk as the place allows, also when two batches come at once', async () => {
    const place = world.places.village2
    await world.db.setting.create({
      data: {
        ...{ id: randomUUID(), regionId: place.id, key: 'paperLinesMonthMax', version: 1, validFrom: '2026-01-01' },
        ...{ value: '3', recordedAt: world.clock.now },
      },
    })
    const local = await world.staff('villageStaff', place)
    const elder = await world.elder({ place })
    const helper = await world.member({ place })
    const line = (from: string) => ({
      ...{ elderId: elder.id, memberId: helper.id, serviceId: world.service.id, day: YESTERDAY, from, to: '20:00' },
      signedBy: 'elder' as const,
    })
    const done = await Promise.all([
      refusalOf(enter({ lines: [line('08:00'), line('09:00')] }, local)),
      refusalOf(enter({ lines: [line('10:00'), line('11:00')] }, local)),
    ])
    expect(done.filter((code) => code === null).length).toBeGreaterThanOrEqual(1)
    const entered = await world.db.paperBatch.findMany({ where: { enteredByPersonId: local.personId } })
    expect(entered.reduce((sum, { lines }) => sum + lines, 0)).toBeLessThanOrEqual(3)
    const rest = await check([line('12:00'), line('13:00'), line('14:00')], local)
    expect(rest.at(-1)).toMatchObject({ state: 'error', notes: [{ sentence: '这个月补录的行数用完了' }] })
  })
})

describe('a spreadsheet of paper', () => {
  async function fileOf(rows: (string | null)[][]): Promise<string> {
    const book = new ExcelJS.Workbook()
    await book.xlsx.load((await paperTemplate()).bytes as unknown as ArrayBuffer)
    const sheet = book.worksheets[0] as ExcelJS.Worksheet
    for (const [index, row] of rows.entries())
      for (const [column, cell] of row.entries()) sheet.getCell(index + 2, column + 1).value = cell
    return Buffer.from(await book.xlsx.writeBuffer()).toString('base64')
  }

  test('is read line by line, by name and number and telephone, and does nothing before it is entered', async () => {
    const door = await atDoor(world, { ownPhone: false })
    const phone = '13900009999'
    const helperId = await world.person({ name: '姜有福', phone })
    const helper = await world.member({ personId: helperId })
    const two = await world.elder({ name: '于同名' })
    await world.elder({ name: '于同名' })
    const { serial } = door.plate
    const row = (elder: string, number: string | null, from = '09:05') =>
      [null, elder, number, '姜有福', phone, '打扫卫生', YESTERDAY, from, '10:10', '本人'] as (string | null)[]
    const file = await fileOf([
      row('王秀英', serial),
      row('于同名', null),
      row('没有这个人', null),
      [null, '王秀英', serial, '姜有福', '13911112222', '打扫卫生', YESTERDAY, '11:00', '12:00', ''],
      [null, '王秀英', serial, '姜有福', phone, '看电视', YESTERDAY, '11:00', '12:00', ''],
      [null, '王秀英', serial, '姜有福', phone, '打扫卫生', '上礼拜', '11:00', '12:00', '也许'],
    ])
    const { lines } = await checkPaper(world.db, world.keys, clerk, { file }, world.clock.now)
    expect(lines.map(({ view }) => [view.line, view.state, view.notes.map(({ column }) => column)])).toEqual([
      [2, 'new', []],
      [3, 'error', ['老人']],
      [4, 'error', ['老人']],
      [5, 'error', ['志愿者']],
      [6, 'error', ['服务项目']],
      [7, 'error', ['老人签字', '日期']],
    ])
    expect(lines[1]?.view.notes[0]?.sentence).toContain('同名')
    expect(await world.db.paperLine.count({ where: { memberId: helper.id } })).toBe(0)
    const entered = await enter({ file, fileName: '十一月.xlsx' })
    expect([entered.counts, entered.paper?.lines]).toEqual([{ new: 1, skip: 0, error: 5 }, 1])
    expect(two.id).toBeTruthy()
  })

  test('of many lines is checked, entered and approved whole', async () => {
    const count = times(60, 5000)
    const place = world.places.village3
    await world.db.setting.create({
      data: {
        ...{ id: randomUUID(), regionId: place.id, key: 'paperLinesMonthMax', version: 1, validFrom: '2026-01-01' },
        ...{ value: '100000', recordedAt: world.clock.now },
      },
    })
    const local = await world.staff('villageStaff', place)
    const town = await world.staff('townStaff', world.places.town2)
    const phone = '13900008888'
    const helper = await world.member({ place, personId: await world.person({ name: '毕大力', phone }) })
    const elder = await world.elder({ place, name: '刘独一' })
    const rows = Array.from({ length: count }, (_, index) => {
      const minute = (index % 96) * 15
      const at = (more: number) => {
        const total = minute + more
        return `${String(Math.floor(total / 60) % 24).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`
      }
      const day = addDays(TODAY, -1 - Math.floor(index / 96))
      return [null, '刘独一', null, '毕大力', phone, '打扫卫生', day, at(0), at(15), '没有']
    })
    const id = randomUUID()
    const file = await fileOf(rows)
    const entered = await enter({ id, file, fileName: '很多.xlsx' }, local)
    expect(entered.counts).toEqual({ new: count, skip: 0, error: 0 })
    await attach(id, undefined, local)
    await decide(id, town)
    expect(await world.db.visit.count({ where: { memberId: helper.id, level: 0, counted: true } })).toBe(count)
    expect((await enter({ file }, local)).counts).toEqual({ new: 0, skip: count, error: 0 })
    expect(elder.id).toBeTruthy()
  }, 600_000)
})

describe('a photograph of the paper', () => {
  test('is kept sealed, smaller, without what the camera wrote, and looked at only within the regions', async () => {
    const { line } = await pair()
    const id = randomUUID()
    await enter({ id, lines: [line()] })
    const large = await photo(3000)
    expect(Buffer.from(large, 'base64').includes('PHONEMAKER')).toBe(true)
    const picture = await attach(id, large)
    expect((await attach(id, large)).id).toBe(picture.id)
    const row = await world.db.paperPicture.findUniqueOrThrow({ where: { id: picture.id } })
    expect([row.width, row.height]).toEqual([1600, 1600])
    const { bytes, type } = await readPicture(world.db, world.keys, second, picture.id, world.clock.now)
    const meta = await sharp(bytes).metadata()
    expect([type, meta.format, meta.exif]).toEqual(['image/jpeg', 'jpeg', undefined])
    expect(bytes.includes('PHONEMAKER')).toBe(false)
    expect(row.sealed?.includes(bytes.toString('base64').slice(0, 40))).toBe(false)
    const outside = await world.staff('townStaff', world.places.town2)
    expect(await refusalOf(readPicture(world.db, world.keys, outside, picture.id, world.clock.now))).toBe('NOT_FOUND')
    expect(await refusalOf(attach(id, Buffer.from('no picture').toString('base64')))).toBe('PICTURE_FORMAT')
  })
})

test('a month’s sheet is printed for an elder or a helper of the place, and that it was is kept', async () => {
  const { elder, helper } = await pair()
  const print = (asked: { elderId?: string; memberId?: string }, by: Actor = clerk) =>
    monthSheet(world.db, world.keys, by, { ...asked, month: '2026-11' }, world.clock.now)
  const file = await print({ elderId: elder.id })
  expect([file.type, file.bytes.subarray(0, 5).toString()]).toEqual(['application/pdf', '%PDF-'])
  expect((await print({ memberId: helper.id })).bytes.length).toBeGreaterThan(5000)
  expect(await refusalOf(print({}))).toBe('BAD_INPUT')
  expect(await refusalOf(print({ elderId: elder.id }, await world.staff('villageStaff', world.places.village2)))).toBe(
    'NOT_FOUND',
  )
  expect(await world.db.operationLog.count({ where: { action: 'print', resourceId: elder.id } })).toBe(1)
})
