import { create } from 'qrcode/lib/core/qrcode'

/** White around the code, in modules: readers need four. */
const QUIET = 4

/** A QR code of level Q (of ASCII text: an address, a token) as the address of a picture, for `background-image`: black on white, whatever the theme. */
export function qrPicture(text: string): string {
  // As bytes: given words, the encoder would ask for a TextEncoder, which WeChat doesn't have on a phone.
  const data = Uint8Array.from(text, (letter) => letter.charCodeAt(0))
  const { modules } = create([{ data, mode: 'byte' }], { errorCorrectionLevel: 'Q' })
  const size = modules.size + 2 * QUIET
  const rows = Array.from({ length: modules.size }, (_, row) =>
    Array.from({ length: modules.size }, (_, column) => Boolean(modules.get(row, column))),
  )
  const bars = rows.flatMap((dark, row) =>
    barsOf(dark).map(([from, length]) => `M${from + QUIET} ${row + QUIET}h${length}v1h-${length}z`),
  )
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ${size} ${size}' shape-rendering='crispEdges'><rect width='${size}' height='${size}' fill='#fff'/><path d='${bars.join('')}'/></svg>`
  return `url("data:image/svg+xml,${svg.replace(/#/g, '%23').replace(/</g, '%3C').replace(/>/g, '%3E')}")`
}

/** The runs of dark modules of one row: where each begins and how long it is. */
function barsOf(dark: readonly boolean[]): [from: number, length: number][] {
  const bars: [number, number][] = []
  dark.forEach((one, column) => {
    const last = bars.at(-1)
    if (!one) return
    if (last !== undefined && last[0] + last[1] === column) last[1]++
    else bars.push([column, 1])
  })
  return bars
}
