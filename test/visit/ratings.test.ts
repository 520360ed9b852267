import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { driverOf } from '../../server/core/db'
import { importFile } from '../../server/import/apply'
import { importTemplate } from '../../server/import/template'
import { undoImport } from '../../server/import/undo'
import { recordsOn } from '../../server/registry/facts'
import { recordCall } from '../../server/visit/call'
import { rateVisit, ratingsOf } from '../../server/visit/rate'
import { addDays } from '../../shared/core/time'
import type { RatingSums, RatingView } from '../../shared/visit/view'
import { visitNumber } from '../../shared/visit/words'
import { atDoor, refusalOf } from '../support/door'
import { linesOf } from '../support/elder-file'
import { newWorld, serveWorld, TODAY } from '../support/world'

type Page = { items: RatingView[]; next: string | null }

test('staff see what was said of visits by place and helper, the discontent alone if they like, and nothing of elsewhere', async () => {
  const world = await newWorld()
  const { db, clock, places } = world
  const { elder, helper, served, answer } = await atDoor(world)
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
  const { ask } = await serveWorld(world)
  const list = async (query: string, who = clerk) => (await ask<Page>(who, 'GET', `/ratings?${query}`)).body

  const said = ({ how, score, visitId }: RatingView) => `${how} ${score} ${visitId === first ? 1 : 2}`
  expect((await list('')).items.map(said).sort()).toEqual(['call 2 2', 'elder 3 1', 'proxy 1 1'])
  expect((await list('low=1')).items.map(said).sort()).toEqual(['call 2 2', 'proxy 1 1'])
  expect((await list('how=elder')).items).toMatchObject([
    {
      memberName: '张*',
      memberId: helper.id,
      elderName: '王*英',
      regionName: '北庄村',
      visitNumber: visitNumber(first, TODAY),
    },
  ])
  expect((await list(`memberId=${randomUUID()}`)).items).toEqual([])
  expect((await list(`to=${addDays(TODAY, -1)}`)).items).toEqual([])
  expect((await ask<RatingSums>(clerk, 'GET', '/ratings/sums')).body).toEqual([
    { how: 'call', score: 2, times: 1 },
    { how: 'elder', score: 3, times: 1 },
    { how: 'proxy', score: 1, times: 1 },
  ])
  const page = await list('limit=2')
  const rest = await list(`limit=2&cursor=${page.next}`)
  expect([...page.items, ...rest.items].map(said).sort()).toEqual(['call 2 2', 'elder 3 1', 'proxy 1 1'])
  expect(rest.next).toBeNull()
  const elsewhere = await world.staff('villageStaff', places.village2)
  expect((await list('', elsewhere)).items).toEqual([])

  // what is listed may be taken along: masked, filtered as it is, of one's own place, and noted in the log
  const file = async (query: string, who = clerk) =>
    (await ask<string>(who, 'GET', `/exports/ratings?format=csv${query}`)).body.trim().split('\r\n')
  const line = (id: string, said: string) => `${visitNumber(id, TODAY)},北庄村,张*,王*英,${said},${TODAY}`
  const exported = await file('')
  expect(exported[0]).toContain('服务编号,村（社区）,志愿者,老人,谁说的,评价,服务日期')
  expect(exported.slice(1).sort()).toEqual(
    [line(first, '老人的笑脸,很好'), line(first, '代办人的笑脸,不太好'), line(second, '电话回访,2 分')].sort(),
  )
  expect((await file('&low=1&how=call')).slice(1)).toEqual([line(second, '电话回访,2 分')])
  expect((await file('', elsewhere)).slice(1)).toEqual([])
  expect((await ask(elder.actor, 'GET', '/exports/ratings?format=csv')).status).toBe(403)
  const logged = await db.operationLog.findMany({ where: { action: 'export', resource: 'list' } })
  expect(logged.map(({ personId }) => personId)).toEqual([clerk.personId, clerk.personId, elsewhere.personId])
  expect(logged.every(({ after }) => after?.includes('服务评价'))).toBe(true)
})

test('call-backs a hotline made come in from a sheet: they confirm, score, reach the record and the rules, and stay', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const { helper, served, visitOf } = await atDoor(world)
  const clerk = await world.staff('townStaff', places.town)
  const visitId = await served(60)
  const number = visitNumber(visitId, TODAY)
  const [titles = []] = await linesOf((await importTemplate('ratings')).bytes)
  const line = (given: Record<string, string>) => titles.map((title) => given[title] ?? '').join(',')
  const well = { 服务编号: number, 姓名: '王秀英', 老人怎么说: '来过了', 满意几分: '5', 备注: '很好' }
  const bring = (...lines: Record<string, string>[]) => {
    const file = Buffer.from([titles.join(','), ...lines.map(line)].join('\n')).toString('base64')
    return importFile(db, keys, clerk, { id: randomUUID(), kind: 'ratings', file, fileName: '回访.csv' }, clock.now)
  }

  const done = await bring(
    well,
    { ...well, 服务编号: '2611-01-0001' },
    { ...well, 姓名: '李四海' },
    { ...well, 满意几分: '9' },
  )

  expect(done.lines.map(({ state }) => state)).toEqual(['new', 'error', 'error', 'error'])
  expect(done.lines.flatMap(({ notes }) => notes.map(({ column }) => column))).toEqual([
    ...['服务编号', '服务编号', '满意几分'],
  ])
  expect((await visitOf(visitId)).state).toBe('confirmed')
  expect((await ratingsOf(db, [helper.id]))(helper.id).calls).toEqual({ times: 1, milliAverage: 5000 })
  const tomorrow = addDays(TODAY, 1)
  const facts = await recordsOn(driverOf(db), [{ personId: helper.personId, day: tomorrow }])
  expect(facts(helper.personId, tomorrow).contentPercent).toBe(100)
  // sent again it is there already, and another score is told, not taken
  const again = await bring({ ...well, 满意几分: '3' })
  expect(again.lines).toMatchObject([{ state: 'skip', notes: [{ column: '满意几分' }] }])
  expect(await db.callBack.count()).toBe(1)
  expect(await refusalOf(undoImport(db, keys, clerk, done.batch.id, world.later(60)))).toBe('IMPORT_STAYS')
})
