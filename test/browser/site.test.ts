import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openApps, shooter } from '../support/apps'
import { ADMIN, AXE, auditPage, auditReflow, elderAt, type Figures, STANDARD } from '../support/page-audit'
import { newSitePlate } from '../support/site'
import { newWorld } from '../support/world'

const shoot = shooter('site')

const shown = (page: Page, text: string | RegExp) => page.getByText(text).filter({ visible: true }).first()
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name }).filter({ visible: true }).first()

/** What is wrong with the page as it stands, drawn as long as it is. */
async function faults(page: Page, figures: Figures): Promise<string[]> {
  await page.evaluate(AXE)
  await page.setViewportSize({ width: 390, height: 4000 })
  const found = [...(await auditPage(page, figures)), ...(await auditReflow(page))]
  await page.setViewportSize({ width: 390, height: 844 })
  return found
}

async function wear(page: Page, face: 'standard' | 'elder'): Promise<void> {
  await page.evaluate(
    (elder) => localStorage.setItem('mulin.face', JSON.stringify({ data: { elder, scale: 1 } })),
    face === 'elder',
  )
}

test('a helper comes to a mutual-aid point and goes, staff of the place say on the phone and at the desk who was there', {
  timeout: 600_000,
}, async () => {
  const world = await newWorld()
  const site = await newSitePlate(world, '北庄睦邻互助点')
  const [helper, second] = [await world.member(), await world.member()]
  const staff = await world.staff('villageStaff')
  const apps = await openApps(world, [
    { personId: helper.personId, kindWord: '志愿者', app: 'phone' },
    { personId: second.personId, kindWord: '另一位', app: 'phone' },
    { personId: staff.personId, kindWord: '村工作人员', app: 'phone' },
    { personId: staff.personId, kindWord: '村里的电脑', app: 'admin' },
  ])
  const code = encodeURIComponent(site.code)
  const problems: Record<string, string[]> = {}
  const look = async (page: Page, name: string, figures: Figures) => {
    await shoot(page, name)
    const found = await faults(page, figures)
    if (found.length > 0) problems[name] = found
  }

  for (const [index, who] of ['志愿者', '另一位'].entries()) {
    const phone = await apps.phone(who)
    const figures = index === 0 ? STANDARD : elderAt(1)
    await wear(phone, index === 0 ? 'standard' : 'elder')
    await phone.goto(`${apps.base}/?a=${index}#/plate/code?q=${code}`)
    await shown(phone, '北庄睦邻互助点').waitFor()
    await look(phone, `door-${index}`, figures)
    await button(phone, '开始帮忙').click()
    await button(phone, '帮完了').waitFor()
    await look(phone, `current-${index}`, figures)
    world.later(3600)
    await button(phone, '帮完了').click()
    await shown(phone, /等现场工作人员确认/).waitFor()
    await look(phone, `summary-${index}`, figures)
  }
  expect(await world.db.visit.count({ where: { siteId: site.id, state: 'finished' } })).toBe(2)

  const field = await apps.phone('村工作人员')
  for (const face of ['elder', 'standard'] as const) {
    await wear(field, face)
    await field.goto(`${apps.base}/?face=${face}#/visit/apart/sites`)
    await shown(field, '2 人等确认').waitFor()
    await look(field, `confirm-${face}`, face === 'elder' ? elderAt(1) : STANDARD)
  }
  await field.goto(`${apps.base}/?a=4#/elder/door?q=${code}`)
  await button(field, '记下这里的位置').waitFor()
  await look(field, 'staff-at-site', STANDARD)

  const desk = await apps.desk('村里的电脑')
  await desk.getByRole('link', { name: '现场确认' }).first().click()
  await desk.getByRole('button', { name: '全选' }).waitFor()
  await desk.getByRole('button', { name: '全选' }).click()
  await shoot(desk, 'desk')
  await desk.evaluate(AXE)
  const found = await auditPage(desk, ADMIN)
  if (found.length > 0) problems.desk = found
  await desk.getByRole('button', { name: '这 2 位来过了' }).click()
  await expect.poll(() => world.db.visit.count({ where: { siteId: site.id, state: 'confirmed' } })).toBe(2)
  await desk.getByText('这几天确认过的').waitFor()
  await shoot(desk, 'desk-after')
  await desk.goto(`${apps.base}/admin/screens`)
  await desk.getByLabel('什么活动').fill('重阳节包饺子')
  await desk.getByLabel('在哪里').selectOption({ label: '北庄睦邻互助点' })
  await shoot(desk, 'desk-kiosk')
  await desk.getByRole('button', { name: '打开大屏' }).click()
  await desk.getByRole('img', { name: '来了扫的二维码' }).waitFor()
  await shoot(desk, 'kiosk')

  expect(problems).toEqual({})
  expect(apps.problems).toEqual([])
})
