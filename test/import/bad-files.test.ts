import { randomUUID } from 'node:crypto'
import ExcelJS from 'exceljs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../server/core/actor'
import { importFile } from '../../server/import/apply'
import { importTemplate } from '../../server/import/template'
import { REFUSALS, type RefusalCode } from '../../shared/core/refusals'
import { IMPORT_KIND_CODES, type ImportKindCode } from '../../shared/import/kinds'
import { bomb, linesOf } from '../support/elder-file'
import { newWorld, type World } from '../support/world'

// Every kind of sheet, every way it can be bad: one code, one sentence, the place in the sheet, and nothing written.

let world: World
let clerk: Actor
let county: Actor
const titlesOf = new Map<ImportKindCode, string[]>()
beforeAll(async () => {
  world = await newWorld()
  clerk = await world.staff('townStaff', world.places.town)
  county = await world.staff('countyAdmin', world.places.county)
  for (const kind of IMPORT_KIND_CODES) titlesOf.set(kind, (await linesOf((await importTemplate(kind)).bytes))[0] ?? [])
})

const titles = (kind: ImportKindCode) => titlesOf.get(kind) as string[]
const csv = (rows: readonly (readonly string[])[]) => Buffer.from(rows.map((row) => row.join(',')).join('\n'))
async function book(kind: ImportKindCode, change: (sheet: ExcelJS.Worksheet) => void): Promise<Buffer> {
  const written = new ExcelJS.Workbook()
  const sheet = written.addWorksheet('表')
  sheet.addRow(titles(kind))
  sheet.addRow(titles(kind).map(() => '一'))
  sheet.addRow(titles(kind).map(() => '二'))
  change(sheet)
  return Buffer.from(await written.xlsx.writeBuffer())
}
const another = (kind: ImportKindCode) => (kind === 'records' ? 'elders' : 'records')

type Bad = { name: string; file: (kind: ImportKindCode) => Buffer | Promise<Buffer>; code: RefusalCode; cell?: string }
const BAD: readonly Bad[] = [
  {
    name: 'merged cells',
    file: (kind) => book(kind, (one) => one.mergeCells('A2:A3')),
    code: 'IMPORT_MERGED',
    cell: 'A2:A3',
  },
  {
    name: 'a formula',
    file: (kind) => book(kind, (one) => Object.assign(one.getCell('B3'), { value: { formula: '1+1', result: 2 } })),
    code: 'IMPORT_FORMULA',
    cell: 'B3',
  },
  {
    name: 'a hundred thousand rows',
    file: (kind) => csv([titles(kind), ...Array(100_000).fill(['一'])]),
    code: 'IMPORT_TOO_MANY',
  },
  { name: 'a zip bomb', file: () => bomb(), code: 'IMPORT_FORMAT' },
  {
    name: 'the template of another kind',
    file: (kind) => csv([titles(another(kind)), ['一']]),
    code: 'IMPORT_TEMPLATE',
  },
  { name: 'a template and nothing in it', file: (kind) => csv([titles(kind)]), code: 'IMPORT_EMPTY' },
  { name: 'what is no sheet', file: () => Buffer.from([0x89, 0x50, 0, 0xff, 0xfe, 1]), code: 'IMPORT_FORMAT' },
]

describe.each(IMPORT_KIND_CODES)('%s', (kind) => {
  test.each(BAD)('$name is refused with its sentence, and nothing is written', async ({ file, code, cell }) => {
    const before = await everything()
    const bytes = await file(kind)
    await expect(bring(kind, bytes)).rejects.toMatchObject({
      ...{ code, sentence: REFUSALS[code][1] },
      detail: cell === undefined ? { field: 'file' } : { field: 'file', cell },
    })
    expect(await everything()).toEqual(before)
  })

  test('a line with nothing right in it is told by its number, its column and a sentence, and isn’t written', async () => {
    const before = await everything()
    const { lines, counts } = await bring(kind, csv([titles(kind), titles(kind).map(() => '？')]))
    expect(counts).toMatchObject({ error: 1, new: 0, update: 0 })
    const [line] = lines
    expect(line).toMatchObject({ line: 2, state: 'error' })
    expect(line?.notes.length).toBeGreaterThan(0)
    for (const { column, sentence } of line?.notes ?? []) {
      expect(titles(kind)).toContain(column)
      expect(sentence).toMatch(/[\u4e00-\u9fa5]{4}/)
    }
    expect((await everything()).slice(1)).toEqual(before.slice(1))
  })
})

const bring = (kind: ImportKindCode, bytes: Buffer) =>
  importFile(
    world.db,
    world.keys,
    kind === 'balances' ? county : clerk,
    { id: randomUUID(), kind, file: bytes.toString('base64'), fileName: '表.xlsx' },
    world.clock.now,
  )

/** How much there is of what an import may write; the batch first. */
const everything = () =>
  Promise.all([
    world.db.importBatch.count(),
    world.db.importedLine.count(),
    world.db.person.count(),
    world.db.elder.count(),
    world.db.member.count(),
    world.db.assessment.count(),
    world.db.organisation.count(),
    world.db.memberRecord.count(),
    world.db.callBack.count(),
  ])
