import { PDFiumLibrary } from '@hyzyla/pdfium'
import jsQR from 'jsqr'

/** A page or a piece of one, as somebody with a phone sees it: four bytes a pixel. */
export type Picture = { width: number; height: number; data: Uint8ClampedArray; dpi: number }
export type BoxMm = { x: number; y: number; width: number; height: number }

/** Prints a PDF on paper: every page drawn by the engine of Chrome. */
export async function printed(pdf: Uint8Array, dpi = 150): Promise<Picture[]> {
  const library = await PDFiumLibrary.init()
  try {
    const document = await library.loadDocument(pdf)
    const pages: Picture[] = []
    for (const page of document.pages()) {
      const { width, height, data } = await page.render({ scale: dpi / 72, render: 'bitmap' })
      pages.push({ width, height, data: new Uint8ClampedArray(data), dpi })
    }
    document.destroy()
    return pages
  } finally {
    library.destroy()
  }
}

/** Cuts a piece out, in millimetres from the upper left corner. */
export function cutOut(page: Picture, box: BoxMm): Picture {
  const pixels = (millimetres: number) => Math.round((millimetres * page.dpi) / 25.4)
  const [left, top, width, height] = [pixels(box.x), pixels(box.y), pixels(box.width), pixels(box.height)]
  const data = new Uint8ClampedArray(width * height * 4)
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * page.width + left) * 4
    data.set(page.data.subarray(from, from + width * 4), row * width * 4)
  }
  return { width, height, data, dpi: page.dpi }
}

/** What a QR reader makes of a picture, or null. */
export function readCode({ data, width, height }: Picture): string | null {
  return jsQR(data, width, height)?.data ?? null
}

/** The box in millimetres around everything dark, or null on blank paper. */
export function inkedBox({ data, width, height, dpi }: Picture): BoxMm | null {
  let [left, top, right, bottom] = [width, height, -1, -1]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((data[(y * width + x) * 4] ?? 255) > 127) continue
      ;[left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)]
    }
  }
  const millimetres = (pixels: number) => (pixels * 25.4) / dpi
  if (right < 0) return null
  return {
    x: millimetres(left),
    y: millimetres(top),
    width: millimetres(right - left + 1),
    height: millimetres(bottom - top + 1),
  }
}

/** Paints a part of a picture white, as a scratch does. */
export function scratched(picture: Picture, box: BoxMm): Picture {
  const pixels = (millimetres: number) => Math.round((millimetres * picture.dpi) / 25.4)
  const data = picture.data.slice()
  for (let y = pixels(box.y); y < pixels(box.y + box.height); y++) {
    const from = (y * picture.width + pixels(box.x)) * 4
    data.fill(255, from, from + pixels(box.width) * 4)
  }
  return { ...picture, data }
}
