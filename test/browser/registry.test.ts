import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { importTemplate } from '../../server/import/template'
import { openApps } from '../support/apps'
import { linesOf } from '../support/elder-file'
import { newWorld } from '../support/world'

const shot = process.env.MULIN_SHOTS

test('the desk registers a point, writes down a training, brings helpers from a sheet and looks at the big screen', async () => {
  const world = await newWorld()
  const staff = await world.staff('townStaff', world.places.town)
  const member = await world.member({ name: '于海涛' })
  await world.elder()
  const apps = await openApps(world, [{ personId: staff.personId, kindWord: '镇街工作人员', app: 'admin' }])
  await apps.ask(staff, 'POST', '/organisations', {
    ...{
      id: randomUUID(),
      regionId: world.places.village.id,
      kind: 'canteen',
      name: '北庄长者食堂',
      openingHours: '11:00–12:30',
    },
  })
  await apps.ask(staff, 'POST', '/member-records', {
    ...{
      id: randomUUID(),
      kind: 'insurance',
      memberId: member.id,
      title: '志愿者意外险',
      day: '2026-01-01',
      untilDay: '2026-10-31',
    },
  })
  const desk = await apps.desk('镇街工作人员')
  await desk.reload()
  await desk.getByRole('link', { name: '互助点和组织', exact: true }).click()
  await desk.getByText('北庄长者食堂').waitFor()
  if (shot) await desk.screenshot({ path: `${shot}/organisations.png` })
  await desk.getByRole('button', { name: '修改北庄长者食堂' }).click()
  await desk.getByLabel('生活交往').check()
  await desk.getByRole('button', { name: /保\s?存/ }).click()
  await desk.getByRole('cell', { name: '生活交往' }).waitFor()

  await desk.getByRole('link', { name: '培训奖励保险', exact: true }).click()
  await desk.getByText('2026-10-31 到期了').waitFor()
  await desk.getByRole('button', { name: '记一条' }).click()
  await desk.getByRole('dialog').getByRole('radio').first().check()
  await desk.getByLabel('名称', { exact: true }).fill('急救')
  if (shot) await desk.screenshot({ path: `${shot}/record-dialog.png` })
  await desk.getByRole('button', { name: /保\s?存/ }).click()
  await desk.getByRole('cell', { name: '急救', exact: true }).waitFor()
  if (shot) await desk.screenshot({ path: `${shot}/records.png` })

  await desk.getByRole('link', { name: '于*涛' }).first().click()
  await desk.getByRole('link', { name: '志愿服务记录' }).click()
  await desk.getByRole('cell', { name: '急救', exact: true }).waitFor()
  if (shot) await desk.screenshot({ path: `${shot}/volunteer-record.png` })

  await desk.getByRole('link', { name: '志愿者', exact: true }).first().click()
  await desk.getByRole('heading', { name: '志愿者', exact: true }).waitFor()
  await desk.getByRole('link', { name: '从表格导入' }).click()
  await desk.getByRole('heading', { name: '从表格导入志愿者' }).waitFor()
  const [titles = []] = await linesOf((await importTemplate('members')).bytes)
  const cells: Record<string, string> = {
    ...{ 姓名: '张建国', 证件类型: '无', 出生日期: '1960-01-02', 村或社区: '北庄村', 身份: '志愿者', 同意登记: '是' },
  }
  const rows = [titles, titles.map((title) => cells[title] ?? ''), titles.map(() => '坏')]
  const buffer = Buffer.from(rows.map((row) => row.join(',')).join('\n'))
  await desk.locator('input[type=file]').setInputFiles({ name: '志愿者.csv', mimeType: 'text/csv', buffer })
  await desk.getByText('有问题 1 行').waitFor()
  if (shot) await desk.screenshot({ path: `${shot}/import-members.png` })
  await desk.getByRole('button', { name: '导入 1 位' }).click()
  await desk.getByText('导入好了', { exact: true }).waitFor()
  expect(await world.db.member.count()).toBe(2)

  await desk.setViewportSize({ width: 1920, height: 1080 })
  await desk.getByRole('link', { name: '工作台', exact: true }).click()
  await desk.getByRole('link', { name: '大屏', exact: true }).click()
  await desk.getByRole('heading', { name: '泽头镇为老服务' }).waitFor()
  await desk.getByRole('button', { name: '看表格' }).waitFor()
  const size = await desk.evaluate(() => [document.documentElement.scrollHeight, document.documentElement.scrollWidth])
  if (shot) await desk.screenshot({ path: `${shot}/board.png` })
  expect([(size[0] ?? 0) <= 1080, (size[1] ?? 0) <= 1920]).toEqual([true, true])
  await desk.getByRole('link', { name: /本月还没去看的/ }).click()
  await desk.getByRole('heading', { name: '覆盖看板' }).waitFor()
  expect(apps.problems).toEqual([])

  // a page whose code doesn't come says so, and opens when it does
  await desk.route('**/admin/assets/**', (one) => one.abort())
  await desk.getByRole('link', { name: '四专员', exact: true }).click()
  await desk.getByRole('heading', { name: '这一页没能打开' }).waitFor()
  await desk.unroute('**/admin/assets/**')
  await desk.getByRole('button', { name: '再打开一次' }).click()
  await desk.getByRole('heading', { name: '四专员', exact: true }).waitFor()
})
