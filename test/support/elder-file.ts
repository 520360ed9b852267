// Spreadsheets of elders as clerks send them.
import { deflateRawSync } from 'node:zlib'
import ExcelJS from 'exceljs'
import { ELDER_COLUMNS, type ElderColumn } from '../../shared/import/elder-row'

export type Written = Partial<Record<ElderColumn, string>>

const TITLES = ELDER_COLUMNS.map(({ title }) => title)
let serial = 0

/** A line at which nothing is wrong, another elder each time. */
export function line(given: Written = {}): Written {
  const number = ++serial
  const born = new Date(Date.UTC(1940, 0, 1 + (number % 5000)))
  return {
    ...{ 姓名: `于${NAMES[number % NAMES.length]}${NAMES[Math.floor(number / NAMES.length) % NAMES.length]}` },
    ...{ 证件类型: '无', 性别: '女', 出生日期: born.toISOString().slice(0, 10) },
    ...{ 村或社区: '北庄村', 住址: `北庄村 ${number}号`, 同意服务: '是', ...given },
  }
}
const NAMES = [...'秀英桂兰凤芝玉珍淑华春梅海涛建国志强']

export function csvOf(lines: readonly Written[], titles: readonly string[] = TITLES): Buffer {
  const rows = [titles, ...lines.map((one) => titles.map((title) => one[title as ElderColumn] ?? ''))]
  return Buffer.from(rows.map((cells) => cells.join(',')).join('\r\n'), 'utf8')
}

export async function bookOf(
  lines: readonly Written[],
  change: (sheet: ExcelJS.Worksheet) => void = () => undefined,
): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('老人')
  sheet.addRow(TITLES)
  for (const one of lines) sheet.addRow(TITLES.map((title) => one[title] ?? ''))
  change(sheet)
  return Buffer.from(await book.xlsx.writeBuffer())
}

/** The lines of a sheet that came back, titles first. */
export async function linesOf(bytes: Buffer): Promise<string[][]> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.load(bytes as unknown as ArrayBuffer)
  const rows: string[][] = []
  book.worksheets[0]?.eachRow((row) => {
    rows.push((row.values as ExcelJS.CellValue[]).slice(1).map((cell) => String(cell ?? '')))
  })
  return rows
}

/** A zip of one part that says it is small and is a hundred megabytes of nothing. */
export function bomb(): Buffer {
  const packed = deflateRawSync(Buffer.alloc(100_000_000))
  const name = Buffer.from('xl/workbook.xml')
  const local = Buffer.alloc(30)
  local.write('PK\x03\x04', 'latin1')
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt16LE(name.length, 26)
  const central = Buffer.alloc(46)
  central.write('PK\x01\x02', 'latin1')
  central.writeUInt16LE(8, 10)
  central.writeUInt32LE(packed.length, 20)
  central.writeUInt16LE(name.length, 28)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(46 + name.length, 12)
  end.writeUInt32LE(30 + name.length + packed.length, 16)
  return Buffer.concat([local, name, packed, central, name, end])
}
