// What moves between counties at the desk: asked for here, agreed to there, settled by both; and balances from a sheet.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { openPersons } from '../../server/person/vault'
import { newShop } from '../redemption/shop'
import { openApps } from '../support/apps'

test('points move to another county and both settle; balances of another system come from a sheet', async () => {
  const shop = await newShop()
  const { db, keys, places } = shop
  const helper = await shop.richMember(9000n)
  const accountId = await shop.accountOf(helper.personId)
  await db.programme.create({
    data: { id: randomUUID(), regionId: places.otherCounty.id, code: 'other', name: '环翠互助' },
  })
  const staff = [
    [await shop.staff('countyAdmin', places.county), '这边'],
    [await shop.staff('countyAdmin', places.otherCounty), '那边'],
  ] as const
  const apps = await openApps(
    shop,
    staff.map(([{ personId }, kindWord]) => ({ personId, kindWord, app: 'admin' as const })),
  )
  const [here, there] = [await apps.desk('这边'), await apps.desk('那边')]
  const keep = async (page: Page, name: string) => {
    if (process.env.MULIN_SHOTS) await page.screenshot({ path: join(process.env.MULIN_SHOTS, `${name}.png`) })
  }
  const clearings = (page: Page) => page.goto(`${apps.base}/admin/point-requests?tab=clearings`)
  const agree = async (kind: string) => {
    await there.goto(`${apps.base}/admin/point-requests?tab=requests`)
    await there.getByRole('button', { name: new RegExp(`^同意 ${kind}`) }).click()
    await there
      .getByRole('dialog')
      .getByRole('button', { name: /^同\s*意$/ })
      .click()
    await there.getByText('没有积分申请').waitFor()
  }
  await clearings(here)
  await here.getByText('和别的区县没有往来').waitFor()
  await keep(here, 'clearings-none')

  await here.goto(`${apps.base}/admin/accounts/${accountId}`)
  await here.getByRole('button', { name: '提出申请' }).click()
  const dialog = here.getByRole('dialog')
  await dialog.getByLabel('办什么').selectOption({ label: '迁到别的区县' })
  await dialog.getByLabel('迁到哪里').selectOption({ label: '环翠区 环翠互助' })
  await dialog.getByLabel('理由').fill('搬去跟女儿住')
  await keep(here, 'ask-transfer')
  await dialog.getByRole('button', { name: '提出' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await agree('跨区县转移')

  await clearings(here)
  await here.getByText('转出 9 分').waitFor()
  await keep(here, 'clearings')
  await here.getByRole('button', { name: '提出结清' }).click()
  await dialog.getByLabel('理由').fill('十一月的往来')
  await keep(here, 'ask-settle')
  await dialog.getByRole('button', { name: '提出' }).click()
  await here.getByText('等对方同意').waitFor()
  await clearings(there)
  await there.getByText('转入 9 分').waitFor()
  await agree('结算')
  await clearings(here)
  await here.getByText('两清').waitFor()

  const folder = mkdtempSync(join(tmpdir(), 'mulin-balances-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const member = await shop.member()
  const person = (await openPersons(db, keys, [member.personId])).get(member.personId)
  const lines = ['姓名,证件号码,电话,积分,挣得日期,有效期至,原系统编号']
  lines.push(`${person?.name},,${person?.phone},12.5,2026-03-01,,A-1`, '谁也不是,,13900000001,5,2026-03-01,,A-2')
  writeFileSync(join(folder, 'balances.csv'), lines.join('\n'))
  await here.goto(`${apps.base}/admin/imports?kind=balances`)
  await here.locator('input[type=file]').setInputFiles(join(folder, 'balances.csv'))
  await here.getByText('还没有导入', { exact: true }).waitFor()
  await here.getByRole('button', { name: '提出 1 人' }).click()
  await here.getByText('提出了，在“申请与发放”里由另一个人同意').waitFor()
  await keep(here, 'balances')
  await here.goto(`${apps.base}/admin/point-requests?tab=requests`)
  await here.getByText('1 人的余额').waitFor()
  await keep(here, 'requests')
  expect(apps.problems).toEqual([])
})
