import { expect, test } from 'vitest'
import { recordsIn } from '../support/scope-table'
import { newWorld, serveWorld } from '../support/world'

async function deskOf() {
  const world = await newWorld()
  const records = await recordsIn(world)
  const { ask } = await serveWorld(world)
  const staff = await world.staff('townStaff', world.places.town)
  const csv = async (path: string) => (await ask<string>(staff, 'GET', `/exports/${path}`)).body
  return { world, records, ask, staff, csv }
}

test('exports say what the desk says, with names masked', async () => {
  const { csv } = await deskOf()
  const visits = await csv('visits?format=csv')
  expect(visits).toContain('等老人确认')
  expect(visits).toContain('王*英')
  expect(visits).not.toContain('王秀英')
  expect(await csv('members?format=csv')).toContain('志愿者,在册')
  expect(await csv('orders?format=csv')).toContain('等人接')
  expect(await csv('redemptions?format=csv')).toContain('等人来领')
})

test('whatever the desk lists it can take along: queue, list of the unvisited, plates, staff, log, goods, catalogue, requirements', async () => {
  const { csv, records } = await deskOf()
  expect(await csv('coverage-elders?format=csv&month=2026-11&state=due')).toContain('北庄村,王*英')
  expect(await csv('plates?format=csv')).toContain(`${records.plate.serial},门牌,王*英`)
  expect(await csv('staff?format=csv')).toContain('镇街工作人员')
  expect(await csv('products?format=csv')).toContain('北庄村幸福餐桌')
  expect(await csv('services?format=csv')).toContain('打扫卫生,60,志愿服务、邻里互助、岗位服务')
  expect(await csv('requirements?format=csv')).toContain('独居')
  const entries = await csv(`entries?format=csv&accountId=${records.account.id}`)
  expect(entries.split('\r\n')[0]).toContain('发生时间,记账时间,事由,种类,算法,积分,余额,编号')
  expect(await csv('audit?format=csv')).toContain('编号,村（社区）,志愿者')
})

test('the registers can be taken along as their pages show them: places and bodies, records, pairs, grades; of the own region', async () => {
  const { csv, world, ask } = await deskOf()
  expect(await csv('organisations?format=csv&kind=canteen')).toMatch(/北庄食堂,[^,]+,北庄村/)
  expect(await csv('organisations?format=csv&kind=company')).not.toContain('北庄食堂')
  expect(await csv('member-records?format=csv')).toContain('张*,北庄村,特长,修电器')
  expect(await csv('pairings?format=csv')).toMatch(/王\*英,北庄村,张\*,2026-10-01,.*到期没签/)
  expect(await csv('credit?format=csv')).toMatch(/张\*,北庄村,/)
  const elsewhere = await world.staff('townStaff', world.places.town2)
  for (const path of ['organisations', 'member-records', 'pairings', 'credit']) {
    const { status, body } = await ask<string>(elsewhere, 'GET', `/exports/${path}?format=csv`)
    expect([path, status, body.trim().split('\r\n').length]).toEqual([path, 200, 1])
  }
})

test('the log of operations is exported in words, without a code or an id of somebody', async () => {
  const { csv, staff, ask, world, records } = await deskOf()
  await ask(staff, 'POST', `/members/${records.helper.id}/state`, { state: 'suspended', reason: '搬走了' })
  const log = await csv('operations?format=csv')
  expect(log).toContain('镇街工作人员,改状态,志愿者,北庄村,搬走了,状态 在册,状态 暂停')
  expect(log).not.toContain(world.places.village.id)
})

test('an export holds what the list is filtered to, and nothing else', async () => {
  const { csv } = await deskOf()
  const lines = (text: string) => text.trim().split('\r\n').length - 1
  expect(lines(await csv('visits?format=csv&state=finished'))).toBe(2) // at a door and at a site
  expect(lines(await csv('visits?format=csv&state=approved'))).toBe(0)
})

test('every number of the dashboard has its meaning and leads into the desk; a visit of the month is in it', async () => {
  const { ask, staff } = await deskOf()
  const { body } = await ask<{
    tiles: { key: string; value: string; definition: string; link: string }[]
    days: { day: string; visits: number; seconds: number }[]
  }>(staff, 'GET', '/dashboard?month=2026-11')
  for (const tile of body.tiles)
    expect([tile.key, tile.definition.length > 4, tile.link.startsWith('/admin/')]).toEqual([tile.key, true, true])
  const valueAt = (key: string) => body.tiles.find((one) => one.key === key)?.value
  expect([valueAt('hours'), valueAt('unanswered'), valueAt('elders'), valueAt('members')]).toEqual(['1', '2', '1', '1'])
  expect(body.days.filter((one) => one.visits > 0)).toEqual([{ day: '2026-11-22', visits: 1, seconds: 3600 }])
  expect(body.days.at(-1)?.day).toBe('2026-11-22') // of days to come there is no number
})
