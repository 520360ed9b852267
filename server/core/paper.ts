// A paper of ours: pages with a footer, facts in two columns, tables that go on over the page. Millimetres.
import { A4, mm, type Pdf, writeIn } from './pdf'

export const GREY = '#474039'
export const LEFT = 20
export const WIDTH = A4.width - 2 * LEFT
const BOTTOM = A4.height - 24
const ROW = 7
const SIZE = 10
const MM_A_POINT = 25.4 / 72

export type PaperColumn = { title: string; width: number; align?: 'right' }
/** `y` is where the next thing goes; `mark`, if any, is written pale across each page: who took it and when. */
export type Paper = { pdf: Pdf; y: number; pages: number; footer: string; mark?: string }
const PALE = '#ECE8E1'

export function newPage(paper: Paper): void {
  paper.pdf.addPage()
  paper.pages += 1
  paper.y = 20
  if (paper.mark !== undefined) drawMark(paper.pdf, paper.mark)
  writeIn(paper.pdf, { x: LEFT, y: A4.height - 14, width: WIDTH, height: 4 }, `${paper.footer}　第 ${paper.pages} 页`, {
    size: 8,
    ink: GREY,
    align: 'center',
  })
}

/** Under everything else, so that it hides nothing. */
function drawMark(pdf: Pdf, mark: string): void {
  for (const y of [70, 150, 230]) {
    pdf.save().rotate(-25, { origin: [mm(A4.width / 2), mm(y)] })
    writeIn(pdf, { x: LEFT, y: y - 5, width: WIDTH, height: 12 }, mark, { size: 22, ink: PALE, align: 'center' })
    pdf.restore()
  }
}

export function room(paper: Paper, height: number): void {
  if (paper.y + height > BOTTOM) newPage(paper)
}

export function drawFacts(paper: Paper, facts: readonly [string, string][], columns: number): void {
  const width = WIDTH / columns
  facts.forEach(([label, value], place) => {
    const x = LEFT + (place % columns) * width
    writeIn(paper.pdf, { x, y: paper.y, width: 22, height: 6 }, label, { size: 9, ink: GREY })
    writeIn(paper.pdf, { x: x + 22, y: paper.y - 0.6, width: width - 24, height: 7 }, value, { size: 11 })
    if (place % columns === columns - 1 || place === facts.length - 1) paper.y += 8
  })
}

/** A table; its head comes again on every page. */
export function drawTable(paper: Paper, columns: readonly PaperColumn[], rows: readonly (readonly string[])[]): void {
  room(paper, 2 * ROW)
  drawHead(paper, columns)
  for (const row of rows) {
    if (paper.y + ROW > BOTTOM) {
      newPage(paper)
      drawHead(paper, columns)
    }
    drawRow(paper, columns, row)
  }
}

/** All titles in one size: where one of them is too long for its column, in a small one and in two lines. */
function drawHead(paper: Paper, columns: readonly PaperColumn[]): void {
  const titles = columns.map((one) => one.title)
  const isLong = columns.some(({ title, width }) => title.length * SIZE * MM_A_POINT > width - 2)
  drawCells(paper, columns, titles, isLong ? { size: 7, height: ROW + 1.5 } : { size: SIZE, height: ROW }, 'bold')
  paper.pdf
    .moveTo(mm(LEFT), mm(paper.y))
    .lineTo(mm(LEFT + WIDTH), mm(paper.y))
    .lineWidth(0.8)
    .stroke('#000000')
  paper.y += 1.5
}

function drawRow(paper: Paper, columns: readonly PaperColumn[], row: readonly string[]): void {
  drawCells(paper, columns, row, { size: SIZE, height: ROW }, 'regular')
  paper.pdf
    .moveTo(mm(LEFT), mm(paper.y))
    .lineTo(mm(LEFT + WIDTH), mm(paper.y))
    .lineWidth(0.2)
    .stroke('#B9B2A8')
  paper.y += 0.6
}

function drawCells(
  paper: Paper,
  columns: readonly PaperColumn[],
  texts: readonly string[],
  { size, height }: { size: number; height: number },
  weight: 'bold' | 'regular',
): void {
  let x = LEFT
  columns.forEach(({ width, align }, place) => {
    const box = { x, y: paper.y + 0.8, width: width - 2, height: height - 1.5 }
    writeIn(paper.pdf, box, texts[place] ?? '', { size, weight, align: align ?? 'left' })
    x += width
  })
  paper.y += height - 0.6
}
