import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { platesPdf } from '../../server/plate/sheet'
import { cameraBefore, openApps } from '../support/apps'
import { addFund } from '../support/funds'
import { cutOut, printed } from '../support/paper'
import { newWorld } from '../support/world'

/** What one sees: the browser's mini-program keeps earlier pages and a bar of its own, hidden. */
const shown = (page: Page, text: string | RegExp) => page.getByText(text).filter({ visible: true }).first()
const HOME = { lat: 37.0651, lon: 122.0578 }

test('the whole day in a browser: a printed plate is scanned, the elder confirms, the auditor passes it, and lunch is fetched', async () => {
  const world = await newWorld()
  const { db, places } = world
  const helper = await world.member({ name: '张兰' })
  const elder = await world.elder({ name: '王秀英', homePoint: `${HOME.lat},${HOME.lon}` })
  const plate = await world.plate(elder.id)
  await db.requirement.create({
    data: {
      id: randomUUID(),
      regionId: places.county.id,
      regionPath: places.county.path,
      category: 'livingAlone',
      interval: 'month',
      channels: 'inPerson',
      minSeconds: 900,
      validFrom: '2026-01-01',
      validTo: null,
    },
  })
  await addFund(world)
  const point = await db.redemptionPoint.create({
    data: {
      id: randomUUID(),
      name: '北庄村幸福餐桌',
      regionId: places.village.id,
      regionPath: places.village.path,
      address: '村委会旁',
      phone: '0631-8000000',
      openingHours: '8:00–17:00',
      active: true,
    },
  })
  await db.product.create({
    data: {
      id: randomUUID(),
      name: '午餐',
      icon: 'meal',
      kind: 'meal',
      description: '两菜一汤',
      priceMilliPoints: 12_000n,
      costFen: 1000,
      holdHours: 24,
      regionId: places.county.id,
      regionPath: places.county.path,
      programmeId: world.programmeId,
      active: true,
      stocks: { create: { pointId: point.id, left: 3 } },
    },
  })
  const counter = await world.staff('redemptionPoint', places.village, { redemptionPointId: point.id })
  const auditor = await world.staff('townAuditor', places.town)

  const sheet = await platesPdf(
    [{ kind: 'door', url: plate.code, serial: plate.serial }],
    { programmeName: '睦邻互助', agencyName: '文登区睦邻互助服务中心', hotline: '0631-12349' },
    world.clock.now,
  )
  const [paper] = await printed(sheet, 200)
  const film = cameraBefore(cutOut(paper as NonNullable<typeof paper>, { x: 3, y: 14.5, width: 72, height: 54 }))
  const apps = await openApps(
    world,
    [
      { personId: helper.personId, kindWord: '志愿者', app: 'phone' },
      { personId: elder.personId, kindWord: '服务对象', app: 'phone' },
      { personId: counter.personId, kindWord: '兑换点', app: 'phone' },
      { personId: auditor.personId, kindWord: '镇街审核员', app: 'admin' },
    ],
    { cameraFile: film },
  )

  await db.device.deleteMany() // the phone in the browser is the helper's first
  const volunteer = await apps.phone('志愿者', { latitude: HOME.lat, longitude: HOME.lon })
  await volunteer.getByRole('button', { name: /扫一扫，开始帮忙/ }).click()
  await shown(volunteer, '扫码结果').waitFor()
  await volunteer.getByRole('button', { name: '开始帮忙', exact: true }).click()
  await shown(volunteer, '服务中').waitFor()
  world.later(65 * 60)
  await volunteer.getByRole('button', { name: /扫牌子结束/ }).click()
  await shown(volunteer, '辛苦了').waitFor()
  expect(await volunteer.locator('body').innerText()).toContain('1 小时 5 分')

  const old = await apps.phone('服务对象')
  await shown(old, '请确认').click()
  await old.getByRole('button', { name: /是，来过了/ }).click()
  await shown(old, /谢谢您/).waitFor()

  await volunteer.goto(`${apps.base}/#/ledger/points`)
  await shown(volunteer, '13').waitFor()
  await volunteer.getByRole('button', { name: '兑换', exact: true }).click()
  await volunteer.getByRole('button', { name: /换午餐/ }).click()
  await volunteer.getByRole('button', { name: '就换这个', exact: true }).click()
  await shown(volunteer, '兑换码').waitFor()
  const { code } = await db.redemption.findFirstOrThrow()
  await shown(volunteer, `${code.slice(0, 4)} ${code.slice(4)}`).waitFor()

  const shop = await apps.phone('兑换点')
  await shop.getByRole('textbox').first().fill(code)
  await shop
    .getByRole('button', { name: /看看|查|是什么/ })
    .first()
    .click()
  await shop.getByRole('button', { name: /交给/ }).click()
  await shown(shop, /已领取|交给他了|领走/).waitFor()
  expect((await db.redemption.findFirstOrThrow()).state).toBe('fulfilled')

  const desk = await apps.desk('镇街审核员')
  await desk
    .getByRole('link', { name: /核实审核/ })
    .first()
    .click()
  await shown(desk, '王*英').waitFor()
  await desk.keyboard.press('j')
  await desk.locator('.panel .decide').waitFor()
  await desk.keyboard.press('4') // the clock leapt while the phone stood still: amber wants a reason
  await desk.locator('.panel input[type=radio]:checked').waitFor({ state: 'attached' })
  await desk.keyboard.press('a')
  await expect.poll(async () => (await db.visit.findFirstOrThrow()).state, { timeout: 15_000 }).toBe('approved')

  expect((await db.ledgerTransaction.findMany({ orderBy: { recordedAt: 'asc' } })).map((one) => one.kind)).toEqual([
    'EARN',
    'HOLD',
    'POST',
  ])
  expect(apps.problems).toEqual([])
})
