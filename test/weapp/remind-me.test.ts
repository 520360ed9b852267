import { beforeAll, expect, test } from 'vitest'
import { sendMessages } from '../../server/message/send'
import { TEMPLATES } from '../support/message-world'
import { type Bundle, builtBundle } from '../support/weapp/bundle'
import { newDataRenderer } from '../support/weapp/data-renderer'
import { newTown } from '../support/weapp/town'

let bundle: Bundle
beforeAll(() => {
  bundle = builtBundle()
})

test('an elder taps “微信里也提醒我”, WeChat asks once, and the next thing that happens is told there', async () => {
  const town = await newTown(bundle, newDataRenderer)
  const { world, emulator } = town
  for (const { id } of Object.values(TEMPLATES)) emulator.addTemplate(id, ['thing1', 'time2'])
  emulator.publishedPages.add('order/asked')
  const phone = await town.logIn(town.elderPhone())
  phone.device.agreesTo = (templateId) => templateId === 'tpl-help'
  await phone.tap('我要人帮忙')
  await phone.tap('打扫卫生')
  await phone.tap('明天上午')
  await phone.tap('有人接了，微信告诉我')
  expect(phone.device.calls.filter(({ name }) => name === 'requestSubscribeMessage')).toHaveLength(1)
  expect(phone.shows('微信会提醒您')).toBe(true)
  expect(await world.db.messageGrant.findMany()).toMatchObject([{ subject: 'help', left: 1 }])

  const order = await world.db.order.findFirstOrThrow()
  const openid = [...emulator.users.keys()].at(-1) as string // the elder's phone, the last that came
  emulator.allow(openid, 'tpl-help')
  expect((await town.ask(town.helper, 'POST', `/orders/${order.id}/acceptance`, {})).status).toBe(200)
  await sendMessages(world.parts, world.clock.now)
  expect(emulator.messages).toMatchObject([{ openid, values: { thing1: '有人来帮忙了' } }])
})
