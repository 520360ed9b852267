import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { addFund } from '../funds'
import { TEMPLATES } from '../message-world'
import { newWechatWorld } from '../wechat-world'
import { newWorld, serveWorld } from '../world'
import type { Bundle } from './bundle'
import { type Launch, openWeapp, type RendererOf, type Weapp } from './phone'

/** A village whose people have WeChat: a helper, an elder with a plate at the door, a canteen, and staff at a desk. */
export async function newTown(bundle: Bundle, renderer: RendererOf) {
  const { emulator, wechat } = await newWechatWorld()
  const world = await newWorld({ wechat, config: { messages: { templates: TEMPLATES, build: 'release', sms: null } } })
  const { base, ask } = await serveWorld(world)
  const { village, county, town } = world.places
  const personOf = (name: string, phone: string, more: object = {}) => world.person({ name, phone, ...more })

  const helper = await world.member({ personId: await personOf('张兰', '13800000001') })
  const elder = await world.elder({ personId: await personOf('王秀英', '13800000002', { birthDate: '1944-03-08' }) })
  const plate = await world.plate(elder.id)

  const admin = await world.staff('countyAdmin', county)
  const auditor = await world.staff('townAuditor', town)
  await addFund(world)
  const [pointId, productId] = [randomUUID(), randomUUID()]
  const point = { name: '北庄村幸福餐桌', address: '村委会旁', phone: '0631-8000000', openingHours: '8:00–17:00' }
  const meal = { name: '午餐', icon: 'meal', kind: 'meal', description: '两菜一汤', priceMilliPoints: '12000' }
  await ask(admin, 'POST', '/redemption-points', { id: pointId, regionId: village.id, ...point, active: true })
  const product = { id: productId, regionId: county.id, ...meal, costFen: 1000, holdHours: 24, active: true }
  await ask(admin, 'POST', '/products', product)
  await ask(admin, 'POST', `/products/${productId}/stock`, { id: randomUUID(), pointId, change: 3 })
  const counter = await personOf('李玉', '13800000003')
  await world.staff('redemptionPoint', village, { personId: counter, redemptionPointId: pointId })

  await world.staff('villageStaff', village, { personId: await personOf('孙梅', '13800000004') })

  /** The phone of somebody whose number is this: WeChat knows it, the app isn't opened before. */
  async function phoneOf(number: string, launch: Launch = {}): Promise<Weapp> {
    const { openid } = emulator.addUser({ phone: number })
    const phone = await openWeapp({
      bundle,
      renderer,
      launch,
      apiBase: base,
      now: () => world.clock.now,
      loginCode: () => emulator.loginCode(openid),
      phoneCode: () => emulator.phoneCode(openid),
    })
    onTestFinished(() => phone.close())
    return phone
  }
  /** Logs in as WeChat has it: the code of the app, the number from a button of WeChat's own, consent. */
  async function logIn(opening: Promise<Weapp>): Promise<Weapp> {
    const phone = await opening
    if (!phone.buttons().includes('微信登录')) await phone.tap('去登录')
    await phone.tap('微信登录')
    await phone.tap('用手机号找到我的登记')
    await phone.tap('同意')
    return phone
  }

  return {
    ...{ logIn, world, ask, plate, auditor, helper, elder, emulator },
    helperPhone: (launch?: Launch) => phoneOf('13800000001', launch),
    elderPhone: () => phoneOf('13800000002'),
    counterPhone: () => phoneOf('13800000003'),
    staffPhone: () => phoneOf('13800000004'),
    strangerPhone: () => phoneOf('13800000009'),
  }
}
