import { beforeAll, expect, test } from 'vitest'
import { type Bundle, builtBundle } from '../support/weapp/bundle'
import { newDataRenderer } from '../support/weapp/data-renderer'
import { codeOn } from '../support/weapp/drawn-code'
import type { Weapp } from '../support/weapp/phone'
import { newTown } from '../support/weapp/town'

let bundle: Bundle
beforeAll(() => {
  bundle = builtBundle()
})

const asked = (phone: Weapp, name: string) =>
  phone.device.calls.filter((one) => one.name === name).map(({ options }) => options)

test('an elder’s phone shows a code that changes; whoever scans it coming and going has proved the visit as L3', async () => {
  const town = await newTown(bundle, newDataRenderer)
  const { world } = town
  const [old, helper] = [await town.logIn(town.elderPhone()), await town.logIn(town.helperPhone())]
  await old.tap('我的码')
  await old.tap('打开动态码')
  expect(old.route()).toBe('plate/screen')
  expect(old.lines()).toEqual(expect.arrayContaining(['来的时候扫', '码会自己换新的']))
  const first = codeOn(old.screen())
  expect(first).toMatch(/\/r\/R1[0-9A-Za-z]{29}$/)
  // bright, awake, and hidden from screenshots as long as it is shown
  expect(old.device.brightness).toBe(1)
  expect(asked(old, 'setKeepScreenOn').at(-1)).toMatchObject({ keepScreenOn: true })
  expect(asked(old, 'setVisualEffectOnCapture').at(-1)).toMatchObject({ visualEffect: 'hidden' })

  world.later(16)
  await old.glanceAway()
  expect(codeOn(old.screen())).not.toBe(first)

  helper.device.camera = codeOn(old.screen())
  await helper.tap('扫一扫，开始帮忙')
  expect(helper.shows('动态码')).toBe(true)
  await helper.tap('开始帮忙')
  expect(helper.route()).toBe('visit/current')
  await old.glanceAway()
  // somebody is here now, so that the code is for the end
  expect(old.shows('走的时候扫')).toBe(true)
  world.later(40 * 60)
  await old.glanceAway()
  helper.device.camera = codeOn(old.screen())
  await helper.tap('扫牌子结束')
  expect(helper.route()).toMatch(/^visit\/summary/)
  const visit = await world.db.visit.findFirstOrThrow({ include: { evidence: true } })
  expect([visit.level, visit.evidence.map(({ method }) => method)]).toEqual([3, ['rotating', 'rotating']])
  await helper.reopen({ path: 'visit/detail', query: { id: visit.id } })
  expect(helper.shows('扫动态码')).toBe(true)

  await old.glanceAway()
  await old.tap('走的时候扫')
  expect(old.shows('刚才是张*')).toBe(true)
  // without network the code stops to count, and then it isn't shown
  await old.goes(false)
  world.later(60)
  await old.glanceAway()
  expect(codeOn(old.screen())).toBeNull()
  expect(old.shows('没有网络，动态码出不来')).toBe(true)
  await old.tap('改给他扫我的码')
  expect(old.route()).toBe('elder/card')
  expect(asked(old, 'setVisualEffectOnCapture').at(-1)).toMatchObject({ visualEffect: 'none' })
})
