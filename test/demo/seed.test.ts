import { expect, test } from 'vitest'
import { readConfig } from '../../server/core/config'
import { openDb } from '../../server/core/db'
import { newLog } from '../../server/core/log'
import { addDemo } from '../../server/demo/seed'
import { auditLedger } from '../../server/ledger/audit'
import { demoIdentities } from '../../server/session/demo'
import { freshDatabase } from '../support/database'

test('a community is made by the verbs alone: its books are right, and every kind of person can be played', async () => {
  const db = openDb(await freshDatabase())
  const parts = {
    db,
    config: readConfig({ NODE_ENV: 'test' }),
    now: () => new Date('2026-11-22T04:00:00Z'),
    log: newLog('silent'),
    wechat: null,
  }
  const steps: number[] = []

  const made = await addDemo(parts, { elders: 12, seed: 3 }, (done, of) => steps.push(done / of))

  expect(made).toMatchObject({ elders: 12 })
  expect(made.visits).toBeGreaterThan(0)
  expect(await db.elder.count()).toBe(12)
  expect(await db.visit.count({ where: { state: 'inProgress' } })).toBe(0)
  expect((await auditLedger(db)).problem).toBeNull()
  const kinds = (await demoIdentities(parts)).map((one) => one.app)
  expect(new Set(kinds)).toEqual(new Set(['phone', 'admin']))
  expect(steps).toEqual([...steps].sort((a, b) => a - b))
  expect(Math.max(...steps)).toBeLessThanOrEqual(1)
  await db.$disconnect()
}, 900_000)
