import ExcelJS from 'exceljs'
import { expect, test } from 'vitest'
import { openApps } from '../support/apps'
import { csvOf, line } from '../support/elder-file'
import { newWorld } from '../support/world'

test('a clerk brings a sheet of elders: sees what is wrong, brings the rest, and takes it back', async () => {
  const world = await newWorld()
  const staff = await world.staff('townStaff', world.places.town)
  const apps = await openApps(world, [{ personId: staff.personId, kindWord: '镇街工作人员', app: 'admin' }])
  const desk = await apps.desk('镇街工作人员')
  await desk.getByRole('link', { name: '老人', exact: true }).first().click()
  await desk.getByRole('link', { name: '从表格导入' }).click()
  const sheet = csvOf([line({ 类别: '独居' }), line(), line({ 姓名: '于1' })])
  await desk.locator('input[type=file]').setInputFiles({ name: '十月新增.csv', mimeType: 'text/csv', buffer: sheet })
  await desk.getByText('有问题 1 行').waitFor()
  await desk.getByText('姓名：姓名请写 2 到 30 个字，不要用表情符号').waitFor()
  const [file] = await Promise.all([
    desk.waitForEvent('download'),
    desk.getByRole('button', { name: '下载有问题的 1 行' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('没导入的老人.xlsx')
  await desk.getByRole('button', { name: '导入 2 位' }).click()
  await desk.getByText('导入好了', { exact: true }).waitFor()
  expect(await world.db.elder.count()).toBe(2)
  if (process.env.MULIN_SHOTS) await desk.screenshot({ path: `${process.env.MULIN_SHOTS}/import.png` })
  await desk.getByRole('button', { name: '撤销', exact: true }).click()
  await desk.getByRole('button', { name: '真的撤销' }).click()
  await desk.getByText('这次导入撤销了').waitFor()
  expect(await world.db.elder.count()).toBe(0)
  expect(apps.problems).toEqual([])
})

test('of 200 lines 13 are wrong: 187 come in, the file of the 13 is put right and sent again, and all are there', async () => {
  const world = await newWorld()
  const staff = await world.staff('townStaff', world.places.town)
  const apps = await openApps(world, [{ personId: staff.personId, kindWord: '镇街工作人员', app: 'admin' }])
  const desk = await apps.desk('镇街工作人员')
  await desk.getByRole('link', { name: '老人', exact: true }).first().click()
  await desk.getByRole('link', { name: '从表格导入' }).click()
  const sheet = csvOf(Array.from({ length: 200 }, (_, no) => line(no % 15 === 7 ? { 村或社区: '没有的村' } : {})))
  await desk.locator('input[type=file]').setInputFiles({ name: '全镇.csv', mimeType: 'text/csv', buffer: sheet })
  await desk.getByText('有问题 13 行').waitFor()
  const [file] = await Promise.all([
    desk.waitForEvent('download'),
    desk.getByRole('button', { name: '下载有问题的 13 行' }).click(),
  ])
  await desk.getByRole('button', { name: '导入 187 位' }).click()
  await desk.getByText('导入好了', { exact: true }).waitFor()
  expect(await world.db.elder.count()).toBe(187)

  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(await file.path())
  const [page] = book.worksheets
  const titles = (page?.getRow(1).values ?? []) as string[]
  expect(page?.actualRowCount).toBe(14)
  expect(titles[1]).toBe('问题')
  for (let row = 2; row <= 14; row++) {
    expect(String(page?.getRow(row).getCell(1).value)).toContain('村或社区')
    Object.assign(page?.getRow(row).getCell(titles.indexOf('村或社区')) ?? {}, { value: '西庄村' })
  }
  const buffer = Buffer.from(await book.xlsx.writeBuffer())
  await desk.locator('input[type=file]').setInputFiles({
    ...{ name: '改好的.xlsx', buffer },
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  })
  await desk.getByRole('button', { name: '导入 13 位' }).click()
  await expect.poll(() => world.db.elder.count(), { timeout: 30_000 }).toBe(200)
  expect(apps.problems).toEqual([])
})
