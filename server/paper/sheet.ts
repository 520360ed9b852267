import ExcelJS from 'exceljs'
import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { IMPORT_ROWS_MAX } from '../../shared/import/limits'
import { PAPER_COLUMNS, sheetLineCode } from '../../shared/paper/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'
import { A4, drawCode, mm, newPdf, pdfBytes, writeIn } from '../core/pdf'
import type { File } from '../core/route'
import { openPersons } from '../person/vault'
import { regionNames } from '../region/queries'
import { settingsAt } from '../region/settings'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const LINES = 16
const ROW = 14
const TOP = 46

type Asked = { elderId?: string | undefined; memberId?: string | undefined; month: string }

/**
 * A month's sheet to write on by hand, of an elder or of a helper: each line has a code of its own, so that the same line
 * can't be entered twice.
 *
 * @throws Refusal BAD_INPUT unless exactly one of both is named, NOT_FOUND outside the actor's regions
 */
export async function monthSheet(db: Db, keys: Keys, actor: Actor, asked: Asked, at: Date): Promise<File> {
  const { elderId, memberId, month } = asked
  if ((elderId === undefined) === (memberId === undefined)) throw new Refusal('BAD_INPUT', { field: 'elderId' })
  const kind = elderId === undefined ? 'member' : 'elder'
  const subject =
    elderId === undefined
      ? await db.member.findUnique({ where: { id: memberId as string } })
      : await db.elder.findUnique({ where: { id: elderId } })
  if (subject === null || !mayOver(actor, can('paper.enter'), subject.regionPath)) throw new Refusal('NOT_FOUND')
  const name = (await openPersons(db, keys, [subject.personId])).get(subject.personId)?.name ?? ''
  const place = (await regionNames(db, [subject.regionId])).get(subject.regionId)?.name ?? ''
  const { agencyName, hotline } = await settingsAt(db, subject.regionPath, dayOf(at))
  await db.$transaction((tx) =>
    logOperation(tx, actor, {
      at,
      action: 'print',
      resource: kind,
      resourceId: subject.id,
      regionPath: subject.regionPath,
      after: { month },
    }),
  )
  const title = kind === 'elder' ? '上门服务登记单（老人）' : '上门服务登记单（志愿者）'
  const pdf = newPdf(title, at)
  pdf.addPage()
  writeIn(pdf, { x: 12, y: 10, width: 140, height: 9 }, title, { size: 18, weight: 'bold' })
  const who = kind === 'elder' ? '老人' : '志愿者'
  writeIn(
    pdf,
    { x: 12, y: 21, width: 186, height: 7 },
    `${who}：${name}　　${place}　　${month.replace('-', ' 年 ')} 月`,
    {
      size: 13,
    },
  )
  writeIn(
    pdf,
    { x: 12, y: 29, width: 186, height: 6 },
    `每来一次写一行，当场请老人签字。写好交给村里，由两个人核对后录入。${agencyName}　${hotline}`,
    { size: 9, ink: '#474039' },
  )
  const other = kind === 'elder' ? '志愿者（姓名、电话）' : '老人（姓名）'
  const columns: [string, number, number][] = [
    ['行码', 12, 16],
    ['日期', 28, 22],
    ['开始', 50, 18],
    ['结束', 68, 18],
    [other, 86, 44],
    ['做了什么', 130, 34],
    ['老人签字', 164, 34],
  ]
  const bottom = TOP + LINES * ROW
  for (const [words, x, width] of columns)
    writeIn(pdf, { x: x + 1, y: TOP - 7, width: width - 2, height: 6 }, words, { size: 10, weight: 'bold' })
  for (let line = 1; line <= LINES; line++) {
    const y = TOP + (line - 1) * ROW
    drawCode(pdf, sheetLineCode({ kind, id: subject.id, month, line }), { x: 13, y: y + 0.5 }, 13)
  }
  pdf.lineWidth(0.5).strokeColor('#474039')
  for (let line = 0; line <= LINES; line++)
    pdf.moveTo(mm(12), mm(TOP + line * ROW)).lineTo(mm(198), mm(TOP + line * ROW))
  for (const x of [...columns.map(([, x]) => x), 198]) pdf.moveTo(mm(x), mm(TOP - 8)).lineTo(mm(x), mm(bottom))
  pdf
    .moveTo(mm(12), mm(TOP - 8))
    .lineTo(mm(198), mm(TOP - 8))
    .stroke()
  writeIn(
    pdf,
    { x: 12, y: A4.height - 16, width: 186, height: 6 },
    '录入人：＿＿＿＿＿＿　　批准人：＿＿＿＿＿＿　　日期：＿＿＿＿＿＿',
    {
      size: 10,
    },
  )
  return { bytes: await pdfBytes(pdf), type: 'application/pdf', name: `登记单-${month}.pdf` }
}

/** An empty spreadsheet with the titles, what to choose from, and what each column means. */
export async function paperTemplate(): Promise<File> {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('补录', { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = PAPER_COLUMNS.map((column) => ({
    header: column.title,
    width: 'width' in column ? column.width : 14,
    style: { numFmt: '@' },
  }))
  sheet.getRow(1).font = { bold: true }
  const signed = PAPER_COLUMNS.findIndex((column) => 'choices' in column)
  for (let line = 2; line <= IMPORT_ROWS_MAX + 1; line++)
    sheet.getCell(line, signed + 1).dataValidation = { type: 'list', allowBlank: true, formulae: ['"本人,家人,没有"'] }
  const words = book.addWorksheet('填写说明')
  words.columns = [
    { header: '列', width: 18 },
    { header: '必填', width: 8 },
    { header: '怎么填', width: 60 },
  ]
  for (const column of PAPER_COLUMNS)
    words.addRow([column.title, 'must' in column ? '是' : '', 'help' in column ? column.help : ''])
  return { bytes: Buffer.from(await book.xlsx.writeBuffer()), type: XLSX, name: '纸单补录模板.xlsx' }
}
