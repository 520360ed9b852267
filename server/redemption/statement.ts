import { pointsText, yuanText } from '../../shared/core/amounts'
import { Refusal } from '../../shared/core/refusals'
import { clockOf, dayOf } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import { A4, mm, newPdf, type Pdf, pdfBytes, writeIn } from '../core/pdf'
import type { File, Parts } from '../core/route'
import { type Cell, sheetFile } from '../core/sheet'
import { openPersons } from '../person/vault'
import { settingsAt } from '../region/settings'
import { ownPoints } from './policy'

type Line = { product: string; unitFen: number; pieces: number; milliPoints: bigint; costFen: number }

/**
 * What a point is paid for a month, to be signed: by product in the PDF, handing-over by handing-over in the spreadsheet.
 * Names are masked.
 *
 * @throws Refusal NOT_FOUND outside the actor's regions; a point has its own
 */
export async function statementFile(
  { db, config }: Parts,
  actor: Actor,
  settlementId: string,
  format: 'pdf' | 'xlsx',
  at: Date,
): Promise<File> {
  const settlement = await db.settlement.findUnique({ where: { id: settlementId } })
  const isSeen =
    settlement !== null &&
    (ownPoints(actor).includes(settlement.pointId) || mayOver(actor, can('redemption.read'), settlement.regionPath))
  if (!isSeen) throw new Refusal('NOT_FOUND')
  const point = await db.redemptionPoint.findUniqueOrThrow({ where: { id: settlement.pointId } })
  const given = await db.redemption.findMany({
    where: { settlementId },
    orderBy: [{ resolvedAt: 'asc' }, { id: 'asc' }],
  })
  const products = await db.product.findMany({ where: { id: { in: [...new Set(given.map((one) => one.productId))] } } })
  const nameOf = (productId: string) => products.find((one) => one.id === productId)?.name ?? ''
  const name = `结算单-${point.name}-${settlement.month}`
  if (format === 'xlsx') {
    const persons = await openPersons(
      db,
      config.keys,
      given.map((one) => one.personId),
    )
    const titles = ['时间', '谁领的', '领了什么', '数量', '积分', '金额（元）', '编号']
    const rows = given.map((one): Cell[] => [
      one.resolvedAt === null ? '' : `${dayOf(one.resolvedAt)} ${clockOf(one.resolvedAt)}`,
      maskName(persons.get(one.personId)?.name ?? ''),
      nameOf(one.productId),
      one.quantity,
      pointsText(one.priceMilliPoints),
      yuanText(one.costFen),
      one.id,
    ])
    const sum: Cell[] = [
      '合计',
      '',
      '',
      settlement.pieces,
      pointsText(settlement.milliPoints),
      yuanText(settlement.costFen),
      '',
    ]
    return sheetFile({ name, columns: titles.map((title) => ({ title })), rows: [...rows, sum] }, 'xlsx')
  }
  const { agencyName } = await settingsAt(db, settlement.regionPath, dayOf(at))
  const lines = new Map<string, Line>()
  for (const one of given) {
    const unitFen = Math.round(one.costFen / one.quantity)
    const key = `${one.productId}/${unitFen}`
    const line = lines.get(key) ?? { product: nameOf(one.productId), unitFen, pieces: 0, milliPoints: 0n, costFen: 0 }
    line.pieces += one.quantity
    line.milliPoints += one.priceMilliPoints
    line.costFen += one.costFen
    lines.set(key, line)
  }
  const bytes = await draw({ agencyName, point, settlement, lines: [...lines.values()] }, at)
  return { bytes, type: 'application/pdf', name: `${name}.pdf` }
}

type Paper = {
  agencyName: string
  point: { name: string; address: string; phone: string }
  settlement: {
    id: string
    month: string
    pieces: number
    milliPoints: bigint
    costFen: bigint
    issuedAt: Date
    paidAt: Date | null
    paymentNo: string | null
  }
  lines: readonly Line[]
}

const LEFT = 20
const WIDTH = A4.width - 2 * LEFT
const ROW = 8
const BOTTOM = A4.height - 40
const COLUMNS = [
  { title: '项目', x: 0, width: 70, align: 'left' },
  { title: '单价（元）', x: 70, width: 25, align: 'right' },
  { title: '数量', x: 95, width: 20, align: 'right' },
  { title: '积分', x: 115, width: 25, align: 'right' },
  { title: '金额（元）', x: 140, width: 30, align: 'right' },
] as const

function draw({ agencyName, point, settlement, lines }: Paper, at: Date): Promise<Buffer> {
  const pdf = newPdf(`${point.name} ${settlement.month} 结算单`, at)
  let y = head(pdf, `${agencyName}　兑换点结算单`)
  for (const text of [
    `兑换点：${point.name}（${point.address}，${point.phone}）`,
    `月份：${settlement.month}　　编号：${settlement.id}`,
    `开单：${dayOf(settlement.issuedAt)}　　付款：${settlement.paidAt === null ? '还没付' : `${dayOf(settlement.paidAt)}，凭证 ${settlement.paymentNo}`}`,
  ]) {
    writeIn(pdf, { x: LEFT, y, width: WIDTH, height: 6 }, text, { size: 11 })
    y += 7
  }
  y = row(
    pdf,
    y + 3,
    COLUMNS.map((one) => one.title),
    true,
  )
  for (const one of lines) {
    if (y > BOTTOM)
      y = row(
        pdf,
        head(pdf, `${point.name} ${settlement.month}（续）`),
        COLUMNS.map((each) => each.title),
        true,
      )
    const cells = [
      one.product,
      yuanText(one.unitFen),
      String(one.pieces),
      pointsText(one.milliPoints),
      yuanText(one.costFen),
    ]
    y = row(pdf, y, cells)
  }
  const pieces = lines.reduce((sum, one) => sum + one.pieces, 0)
  y = row(pdf, y, ['合计', '', String(pieces), pointsText(settlement.milliPoints), yuanText(settlement.costFen)], true)
  writeIn(
    pdf,
    { x: LEFT, y: y + 14, width: WIDTH, height: 8 },
    '制表人：　　　　　　　审核人：　　　　　　　兑换点（盖章）：',
    { size: 11 },
  )
  return pdfBytes(pdf)
}

function head(pdf: Pdf, title: string): number {
  pdf.addPage()
  writeIn(pdf, { x: LEFT, y: 20, width: WIDTH, height: 10 }, title, { size: 18, weight: 'bold', align: 'center' })
  return 36
}

function row(pdf: Pdf, y: number, cells: readonly string[], bold = false): number {
  COLUMNS.forEach(({ x, width, align }, place) => {
    writeIn(pdf, { x: LEFT + x, y: y + 1.5, width: width - 2, height: ROW - 2 }, cells[place] ?? '', {
      ...{ size: 11, align },
      weight: bold ? 'bold' : 'regular',
    })
  })
  pdf
    .moveTo(mm(LEFT), mm(y + ROW))
    .lineTo(mm(LEFT + WIDTH), mm(y + ROW))
    .lineWidth(0.4)
    .strokeColor('#8a8378')
    .stroke()
  return y + ROW
}
