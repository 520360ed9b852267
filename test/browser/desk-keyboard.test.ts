import { randomUUID } from 'node:crypto'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { decideVisits } from '../../server/audit/decide'
import { drawSpotCheck, freezeSpotCheck } from '../../server/audit/spot'
import { setSetting } from '../../server/region/set'
import { appeal } from '../../server/visit/explain'
import { openApps, shooter } from '../support/apps'
import { atDoor, HOME } from '../support/door'
import { newWorld, TODAY } from '../support/world'

const shoot = shooter('keyboard')

test('one of the staff works through all eight queues with the keyboard alone, and can always see where it is', {
  timeout: 600_000,
}, async () => {
  const world = await newWorld()
  const { db, clock, places } = world
  const door = await atDoor(world, { homePoint: HOME, ownPhone: false })
  const [admin, other] = [
    await world.staff('countyAdmin', places.county),
    await world.staff('townAuditor', places.town),
  ]
  const helped = async (answer: 'yes' | 'no' = 'yes', minutes = 60) => {
    const id = await door.served(minutes)
    await door.answer(id, answer)
    world.later(300)
    return id
  }
  const clean = [await helped(), await helped(), await helped(), await helped()]
  const amber = await helped('yes', 5)
  const red = await helped('no')
  const [returned, again] = [await helped(), await helped()]
  await decideVisits(
    db,
    other,
    { id: randomUUID(), decision: 'return', visitIds: [returned, again], reasonCode: 'notThisLong' },
    clock.now,
  )
  // decided on by the other: whatever ids and seed say, the one who presses the keys inspects at least this one
  const approved = { id: randomUUID(), decision: 'approve' as const, visitIds: [await helped()], reasonCode: 'allGood' }
  await decideVisits(db, other, approved, clock.now)
  const helper = await world.actorOf(door.helper.personId)
  await appeal(db, helper, returned, { id: randomUUID(), reasonCode: 'reallyThisLong' }, clock.now)
  const silent = await door.served(60)
  const seed = '03 11 17 22 28 31 + 09'
  const check = { id: randomUUID(), regionId: places.town.id, from: TODAY, to: TODAY, percent: 100, seedFrom: '双色球' }
  await freezeSpotCheck(db, admin, check, clock.now)
  await drawSpotCheck(db, admin, check.id, { id: randomUUID(), seed }, clock.now)
  const apps = await openApps(world, [{ personId: admin.personId, kindWord: '区县管理员', app: 'admin' }])
  const stateOf = async (id: string) => (await db.visit.findUniqueOrThrow({ where: { id } })).state

  const page = await apps.desk('区县管理员')
  await page.goto(`${apps.base}/admin/audit?tab=clean`)
  const press = (key: string) => page.keyboard.press(key)
  /** The first reason by its number, once the evidence stands there. */
  const pick = async (title: string) => {
    await page.locator('.panel .decide').waitFor()
    await page.locator('.panel').getByText(title).waitFor()
    await press('1')
    await page.locator('.panel input[type=radio]:checked').waitFor({ state: 'attached' })
  }
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
  await page.locator('.queue-table tbody tr').nth(1).waitFor({ state: 'detached' })
  await page.locator('.panel').getByText('没有异常，已选好').waitFor()
  await page.locator('.panel .decide').waitFor()
  await press('a')
  await expect.poll(async () => (await Promise.all(clean.map(stateOf))).every((one) => one === 'approved')).toBe(true)

  // 黄色: a reason by its number, then A
  await press('[')
  await here('黄色')
  await page.locator('.panel').getByText('E04').first().waitFor()
  await pick('通过的理由')
  await press('a')
  await expect.poll(() => stateOf(amber)).toBe('approved')

  // 红色: returned with a reason
  await press('[')
  await here('红色')
  await page.locator('.panel').getByText('E07').first().waitFor()
  await shoot(page, 'red')
  await press('r')
  await pick('退回的理由')
  await press('r')
  await expect.poll(() => stateOf(red)).toBe('returned')

  // through 已退回 to 申诉, where the evidence stands beside
  await press('[')
  await here('待审')
  for (const words of ['红色', '黄色', '无异常', '已退回']) {
    await press(']')
    await here(words)
  }
  // 已退回: what was returned by mistake is taken up again
  await page.locator('.queue-table tbody tr').nth(2).waitFor()
  await page.locator('.panel').getByText('重新通过的理由').waitFor()
  await press('a')
  await expect.poll(() => stateOf(again)).toBe('approved')
  await press(']')
  await here('申诉')
  await page
    .locator('.panel')
    .getByText(/志愿者说：时间是真的/)
    .waitFor()
  await page.locator('.panel h2').waitFor()
  await shoot(page, 'appeals')
  await press('a')
  await dialog.getByText('成立，通过这次服务').waitFor()
  await tabTo(page, dialog.getByLabel('写给志愿者'))
  expect(await page.evaluate(outlined)).toBe(true)
  await page.keyboard.type('邻居看见了')
  await press('Tab')
  await press('Tab')
  await press('Enter')
  await expect.poll(() => stateOf(returned)).toBe('approved')
  await dialog.waitFor({ state: 'hidden' })

  // 抽查: into the draw, and what was found of the first visit
  const focused = (...words: string[]) => expect.poll(() => page.evaluate(isOn, words)).toBe(true)
  await press(']')
  await here('抽查')
  await page.locator('tr[data-row-key]').first().waitFor()
  await press('j')
  await focused(' 至 ')
  expect(await page.evaluate(outlined)).toBe(true)
  await press('Enter')
  await page.getByText('按名单和随机数重算，结果一样').waitFor()
  await page
    .getByRole('button', { name: /填结果/ })
    .first()
    .waitFor()
  for (let row = 0; row < 12 && !(await page.evaluate(isOn, ['填结果'])); row += 1) await press('j')
  await shoot(page, 'spot')
  await press('Enter')
  await tabTo(page, dialog.getByLabel('查到什么'))
  await tabTo(page, dialog.getByRole('button', { name: '保存' }))
  await press('Enter')
  await expect.poll(() => db.spotItem.count({ where: { finding: 'asRecorded' } })).toBe(1)
  await dialog.waitFor({ state: 'hidden' })

  // 回访: the elder is asked, and says yes
  await press(']')
  await here('回访')
  await page.locator('tr[data-row-key]').first().waitFor()
  await press('j')
  await focused('打电话问', '上门问')
  expect(await page.evaluate(outlined)).toBe(true)
  await shoot(page, 'calls')
  await press('Enter')
  await tabTo(page, dialog.getByRole('radio').first())
  await press('Space')
  await tabTo(page, dialog.getByRole('button', { name: '记下来' }))
  await press('Enter')
  await expect.poll(() => stateOf(silent)).not.toBe('finished')
  await dialog.waitFor({ state: 'hidden' })
  await press('[')
  await here('抽查')

  expect(apps.problems).toEqual([])
})

/** Tab after Tab, until the focus is there. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let tab = 0; tab < 20; tab += 1) {
    if (await wanted.evaluate((one) => one === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('the keyboard does not get there')
}

/** Whether the focus is on a link or button that says one of these. */
function isOn(words: string[]): boolean {
  const focused = document.activeElement
  return focused?.matches('a, button') === true && words.some((one) => focused.textContent?.includes(one))
}

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
