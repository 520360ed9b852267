import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { listTransactions } from '../../server/member/transactions'
import { cancelRedemption } from '../../server/redemption/cancel'
import { fulfil } from '../../server/redemption/fulfil'
import { redeem } from '../../server/redemption/redeem'
import { transactionsSheet } from '../../server/report/exports'
import { newShop } from '../redemption/shop'

test('the journal says what was set aside and of whom, and what was set free again; what was taken has moved', async () => {
  const { db, keys, clock, staff, places, richMember, wish, counter, pointId } = await newShop()
  const li = await richMember(60_000n)
  const [taken, left] = [
    await redeem(db, li.actor, wish(), clock.now),
    await redeem(db, li.actor, wish({ id: randomUUID() }), clock.now),
  ]
  await fulfil(db, await counter(), taken.id, { id: randomUUID(), pointId }, clock.now)
  await cancelRedemption(db, li.actor, left.id, clock.now)

  const admin = await staff('countyAdmin', places.county)
  const { items } = await listTransactions(db, keys, admin, { limit: 20 })
  const told = items.map(({ kind, entries, setAside }) => [
    ...[kind, entries.length, setAside?.milliPoints ?? null, setAside?.ownerName ?? null],
  ])
  expect(told.sort()).toEqual([
    ['GRANT', 2, null, null],
    ['HOLD', 0, '20000', '张*'],
    ['HOLD', 0, '20000', '张*'],
    ['POST', 2, null, null],
    ['VOID', 0, '-20000', '张*'],
  ])
  const { rows } = await transactionsSheet({ db, keys, actor: admin, query: {}, at: clock.now })
  const lines: string[] = []
  for await (const row of rows) lines.push(row.join(' '))
  expect(lines.filter((one) => one.includes('张* 留出 20'))).toHaveLength(2)
  expect(lines.filter((one) => one.includes('张* 放回 20'))).toHaveLength(1)
})
