import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { addVisit } from '../report/month'
import { openApps, shooter } from '../support/apps'
import { newWorld } from '../support/world'

const shoot = shooter('care')

/** As it comes out of the printer: who made it, who checked it, the seal. */
const shootPaper = async (page: Page, name: string) => {
  await page.emulateMedia({ media: 'print' })
  await page.getByText('审核人：').waitFor()
  await page.getByText('盖章：').waitFor()
  await shoot(page, name)
  await page.emulateMedia({ media: null })
}

test('heat is declared, a pair is made, the helper sees who waits and says what is wrong in his record, the county puts its map on the board', async () => {
  const world = await newWorld()
  const { db, places } = world
  const county = await world.staff('countyAdmin', places.county)
  const town = await world.staff('townStaff', places.town)
  const helper = await world.member({ name: '李国强' })
  const elder = await world.elder()
  await addVisit(world, helper, elder, '2026-11-02')
  for (const [interval, intervalLength] of [['month', null] as const, ['event', 24] as const])
    await db.requirement.create({
      data: {
        ...{ id: randomUUID(), regionId: places.county.id, regionPath: places.county.path, category: 'livingAlone' },
        ...{ interval, intervalLength, channels: 'inPerson,phone', minSeconds: 0, validFrom: '2026-01-01' },
      },
    })
  const apps = await openApps(world, [
    { personId: town.personId, kindWord: '镇街工作人员', app: 'admin' },
    { personId: county.personId, kindWord: '区县管理员', app: 'admin' },
    { personId: helper.personId, kindWord: '志愿者', app: 'phone' },
  ])
  const desk = await apps.desk('镇街工作人员')
  await desk.getByRole('link', { name: '高温寒潮走访', exact: true }).click()
  await desk.getByRole('button', { name: '发起', exact: true }).click()
  await desk.getByText('一共 1 位', { exact: true }).waitFor()
  await shoot(desk, 'area-event-dialog')
  await desk.getByRole('dialog').getByRole('button', { name: '发起', exact: true }).click()
  await desk.getByText('0 / 1 位').waitFor()
  await shoot(desk, 'area-events')
  await desk.getByRole('link', { name: '泽头镇的走访名单' }).click()
  await desk.getByRole('cell', { name: '王*英' }).waitFor()
  await desk.getByText('按志愿者', { exact: true }).click()
  await desk.getByRole('cell', { name: '李*强 1 位' }).waitFor()
  await shoot(desk, 'area-event')
  await shootPaper(desk, 'area-event-paper')
  await desk.goto(`${apps.base}/admin/area-events`)
  await desk.getByRole('button', { name: '发起', exact: true }).click()
  await desk.getByRole('dialog').getByText('点名', { exact: true }).click()
  await desk.getByRole('checkbox', { name: /王\*英/ }).check()
  await shoot(desk, 'area-event-names')
  await desk.getByRole('dialog').getByRole('button', { name: '发起', exact: true }).click()
  await desk.getByRole('cell', { name: '点名' }).waitFor()
  await desk.goto(`${apps.base}/admin/coverage?state=due`)
  await desk.getByRole('img', { name: '第 45 周已访' }).waitFor()
  await shoot(desk, 'coverage')
  for (const by of ['elder', 'helper']) {
    await desk.goto(`${apps.base}/admin/hours?regionId=${places.village.id}&by=${by}`)
    await desk.getByRole('table').first().waitFor()
    await shoot(desk, `hours-${by}`)
    await shootPaper(desk, `hours-${by}-paper`)
  }

  await desk.getByRole('link', { name: '结对', exact: true }).first().click()
  await desk.getByRole('button', { name: '结一对' }).click()
  await desk.getByRole('radio', { name: /王\*英/ }).check()
  await desk.getByRole('radio', { name: /李\*强/ }).check()
  await shoot(desk, 'pairing-dialog')
  await desk.getByRole('button', { name: /保\s?存/ }).click()
  await desk.getByText('2026-12-22 前签').waitFor()
  await shoot(desk, 'pairings')
  await desk.getByRole('link', { name: '探访安排', exact: true }).click()
  await desk.getByText('11-23 9:00 前').waitFor()
  await desk.getByText('结对', { exact: true }).last().waitFor()
  await shoot(desk, 'plan')

  const phone = await apps.phone('志愿者')
  await phone.getByText('和您结对').filter({ visible: true }).first().waitFor()
  await shoot(phone, 'phone-today')
  await phone.getByText('我结对的老人').filter({ visible: true }).first().click()
  await phone.getByText('有新情况，要尽快去看').filter({ visible: true }).first().waitFor()
  await shoot(phone, 'phone-paired')
  await phone.goto(`${apps.base}/#/visit/apart/record`)
  await phone.getByText('不对', { exact: true }).filter({ visible: true }).last().click()
  await phone.getByLabel('应该是怎样').fill('那天是两个小时')
  await shoot(phone, 'phone-correction')
  await phone.getByText('交给社区').filter({ visible: true }).first().click()
  await phone.getByText('正在核对').filter({ visible: true }).first().waitFor()
  await shoot(phone, 'phone-record')

  await desk.getByRole('link', { name: '记录更正', exact: true }).click()
  await desk.getByRole('button', { name: /^答复/ }).click()
  await desk.getByLabel('没有记错').check()
  await desk.getByLabel('对志愿者说').fill('核对过登记单，是一个小时')
  await desk
    .getByRole('dialog')
    .getByRole('button', { name: /答\s?复/ })
    .click()
  await desk.getByText('没有要答复的').waitFor()
  await shoot(desk, 'corrections')
  await phone.reload()
  await phone.getByText('核对过登记单，是一个小时').filter({ visible: true }).first().waitFor()
  await desk.getByRole('link', { name: '需求与供给', exact: true }).click()
  await desk.getByRole('cell', { name: '北庄村', exact: true }).waitFor()
  await shoot(desk, 'supply')

  const board = await apps.desk('区县管理员')
  await board.goto(`${apps.base}/admin/regions?regionId=${places.county.id}`)
  await board.getByRole('button', { name: '上传地图' }).click()
  await board.getByLabel('审图号').fill('鲁S(2026)012号')
  const ring = (lon: number) => [
    [lon, 37],
    [lon + 0.1, 37],
    [lon + 0.1, 37.1],
    [lon, 37.1],
    [lon, 37],
  ]
  const features = ['371003101', '371003102'].map((code, at) => ({
    ...{ type: 'Feature', properties: { code }, geometry: { type: 'Polygon', coordinates: [ring(122 + at / 10)] } },
  }))
  await board.locator('input[type=file]').setInputFiles({
    ...{ name: '文登.geojson', mimeType: 'application/geo+json' },
    buffer: Buffer.from(JSON.stringify({ type: 'FeatureCollection', features })),
  })
  await board
    .getByRole('button', { name: /上\s?传/ })
    .last()
    .click()
  await board.getByText('审图号：鲁S(2026)012号').waitFor()
  await board.setViewportSize({ width: 1920, height: 1080 })
  await board.goto(`${apps.base}/admin/board`)
  await board.getByText('审图号：鲁S(2026)012号').waitFor()
  await board.locator('figure canvas').first().waitFor()
  await board.getByRole('link', { name: /泽头镇/ }).waitFor()
  await shoot(board, 'board')
  expect(apps.problems).toEqual([])
})
