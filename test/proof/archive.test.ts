import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openDb } from '../../server/core/db'
import { auditAll } from '../../server/proof/audit'
import { signCheckpoint } from '../../server/proof/checkpoint'
import { exportArchive } from '../../server/proof/export'
import { importArchive } from '../../server/proof/import'
import { signCheckpoints } from '../../server/proof/keep'
import { findLogs } from '../../server/proof/logs'
import { auditNightly } from '../../server/proof/nightly'
import { freshDatabase } from '../support/database'
import { atDoor, HOME } from '../support/door'
import { newWorld } from '../support/world'

vi.setConfig({ testTimeout: 180_000 })

/** Books with awards, a reversal and a second award, sealed and signed, in a folder. */
async function archived() {
  const world = await newWorld()
  const door = await atDoor(world, { homePoint: HOME })
  const first = await door.served(65)
  await door.answer(first, 'yes')
  await auditNightly(world.parts, world.clock.now)
  await signCheckpoints(world.parts, world.clock.now)
  await door.answer(first, 'no')
  world.later(60)
  await door.answer(first, 'yes')
  await door.answer(await door.served(30), 'yes')
  world.later(3600)
  await signCheckpoints(world.parts, world.clock.now)
  const folder = mkdtempSync(join(tmpdir(), 'mulin-archive-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  await exportArchive(world.db, world.config.log, join(folder, 'archive'), world.clock.now)
  const empty = openDb(await freshDatabase(), { connections: 5 })
  onTestFinished(async () => empty.$disconnect())
  const config = { ...world.config.log, keyFile: join(folder, 'keys.pem') }
  return { world, folder: join(folder, 'archive'), empty, config }
}

test('an archive in an empty system ends with the same balances and the same root, and the log goes on there', async () => {
  const { world, folder, empty, config } = await archived()
  const last = await world.db.logCheckpoint.findFirstOrThrow({ orderBy: { size: 'desc' } })
  const [head] = await importArchive(empty, config, folder, world.clock.now)
  expect(head).toMatchObject({ size: last.size, root: last.root })
  const balances = (db: typeof empty) =>
    db.ledgerAccount.findMany({
      orderBy: { id: 'asc' },
      select: { id: true, postedMilliPoints: true, pendingMilliPoints: true, seq: true },
    })
  expect(await balances(empty)).toEqual(await balances(world.db))
  expect((await auditAll(empty, config)).problem).toBeNull()
  const [log] = await findLogs(empty)
  if (log === undefined) throw new Error('no log')
  await signCheckpoint(empty, config, log, world.later(60))
  expect((await auditAll(empty, config)).problem).toBeNull()
  await expect(importArchive(empty, config, folder, world.clock.now)).rejects.toThrow('has books already')
})

test('an archive in which one letter was changed is refused, and nothing is written', async () => {
  const { world, folder, empty, config } = await archived()
  const file = join(folder, 'leaves.ndjson')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('13000', '13001'))
  await expect(importArchive(empty, config, folder, world.clock.now)).rejects.toThrow('is not what the manifest says')
  const { createHash } = await import('node:crypto')
  const manifest = readFileSync(join(folder, 'manifest.json'), 'utf8')
  const digest = (of: string) => createHash('sha256').update(of, 'utf8').digest('hex')
  writeFileSync(join(folder, 'manifest.json'), manifest.replace(digest(text), digest(readFileSync(file, 'utf8'))))
  await expect(importArchive(empty, config, folder, world.clock.now)).rejects.toThrow('are not those that were signed')
  expect(await empty.ledgerAccount.count()).toBe(0)
})
