import ExcelJS from 'exceljs'
import { IMPORT_KINDS, type ImportKindCode } from '../../shared/import/kinds'
import { IMPORT_ROWS_MAX } from '../../shared/import/limits'
import type { File } from '../core/route'
import { harmless, sheetFile } from '../core/sheet'
import type { CheckedFile } from './check'
import { kindOf } from './kinds'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const FAULTS = '问题'

/** An empty sheet with the titles, what to choose from, and what each column means. */
export async function importTemplate(kind: ImportKindCode): Promise<File> {
  const { columns } = kindOf(kind)
  const { word } = IMPORT_KINDS[kind]
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet(word, { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = columns.map(({ title, width }) => ({ header: title, width: width ?? 14, style: { numFmt: '@' } }))
  sheet.getRow(1).font = { bold: true }
  for (const [place, { must, choices, help }] of columns.entries()) {
    const title = sheet.getCell(1, place + 1)
    if (must) title.font = { bold: true, color: { argb: 'FFB3261E' } }
    if (help !== undefined) title.note = help
    if (choices !== undefined)
      for (let line = 2; line <= IMPORT_ROWS_MAX + 1; line++)
        sheet.getCell(line, place + 1).dataValidation = {
          type: 'list',
          allowBlank: !must,
          formulae: [`"${choices.join(',')}"`],
          showErrorMessage: true,
          error: `请从这里选：${choices.join('、')}`,
        }
  }
  const words = book.addWorksheet('填写说明')
  words.columns = [
    { header: '列', width: 18 },
    { header: '必填', width: 8 },
    { header: '怎么填', width: 70 },
  ]
  for (const { title, must, choices, help } of columns)
    words.addRow([title, must ? '是' : '', [choices?.join('、'), help].filter(Boolean).join('。')])
  return { bytes: Buffer.from(await book.xlsx.writeBuffer()), type: XLSX, name: `${word}导入模板.xlsx` }
}

/** The lines at fault as they were, with what is wrong: put right and sent again, they are a file like any other. */
export async function faultsFile(kind: ImportKindCode, { titles, lines }: CheckedFile): Promise<File> {
  const own = titles.map((title, place) => ({ title, place })).filter(({ title }) => title !== FAULTS)
  const rows = lines
    .filter(({ view }) => view.state === 'error')
    .map(({ source, view }) => [
      view.notes.map(({ column, sentence }) => `${column}：${sentence}`).join('；'),
      ...own.map(({ place }) => harmless(source.cells[place] ?? '')),
    ])
  const columns = [{ title: FAULTS, width: 40 }, ...own.map(({ title }) => ({ title, width: 16 }))]
  return sheetFile({ name: `没导入的${IMPORT_KINDS[kind].word}`, columns, rows }, 'xlsx')
}
