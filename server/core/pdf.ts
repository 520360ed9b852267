import { createRequire } from 'node:module'
import PDFDocument from 'pdfkit'
import QRCode from 'qrcode'

export type Pdf = PDFKit.PDFDocument
/** A rectangle on the page in millimetres from its upper left corner. */
export type Box = { x: number; y: number; width: number; height: number }

export const A4 = { width: 210, height: 297 }
/** Millimetres → PDF points. */
export const mm = (millimetres: number) => (millimetres * 72) / 25.4

const require = createRequire(import.meta.url)
/**
 * TrueType on purpose: pdfkit embeds only the glyphs used, in 0.1 s, rare names (䶮, 㛃) included. Web fonts take it
 * a minute.
 */
const FONTS = {
  regular: require.resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'),
  bold: require.resolve('@expo-google-fonts/noto-sans-sc/600SemiBold/NotoSansSC_600SemiBold.ttf'),
}
export type Weight = keyof typeof FONTS

/** An A4 document without a page yet, without margins, that can write Chinese. */
export function newPdf(title: string, at: Date): Pdf {
  return new PDFDocument({
    size: [mm(A4.width), mm(A4.height)],
    margin: 0,
    autoFirstPage: false,
    info: { Title: title, CreationDate: at },
    font: FONTS.regular,
  })
}

/** Ends the document; all of it. */
export async function pdfBytes(pdf: Pdf): Promise<Buffer> {
  const chunks: Buffer[] = []
  pdf.end()
  for await (const chunk of pdf) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Type in points: as large as fits the box, down to `least`. */
export type Type = { size: number; least?: number; weight?: Weight; align?: 'left' | 'center' | 'right'; ink?: string }

/** Writes into a box, from its top, in smaller type until it fits: nothing is ever cut off. */
export function writeIn(
  pdf: Pdf,
  box: Box,
  text: string,
  { size, least = 6, weight = 'regular', align, ink }: Type,
): void {
  const options = { width: mm(box.width), align: align ?? 'left', lineGap: 0 } as const
  // by path, not by registered name: pdfkit keeps a font it knows by its path, and reads the others again each time
  pdf.font(FONTS[weight]).fontSize(size)
  for (let smaller = size; smaller > least && pdf.heightOfString(text, options) > mm(box.height); ) {
    smaller -= 0.5
    pdf.fontSize(smaller)
  }
  pdf.fillColor(ink ?? '#000000').text(text, mm(box.x), mm(box.y), options)
}

/** A QR code of level Q (a quarter of it may be scratched off) as one path, so that no hairlines show between modules. */
export function drawCode(pdf: Pdf, text: string, corner: { x: number; y: number }, size: number): void {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'Q' })
  const module = size / modules.size
  for (let row = 0; row < modules.size; row++) {
    for (let from = 0; from < modules.size; from++) {
      let to = from
      while (to < modules.size && modules.get(row, to)) to++
      if (to === from) continue
      pdf.rect(mm(corner.x + from * module), mm(corner.y + row * module), mm((to - from) * module), mm(module))
      from = to
    }
  }
  pdf.fill('#000000')
}
