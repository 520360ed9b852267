import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { recordCall } from '../../server/visit/call'
import { rateVisit } from '../../server/visit/rate'
import { visitNumber } from '../../shared/visit/words'
import { openApps, shooter } from '../support/apps'
import { atDoor } from '../support/door'
import { newWorld, TODAY } from '../support/world'

const shoot = shooter('ratings')

test('the desk sees what was said of visits, the discontent first at hand, goes to the visit, and takes the list along', async () => {
  const world = await newWorld()
  const { db, clock } = world
  const { elder, served, answer } = await atDoor(world)
  const proxy = await world.proxy(elder.id)
  const clerk = await world.staff('villageStaff')
  const first = await served(60)
  await answer(first, 'yes')
  await rateVisit(db, elder.actor, first, { id: randomUUID(), elderId: elder.id, face: 3 }, clock.now)
  await rateVisit(db, proxy, first, { id: randomUUID(), elderId: elder.id, face: 1 }, clock.now)
  world.later(3600)
  const second = await served(60)
  const call = { id: randomUUID(), elderId: elder.id, reached: true, answer: 'yes' as const, satisfaction: 2 }
  await recordCall(db, clerk, second, call, clock.now)
  const apps = await openApps(world, [{ personId: clerk.personId, kindWord: '村工作人员', app: 'admin' }])

  const desk = await apps.desk('村工作人员')
  await desk.reload()
  await desk.getByRole('link', { name: '服务评价', exact: true }).click()
  const table = desk.getByRole('table', { name: '服务评价' })
  const rows = table.locator('tbody tr[data-row-key]')
  await rows.nth(2).waitFor()
  const sums = desk.getByRole('list', { name: '各有多少' })
  expect(await sums.innerText()).toMatch(/老人的笑脸：很好 1[\s\S]*代办人的笑脸：不太好 1[\s\S]*电话回访：2 分 1/)
  await shoot(desk, 'all')

  await desk.getByLabel('满意不满意').selectOption('1')
  await rows.nth(2).waitFor({ state: 'detached' })
  expect((await rows.allInnerTexts()).join(' ')).not.toContain('很好')
  await desk.getByLabel('谁说的').selectOption('call')
  await rows.nth(1).waitFor({ state: 'detached' })
  expect(await rows.innerText()).toMatch(
    new RegExp(`${visitNumber(second, TODAY)}[\\s\\S]*张\\*[\\s\\S]*王\\*英[\\s\\S]*2 分`),
  )

  // the file holds what is filtered, masked
  await desk.getByRole('button', { name: '导出' }).click()
  const [file] = await Promise.all([
    desk.waitForEvent('download'),
    desk.getByRole('menuitem', { name: '文本表（CSV）' }).click(),
  ])
  const text = readFileSync(await file.path(), 'utf8').trim()
  expect(text.split('\r\n')).toHaveLength(2)
  expect(text).toContain(`${visitNumber(second, TODAY)},北庄村,张*,王*英,电话回访,2 分,${TODAY}`)

  // one helper alone, and all again
  await desk.getByRole('button', { name: /只看这位志愿者的评价/ }).click()
  await desk.getByText('只看一位志愿者的，点这里看全部').click()
  await desk.getByText('只看一位志愿者的，点这里看全部').waitFor({ state: 'detached' })

  // no word of discontent from the elder herself
  await desk.getByLabel('谁说的').selectOption('elder')
  await desk.getByText('还没有评价').waitFor()
  await desk.getByLabel('谁说的').selectOption('call')
  await desk.getByRole('link', { name: visitNumber(second, TODAY) }).click()
  await desk.getByText(`记录 ${visitNumber(second, TODAY)}`).waitFor()
  await shoot(desk, 'visit')
  expect(apps.problems).toEqual([])
})
