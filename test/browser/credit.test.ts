import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { gradeAll } from '../../server/credit/evaluate'
import { openApps } from '../support/apps'
import { atDoor, HOME } from '../support/door'
import { newWorld } from '../support/world'

const SHOTS = process.env.MULIN_SHOTS
async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return
  mkdirSync(SHOTS, { recursive: true })
  await page.screenshot({ path: join(SHOTS, `credit-${name}.png`), fullPage: true })
}
const shown = (page: Page, text: string | RegExp) => page.getByText(text).filter({ visible: true }).first()
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name }).filter({ visible: true }).first()

test('an elder taps a face; a helper sees why the grade is what it is and appeals against a list; the desk asks, decides and hears', {
  timeout: 600_000,
}, async () => {
  const world = await newWorld()
  const { db, clock, places } = world
  const door = await atDoor(world, { homePoint: HOME })
  const [auditor, admin] = [
    await world.staff('townAuditor', places.town),
    await world.staff('countyAdmin', places.county),
  ]
  for (let step = 0; step < 5; step += 1) {
    await door.answer(await door.served(60), 'yes')
    world.later(300)
  }
  await gradeAll(db, clock.now)
  world.at('09:00', '2026-11-23')
  const visitId = await door.served(60)
  const apps = await openApps(world, [
    { personId: door.elder.personId, kindWord: '老人', app: 'phone' },
    { personId: door.helper.personId, kindWord: '志愿者', app: 'phone' },
    { personId: auditor.personId, kindWord: '镇审核员', app: 'admin' },
    { personId: admin.personId, kindWord: '区县管理员', app: 'admin' },
  ])

  const elder = await apps.phone('老人')
  await elder.goto(`${apps.base}/?a=1#/visit/confirm?visitId=${visitId}`)
  await button(elder, '是，来过了').click()
  await shown(elder, '帮得好不好？').waitFor()
  await shoot(elder, 'smiles')
  await button(elder, '很好').click()
  await shown(elder, '您说：很好').waitFor()
  await shoot(elder, 'smiled')
  expect(await db.visitRating.findFirst()).toMatchObject({ visitId, face: 3, how: 'elder' })

  // the desk asks for the black list, another person decides
  const desk = await apps.desk('镇审核员')
  await desk.getByRole('link', { name: '信用', exact: true }).first().click()
  await desk.getByText('3A 级').first().waitFor()
  await shoot(desk, 'desk-list')
  await desk.locator('tbody a').first().click()
  await desk.getByRole('heading', { name: '历次评级' }).waitFor()
  await shoot(desk, 'desk-helper')
  await desk.getByRole('button', { name: '列入名单' }).click()
  await desk.getByLabel('为什么（本人看得到）').fill('收了老人的东西')
  await shoot(desk, 'desk-propose')
  await desk.getByRole('button', { name: '提请' }).click()
  await expect.poll(() => db.creditListing.count({ where: { state: 'proposed' } })).toBe(1)
  const second = await apps.desk('区县管理员')
  await second.goto(`${apps.base}/admin/credit/lists?show=open`)
  await second.getByRole('button', { name: /^列入 / }).click()
  await second.getByLabel('怎么核实的（本人看得到）').fill('问过两边')
  await second.getByRole('dialog').getByRole('button', { name: '列入', exact: true }).click()
  await expect.poll(() => db.creditListing.count({ where: { state: 'inForce' } })).toBe(1)

  const helper = await apps.phone('志愿者')
  await helper.goto(`${apps.base}/?a=2#/credit/mine`)
  await shown(helper, '3A 级').waitFor()
  await shown(helper, '为什么：收了老人的东西').waitFor()
  await shoot(helper, 'mine')
  await button(helper, '不对，我要申诉').click()
  await helper.getByLabel('您的话').filter({ visible: true }).fill('没有收过，可以问邻居')
  await shoot(helper, 'appeal')
  await button(helper, '申诉，请另一个人来看').click()
  await shown(helper, /您的申诉：正在看/).waitFor()
  expect(await db.creditAppeal.count({ where: { state: 'waiting' } })).toBe(1)

  // who decided it doesn't hear the appeal
  await second.goto(`${apps.base}/admin/credit/lists`)
  await second.getByText('申诉要由另一位审核员来办').waitFor()
  await shoot(second, 'desk-lists')
  await second.goto(`${apps.base}/admin/credit/rules`)
  await second.getByRole('button', { name: '定新办法' }).click()
  await second.getByLabel('起始分').waitFor()
  await shoot(second, 'desk-rules')
  await second.goto(`${apps.base}/admin/reviewers`)
  await second
    .getByLabel(/当哪种专员/)
    .first()
    .selectOption({ index: 1 })
  await expect.poll(() => db.staffRole.count({ where: { duty: { not: '' } } })).toBe(1)
  await shoot(second, 'desk-reviewers')
  expect(apps.problems).toEqual([])
})
