import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bundle, builtBundle } from '../support/weapp/bundle'
import type { Weapp } from '../support/weapp/phone'
import { type Face, newPhotographer } from '../support/weapp/picture'
import { newTown } from '../support/weapp/town'
import { newWxmlRenderer } from '../support/weapp/wxml-renderer'

const WIDTHS = [390, 320]

let bundle: Bundle
let photographer: Awaited<ReturnType<typeof newPhotographer>>
beforeAll(async () => {
  bundle = builtBundle()
  photographer = await newPhotographer()
})
afterAll(() => photographer.close())

/** Opens page after page as somebody who is logged in; answers what is wrong, by page. */
async function faultsOn(phone: Weapp, face: Face, pages: readonly string[]): Promise<Record<string, string[]>> {
  const faults: Record<string, string[]> = {}
  for (const page of pages) {
    await phone.reopen({ path: page })
    expect(phone.route(), 'one stays on the page one has opened').toBe(page)
    for (const width of WIDTHS) {
      const name = `${face}-${page.replaceAll('/', '-')}`
      const found = await photographer.photograph(phone.html(), name, face, width)
      if (found.length > 0) faults[`${page} ${width}`] = found
    }
  }
  return faults
}

test('the helper’s pages, drawn by their templates and styles, fit the phone and can be read and tapped', async () => {
  const { logIn, helperPhone, plate } = await newTown(bundle, newWxmlRenderer)
  const phone = await logIn(helperPhone())
  phone.device.camera = plate.code
  await phone.tap('扫一扫，开始帮忙')
  await phone.tap('开始帮忙')
  const pages = [
    'order/today',
    'order/open',
    'visit/current',
    'visit/mine',
    'ledger/points',
    'redemption/catalogue',
    'redemption/mine',
    'person/me',
    'person/help',
  ]
  expect(await faultsOn(phone, 'standard', pages)).toEqual({})
})

test('the elder’s pages, drawn by their templates and styles, keep what 长辈版 promises', async () => {
  const { logIn, elderPhone } = await newTown(bundle, newWxmlRenderer)
  const phone = await logIn(elderPhone())
  const pages = [
    'elder/home',
    'visit/confirm',
    'order/ask',
    'order/asked',
    'visit/came',
    'ledger/elder-points',
    'elder/card',
    'elder/apart/proxies',
    'person/me',
    'person/help',
  ]
  expect(await faultsOn(phone, 'elder', pages)).toEqual({})
})
