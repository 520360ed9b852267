import { PassThrough } from 'node:stream'
import ExcelJS from 'exceljs'
import type { File } from './route'

export type Column = { title: string; width?: number }
export type Cell = string | number | null
export type Sheet = {
  name: string
  columns: readonly Column[]
  rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>
}

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const
/** Excel reads a CSV file as UTF-8 only with this at its head. */
const BYTE_ORDER_MARK = '\uFEFF'

/**
 * A list as a file for a spreadsheet; rows may come as they are read.
 *
 * @param mark who took it and when: under the list of a workbook, and at the foot of each page that is printed of it
 */
export async function sheetFile(sheet: Sheet, format: 'csv' | 'xlsx', mark = ''): Promise<File> {
  const bytes = format === 'csv' ? await csvOf(sheet) : await xlsxOf(sheet, mark)
  return { bytes, type: TYPES[format], name: `${sheet.name}.${format}` }
}

/** A text that a spreadsheet would take for a formula gets an apostrophe in front. */
export function harmless(cell: Cell): Cell {
  return typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
}

async function csvOf({ columns, rows }: Sheet): Promise<Buffer> {
  const lines = [lineOf(columns.map((one) => one.title))]
  for await (const row of rows) lines.push(lineOf(row))
  return Buffer.from(`${BYTE_ORDER_MARK}${lines.join('\r\n')}\r\n`, 'utf8')
}

function lineOf(cells: readonly Cell[]): string {
  return cells.map((cell) => quoted(String(harmless(cell) ?? ''))).join(',')
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
}

async function xlsxOf({ name, columns, rows }: Sheet, mark: string): Promise<Buffer> {
  const stream = new PassThrough()
  const parts: Buffer[] = []
  stream.on('data', (part: Buffer) => parts.push(part))
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream, useStyles: true })
  const page = book.addWorksheet(name.slice(0, 31), { views: [{ state: 'frozen', ySplit: 1 }] })
  page.columns = columns.map(({ title, width }) => ({ header: title, width: width ?? 14 }))
  page.getRow(1).font = { bold: true }
  for await (const row of rows) page.addRow(row.map(harmless)).commit()
  if (mark !== '') {
    page.headerFooter.oddFooter = `&L&"-,Regular"${mark.replaceAll('&', '&&')}&R&P`
    page.addRow([]).commit()
    page.addRow([harmless(mark)]).commit()
  }
  page.commit()
  await book.commit()
  return Buffer.concat(parts)
}
