import ExcelJS from 'exceljs'
import { clockOf, dayOf } from '../../shared/core/time'
import type { ReportContent } from '../../shared/report/content'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'
import { drawFacts, drawTable, GREY, LEFT, newPage, type Paper, type PaperColumn, room, WIDTH } from '../core/paper'
import { newPdf, pdfBytes, writeIn } from '../core/pdf'
import type { File } from '../core/route'
import { harmless } from '../core/sheet'
import { openPersons } from '../person/vault'
import { markOf } from './export-file'
import type { Report } from './queries'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const NAME_WIDTH = 34

/** Who stands for a report; read today, for names stay with their persons. */
type Signs = { state: string; made: string; checked: string }
type Sealed = readonly { log: string; index: number; digest: string }[]

/** A report as a file: nothing in it but its content and who signed. */
export async function reportFile(
  db: Db,
  keys: Keys,
  actor: Actor,
  report: Report,
  content: ReportContent,
  sealed: Sealed,
  format: 'xlsx' | 'pdf',
  at: Date,
): Promise<File> {
  const signs = await signsOf(db, keys, report)
  const mark = await markOf(db, keys, actor, at)
  await db.$transaction((tx) =>
    logOperation(tx, actor, {
      ...{ at, action: 'export', resource: 'report', resourceId: report.id, regionPath: report.regionPath },
      purpose: `导出报表（${format}）`,
    }),
  )
  const name = `${content.title}（第${content.version}版）.${format}`
  return format === 'xlsx'
    ? { bytes: await bookOf(content, signs, mark), type: XLSX, name }
    : { bytes: await paperOf(content, signs, sealed, mark), type: 'application/pdf', name }
}

async function signsOf(db: Db, keys: Keys, report: Report): Promise<Signs> {
  const { askedByPersonId, signedByPersonId, signedAt } = report
  const persons = await openPersons(db, keys, [
    askedByPersonId,
    ...(signedByPersonId === null ? [] : [signedByPersonId]),
  ])
  return {
    state: signedAt === null ? '草稿，没有定稿' : `${dayOf(signedAt)} ${clockOf(signedAt)} 定稿`,
    made: persons.get(askedByPersonId)?.name ?? '',
    checked: signedByPersonId === null ? '' : (persons.get(signedByPersonId)?.name ?? ''),
  }
}

const unitOf = ({ label, unit }: { label: string; unit: string }) => `${label}（${unit}）`
const minute = (instant: string) => `${dayOf(new Date(instant))} ${clockOf(new Date(instant))}`
/** "1234" and "99.4" are numbers in a spreadsheet; '—' isn't. */
const cellOf = (text: string) => (/^\d+(\.\d+)?$/.test(text) && text.length < 15 ? Number(text) : harmless(text))

async function bookOf(content: ReportContent, signs: Signs, mark: string): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  const sheet = (name: string, columns: readonly { title: string; width?: number }[], rows: readonly string[][]) => {
    const page = book.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] })
    page.columns = columns.map(({ title, width }) => ({ header: title, width: width ?? 14 }))
    page.getRow(1).font = { bold: true }
    page.headerFooter.oddFooter = `&L${mark.replaceAll('&', '&&')}&R&P`
    for (const row of rows) page.addRow(row.map(cellOf))
  }
  sheet(
    '汇总',
    [
      { title: '部分', width: 22 },
      { title: '指标', width: 18 },
      { title: '数值' },
      { title: '单位', width: 8 },
      { title: '口径', width: 60 },
    ],
    [
      ...content.sections.flatMap(({ title, figures }) =>
        figures.map((one) => [title, one.label, one.value, one.unit, one.definition]),
      ),
      [],
      ['报表', content.title],
      ['版本', `第 ${content.version} 版`, '', '', signs.state],
      ['起止', `${content.from} 至 ${content.to}`],
      ['单位', content.agency],
      ['生成', minute(content.madeAt)],
      ['制表人', signs.made],
      ['审核人', signs.checked],
      ['导出', mark],
    ],
  )
  const columns = content.columns.map((one) => ({ title: unitOf(one) }))
  sheet(
    '分地方',
    [{ title: '地方', width: 24 }, ...columns],
    content.places.map((one) => [`${'　'.repeat(Number(one.depth))}${one.name}`, ...one.values]),
  )
  if (content.months.length > 0)
    sheet(
      '逐月',
      [{ title: '月份' }, ...content.monthColumns.map((one) => ({ title: unitOf(one) }))],
      content.months.map((one) => [one.month, ...one.values]),
    )
  if (content.changes !== null)
    sheet(
      `和第${content.changes.against}版的不同`,
      [{ title: '地方', width: 24 }, { title: '指标', width: 24 }, { title: '上一版' }, { title: '这一版' }],
      content.changes.list.map((one) => [one.place, one.what, one.before, one.after]),
    )
  return Buffer.from(await book.xlsx.writeBuffer())
}

async function paperOf(content: ReportContent, signs: Signs, sealed: Sealed, mark: string): Promise<Buffer> {
  const pdf = newPdf(content.title, new Date(content.madeAt))
  const version = `第 ${content.version} 版`
  const paper: Paper = { pdf, y: 0, pages: 0, footer: `${content.title}　${version}　${signs.state}`, mark }
  const head = (title: string) => {
    room(paper, 24)
    paper.y += 4
    writeIn(pdf, { x: LEFT, y: paper.y, width: WIDTH, height: 7 }, title, { size: 13, weight: 'bold' })
    paper.y += 8
  }
  newPage(paper)
  writeIn(pdf, { x: LEFT, y: 20, width: WIDTH, height: 12 }, content.title, { size: 20, weight: 'bold' })
  paper.y = 36
  drawFacts(
    paper,
    [
      ['单位', content.agency],
      ['版本', `${version}，${signs.state}`],
      ['起止', `${content.from} 至 ${content.to}`],
      ['生成', minute(content.madeAt)],
    ],
    2,
  )
  for (const { title, figures } of content.sections) {
    head(title)
    drawTable(
      paper,
      [
        { title: '指标', width: 34 },
        { title: '数值', width: 30, align: 'right' },
        { title: '口径', width: 106 },
      ],
      figures.map((one) => [one.label, `${one.value} ${one.unit}`, one.definition]),
    )
  }
  head('分地方')
  const width = (WIDTH - NAME_WIDTH) / content.columns.length
  drawTable(
    paper,
    [
      { title: '地方', width: NAME_WIDTH },
      ...content.columns.map((one): PaperColumn => ({ title: one.label, width, align: 'right' })),
    ],
    content.places.map((one) => [`${'　'.repeat(Number(one.depth))}${one.name}`, ...one.values]),
  )
  if (content.months.length > 0) {
    head('逐月')
    const monthWidth = (WIDTH - 20) / content.monthColumns.length
    drawTable(
      paper,
      [
        { title: '月份', width: 20 },
        ...content.monthColumns.map((one): PaperColumn => ({ title: one.label, width: monthWidth, align: 'right' })),
      ],
      content.months.map((one) => [one.month, ...one.values]),
    )
  }
  if (content.changes !== null) {
    head(`和第 ${content.changes.against} 版的不同（老人 ${content.changes.elders} 位）`)
    drawTable(
      paper,
      [
        { title: '地方', width: 40 },
        { title: '指标', width: 50 },
        { title: '上一版', width: 40, align: 'right' },
        { title: '这一版', width: 40, align: 'right' },
      ],
      content.changes.list.map((one) => [one.place, one.what, one.before, one.after]),
    )
  }
  // who signs and what seals it stand together
  room(paper, 24 + 9 * sealed.length)
  paper.y += 6
  drawFacts(
    paper,
    [
      ['制表人', signs.made],
      ['审核人', signs.checked],
      ['盖章', ''],
    ],
    3,
  )
  for (const { log, index, digest } of sealed)
    drawFacts(paper, [['封存', `${log} 第 ${index} 条　SHA-256 ${digest}`]], 1)
  writeIn(
    pdf,
    { x: LEFT, y: paper.y + 1, width: WIDTH, height: 8 },
    '比率只舍不入；定稿以后数字不再变动，有更正的另出一版。',
    {
      size: 8,
      ink: GREY,
    },
  )
  return pdfBytes(pdf)
}
