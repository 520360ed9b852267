import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { addDays } from '../../shared/core/time'
import { openApps, shooter } from '../support/apps'
import { atDoor, HOME } from '../support/door'
import { newWorld, TODAY } from '../support/world'

const shoot = shooter('规则', { fullPage: true })

test('one person writes a rule by its sentences and tries it on real visits, a second one publishes it', {
  timeout: 300_000,
}, async () => {
  const world = await newWorld()
  world.at('09:00', addDays(TODAY, -3))
  const door = await atDoor(world, { homePoint: HOME })
  for (const minutes of [150, 90]) await door.answer(await door.served(minutes), 'yes')
  world.at('09:00', TODAY)
  const [writer, publisher] = [
    await world.staff('countyAdmin', world.places.county),
    await world.staff('countyAdmin', world.places.county),
  ]
  const { base, desk, problems } = await openApps(world, [
    { personId: writer.personId, kindWord: '写规则的人', app: 'admin' },
    { personId: publisher.personId, kindWord: '第二个人', app: 'admin' },
  ])

  const own = await desk('写规则的人')
  await own.getByRole('link', { name: '积分规则' }).click()
  await own.getByRole('button', { name: '写新规则' }).click()
  await own.getByLabel('叫什么').fill('每天最多 20 分')
  await own.getByRole('button', { name: '开始写' }).click()
  await own.getByLabel(/^每天最多/).fill('20')
  await reads(own, /一天最多 20 分/)
  await own.getByRole('button', { name: '加上 服务谁' }).click()
  await own.getByLabel('服务对象').fill('年龄 >= 80 且 财产 > 3')
  await reads(own, /第 12 个字/)
  await shoot(own, '写')
  await own.getByRole('button', { name: '去掉 服务谁' }).click()
  await own.getByRole('button', { name: '保存', exact: true }).click()
  await reads(own, '已保存')

  await own.getByText('和以前比').click()
  await own.getByRole('table', { name: '两份规则的不同' }).waitFor()
  await reads(own, '每天最多')
  await shoot(own, '和以前比')
  await own.getByText('试算', { exact: true }).click()
  await own.getByRole('button', { name: '开始试算' }).click()
  // 150 and 90 minutes of one day: 48 points as it was, 20 by the draft.
  await reads(own, /20 分（−28）/)
  await shoot(own, '试算')
  await own.getByRole('button', { name: '提交发布' }).click()
  await reads(own, '提交的人不能自己发布')
  expect(await own.getByRole('button', { name: '发布', exact: true }).isDisabled()).toBe(true)

  const other = await desk('第二个人')
  await other.getByRole('link', { name: '积分规则' }).click()
  await other.getByRole('link', { name: '每天最多 20 分' }).click()
  await other.getByRole('button', { name: '发布', exact: true }).click()
  await reads(other, '已办好')
  await other.goto(`${base}/admin/schemes`)
  await other.getByRole('button', { name: /看第 2 版/ }).click()
  await reads(other, '和前一版比')
  await shoot(other, '历史')
  const published = await world.db.scheme.findFirstOrThrow({ where: { version: 2 } })
  expect([published.publishedByPersonId, published.validFrom]).toEqual([publisher.personId, addDays(TODAY, 30)])
  expect(problems).toEqual([])
})

const reads = (page: Page, words: string | RegExp) =>
  page.getByText(words).filter({ visible: true }).first().waitFor({ timeout: 30_000 })
