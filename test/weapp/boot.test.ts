import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Bundle, builtBundle } from '../support/weapp/bundle'
import { newDataRenderer } from '../support/weapp/data-renderer'
import { openWeapp, type Weapp } from '../support/weapp/phone'
import { newTown } from '../support/weapp/town'
import { newWxmlRenderer } from '../support/weapp/wxml-renderer'
import { newWorld, serveWorld } from '../support/world'

let bundle: Bundle
beforeAll(() => {
  bundle = builtBundle()
})

let phone: Weapp | null = null
afterEach(() => phone?.close())

describe.each([
  ['as data', newDataRenderer],
  ['as templates', newWxmlRenderer],
] as const)('the built mini-program, its pages drawn %s', (_, renderer) => {
  test('asks who one is before anything else, and for nothing personal', async () => {
    const { base } = await serveWorld(await newWorld())
    phone = await openWeapp({ bundle, renderer, apiBase: base })
    expect(phone.route()).toBe('session/login')
    expect(phone.lines()).toContain('睦邻')
    expect(phone.buttons()).toContain('微信登录')
    expect(phone.device.calls.map(({ name }) => name)).not.toContain('getLocation')
  })

  test('says so when there is no network, and goes on when it is back', async () => {
    const world = await newWorld()
    const { base } = await serveWorld(world)
    phone = await openWeapp({ bundle, renderer, apiBase: base, online: false })
    expect(phone.shows('没有网络')).toBe(true)
    await phone.goes(true)
    await phone.tap('再试一次')
    expect(phone.shows('没有网络')).toBe(false)
  })
})

test('pages that lie apart come while there is network, and without it one is told why they don’t open', async () => {
  const town = await newTown(bundle, newDataRenderer)
  phone = await town.logIn(town.helperPhone())
  const apart = (bundle.app.subPackages ?? []).map(({ root }) => root)
  expect([...phone.device.packages].sort()).toEqual([...apart].sort())
  await phone.goes(false)
  await phone.tap('我的')
  await phone.tap('我的兑换码')
  expect(phone.route()).toBe('redemption/mine')

  phone.device.packages.clear()
  await phone.reopen({ path: 'person/me' })
  await phone.tap('我的兑换码')
  expect(phone.route()).toBe('person/me')
  const said = phone.device.calls.filter(({ name }) => name === 'showModal').map(({ options }) => options.title)
  expect(said).toEqual(['这一页还没下载'])
})
