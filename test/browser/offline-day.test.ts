import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { newCodeId, printedNumber } from '../../server/core/code-tokens'
import { openApps } from '../support/apps'
import { newWorld } from '../support/world'

const shown = (page: Page, text: string | RegExp) => page.getByText(text).filter({ visible: true }).first()
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name }).filter({ visible: true }).first()
const goTo = (page: Page, path: string) => page.evaluate((hash) => location.assign(`#${hash}`), path)

/** From here on the browser keeps the app: only then it may lose its network. */
async function isKept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
    while (navigator.serviceWorker.controller === null) await new Promise((later) => setTimeout(later, 50))
  })
}

test('a day in a village without a network, in a browser: visit, answer, field check and meal wait on the phone, the page opens anew, and all of it goes up within a minute', async () => {
  const world = await newWorld()
  const { db, places, clock } = world
  const { village } = places
  const helper = await world.member({ name: '张兰' })
  const elder = await world.elder({ name: '王秀英' })
  const plate = await world.plate(elder.id)
  await db.requirement.create({
    data: {
      ...{ id: randomUUID(), regionId: places.county.id, regionPath: places.county.path, category: 'livingAlone' },
      ...{ interval: 'month', channels: 'inPerson', minSeconds: 0, validFrom: '2026-01-01', validTo: null },
    },
  })
  const at = { regionId: village.id, regionPath: village.path }
  const point = await db.redemptionPoint.create({
    data: {
      ...{ id: randomUUID(), name: '北庄村幸福餐桌', ...at, address: '村委会旁', phone: '0631-8000000' },
      ...{ openingHours: '8:00–17:00', active: true },
    },
  })
  await db.product.create({
    data: {
      ...{ id: randomUUID(), name: '午餐', icon: 'meal', kind: 'meal', description: '两菜一汤', mealTime: 'lunch' },
      ...{ priceMilliPoints: 0n, costFen: 0, holdHours: 24, programmeId: world.programmeId, active: true },
      ...{ regionId: places.county.id, regionPath: places.county.path },
      stocks: { create: { pointId: point.id, left: 3 } },
    },
  })
  const cardId = newCodeId()
  const card = await db.plate.create({
    data: {
      ...{ id: cardId, kind: 'card', keyId: world.keys.code[0].id, serial: printedNumber(cardId), ...at },
      ...{ elderId: elder.id, batchId: randomUUID(), issuedAt: clock.now, issuedByPersonId: helper.personId },
    },
  })
  const counter = await world.staff('redemptionPoint', village, { redemptionPointId: point.id })
  const clerk = await world.staff('villageStaff')
  const people = [
    { personId: helper.personId, kindWord: '志愿者', app: 'phone' as const },
    { personId: elder.personId, kindWord: '服务对象', app: 'phone' as const },
    { personId: clerk.personId, kindWord: '村工作人员', app: 'phone' as const },
    { personId: counter.personId, kindWord: '兑换点', app: 'phone' as const },
  ]
  const apps = await openApps(world, people, { keepsShell: true })
  await db.device.deleteMany()
  const phone = await apps.phone('志愿者')
  await button(phone, '进村没网？先下载今天的几户').click()
  await shown(phone, '今天的 1 户已在手机里').waitFor()
  const canteen = await apps.phone('兑换点')
  await button(canteen, '今天的饭').click()
  await shown(canteen, '一张一张扫卡').waitFor()
  const staff = await apps.phone('村工作人员')
  await shown(staff, /到户核对/).waitFor()
  const all = [phone, canteen, staff]
  for (const page of all) await isKept(page)
  for (const page of all) await page.context().setOffline(true)

  const number = encodeURIComponent(plate.serial)
  await goTo(phone, `/plate/code?q=${number}`)
  await shown(phone, '没有网络，照样能开始').waitFor()
  await shown(phone, '王大娘').waitFor()
  await button(phone, '开始帮忙').click()
  await shown(phone, '1 条等待上传').waitFor()
  world.later(40 * 60)
  await phone.clock.setFixedTime(clock.now)
  await phone.reload()
  expect(
    await phone.evaluate(() =>
      fetch('/index.html?probe').then(
        () => 'network',
        () => 'none',
      ),
    ),
  ).toBe('none')
  await shown(phone, /帮完了|您正在帮忙/).waitFor()
  if (await shown(phone, '您正在帮忙').isVisible()) await shown(phone, '您正在帮忙').click()
  await button(phone, '帮完了').click()
  await shown(phone, '已记在手机里，有网就上传').waitFor()

  const field = canteen.getByLabel('扫码枪或手填卡号').filter({ visible: true }).first()
  await field.fill(card.serial)
  await field.press('Enter')
  await shown(canteen, '1 条等待上传').waitFor()
  await staff.reload()
  await goTo(staff, `/elder/door?q=${number}`)
  await button(staff, '都好').click()
  await shown(staff, '已记在手机里，有网就上传').waitFor()
  expect([await db.visit.count(), await db.fieldCheck.count(), await db.redemption.count()]).toEqual([0, 0, 0])

  const began = performance.now()
  for (const page of all) await page.context().setOffline(false)
  await expect
    .poll(async () => [await db.visit.count(), await db.fieldCheck.count(), await db.redemption.count()], {
      timeout: 60_000,
    })
    .toEqual([1, 1, 1])
  await expect.poll(async () => (await db.visit.findFirstOrThrow()).state, { timeout: 60_000 }).toBe('finished')
  expect(performance.now() - began).toBeLessThan(60_000)
  const visit = await db.visit.findFirstOrThrow({ include: { exceptions: true, elders: true } })
  expect(visit.elders.map(({ elderId }) => elderId)).toEqual([elder.id])
  expect(visit.level).toBeLessThanOrEqual(2)
  expect(Math.round((visit.servedSeconds ?? 0) / 60)).toBe(40)

  // the answer waits for more than a day: it counts, and the visit of the next day says that it came late
  const old = await apps.phone('服务对象')
  await shown(old, '请确认').click()
  await button(old, /是，来过了/).waitFor()
  await isKept(old)
  await old.context().setOffline(true)
  await button(old, /是，来过了/).click()
  await shown(old, '已记在手机里，有网就上传').waitFor()
  await phone.context().setOffline(true)
  await goTo(phone, `/plate/code?q=${number}`)
  await button(phone, '开始帮忙').click()
  await shown(phone, /条等待上传/).waitFor()
  world.later(25 * 3600)
  for (const page of [old, phone]) await page.context().setOffline(false)
  await expect.poll(async () => db.confirmation.count(), { timeout: 60_000 }).toBe(1)
  await expect.poll(async () => db.visit.count(), { timeout: 60_000 }).toBe(2)
  const late = await db.visit.findFirstOrThrow({ orderBy: { recordedAt: 'desc' }, include: { exceptions: true } })
  expect(late.exceptions.map(({ code }) => code)).toContain('E09')
  expect(apps.problems).toEqual([])
}, 240_000)
