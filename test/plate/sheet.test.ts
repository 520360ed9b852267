import { beforeAll, expect, test } from 'vitest'
import { cornerOf, LAYOUTS, type PlateKind, type PrintedPlate, platesPdf, plateTexts } from '../../server/plate/sheet'
import { cutOut, inkedBox, type Picture, printed, readCode, scratched } from '../support/paper'

const at = new Date('2026-11-22T02:00:00Z')
const imprint = {
  programmeName: '农村睦邻互助积分养老',
  agencyName: '文登区民政局睦邻互助服务中心',
  hotline: '0631-8452349',
}
const TOKEN = 'P11AbCdEfGhIjKlMnOpQrStUvWxYz01'

function plates(kind: PlateKind, count: number): PrintedPlate[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index).padStart(2, '0')
    const path = kind === 'card' ? 'e' : 'd'
    return {
      kind,
      url: `https://bank.wendeng.gov.cn/${path}/${TOKEN.slice(0, 29)}${number}`,
      serial: `K7M29QXD4TR${number[1]}`,
    }
  })
}

/** Each plate of a kind, cut along the marks. */
function cut(pages: Picture[], kind: PlateKind, count: number): Picture[] {
  const layout = LAYOUTS[kind]
  const onPage = layout.columns * layout.rows
  return Array.from({ length: count }, (_, index) => {
    const page = pages[Math.floor(index / onPage)]
    if (page === undefined) throw new Error(`there is no page for plate ${index}`)
    return cutOut(page, { ...cornerOf(layout, index % onPage), width: layout.width, height: layout.height })
  })
}

const doors = plates('door', 10)
const cards = plates('card', 11)
let pages: Picture[]
beforeAll(async () => {
  pages = await printed(await platesPdf([...cards, ...doors], imprint, at))
})

test('ten doors and eleven cards take two A4 pages each', () => {
  expect(pages).toHaveLength(4)
  for (const { width, height, dpi } of pages) {
    expect((width * 25.4) / dpi).toBeCloseTo(210, 0)
    expect((height * 25.4) / dpi).toBeCloseTo(297, 0)
  }
})

test('every code on paper reads as the URL of its own plate', () => {
  expect(cut(pages.slice(0, 2), 'door', 10).map(readCode)).toEqual(doors.map((plate) => plate.url))
  expect(cut(pages.slice(2), 'card', 11).map(readCode)).toEqual(cards.map((plate) => plate.url))
})

test.each([
  ['door', 45, 0],
  ['card', 26, 2],
] as const)('the code of a %s is %i mm wide, with four white modules around it', (kind, size, firstPage) => {
  const [plate] = cut(pages.slice(firstPage), kind, 1)
  const { qr } = LAYOUTS[kind]
  const quiet = (size / 33) * 4 - 0.6
  const around = { x: qr.x - quiet, y: qr.y - quiet, width: size + 2 * quiet, height: size + 2 * quiet }
  const ink = inkedBox(cutOut(plate as Picture, around))
  expect(ink?.width).toBeCloseTo(size, 0)
  expect(ink?.height).toBeCloseTo(size, 0)
})

test('a code with a tenth of it scratched off still reads (level Q)', () => {
  const [plate] = cut(pages, 'door', 1)
  const { x, y, size } = LAYOUTS.door.qr
  const scratch = { x: x + size * 0.42, y: y + size * 0.42, width: size * 0.36, height: size * 0.28 }
  expect(readCode(scratched(plate as Picture, scratch))).toBe(doors[0]?.url)
})

test('the cells after the last plate stay empty but for their cut marks', () => {
  const layout = LAYOUTS.door
  const corner = cornerOf(layout, 2)
  const inside = { x: corner.x + 3, y: corner.y + 3, width: layout.width - 6, height: layout.height - 6 }
  expect(inkedBox(cutOut(pages[1] as Picture, inside))).toBeNull()
})

test('a plate says number, programme, hotline and agency, and nothing of who lives there', () => {
  expect(plateTexts({ kind: 'door', url: 'https://a/d/x', serial: 'K7M2-9QXD4TRF' }, imprint)).toEqual({
    programme: '农村睦邻互助积分养老',
    hint: '微信扫一扫\n来时扫一次\n走时扫一次',
    number: 'K7M2-9QXD-4TRF',
    hotlineWord: '有事请打',
    hotline: '0631-8452349',
    agency: '文登区民政局睦邻互助服务中心',
  })
})

test('the longest agency name stays on its own plate', async () => {
  const long = { ...imprint, programmeName: '睦'.repeat(40), agencyName: '中'.repeat(60) }
  const [page] = await printed(await platesPdf(plates('door', 1), long, at))
  const layout = LAYOUTS.door
  const [first, below, beside] = [0, 2, 1].map((place) => {
    const corner = cornerOf(layout, place)
    return inkedBox(
      cutOut(page as Picture, { x: corner.x + 3, y: corner.y + 3, width: layout.width - 6, height: layout.height - 6 }),
    )
  })
  expect(first).not.toBeNull()
  expect([below, beside]).toEqual([null, null])
})

test('a redemption point hangs among the doors, under its own word', async () => {
  const mixed = [...plates('door', 1), ...plates('point', 1)]
  const [page, ...more] = await printed(await platesPdf(mixed, imprint, at))
  expect(more).toEqual([])
  expect(cut([page as Picture], 'door', 2).map(readCode)).toEqual(mixed.map((plate) => plate.url))
  expect(plateTexts(mixed[1] as PrintedPlate, imprint).hint).toContain('兑换点')
})

test('a sheet without plates is a mistake, and one with eight takes less than a second', async () => {
  const before = performance.now()
  await platesPdf(plates('door', 8), imprint, at)
  expect(performance.now() - before).toBeLessThan(1000)
  await expect(platesPdf([], imprint, at)).rejects.toThrow(RangeError)
})
