import { inflateRawSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import ExcelJS from 'exceljs'
import { Refusal } from '../../shared/core/refusals'

/** One line as the spreadsheet numbers it; cells as text, days as 1950-01-31. */
export type SheetRow = { line: number; cells: string[] }
export type ReadSheet = { titles: string[]; rows: SheetRow[] }
type Limits = { rowsMax: number }

/** What a spreadsheet may come to when it is unpacked, and of how many parts it may be. */
const UNPACKED_BYTES_MAX = 60_000_000
const PARTS_MAX = 200

/**
 * Reads the first sheet of an xlsx file, or a csv file in UTF-8 or GB18030: the first line are titles, empty lines are left
 * out. Nothing is guessed: merged cells and formulas are refused with their place.
 *
 * @throws Refusal IMPORT_FORMAT, IMPORT_MERGED, IMPORT_FORMULA, IMPORT_TOO_MANY, IMPORT_EMPTY
 */
export async function readSheet(bytes: Buffer, limits: Limits): Promise<ReadSheet> {
  const isZip = bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))
  const rows = isZip ? await rowsOfBook(bytes, limits) : rowsOfText(bytes, limits)
  const [titles, ...others] = rows
  const filled = others.filter(({ cells }) => cells.some((cell) => cell !== ''))
  if (titles === undefined || filled.length === 0) throw new Refusal('IMPORT_EMPTY', { field: 'file' })
  if (filled.length > limits.rowsMax) throw tooMany(limits)
  return { titles: titles.cells, rows: filled }
}

function tooMany({ rowsMax }: Limits): Refusal {
  return new Refusal('IMPORT_TOO_MANY', { field: 'file', rowsMax })
}

function rowsOfText(bytes: Buffer, limits: Limits): SheetRow[] {
  try {
    const lines: string[][] = parse(textOf(bytes), { bom: true, relaxColumnCount: true, to: limits.rowsMax * 2 })
    return lines.map((cells, place) => ({ line: place + 1, cells: cells.map((cell) => unquoted(cell.trim())) }))
  } catch {
    throw new Refusal('IMPORT_FORMAT', { field: 'file' })
  }
}

/** Excel in China writes csv files in GB18030 unless it is told otherwise. */
function textOf(bytes: Buffer): string {
  const text = decoded(bytes, 'utf-8') ?? decoded(bytes, 'gb18030')
  if (text === null || text.includes('\0')) throw new Refusal('IMPORT_FORMAT', { field: 'file' })
  return text
}

function decoded(bytes: Buffer, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Our own exports put an apostrophe before what a spreadsheet would take for a formula. */
function unquoted(text: string): string {
  return /^'[=+\-@]/.test(text) ? text.slice(1) : text
}

async function rowsOfBook(bytes: Buffer, limits: Limits): Promise<SheetRow[]> {
  refuseBomb(bytes)
  const book = new ExcelJS.Workbook()
  await book.xlsx.load(bytes as unknown as ArrayBuffer).catch(() => {
    throw new Refusal('IMPORT_FORMAT', { field: 'file' })
  })
  const [sheet] = book.worksheets
  if (sheet === undefined) throw new Refusal('IMPORT_FORMAT', { field: 'file' })
  if (sheet.actualRowCount > limits.rowsMax + 1) throw tooMany(limits)
  const [merged] = (sheet.model as { merges?: string[] }).merges ?? []
  if (merged !== undefined) throw new Refusal('IMPORT_MERGED', { field: 'file', cell: merged })
  const rows: SheetRow[] = []
  sheet.eachRow((row, line) => {
    const cells = [...Array(row.cellCount).keys()].map((place) => textOfCell(row.getCell(place + 1)))
    rows.push({ line, cells })
  })
  return rows
}

function textOfCell(cell: ExcelJS.Cell): string {
  if (cell.formula) throw new Refusal('IMPORT_FORMULA', { field: 'file', cell: cell.address })
  const value = cell.value
  if (value instanceof Date) return value.toISOString().slice(0, 10) // a spreadsheet's day has no zone
  return unquoted(cell.text.trim())
}

/** A small file may unpack to gigabytes: each part is unpacked here first, and no further than it may be. */
function refuseBomb(bytes: Buffer): void {
  const bad = () => new Refusal('IMPORT_FORMAT', { field: 'file' })
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  if (end < 0 || end + 22 > bytes.length) throw bad()
  const parts = bytes.readUInt16LE(end + 10)
  if (parts > PARTS_MAX) throw bad()
  let left = UNPACKED_BYTES_MAX
  let at = bytes.readUInt32LE(end + 16)
  try {
    for (let part = 0; part < parts; part++) {
      const [method, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)]
      const header = bytes.readUInt32LE(at + 42)
      const from = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28)
      const data = bytes.subarray(from, from + packed)
      left -= method === 0 ? data.length : inflateRawSync(data, { maxOutputLength: left }).length
      if (left <= 0) throw bad()
      at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
    }
  } catch {
    throw bad()
  }
}
