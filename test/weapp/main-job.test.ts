import { randomUUID } from 'node:crypto'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Bundle, builtBundle } from '../support/weapp/bundle'
import { newDataRenderer } from '../support/weapp/data-renderer'
import { launchByLink, type Weapp } from '../support/weapp/phone'
import { newTown } from '../support/weapp/town'
import { newWxmlRenderer } from '../support/weapp/wxml-renderer'

let bundle: Bundle
beforeAll(() => {
  bundle = builtBundle()
})

const phones: Weapp[] = []
afterEach(() => {
  for (const phone of phones.splice(0)) phone.close()
})

/** Logs in as WeChat has it: the code of the app, consent, and the number from a button of WeChat's own. */
async function loggedIn(opening: Promise<Weapp>): Promise<Weapp> {
  const phone = await opening
  phones.push(phone)
  if (!phone.buttons().includes('微信登录')) await phone.tap('去登录')
  await phone.tap('微信登录')
  await phone.tap('用手机号找到我的登记')
  await phone.tap('同意')
  return phone
}

describe.each([
  ['as data', newDataRenderer],
  ['as templates', newWxmlRenderer],
] as const)('the built mini-program, its pages drawn %s', (_, renderer) => {
  test('a helper scans, helps and goes; the elder says yes, the town agrees, and lunch is fetched for the points', async () => {
    const { world, ask, plate, auditor, ...town } = await newTown(bundle, renderer)

    const helper = await loggedIn(town.helperPhone())
    expect(helper.route()).toBe('order/today')
    helper.device.camera = plate.code
    await helper.tap('扫一扫，开始帮忙')
    expect(helper.route()).toBe(`plate/code?q=${plate.code}`)
    expect(helper.shows('王大娘')).toBe(true)
    await helper.tap('开始帮忙')
    expect(helper.route()).toBe('visit/current')

    world.later(65 * 60)
    await helper.glanceAway()
    expect(helper.shows('1小时5分')).toBe(true)
    await helper.tap('扫地')
    await helper.tap('帮完了')
    expect(helper.lines()).toEqual(expect.arrayContaining(['辛苦了', '1 小时 5 分', '扫地']))
    const visitId = /id=(.+)/.exec(helper.route())?.[1]

    const elder = await loggedIn(town.elderPhone())
    expect(elder.route()).toBe('elder/home')
    await elder.tap('请确认')
    expect(elder.lines()).toContain('她来帮您了吗？')
    await elder.tap('是，来过了')
    expect(elder.lines()).toContain('谢谢您，记下了')

    const decision = { id: randomUUID(), decision: 'approve', visitIds: [visitId], reasonCode: 'allGood' }
    const decided = await ask<{ done: number }>(auditor, 'POST', '/audit/decisions', decision)
    expect(decided.body.done, JSON.stringify(decided.body)).toBe(1)

    await helper.tap('好，知道了')
    await helper.tap('积分')
    expect(helper.lines()).toContain('13分')
    await helper.tap('兑换')
    await helper.tap('换午餐')
    await helper.tap('换')
    expect(helper.route()).toMatch(/^redemption\/code\?id=/)
    expect(helper.device.brightness).toBe(1)
    const digits = helper.lines().find((line) => /^\d{4} \d{4}$/.test(line)) ?? ''

    const counter = await loggedIn(town.counterPhone())
    expect(counter.route()).toBe('redemption/fulfil')
    await counter.type('扫不了，填 8 个数字', digits)
    await counter.tap('查这个码')
    expect(counter.shows('午餐')).toBe(true)
    await counter.tap('交给他了')

    await helper.glanceAway()
    expect(helper.lines()).toContain('已领取')
    await helper.back()
    expect(helper.lines()).toContain('1分')
  })
})

describe('the built mini-program, opened by a plate that WeChat’s own camera has read', () => {
  test('says who runs the plate; whoever logs in is back at this door, and begins with one tap', async () => {
    const { plate, world, ...town } = await newTown(bundle, newDataRenderer)
    const scanned = launchByLink('plate/code', plate.code, world.clock.now)
    const phone = await town.helperPhone(scanned)
    expect(phone.lines().join()).not.toContain('王')
    await loggedIn(Promise.resolve(phone))
    expect(phone.route()).toMatch(/^plate\/code\?/)
    expect(phone.shows('王大娘')).toBe(true)
    await phone.tap('开始帮忙')
    expect(phone.route()).toBe('visit/current')
  })

  test('whoever is logged in already is at the door at once', async () => {
    const { plate, world, ...town } = await newTown(bundle, newDataRenderer)
    const phone = await loggedIn(town.helperPhone())
    await phone.reopen(launchByLink('plate/code', plate.code, world.clock.now))
    expect(phone.shows('王大娘')).toBe(true)
    expect(phone.buttons()).toContain('开始帮忙')
  })
})
