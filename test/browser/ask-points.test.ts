// What the books are asked for on an account's page, and what the second person sees of it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { newShop } from '../redemption/shop'
import { openApps } from '../support/apps'

test('a manual entry with its evidence and a closing are asked for on the account’s page and agreed to by somebody else', async () => {
  const shop = await newShop()
  const { db, places } = shop
  const helper = await shop.richMember(9000n)
  const accountId = await shop.accountOf(helper.personId)
  const [boss, second] = [
    await shop.staff('countyAdmin', places.county),
    await shop.staff('countyAdmin', places.county),
  ]
  const apps = await openApps(shop, [
    { personId: boss.personId, kindWord: '第一人', app: 'admin' },
    { personId: second.personId, kindWord: '第二人', app: 'admin' },
  ])
  const folder = mkdtempSync(join(tmpdir(), 'mulin-paper-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'paper.pdf'), 'a paper')

  const page = await apps.desk('第一人')
  await page.goto(`${apps.base}/admin/accounts/${accountId}`)
  const ask = async (kind: string, fill: () => Promise<unknown>) => {
    await page.getByRole('button', { name: '提出申请' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('办什么').selectOption({ label: kind })
    await fill()
    await dialog.getByLabel('理由').fill('补记八月的帮忙')
    if (process.env.MULIN_SHOTS) await page.screenshot({ path: join(process.env.MULIN_SHOTS, `ask-${kind}.png`) })
    await dialog.getByRole('button', { name: '提出' }).click()
    await dialog.waitFor({ state: 'hidden' })
  }
  await ask('手工记分', async () => {
    await page.getByLabel('多少分（扣分写负数）').fill('-2.5')
    await page.getByLabel('凭据（照片或扫描件）').setInputFiles(join(folder, 'paper.pdf'))
    await page.getByText('指纹').waitFor()
  })
  await ask('销户', () => page.getByLabel('余下的积分').selectOption({ label: '进公益池' }))
  const requests = await db.ledgerRequest.findMany({ orderBy: { askedAt: 'asc' } })
  expect(requests.map(({ kind, milliPoints }) => [kind, milliPoints]).sort()).toEqual([
    ['CLOSE', null],
    ['MANUAL', -2500n],
  ])
  expect(requests.find(({ kind }) => kind === 'MANUAL')?.evidenceHash).toMatch(/^[0-9a-f]{64}$/)

  const other = await apps.desk('第二人')
  await other.goto(`${apps.base}/admin/point-requests`)
  await other.getByText('积分申请', { exact: true }).click()
  await other.getByText('手工记分').first().waitFor()
  if (process.env.MULIN_SHOTS) await other.screenshot({ path: join(process.env.MULIN_SHOTS, 'requests.png') })
  expect(apps.problems).toEqual([])
})
