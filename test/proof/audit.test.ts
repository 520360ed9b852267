import { expect, test, vi } from 'vitest'
import { auditAll } from '../../server/proof/audit'
import { signCheckpoints } from '../../server/proof/keep'
import { atDoor, HOME } from '../support/door'
import { newWorld } from '../support/world'

vi.setConfig({ testTimeout: 120_000 })

test('books and a log that were kept by the rules are right, and every leaf was recomputed', async () => {
  const world = await newWorld()
  const door = await atDoor(world, { homePoint: HOME })
  await door.answer(await door.served(65), 'yes')
  await signCheckpoints(world.parts, world.clock.now)
  const second = await door.served(30)
  await door.answer(second, 'yes')
  await signCheckpoints(world.parts, world.clock.now)
  world.later(60)
  await door.answer(second, 'no')
  world.later(3600)
  await signCheckpoints(world.parts, world.clock.now)
  const report = await auditAll(world.db, world.config.log)
  expect(report).toMatchObject({ problem: null, transactions: 3, checkpoints: 3, unsealed: 0 })
  expect(report.leaves).toBe(await world.db.logLeaf.count())
})
