import ExcelJS from 'exceljs'
import { expect, test } from 'vitest'
import { harmless, sheetFile } from '../../server/core/sheet'

const sheet = {
  name: '名单',
  columns: [{ title: '姓名' }, { title: '分' }],
  rows: [
    ['王*英', 13],
    ['=1+1', -2],
    ['a"b,c', null],
  ] as const,
}

test('a cell that a spreadsheet would calculate becomes text; numbers stay numbers', () => {
  expect(['=1+1', '+8613', '-x', '@a', '王'].map(harmless)).toEqual(["'=1+1", "'+8613", "'-x", "'@a", '王'])
  expect(harmless(-2)).toBe(-2)
})

test('CSV begins with its byte order mark, quotes what needs it, and ends its lines as Excel does', async () => {
  const { bytes, name, type } = await sheetFile(sheet, 'csv')
  expect(bytes.toString('utf8')).toBe('\uFEFF姓名,分\r\n王*英,13\r\n\'=1+1,-2\r\n"a""b,c",\r\n')
  expect([name, type]).toEqual(['名单.csv', 'text/csv; charset=utf-8'])
})

test('xlsx opens again with the same rows, and no formula in them', async () => {
  const { bytes } = await sheetFile(sheet, 'xlsx')
  const book = new ExcelJS.Workbook()
  await book.xlsx.load(bytes as unknown as ArrayBuffer)
  const page = book.getWorksheet('名单')
  expect(page?.getRow(1).values).toEqual([undefined, '姓名', '分'])
  expect(page?.getCell('A3').value).toBe("'=1+1")
  expect(page?.getCell('B2').value).toBe(13)
})
