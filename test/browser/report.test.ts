import { expect, test } from 'vitest'
import { addVisit, MONTH, newMonth } from '../report/month'
import { openApps } from '../support/apps'

test('a month is made, signed by somebody else, found to have changed, and comes out as version 2 with what changed', async () => {
  const { world, maker, signer, helper, second } = await newMonth()
  const apps = await openApps(world, [
    { personId: maker.personId, kindWord: '制表的人', app: 'admin' },
    { personId: signer.personId, kindWord: '定稿的人', app: 'admin' },
  ])
  const [making, signing] = [await apps.desk('制表的人'), await apps.desk('定稿的人')]
  await making.reload()
  await making.getByRole('link', { name: '报表', exact: true }).first().click()
  await making.getByLabel('时期').selectOption(MONTH)
  await making.getByRole('button', { name: '生成', exact: true }).click()
  await making.getByText('66.6 %').first().waitFor()
  await making.getByText('草稿', { exact: true }).waitFor()
  expect(await making.getByRole('button', { name: '定稿' }).count()).toBe(0)

  await signing.getByRole('link', { name: '报表', exact: true }).first().click()
  await signing.getByRole('link', { name: '2026 年 10 月月调度表' }).click()
  await signing.getByRole('button', { name: '定稿', exact: true }).click()
  await signing.getByRole('button', { name: '定稿后不能再改，确认定稿' }).click()
  // that it is signed is said before the page has read who did it
  await signing
    .locator('.facts', { hasText: /制表人\s*孙\* [\s\S]*审核人\s*孙\* / })
    .first()
    .waitFor()
  await signing.getByText('已定稿', { exact: true }).first().waitFor()

  await addVisit(world, helper, second, '2026-10-20')
  await signing.reload()
  await signing.getByText('66.6 %').first().waitFor()
  await signing.getByRole('button', { name: '核对，有变动出新版' }).click()
  await signing.getByText('和第 1 版的不同').waitFor()
  await signing.getByText('100.0 %').first().waitFor()
  await signing.getByRole('row', { name: '泽头镇 已访（人） 2 3' }).waitFor()
  if (process.env.MULIN_SHOTS)
    await signing.screenshot({ path: `${process.env.MULIN_SHOTS}/report.png`, fullPage: true })
  await signing.getByRole('link', { name: '第 1 版' }).click()
  await signing.getByText('66.6 %').first().waitFor()
  const [file] = await Promise.all([
    signing.waitForEvent('download'),
    signing.getByRole('button', { name: 'PDF' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('泽头镇 2026 年 10 月月调度表（第1版）.pdf')
  if (process.env.MULIN_SHOTS) await file.saveAs(`${process.env.MULIN_SHOTS}/report.pdf`)
  expect(apps.problems).toEqual([])
})
