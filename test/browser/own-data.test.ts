// What somebody may do about their own data, on their phone, and how a desk answers it.
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { CONSENT_TEXTS } from '../../shared/person/consents'
import { openApps } from '../support/apps'
import { newWorld } from '../support/world'

const SHOTS = process.env.MULIN_SHOTS
const keep = async (page: Page, name: string) => {
  if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true })
}

test('an elder takes back a consent and asks for erasure; the town does it, and nothing of her can be read', async () => {
  const world = await newWorld()
  const elder = await world.elder({ name: '王秀英' })
  await world.proxy(elder.id)
  await world.db.consent.create({
    data: {
      ...{ id: elder.id, personId: elder.personId, kind: 'proxy', textVersion: CONSENT_TEXTS.proxy.version },
      ...{ how: 'paper', byPersonId: elder.personId, at: world.clock.now },
    },
  })
  const town = await world.staff('townStaff', world.places.town)
  const { phone, desk, problems } = await openApps(world, [
    { personId: elder.personId, kindWord: '老人', app: 'phone' },
    { personId: town.personId, kindWord: '镇街工作人员', app: 'admin' },
  ])

  const page = await phone('老人')
  await page
    .getByRole('button', { name: /家人代办/ })
    .filter({ visible: true })
    .first()
    .waitFor()
  await page.evaluate(() => {
    location.hash = '#/person/apart/data'
  })
  await page.getByRole('button', { name: '不同意了：家人代办' }).filter({ visible: true }).click()
  await keep(page, 'phone-data')
  await page.getByRole('button', { name: '不同意了', exact: true }).filter({ visible: true }).first().click()
  await page.getByText('不同意了', { exact: true }).filter({ visible: true }).first().waitFor()
  expect(await world.db.proxy.count({ where: { elderId: elder.id, revokedAt: null } })).toBe(0)
  await page.getByRole('button', { name: '不登记了，要注销' }).filter({ visible: true }).click()
  await page.locator('#text textarea, textarea#text').first().fill('搬到女儿家去了')
  await keep(page, 'phone-data-erase')
  await page.getByRole('button', { name: '交给社区' }).filter({ visible: true }).click()
  await page.getByText('等着办').filter({ visible: true }).waitFor()

  const screen = await desk('镇街工作人员')
  await screen.getByRole('link', { name: '个人信息申请' }).click()
  await screen.getByRole('button', { name: '办理 王*英 的注销' }).click()
  await screen.getByRole('textbox', { name: '答复' }).fill('已注销')
  await screen.getByRole('combobox', { name: '结果' }).selectOption('办好了')
  await keep(screen, 'desk-data-requests')
  await screen.getByRole('button', { name: /办\s?结/ }).click()
  await screen.getByText('已注销').waitFor()
  expect((await world.db.person.findUniqueOrThrow({ where: { id: elder.personId } })).erasedAt).not.toBeNull()

  await screen.getByRole('link', { name: '登录安全' }).first().click()
  await screen.getByRole('button', { name: '现在就设' }).click()
  await screen.getByText('先用手机上的验证器扫这个码').waitFor()
  await keep(screen, 'desk-security')
  expect(problems).toEqual([])
})
