import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '../../server/core/actor'
import { changeElder } from '../../server/elder/change'
import { findElderDetail } from '../../server/elder/record'
import { importFile } from '../../server/import/apply'
import { checkFile } from '../../server/import/check'
import { faultsFile } from '../../server/import/template'
import { undoImport } from '../../server/import/undo'
import type { Refusal } from '../../shared/core/refusals'
import { bomb, bookOf, csvOf, line, linesOf, type Written } from '../support/elder-file'
import { newWorld, type World } from '../support/world'

let world: World
let clerk: Actor
beforeEach(async () => {
  world = await newWorld()
  clerk = await world.staff('townStaff', world.places.town)
})

const text = (bytes: Buffer) => bytes.toString('base64')
const givenOf = (actor: Actor) => ({
  ...{ db: world.db, keys: world.keys, actor, batchId: randomUUID(), at: world.clock.now },
})
const check = async (bytes: Buffer, actor = clerk) =>
  (await checkFile('elders', givenOf(actor), text(bytes))).lines.map(({ view }) => view)
const bring = (bytes: Buffer, id: string = randomUUID(), actor = clerk) =>
  importFile(
    world.db,
    world.keys,
    actor,
    { id, kind: 'elders', file: text(bytes), fileName: '老人.xlsx' },
    world.clock.now,
  )
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: Refusal) => error.code,
  )
const elders = () => world.db.elder.count()

describe('a sheet of elders', () => {
  test('is judged line by line without writing anything: new, to be filled in, known, at fault', async () => {
    const known = line({ 电话: '13911110001' })
    const poorer = line()
    await bring(csvOf([known, poorer]))
    const before = await elders()
    const lines = await check(
      csvOf([
        line({ 类别: '独居、空巢' }),
        { ...poorer, 电话: '13911110002', 类别: '独居' },
        known,
        line({ 姓名: '👵' }),
        line({ 村或社区: '没有的村' }),
        line({ 类别: '有钱' }),
        line({ 类别: '失能' }),
        line({ 出生日期: '1938-02-29' }),
        line({ 联系人姓名: '于海' }),
      ]),
    )
    expect(lines.map(({ state }) => state)).toEqual(['new', 'update', 'skip', ...Array(6).fill('error')])
    expect(lines.map(({ notes }) => notes.map(({ column }) => column).join())).toEqual([
      ...['', '电话,类别', '', '姓名', '村或社区', '类别', '同意登记健康情况', '出生日期', '联系人姓名'],
    ])
    expect(await elders()).toBe(before)
  })

  test('with 13 lines at fault of 200 brings 187, and the 13 put right in the file that comes back bring the rest', async () => {
    const bad = new Set([3, 17, 30, 44, 58, 71, 90, 105, 120, 140, 155, 180, 199])
    const sheet = [...Array(200).keys()].map((place) => line(bad.has(place) ? { 性别: '不知道' } : {}))
    const file = await bookOf(sheet)
    const done = await bring(file)
    expect(done.counts).toEqual({ new: 187, update: 0, skip: 0, error: 13 })
    expect(await elders()).toBe(187)
    const back = await faultsFile('elders', await checkFile('elders', givenOf(clerk), text(file)))
    const [titles = [], ...rows] = await linesOf(back.bytes)
    expect(rows).toHaveLength(13)
    expect(rows.every(([fault]) => fault?.startsWith('性别：'))).toBe(true)
    const mended = rows.map((cells) => cells.map((cell) => (cell === '不知道' ? '女' : cell)))
    const again = await bring(Buffer.from([titles, ...mended].map((cells) => cells.join(',')).join('\n')))
    expect(again.counts).toEqual({ new: 13, update: 0, skip: 0, error: 0 })
    expect(await elders()).toBe(200)
  })

  test('sent twice under one id brings its elders once, and under a new id finds them all there', async () => {
    const file = csvOf([line(), line(), line()])
    const id = randomUUID()
    const first = await bring(file, id)
    expect((await bring(file, id)).counts).toEqual(first.counts)
    expect((await bring(file)).counts).toEqual({ new: 0, update: 0, skip: 3, error: 0 })
    expect(await elders()).toBe(3)
    expect(await codeOf(bring(csvOf([line()]), id))).toBe('IDEMPOTENCY_CONFLICT')
  })

  test('goes on where it stopped when the server fell over half way', async () => {
    const file = csvOf([line(), line()])
    const id = randomUUID()
    await bring(file, id)
    await world.db.importedLine.deleteMany()
    await world.db.importBatch.deleteMany() // the elders were written, the batch was not
    expect((await bring(file, id)).counts).toEqual({ new: 2, update: 0, skip: 0, error: 0 })
    expect(await elders()).toBe(2)
  })

  test('fills in what is empty and leaves what differs as it was, telling so', async () => {
    const one = line({ 姓名: '于秀珍', 电话: '13911110003', 出生日期: '1941-05-06' })
    await bring(csvOf([one]))
    const [told] = (await bring(csvOf([{ ...one, 电话: '13911110009', 类别: '独居' }]))).lines
    expect(told?.state).toBe('update')
    expect(told?.notes).toEqual([
      { column: '电话', sentence: '和登记的不一样，没有改动' },
      { column: '类别', sentence: '补上独居' },
    ])
    expect(await world.db.elderCategory.findMany({ select: { category: true } })).toEqual([{ category: 'livingAlone' }])
  })

  test('says of each field where it comes from: a line of a file with its number there, or a desk', async () => {
    const one = line({ 姓名: '于秀珍', 出生日期: '1941-05-06', 原系统编号: 'MZ-7' })
    const { lines } = await bring(csvOf([line(), one]))
    const elderId = lines[1]?.subjectId ?? ''
    world.later(60)
    await bring(csvOf([{ ...one, 电话: '13911110009', 类别: '独居', 原系统编号: 'WJ-9' }]))
    world.later(60)
    await changeElder(world.db, world.keys, clerk, elderId, { name: '于秀贞' }, world.clock.now)
    const { sources } = await findElderDetail(world.db, world.keys, clerk, elderId, world.clock.now)
    expect(sources.map((each) => [each.field, each.fileName, each.line, each.externalNo])).toEqual([
      ['姓名', null, null, null],
      ['证件、性别、出生日期', '老人.xlsx', 3, 'MZ-7'],
      ['电话', '老人.xlsx', 2, 'WJ-9'],
      ['住址', '老人.xlsx', 3, 'MZ-7'],
      ['类别：独居', '老人.xlsx', 2, 'WJ-9'],
    ])
  })

  test('that names one elder twice takes the first and tells the second', async () => {
    const one = line()
    expect((await check(csvOf([one, one]))).map(({ state, notes }) => [state, notes[0]?.sentence])).toEqual([
      ['new', undefined],
      ['error', '和第 2 行是同一位'],
    ])
  })

  test('may name only villages of the clerk’s own regions; two of one name want the town', async () => {
    const village = await world.staff('villageStaff', world.places.village2)
    expect((await check(csvOf([line()]), village)).map(({ state }) => state)).toEqual(['error'])
    const { places, db } = world
    const twin = await db.region.findUniqueOrThrow({ where: { id: places.village3.id } })
    await db.region.update({ where: { id: twin.id }, data: { name: '北庄村' } })
    const county = await world.staff('countyAdmin', places.county)
    const town = await db.region.findUniqueOrThrow({ where: { id: places.town.id } })
    const states = await check(csvOf([line(), line({ 镇街: town.name })]), county)
    expect(states.map(({ state }) => state)).toEqual(['error', 'new'])
  })

  test.each([
    ['UTF-8 with a mark', (bytes: Buffer) => Buffer.concat([Buffer.from('\uFEFF'), bytes])],
    ['GB18030', gb18030],
  ])('is read as %s', async (_, encoded) => {
    expect((await check(encoded(csvOf([line({ 姓名: '于海' })])))).map(({ state }) => state)).toEqual(['new'])
  })

  test('of five thousand lines is judged whole', async () => {
    const lines = await check(csvOf([...Array(5000).keys()].map((place) => line({ 住址: `北庄村 ${place}号` }))))
    expect(lines).toHaveLength(5000)
  })
})

describe('a file that is none is refused whole, with a sentence and a place, and nothing is written:', () => {
  const refusals: [string, () => Promise<Buffer> | Buffer, string, object?][] = [
    ['no spreadsheet', () => Buffer.from([0, 1, 2, 3]), 'IMPORT_FORMAT'],
    ['another template', () => csvOf([line()], ['姓名', '年龄']), 'IMPORT_TEMPLATE', { missing: '证件类型' }],
    ['titles alone', () => csvOf([]), 'IMPORT_EMPTY'],
    [
      'merged cells',
      () => bookOf([line(), line()], (sheet) => sheet.mergeCells('A2:A3')),
      'IMPORT_MERGED',
      { cell: 'A2:A3' },
    ],
    [
      'a formula',
      () =>
        bookOf(
          [line()],
          (sheet) =>
            sheet.getCell('J2').model && Object.assign(sheet.getCell('J2'), { value: { formula: '1+1', result: 2 } }),
        ),
      'IMPORT_FORMULA',
      { cell: 'J2' },
    ],
    ['too many lines', () => csvOf(Array(5001).fill(line())), 'IMPORT_TOO_MANY'],
    [
      'a hundred thousand lines',
      () => csvOf(Array(100_000).fill({ 姓名: '于海' } satisfies Written)),
      'IMPORT_TOO_MANY',
    ],
    ['a zip bomb', () => bomb(), 'IMPORT_FORMAT'],
  ]
  test.each(refusals)('%s', async (_, file, code, detail = {}) => {
    const error = await bring(await file()).catch((refusal: Refusal) => refusal)
    expect(error).toMatchObject({ code, detail })
    expect([await elders(), await world.db.importBatch.count()]).toEqual([0, 0])
  })
})

describe('a batch', () => {
  test('is taken back whole while nothing was done with its elders: no person, key or consent of theirs stays', async () => {
    const before = await world.db.person.count()
    const { batch } = await bring(csvOf([line({ 类别: '独居' }), line({ 电话: '13911110005' })]))
    await undoImport(world.db, world.keys, clerk, batch.id, world.later(3600))
    expect(await elders()).toBe(0)
    expect(await world.db.person.count()).toBe(before)
    expect(
      await world.db.consent.count({ where: { person: { elder: null, member: null, staffRoles: { none: {} } } } }),
    ).toBe(0)
    await undoImport(world.db, world.keys, clerk, batch.id, world.later(1)) // asked twice
  })

  test('gives back what it filled in', async () => {
    const one = line()
    await bring(csvOf([one]))
    const { batch } = await bring(csvOf([{ ...one, 电话: '13911110006', 类别: '独居' }]))
    await undoImport(world.db, world.keys, clerk, batch.id, world.later(60))
    expect(await world.db.elderCategory.count()).toBe(0)
    expect(await elders()).toBe(1)
    const { personId } = await world.db.elder.findFirstOrThrow()
    expect((await world.db.person.findUniqueOrThrow({ where: { id: personId } })).phoneIndex).toBeNull()
  })

  test('stays once staff have put right what it filled in: their number is not lost', async () => {
    const one = line()
    await bring(csvOf([one]))
    const { batch, lines } = await bring(csvOf([{ ...one, 电话: '13911110007' }]))
    const phone = { phone: '13911110008' }
    await changeElder(world.db, world.keys, clerk, lines[0]?.subjectId ?? '', phone, world.later(60))
    expect(await codeOf(undoImport(world.db, world.keys, clerk, batch.id, world.later(60)))).toBe('IMPORT_TOUCHED')
    expect((await check(csvOf([{ ...one, 电话: '13911110008' }]))).map(({ notes }) => notes)).toEqual([[]])
  })

  test('stays once an elder of it has a plate, after a day, and for staff of another town', async () => {
    const { batch, lines } = await bring(csvOf([line(), line()]))
    const stranger = await world.staff('townStaff', world.places.otherVillage)
    expect(await codeOf(undoImport(world.db, world.keys, stranger, batch.id, world.clock.now))).toBe('NOT_FOUND')
    await world.plate(lines[0]?.subjectId ?? '')
    expect(await codeOf(undoImport(world.db, world.keys, clerk, batch.id, world.clock.now))).toBe('IMPORT_TOUCHED')
    expect(await elders()).toBe(2)
    expect(await codeOf(undoImport(world.db, world.keys, clerk, batch.id, world.later(24 * 3600)))).toBe(
      'IMPORT_TOO_LATE',
    )
  })
})

/** As Excel writes it in China; only the few letters these tests need. */
function gb18030(bytes: Buffer): Buffer {
  const decoder = new TextDecoder('gb18030')
  const codes = new Map<string, number[]>()
  for (let first = 0xa1; first <= 0xf7; first++)
    for (let second = 0xa1; second <= 0xfe; second++)
      codes.set(decoder.decode(new Uint8Array([first, second])), [first, second])
  return Buffer.from(
    [...bytes.toString('utf8')].flatMap((letter) => codes.get(letter) ?? [...Buffer.from(letter, 'latin1')]),
  )
}
