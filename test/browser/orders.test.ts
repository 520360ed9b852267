import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openApps } from '../support/apps'
import { newWorld, TODAY } from '../support/world'

const shown = (page: Page, text: string | RegExp) => page.getByText(text).filter({ visible: true }).first()
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name }).filter({ visible: true }).first()

test('an elder asks in three taps, a helper takes it and can’t go, staff send another, and the elder wants it no more', {
  timeout: 600_000,
}, async () => {
  const world = await newWorld()
  const elder = await world.elder({ name: '王秀英' })
  const first = await world.member({ name: '张兰' })
  const second = await world.member({ name: '李梅' })
  const staff = await world.staff('villageStaff')
  const apps = await openApps(world, [
    { personId: elder.personId, kindWord: '服务对象', app: 'phone' },
    { personId: first.personId, kindWord: '志愿者', app: 'phone' },
    { personId: second.personId, kindWord: '互助员', app: 'phone' },
    { personId: staff.personId, kindWord: '村工作人员', app: 'admin' },
  ])
  const orderNow = async () => {
    const { state, memberId } = await world.db.order.findFirstOrThrow()
    return { state, memberId }
  }

  const old = await apps.phone('服务对象')
  await button(old, /我要人帮忙/).click()
  await button(old, '打扫卫生').click()
  await button(old, '今天下午').click()
  await shown(old, '记下了').waitFor()

  const helper = await apps.phone('志愿者')
  await helper.getByRole('link', { name: '服务', exact: true }).first().click()
  await button(helper, /我去帮王\*英/).click()
  await shown(helper, '今天要去 1 家').waitFor()
  expect(await orderNow()).toEqual({ state: 'accepted', memberId: first.id })
  await button(helper, '去不了').click()
  await button(helper, '不舒服').click()
  await expect.poll(orderNow).toEqual({ state: 'open', memberId: null })

  const desk = await apps.desk('村工作人员')
  await desk.getByRole('link', { name: '需求单' }).first().click()
  await desk.getByRole('button', { name: new RegExp(`${TODAY} 下午`) }).click()
  await shown(desk, '去不了，退回').waitFor()
  await desk.getByRole('button', { name: '派给志愿者' }).click()
  await desk.getByRole('radio', { name: /^李/ }).check()
  await desk.getByRole('button', { name: '派单', exact: true }).click()
  await expect.poll(orderNow).toEqual({ state: 'accepted', memberId: second.id })

  const other = await apps.phone('互助员')
  await shown(other, '今天要去 1 家').waitFor()

  await old.goto(`${apps.base}/?again=1#/order/asked`)
  await old
    .getByRole('link', { name: /打扫卫生/ })
    .first()
    .click()
  await button(old, '不要了').click()
  await shown(old, '真的不要了吗').waitFor()
  await button(old, '不要了').click()
  await expect.poll(async () => (await orderNow()).state).toBe('cancelled')
  expect(apps.problems).toEqual([])
})
