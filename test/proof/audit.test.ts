import { expect, test, vi } from 'vitest'
import { urlOf } from '../../server/core/db'
import { auditAll } from '../../server/proof/audit'
import { withHands } from '../../server/proof/hands'
import { signCheckpoints } from '../../server/proof/keep'
import { atDoor, HOME } from '../support/door'
import { unguard } from '../support/forge'
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

test('threads that read beside it find what one thread finds, and name the same row', async () => {
  const world = await newWorld()
  const door = await atDoor(world, { homePoint: HOME })
  for (const minutes of [65, 30]) await door.answer(await door.served(minutes), 'yes')
  await signCheckpoints(world.parts, world.clock.now)
  const { db, config } = world
  const both = async () => [
    await auditAll(db, config.log),
    await withHands(urlOf(db), (hands) => auditAll(db, config.log, undefined, undefined, hands)),
  ]
  const [alone, together] = await both()
  expect(alone?.problem).toBeNull()
  expect(together).toEqual(alone)

  await unguard(db, ['ledger_transaction'])
  const { id } = await db.ledgerTransaction.findFirstOrThrow()
  await db.$executeRaw`UPDATE ledger_transaction SET "byId" = 'another' WHERE "id" = ${id}`
  for (const report of await both())
    expect(report.problem).toMatchObject({ invariant: 'I5', row: `ledger_transaction ${id}` })
})

test('threads that are sent away before they were asked anything end in order', async () => {
  const { db } = await newWorld()
  expect(await withHands(urlOf(db), async () => 'nothing to do')).toBe('nothing to do')
})
