import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { decideVisits } from '../../server/audit/decide'
import { setPin } from '../../server/elder/pin'
import { drawCalls } from '../../server/visit/draw-calls'
import { openApps, shooter } from '../support/apps'
import { atDoor } from '../support/door'
import { newWorld } from '../support/world'

const shoot = shooter('answers')

const shown = (page: Page, text: string | RegExp) => page.getByText(text).filter({ visible: true }).first()
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name }).filter({ visible: true }).first()

test('an elder without a phone confirms by four digits; a helper explains in two taps and appeals in three; staff decide', {
  timeout: 600_000,
}, async () => {
  const world = await newWorld()
  const door = await atDoor(world, { ownPhone: false })
  const staff = await world.staff('villageStaff')
  const auditor = await world.staff('townAuditor', world.places.town)
  const first = await world.staff('townAuditor', world.places.town)
  await setPin(world.db, world.keys, staff, door.elder.id, { id: randomUUID(), pin: '2580' }, world.clock.now)
  const apps = await openApps(world, [
    { personId: door.helper.personId, kindWord: '志愿者', app: 'phone' },
    { personId: staff.personId, kindWord: '村工作人员', app: 'admin' },
    { personId: auditor.personId, kindWord: '镇审核员', app: 'admin' },
  ])
  const visitId = await door.served(5, 1)
  const again = await door.served(65, 1)
  const page = await apps.phone('志愿者')

  await page.goto(`${apps.base}/?a=1#/visit/pin?id=${visitId}`)
  await shown(page, /拿出随身卡/).waitFor()
  await shoot(page, 'pin-card')
  await page.getByLabel('牌子上的编号').filter({ visible: true }).fill(door.plate.serial)
  await button(page, '就是这个编号').click()
  await page.getByLabel('4 位密码').filter({ visible: true }).fill('2580')
  await shoot(page, 'pin-digits')
  await button(page, '是，来过了').click()
  await shown(page, '老人确认了').waitFor()
  expect((await door.visitOf(visitId)).confirmations).toMatchObject([{ how: 'pin' }])

  await page.goto(`${apps.base}/?a=2#/visit/detail?id=${visitId}`)
  await button(page, '说明一下').click()
  await shoot(page, 'explain')
  await page.getByRole('radio', { name: '事情少，很快做完了' }).filter({ visible: true }).first().click()
  await shown(page, /您说过：事情少/).waitFor()
  await shoot(page, 'explained')

  await door.answer(again, 'yes', await world.proxy(door.elder.id), 'proxy')
  await decideVisits(
    world.db,
    first,
    { id: randomUUID(), decision: 'return', visitIds: [again], reasonCode: 'notThisLong' },
    world.clock.now,
  )
  await page.goto(`${apps.base}/?a=3#/visit/detail?id=${again}`)
  await button(page, '我要申诉').click()
  await page.getByRole('radio', { name: '时间是真的' }).filter({ visible: true }).first().click()
  await shoot(page, 'appeal')
  await button(page, '交给社区').click()
  await expect.poll(() => world.db.appeal.count({ where: { visitId: again, state: 'waiting' } })).toBe(1)

  const desk = await apps.desk('镇审核员')
  await desk.getByRole('link', { name: '申诉' }).first().click()
  await desk.getByRole('button', { name: /处理 / }).first().waitFor()
  await shoot(desk, 'desk-appeals')
  await desk.getByRole('button', { name: /处理 / }).first().click()
  await desk.getByText('成立，通过这次服务').click()
  await desk.getByLabel('写给志愿者').fill('邻居看见了')
  await shoot(desk, 'desk-appeal-decide')
  await desk.getByRole('button', { name: '就这样定' }).click()
  await expect.poll(async () => (await door.visitOf(again)).state).toBe('approved')

  const calling = await door.served(30, 1)
  await drawCalls(world.db, world.keys, world.clock.now)
  const village = await apps.desk('村工作人员')
  await village.getByRole('link', { name: '电话回访' }).first().click()
  await village
    .getByRole('button', { name: /打电话问|上门问/ })
    .first()
    .waitFor()
  await shoot(village, 'desk-calls')
  await village
    .getByRole('button', { name: /打电话问|上门问/ })
    .last() // the one just made: 30 minutes
    .click()
  await village.getByText('是，来过了', { exact: true }).last().click()
  await village
    .getByRole('radio', { name: '满意', exact: true })
    .click({ force: true })
    .catch(() => undefined)
  await shoot(village, 'desk-call')
  await village.getByRole('button', { name: '记下来' }).click()
  await expect.poll(async () => (await world.db.callBack.findMany({ where: { visitId: calling } })).length).toBe(1)
  expect(apps.problems).toEqual([])
})
