// What somebody may do about their own data, on their phone, and how a desk answers it.
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { CONSENT_TEXTS } from '../../shared/person/consents'
import { openApps } from '../support/apps'
import { recordsIn } from '../support/scope-table'
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

test('who came for the one who died is written down with the papers, another clerk has seen them too; what she said in life is kept', async () => {
  const world = await newWorld()
  const { db, clock } = world
  const gone = await world.elder({ name: '欧阳秀英' })
  const elder = await world.elder({ name: '王秀英' })
  await db.elder.update({ where: { id: gone.id }, data: { endedDay: '2026-11-20' } })
  const [village, town] = [await world.staff('villageStaff'), await world.staff('townStaff', world.places.town)]
  await db.elderExit.create({
    data: {
      ...{ id: gone.id, elderId: gone.id, kind: 'died', validFrom: '2026-11-20', validTo: null, reason: '病故' },
      ...{ approvedByPersonId: town.personId, recordedAt: clock.now },
    },
  })
  const { phone, desk, problems } = await openApps(world, [
    { personId: elder.personId, kindWord: '老人', app: 'phone' },
    { personId: village.personId, kindWord: '村工作人员', app: 'admin' },
    { personId: town.personId, kindWord: '镇街工作人员', app: 'admin' },
  ])

  const first = await desk('村工作人员')
  await first.getByRole('link', { name: '个人信息申请' }).click()
  await first.getByRole('button', { name: '登记申请' }).click()
  await first.getByRole('combobox', { name: '要什么' }).selectOption('家属申请')
  await first.getByPlaceholder('拼音首字母或电话').fill('OY')
  await first.getByRole('radio', { name: /欧/ }).check()
  await first.getByRole('combobox', { name: '家属要' }).selectOption('要一份副本')
  await first.getByRole('textbox', { name: '家属姓名' }).fill('于大海')
  await first.getByRole('combobox', { name: '是本人的' }).selectOption('子女')
  await first.getByRole('combobox', { name: '去世的证明' }).selectOption('死亡证明')
  await first.getByRole('combobox', { name: '关系的证明' }).selectOption('户口簿')
  await first.getByRole('textbox', { name: '怎么说的' }).fill('儿子来要母亲的记录')
  await keep(first, 'desk-relative')
  await first.getByRole('button', { name: /保\s?存/ }).click()
  await first.getByText('子女 于*海 要一份副本').waitFor()

  const second = await desk('镇街工作人员')
  await second.getByRole('link', { name: '个人信息申请' }).click()
  await second.getByRole('button', { name: /^办理 欧/ }).click()
  await second.getByRole('combobox', { name: '结果' }).selectOption('办好了')
  await second.getByRole('textbox', { name: '答复' }).fill('已给副本')
  await second.getByRole('button', { name: /办\s?结/ }).click()
  await second.getByText('办的人也要亲自看过').waitFor()
  await second.getByRole('checkbox', { name: /我也亲自看过/ }).check()
  await keep(second, 'desk-relative-decide')
  await second.getByRole('button', { name: /办\s?结/ }).click()
  await second.getByRole('button', { name: /^给家属副本 欧/ }).waitFor()

  const page = await phone('老人')
  await page
    .getByRole('button', { name: /家人代办/ })
    .filter({ visible: true })
    .first()
    .waitFor()
  await page.evaluate(() => {
    location.hash = '#/person/apart/data'
  })
  await page.getByRole('button', { name: '以后不给家里人' }).filter({ visible: true }).click()
  await page.locator('#text textarea, textarea#text').first().fill('我的事不用告诉孩子')
  await keep(page, 'phone-data-withhold')
  await page.getByRole('button', { name: '交给社区' }).filter({ visible: true }).click()
  await page.getByRole('button', { name: '以后可以给家里人' }).filter({ visible: true }).waitFor()
  expect(problems).toEqual([])
})

test('a text that WeChat is not sure of is hidden by a clerk with one tap', async () => {
  const world = await newWorld()
  const { db, clock } = world
  const records = await recordsIn(world)
  await db.creditAppeal.update({ where: { id: records.creditAppeal.id }, data: { text: '要红包请加微信' } })
  const town = await world.staff('townStaff', world.places.town)
  const { desk, problems } = await openApps(world, [
    { personId: town.personId, kindWord: '镇街工作人员', app: 'admin' },
  ])
  const screen = await desk('镇街工作人员')
  await screen.getByRole('link', { name: '文字审查' }).click()
  await screen.getByText('要红包请加微信').waitFor()
  await keep(screen, 'desk-texts')
  await screen.getByRole('button', { name: /^隐藏 / }).click()
  await screen.getByText('没有要看的文字').waitFor()
  await screen.getByText('看过的', { exact: true }).click()
  await screen.getByText('已经隐藏').waitFor()
  expect(await db.textCheck.findUniqueOrThrow({ where: { id: records.textCheck.id } })).toMatchObject({
    ...{ state: 'hidden', decidedByPersonId: town.personId, decidedAt: clock.now },
  })
  expect(problems).toEqual([])
})
