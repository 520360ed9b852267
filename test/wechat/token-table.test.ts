import { expect, onTestFinished, test } from 'vitest'
import { openDb } from '../../server/core/db'
import { tokenTableOf } from '../../server/wechat/token-store'
import { freshDatabase } from '../support/database'

const at = (time: string) => new Date(`2026-11-22T${time}.123Z`)

async function newTable() {
  const db = openDb(await freshDatabase())
  onTestFinished(() => db.$disconnect())
  return tokenTableOf(db.wechatToken)
}

test('of ten processes that want to refresh at once, one may: the first time, and when the lease has run out', async () => {
  const table = await newTable()
  const claims = (now: string, until: string) =>
    Promise.all(Array.from({ length: 10 }, () => table.claim('wx', at(now), at(until))))
  expect((await claims('01:00:00', '01:00:30')).filter(Boolean)).toHaveLength(1)
  expect((await claims('01:00:29', '01:00:59')).filter(Boolean)).toHaveLength(0)
  expect((await claims('01:00:30', '01:01:00')).filter(Boolean)).toHaveLength(1)
})

test('the lease is given back with the new token, or without one', async () => {
  const table = await newTable()
  expect(await table.find('wx')).toBeNull()
  await table.claim('wx', at('01:00:00'), at('01:00:30'))
  await table.finish('wx', at('01:00:30'), { token: 'sealed', expiresAt: at('03:00:00') })
  expect(await table.find('wx')).toMatchObject({ token: 'sealed', expiresAt: at('03:00:00'), refreshingUntil: null })
  await table.claim('wx', at('02:00:00'), at('02:00:30'))
  await table.finish('wx', at('02:00:30'), null)
  expect(await table.find('wx')).toMatchObject({ token: 'sealed', refreshingUntil: null })
})

test('who has lost the lease writes nothing', async () => {
  const table = await newTable()
  await table.claim('wx', at('01:00:00'), at('01:00:30'))
  await table.claim('wx', at('01:00:30'), at('01:01:00'))
  await table.finish('wx', at('01:00:30'), { token: 'late', expiresAt: at('03:00:00') })
  expect(await table.find('wx')).toMatchObject({ token: '', refreshingUntil: at('01:01:00') })
})

test('two apps have two tokens', async () => {
  const table = await newTable()
  expect(await table.claim('wx1', at('01:00:00'), at('01:00:30'))).toBe(true)
  expect(await table.claim('wx2', at('01:00:00'), at('01:00:30'))).toBe(true)
})
