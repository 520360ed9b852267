import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Bundle, builtBundle } from '../support/weapp/bundle'
import { newDataRenderer } from '../support/weapp/data-renderer'
import { codeOn } from '../support/weapp/drawn-code'
import { launchByLink } from '../support/weapp/phone'
import { newTown } from '../support/weapp/town'
import { newWxmlRenderer } from '../support/weapp/wxml-renderer'

let bundle: Bundle
beforeAll(() => {
  bundle = builtBundle()
})

describe.each([
  ['as data', newDataRenderer],
  ['as templates', newWxmlRenderer],
] as const)('the built mini-program, its pages drawn %s', (_, renderer) => {
  test('a helper scans, helps and goes; the elder says yes, the town agrees, and lunch is fetched for the points', async () => {
    const { world, ask, plate, auditor, ...town } = await newTown(bundle, renderer)

    const helper = await town.logIn(town.helperPhone())
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

    const elder = await town.logIn(town.elderPhone())
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
    await helper.tap('就换这个')
    expect(helper.route()).toMatch(/^redemption\/code\?id=/)
    expect(helper.device.brightness).toBe(1)
    const code = codeOn(helper.screen())
    expect(code).toContain('/x/')

    const counter = await town.logIn(town.counterPhone())
    expect(counter.route()).toBe('redemption/fulfil')
    counter.device.camera = code
    await counter.tap('扫兑换码')
    expect(counter.shows('午餐')).toBe(true)
    await counter.tap('交给他了')

    await helper.glanceAway()
    expect(helper.lines()).toContain('已领取')
    await helper.back()
    expect(helper.lines()).toContain('1分')
  })
})

describe('a day that goes wrong, on the built mini-program', () => {
  const town = () => newTown(bundle, newDataRenderer)

  /** Logged in, and one tap from beginning. */
  async function atTheDoor({ plate, logIn, helperPhone }: Awaited<ReturnType<typeof town>>) {
    const phone = await logIn(helperPhone())
    phone.device.camera = plate.code
    await phone.tap('扫一扫，开始帮忙')
    return phone
  }

  test('an answer that is lost on the way makes one visit and one end of it, however often one taps', async () => {
    const here = await town()
    const phone = await atTheDoor(here)
    phone.device.losesNextAnswer = true
    await phone.tap('开始帮忙')
    // the server has it already: what the phone keeps is the same visit
    expect(phone.route()).toBe('visit/current')

    here.world.later(40 * 60)
    phone.device.losesNextAnswer = true
    await phone.tap('帮完了')
    expect(phone.shows('已记在手机里，有网就上传')).toBe(true)
    await phone.tap('好，知道了')
    const visits = await here.world.db.visit.findMany()
    expect(visits.map(({ state, servedSeconds }) => [state, Math.round((servedSeconds ?? 0) / 60)])).toEqual([
      ['finished', 40],
    ])
  })

  test('who closes the app in the middle finds the visit again, and the time has gone on', async () => {
    const here = await town()
    const phone = await atTheDoor(here)
    await phone.tap('开始帮忙')
    here.world.later(20 * 60)
    await phone.reopen()
    await phone.tap('您正在帮忙')
    expect(phone.lines()).toContain('20分钟')
  })

  test('where the place is not granted, one helps all the same', async () => {
    const here = await town()
    const phone = await atTheDoor(here)
    phone.device.place = null
    await phone.tap('开始帮忙')
    expect(phone.route()).toBe('visit/current')
    expect(phone.device.calls.filter(({ name }) => name === 'getLocation')).toHaveLength(1)
  })

  test('a number that nobody has registered is told whom to ask; who keeps the number back stays outside', async () => {
    const here = await town()
    const stranger = await here.logIn(here.strangerPhone())
    expect(stranger.shows('这个手机号还没有登记')).toBe(true)

    const helper = await here.helperPhone()
    helper.device.givesPhone = false
    await helper.tap('微信登录')
    await helper.tap('用手机号找到我的登记')
    expect(helper.route()).toBe('session/login')
    expect(
      await here.world.db.session.count({ where: { deviceId: { not: null }, personId: here.helper.personId } }),
    ).toBe(1)
  })

  test('a plate that is none of ours is said to be none, and its number can be typed instead', async () => {
    const here = await town()
    const phone = await here.logIn(here.helperPhone())
    phone.device.camera = 'https://example.com/menu'
    await phone.tap('扫一扫，开始帮忙')
    expect(phone.lines()).toContain('这不是我们的门牌')
    await phone.type('牌子上的编号', here.plate.serial)
    await phone.tap('就是这个编号')
    expect(phone.shows('王大娘')).toBe(true)
  })
})

describe('the built mini-program, opened by a plate that WeChat’s own camera has read', () => {
  test('says who runs the plate; whoever logs in is back at this door, and begins with one tap', async () => {
    const { plate, world, ...town } = await newTown(bundle, newDataRenderer)
    const scanned = launchByLink('plate/code', plate.code, world.clock.now)
    const phone = await town.helperPhone(scanned)
    expect(phone.lines().join()).not.toContain('王')
    await town.logIn(Promise.resolve(phone))
    expect(phone.route()).toMatch(/^plate\/code\?/)
    expect(phone.shows('王大娘')).toBe(true)
    await phone.tap('开始帮忙')
    expect(phone.route()).toBe('visit/current')
  })

  test('whoever is logged in already is at the door at once', async () => {
    const { plate, world, ...town } = await newTown(bundle, newDataRenderer)
    const phone = await town.logIn(town.helperPhone())
    await phone.reopen(launchByLink('plate/code', plate.code, world.clock.now))
    expect(phone.shows('王大娘')).toBe(true)
    expect(phone.buttons()).toContain('开始帮忙')
  })
})
