import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { decideVisits } from '../../server/audit/decide'
import { setSetting } from '../../server/region/set'
import { appeal } from '../../server/visit/explain'
import { openApps } from '../support/apps'
import { atDoor, HOME } from '../support/door'
import { newWorld, TODAY } from '../support/world'

const SHOTS = process.env.MULIN_SHOTS
async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return
  mkdirSync(SHOTS, { recursive: true })
  await page.screenshot({ path: join(SHOTS, `keyboard-${name}.png`) })
}

test('an auditor works through the queues with the keyboard alone, and can always see where it is', {
  timeout: 600_000,
}, async () => {
  const world = await newWorld()
  const { db, clock, places } = world
  const door = await atDoor(world, { homePoint: HOME })
  const auditor = await world.staff('townAuditor', places.town)
  const other = await world.staff('townAuditor', places.town)
  const helped = async (answer: 'yes' | 'no' = 'yes', minutes = 60) => {
    const id = await door.served(minutes)
    await door.answer(id, answer)
    world.later(300)
    return id
  }
  const clean = [await helped(), await helped(), await helped(), await helped()]
  await helped('yes', 5)
  await helped('no')
  const returned = await helped()
  await decideVisits(
    db,
    other,
    { id: randomUUID(), decision: 'return', visitIds: [returned], reasonCode: 'notThisLong' },
    clock.now,
  )
  const helper = await world.actorOf(door.helper.personId)
  await appeal(db, helper, returned, { id: randomUUID(), reasonCode: 'reallyThisLong' }, clock.now)
  const apps = await openApps(world, [{ personId: auditor.personId, kindWord: '镇审核员', app: 'admin' }])
  const stateOf = async (id: string) => (await db.visit.findUniqueOrThrow({ where: { id } })).state

  const page = await apps.desk('镇审核员')
  await page.goto(`${apps.base}/admin/audit?tab=clean`)
  const press = (key: string) => page.keyboard.press(key)
  const here = (words: string) => page.locator('.queue-tabs [aria-current]').filter({ hasText: words }).waitFor()
  await here('无异常')
  // the shortcuts stand on the page, all of them behind ?
  await page.locator('.keys').getByText('批量').waitFor()
  await page.locator('.queue-table tbody tr').nth(3).waitFor()
  await press('Shift+?')
  await page.getByRole('dialog').getByText('选中本页全部可批量的').waitFor()
  await press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })

  // all of the page but one, in a batch: the third press confirms
  await press('*')
  await page.getByText('已选 4 条').waitFor()
  await press('j')
  await press('x')
  await page.getByText('已选 3 条').waitFor()
  await press('b')
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/将通过 3 条/).waitFor()
  await shoot(page, 'batch')
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent ?? '')).toContain('确认通过 3 条')
  expect(await page.evaluate(outlined)).toBe(true)
  await press('Enter')
  await dialog.getByText('通过了 3 条').waitFor()
  await press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await expect
    .poll(async () => (await Promise.all(clean.map(stateOf))).filter((one) => one === 'approved').length)
    .toBe(3)

  // the one left over, by itself: its reason is chosen already
  await page.locator('.queue-table tbody tr').first().waitFor()
  await page.locator('.panel .decide').waitFor()
  await press('a')
  await expect.poll(async () => (await Promise.all(clean.map(stateOf))).every((one) => one === 'approved')).toBe(true)

  expect(apps.problems).toEqual([])
})

/** Whether what has the focus shows it: an outline, or a ring around it. */
function outlined(): boolean {
  const focused = document.activeElement
  if (focused === null || focused === document.body) return false
  const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(focused)
  return (
    (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' || borderColor.includes('11, 110, 79')
  )
}

test('fifty clean visits are approved in three clicks', { timeout: 600_000 }, async () => {
  const world = await newWorld()
  const { db, places } = world
  const door = await atDoor(world, { homePoint: HOME })
  const auditor = await world.staff('townAuditor', places.town)
  // one pair all month would be amber
  const admin = await world.staff('countyAdmin', places.county)
  const setting = { id: randomUUID(), key: 'pairVisitsMonthMax' as const, value: 100, validFrom: TODAY }
  await setSetting(db, admin, places.county.id, setting, world.clock.now)
  for (let place = 0; place < 50; place += 1) {
    const id = await door.served(20)
    await door.answer(id, 'yes')
    world.later(60)
  }
  const apps = await openApps(world, [{ personId: auditor.personId, kindWord: '镇审核员', app: 'admin' }])
  const page = await apps.desk('镇审核员')
  await page.goto(`${apps.base}/admin/audit`)
  const all = page.getByRole('checkbox', { name: '选中本页全部可批量的' })
  await all.waitFor()
  const chosen = await page.locator('.queue-table tbody input:enabled').count()
  await all.click()
  await page.getByRole('button', { name: `通过 ${chosen} 条`, exact: true }).click()
  await page.getByRole('button', { name: `确认通过 ${chosen} 条` }).click()
  await page.getByText(`通过了 ${chosen} 条`).waitFor()
  expect(chosen).toBe(50)
  expect(await db.visit.count({ where: { state: 'approved' } })).toBe(50)
})
