import { readCode } from '../paper'
import { descendants, type ScreenNode } from './screen'

const PIXELS_A_MODULE = 4

/** What a camera reads from the code on the page: the picture in a background, as black bars on white. */
export function codeOn(page: ScreenNode): string | null {
  const styles = descendants(page).map((node) => node.attribute('style') ?? '')
  const picture = decodeURIComponent(styles.find((style) => style.includes('data:image/svg+xml')) ?? '')
  const modules = Number(/viewBox='0 0 (\d+)/.exec(picture)?.[1] ?? 0)
  const width = modules * PIXELS_A_MODULE
  const data = new Uint8ClampedArray(width * width * 4).fill(255)
  for (const [, column, row, length] of picture.matchAll(/M(\d+) (\d+)h(\d+)v1/g))
    paint(data, width, Number(column), Number(row), Number(length))
  return modules === 0 ? null : readCode({ data, width, height: width, dpi: 1 })
}

function paint(data: Uint8ClampedArray, width: number, column: number, row: number, length: number): void {
  for (let y = row * PIXELS_A_MODULE; y < (row + 1) * PIXELS_A_MODULE; y++) {
    const from = y * width + column * PIXELS_A_MODULE
    for (let at = from; at < from + length * PIXELS_A_MODULE; at++) data.fill(0, at * 4, at * 4 + 3)
  }
}
