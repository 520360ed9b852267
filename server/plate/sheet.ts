import { setImmediate } from 'node:timers/promises'
import { A4, type Box, drawCode, mm, newPdf, type Pdf, pdfBytes, type Type, writeIn } from '../core/pdf'

/** door: beside a door; card: carried by an elder; point: on the counter of a redemption point; bed: at a bed; site: where people come together. */
export type PlateKind = 'door' | 'card' | 'point' | 'bed' | 'site'
/**
 * What is printed of a plate: the URL in the code and the number under it; of a house also which one, and
 * which bed. Never a person's name or address.
 */
export type PrintedPlate = { kind: PlateKind; url: string; serial: string; where?: string }
/** Who stands behind the plates of one sheet. */
export type Imprint = { programmeName: string; agencyName: string; hotline: string }

type Layout = {
  columns: number
  rows: number
  /** one plate, in millimetres; all boxes below are inside it */
  width: number
  height: number
  qr: { x: number; y: number; size: number }
  texts: Record<keyof PlateTexts, [box: Box, type: Type]>
}
type PlateTexts = {
  programme: string
  hint: string
  number: string
  hotlineWord: string
  hotline: string
  agency: string
}

const GREY = '#474039'
const box = (x: number, y: number, width: number, height: number): Box => ({ x, y, width, height })

const DOOR: Layout = {
  columns: 2,
  rows: 4,
  width: 95,
  height: 68,
  qr: { x: 6.5, y: 6.5, size: 45 },
  texts: {
    programme: [box(58, 6.5, 33, 12.5), { size: 16, weight: 'bold' }],
    hint: [box(58, 20, 33, 16), { size: 10, ink: GREY }],
    hotlineWord: [box(58, 38, 33, 5), { size: 9, ink: GREY }],
    hotline: [box(58, 42, 33, 10), { size: 22, weight: 'bold' }],
    agency: [box(58, 53.5, 33, 12), { size: 9, ink: GREY }],
    number: [box(3, 56, 52, 8), { size: 14, weight: 'bold', align: 'center' }],
  },
}

/** The plates of a sheet, in millimetres: doors carry a code of 45 mm, cards (of a bank card's size) one of 26 mm. */
export const LAYOUTS: Record<PlateKind, Layout> = {
  door: DOOR,
  point: DOOR,
  bed: DOOR,
  site: DOOR,
  card: {
    columns: 2,
    rows: 5,
    width: 85.6,
    height: 54,
    qr: { x: 5, y: 6, size: 26 },
    texts: {
      programme: [box(36, 5.5, 45, 8), { size: 14, weight: 'bold' }],
      hint: [box(36, 14, 45, 5), { size: 9, ink: GREY }],
      hotlineWord: [box(36, 20.5, 45, 4), { size: 8, ink: GREY }],
      hotline: [box(36, 24, 45, 9), { size: 18, weight: 'bold' }],
      number: [box(5, 36.5, 75.6, 6), { size: 12, weight: 'bold' }],
      agency: [box(5, 44, 75.6, 5), { size: 9, ink: GREY }],
    },
  },
}

const HINTS: Record<PlateKind, string> = {
  door: '微信扫一扫\n来时扫一次\n走时扫一次',
  point: '兑换点\n微信扫一扫',
  card: '随身码 · 请来帮忙的人扫一扫',
  bed: '微信扫一扫\n来时扫一次\n走时扫一次',
  site: '微信扫一扫\n看看这里有什么',
}

/**
 * A4 sheets to cut: plates of one kind share a page, in the order asked. Everything printed comes from `plateTexts`.
 *
 * @returns the whole PDF; a sheet of eight takes some 0.1 s
 */
export async function platesPdf(plates: readonly PrintedPlate[], imprint: Imprint, at: Date): Promise<Buffer> {
  if (plates.length === 0) throw new RangeError('a sheet needs a plate')
  const pages = pagesOf(plates)
  const pdf = newPdf('门牌', at)
  for (const [number, page] of pages.entries()) {
    pdf.addPage()
    drawFooter(pdf, `第 ${number + 1} 页，共 ${pages.length} 页 · 请按实际大小（100%）打印，这条线应长 50 毫米`)
    for (const [place, plate] of page.plates.entries()) drawPlate(pdf, page.layout, place, plate, imprint)
    drawCutMarks(pdf, page.layout)
    // a long batch doesn't hold up who else is being served
    await setImmediate()
  }
  return pdfBytes(pdf)
}

/** Every word on a plate. */
export function plateTexts({ kind, serial, where = '' }: PrintedPlate, imprint: Imprint): PlateTexts {
  return {
    programme: imprint.programmeName,
    hint: HINTS[kind],
    number: (serial.match(/[0-9A-Z]/g) ?? []).join('').replace(/(.{4})(?=.)/g, '$1-'),
    hotlineWord: '有事请打',
    hotline: imprint.hotline,
    agency: where === '' ? imprint.agencyName : `${where}\n${imprint.agencyName}`,
  }
}

/** Where the plate at this place of its page has its upper left corner, in millimetres. */
export function cornerOf(layout: Layout, place: number): { x: number; y: number } {
  const left = (A4.width - layout.columns * layout.width) / 2
  const top = (A4.height - layout.rows * layout.height) / 2
  return {
    x: left + (place % layout.columns) * layout.width,
    y: top + Math.floor(place / layout.columns) * layout.height,
  }
}

function pagesOf(plates: readonly PrintedPlate[]): { layout: Layout; plates: PrintedPlate[] }[] {
  return [...new Set(Object.values(LAYOUTS))].flatMap((layout) => {
    const alike = plates.filter((plate) => LAYOUTS[plate.kind] === layout)
    const size = layout.columns * layout.rows
    const count = Math.ceil(alike.length / size)
    return Array.from({ length: count }, (_, page) => ({ layout, plates: alike.slice(page * size, (page + 1) * size) }))
  })
}

function drawPlate(pdf: Pdf, layout: Layout, place: number, plate: PrintedPlate, imprint: Imprint): void {
  const corner = cornerOf(layout, place)
  drawCode(pdf, plate.url, { x: corner.x + layout.qr.x, y: corner.y + layout.qr.y }, layout.qr.size)
  for (const [name, text] of Object.entries(plateTexts(plate, imprint))) {
    const [at, type] = layout.texts[name as keyof PlateTexts]
    writeIn(pdf, { ...at, x: corner.x + at.x, y: corner.y + at.y }, text, type)
  }
}

/** A small cross at every corner of every plate, faint enough to vanish under the knife. */
function drawCutMarks(pdf: Pdf, layout: Layout): void {
  const arm = 2
  const origin = cornerOf(layout, 0)
  for (let row = 0; row <= layout.rows; row++) {
    for (let column = 0; column <= layout.columns; column++) {
      const [x, y] = [origin.x + column * layout.width, origin.y + row * layout.height]
      pdf.moveTo(mm(x - arm), mm(y)).lineTo(mm(x + arm), mm(y))
      pdf.moveTo(mm(x), mm(y - arm)).lineTo(mm(x), mm(y + arm))
    }
  }
  pdf.lineWidth(0.3).stroke('#857C70')
}

/** Printers like to shrink pages: the line of 50 mm shows whether this one did. */
function drawFooter(pdf: Pdf, text: string): void {
  const y = A4.height - 8
  writeIn(pdf, box(20, y, 120, 4), text, { size: 7, ink: GREY })
  pdf.moveTo(mm(142), mm(y + 1.5)).lineTo(mm(192), mm(y + 1.5))
  for (const x of [142, 192]) pdf.moveTo(mm(x), mm(y)).lineTo(mm(x), mm(y + 3))
  pdf.lineWidth(0.5).stroke(GREY)
}
