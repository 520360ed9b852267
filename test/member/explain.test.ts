import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { expireAll } from '../../server/ledger/expire'
import { explain } from '../../server/member/explain'
import { give } from '../../server/member/give'
import { requestPoints } from '../../server/member/requests'
import { startOfDay } from '../../shared/core/time'
import { TRANSACTION_WORDS } from '../../shared/ledger/words'
import { atDoor, type Door, HOME, refusalOf } from '../support/door'
import { newWorld, SIMPLE, type World } from '../support/world'

let world: World
let door: Door

beforeAll(async () => {
  world = await newWorld({
    scheme: {
      ...SIMPLE,
      earn: { ...SIMPLE.earn, dayCapMilliPoints: 15_000, overflow: { day: 'pool' } },
      donate: { to: ['pool'] },
      bonuses: { festivals: [{ name: '重阳节', days: ['11-22'], milliPoints: 2000 }] },
      expiry: { kind: 'yearEnd' },
    },
  })
  door = await atDoor(world, { homePoint: HOME })
  await door.answer(await door.served(90), 'yes')
})

const one = (kind: string) => world.db.ledgerTransaction.findFirstOrThrow({ where: { kind }, orderBy: { id: 'desc' } })
const why = async (kind: string) => explain(world.db, door.helper.actor, (await one(kind)).id)

test('a visit’s points say scheme, version, rule, what went in, the formula, what was cut and where that went', async () => {
  expect(await why('EARN')).toMatchObject({
    ...{ kindWord: '帮忙得分', schemeTitle: '测试规则', schemeVersion: 1, schemeFrom: '2026-01-01' },
    ...{ rule: 'earn.milliPoints', ruleWords: '按时长计分', formula: '90 分钟 ÷ 5 = 18 分', reason: null },
    cuts: [{ sentence: '每天最多记 15 分，超出的进公益池', milliPoints: '3000', toWord: '进公益池' }],
  })
  expect((await why('EARN')).inputs).toContainEqual({ label: '凭证', value: 'L2' })
})

test('a festival’s points name the festival', async () => {
  expect(await why('BONUS')).toMatchObject({ ruleWords: '节日另加：重阳节', formula: '重阳节 +2 分', schemeVersion: 1 })
})

test('a donation says by which rule it could be made', async () => {
  const { db, clock } = world
  await give(db, door.helper.actor, { id: randomUUID(), to: 'pool', milliPoints: '1000', note: '' }, clock.now)
  expect(await why('DONATE')).toMatchObject({ ruleWords: '捐赠', formula: '捐给公益池 1 分', schemeVersion: 1 })
})

test('what staff asked for says the reason; what is over says when it was earned, and by which scheme', async () => {
  const boss = await world.staff('countyAdmin', world.places.county)
  const { accountId } = await world.db.personAccount.findFirstOrThrow({
    where: { personId: door.helper.personId },
  })
  const grant = { id: randomUUID(), kind: 'GRANT' as const, accountId, milliPoints: '5000', reason: '重阳慰问' }
  await requestPoints(world.db, boss, grant, world.clock.now)
  expect(await why('GRANT')).toMatchObject({ sentence: '社区发放的', reason: '重阳慰问', schemeTitle: null })
  await expireAll(world.db, startOfDay('2027-01-01'))
  const over = await why('EXPIRE')
  expect(over).toMatchObject({ ruleWords: '过期', schemeTitle: '测试规则', sentence: '到期没有用，照规则收回' })
  expect(over.inputs).toContainEqual({ label: '2026-11-22 得到的', value: '−14 分' })
})

test('a reversal says why, and what it undoes', async () => {
  world.at('12:00', '2026-11-23')
  const id = await door.served(60)
  await door.answer(id, 'yes')
  world.later(60)
  await door.answer(id, 'no')
  expect(await why('REVERSE')).toMatchObject({
    reason: '老人说没来过',
    earlier: { kindWord: '帮忙得分', formula: '60 分钟 ÷ 5 = 12 分' },
  })
})

test('whoever it is none of the business of is told of nothing', async () => {
  const { id } = await one('EARN')
  const stranger = await world.member({ name: '李红' })
  const far = await world.staff('countyAdmin', world.places.otherCounty)
  expect(await refusalOf(explain(world.db, stranger.actor, id))).toBe('NOT_FOUND')
  expect(await refusalOf(explain(world.db, far, id))).toBe('NOT_FOUND')
  const near = await world.staff('villageStaff', world.places.village)
  expect((await explain(world.db, near, id)).transactionId).toBe(id)
})

test('every kind of transaction has a word', async () => {
  const kinds = await world.db.ledgerTransaction.groupBy({ by: ['kind'] })
  expect(kinds.filter(({ kind }) => TRANSACTION_WORDS[kind] === undefined)).toEqual([])
})
