import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { auditLedger } from '../../server/ledger/audit'
import { balanceOf } from '../../server/ledger/queries'
import { findAccountOfPerson } from '../../server/member/account'
import { openPersons } from '../../server/person/vault'
import { newWorld, serveWorld } from '../support/world'

const COLUMNS = '姓名,证件号码,电话,积分,挣得日期,有效期至,原系统编号'

test('balances of another system come from a sheet, and move when a second person agrees; nobody gets them twice', async () => {
  const world = await newWorld()
  const { db, places, programmeId } = world
  const { ask } = await serveWorld(world)
  const [li, wang] = [await world.member(), await world.member()]
  const clerk = await world.staff('townStaff', places.town)
  const [boss, second] = [
    await world.staff('countyAdmin', places.county),
    await world.staff('countyAdmin', places.county),
  ]
  const lineOf = async (who: { personId: string }, cells: string) => {
    const person = (await openPersons(db, world.keys, [who.personId])).get(who.personId)
    return `${person?.name},,${person?.phone},${cells}`
  }
  const sheet = async (...lines: string[]) => Buffer.from([COLUMNS, ...lines].join('\n')).toString('base64')
  const good = [await lineOf(li, '12.5,2026-03-01,2027-12-31,A-1'), await lineOf(wang, '3,2026/4/5,,A-2')]
  const file = await sheet(
    ...good,
    '谁也不是,,13900000001,5,2026-03-01,,A-3',
    await lineOf(wang, '1,2026-03-01,,A-4'),
    await lineOf(li, '0,2026-03-01,,A-5'),
    await lineOf(li, '1.2345,2026-03-01,,A-6'),
    await lineOf(li, '1,2030-03-01,,A-7'),
    await lineOf(li, '1,2026-03-01,2026-03-02,A-8'),
  )
  const body = { kind: 'balances', file }
  expect((await ask(clerk, 'POST', '/imports/check', body)).status).toBe(403)
  const { body: checked } = await ask<{ lines: { state: string; notes: { sentence: string }[] }[] }>(
    boss,
    'POST',
    '/imports/check',
    body,
  )
  expect(checked.lines.map(({ state, notes }) => [state, notes[0]?.sentence])).toEqual([
    ['new', undefined],
    ['new', undefined],
    ['error', '志愿者里没有这个人，请核对姓名和证件号码或电话'],
    ['error', '和第 3 行是同一位'],
    ['error', '积分数量不对'],
    ['error', '积分数量不对'],
    ['error', '不能晚于今天'],
    ['error', '结束日期不能早于开始日期'],
  ])
  const batch = { id: randomUUID(), ...body, fileName: '余额.csv' }
  for (const _ of ['once', 'again']) expect((await ask(boss, 'POST', '/imports', batch)).status).toBe(201)

  const { body: list } = await ask<{ items: { id: string; detail: string; milliPoints: string }[] }>(
    second,
    'GET',
    '/point-requests?state=waiting',
  )
  expect(list.items).toMatchObject([{ kind: 'IMPORT', detail: '2 人的余额', milliPoints: '15500', mayDecide: true }])
  const waiting = await ask<{ counts: object }>(boss, 'POST', '/imports/check', {
    kind: 'balances',
    file: await sheet(...good),
  })
  expect(waiting.body.counts).toMatchObject({ new: 0, skip: 2 })
  await ask(second, 'POST', `/point-requests/${list.items[0]?.id}/decision`, { decision: 'approve' })

  const account = await findAccountOfPerson(db, li.personId, programmeId)
  expect((await balanceOf(db, account)).postedMilliPoints).toBe(12_500n)
  expect((await ask<{ counts: object }>(boss, 'POST', '/imports/check', body)).body.counts).toMatchObject({ new: 0 })
  expect((await auditLedger(db)).problem).toBeNull()
})
