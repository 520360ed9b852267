import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { SUITES, type Suite } from '../../server/core/crypto'
import { openDb } from '../../server/core/db'
import { askFor, decideOn } from '../../server/ledger/request'
import { accountOfPerson } from '../../server/member/account'
import { openPersons } from '../../server/person/vault'
import { auditAll } from '../../server/proof/audit'
import { signCheckpoint, whyNotExtends } from '../../server/proof/checkpoint'
import { exportArchive, type Manifest } from '../../server/proof/export'
import { importArchive } from '../../server/proof/import'
import { signCheckpoints } from '../../server/proof/keep'
import { findLogs } from '../../server/proof/logs'
import { auditNightly } from '../../server/proof/nightly'
import { freshDatabase } from '../support/database'
import { atDoor, HOME } from '../support/door'
import { newWorld, type World } from '../support/world'

vi.setConfig({ testTimeout: 180_000 })

/** Books with awards, a reversal and a second award, sealed and signed, in a folder. */
async function archived(suite?: Suite) {
  const world = await newWorld({ ...(suite && { suite }) })
  const door = await atDoor(world, { homePoint: HOME })
  const first = await door.served(65)
  await door.answer(first, 'yes')
  await auditNightly(world.parts, world.clock.now)
  await signCheckpoints(world.parts, world.clock.now)
  await door.answer(first, 'no')
  world.later(60)
  await door.answer(first, 'yes')
  await door.answer(await door.served(30), 'yes')
  await left(world)
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

/** Two persons agreed to a manual entry for somebody, and then to closing his account. */
async function left({ db, programmeId, clock, places, member }: World) {
  const { personId } = await member()
  await db.$transaction(async (tx) => {
    const accountId = await accountOfPerson(tx, personId, programmeId, clock.now)
    for (const [kind, milliPoints] of [
      ['MANUAL', 700n],
      ['CLOSE', null],
    ] as const) {
      const request = {
        ...{ id: randomUUID(), programmeId, kind, accountId, milliPoints, transactionId: null, otherAccountId: null },
        ...{ detail: null, reason: '搬走了', evidenceHash: 'a'.repeat(64), beneficiaryId: personId },
        ...{ regionPath: places.village.path, askedById: randomUUID() },
      }
      await askFor(tx, request, clock.now)
      await decideOn(tx, { requestId: request.id, decision: 'approve', reason: '', byId: randomUUID() }, clock.now)
    }
  })
}

test.each(SUITES)(
  'an archive in an empty system ends with the same balances and the same root, and the log goes on there (%s)',
  async (suite) => {
    const { world, folder, empty, config } = await archived(suite)
    const last = await world.db.logCheckpoint.findFirstOrThrow({ orderBy: { size: 'desc' } })
    const [head] = await importArchive(empty, config, folder, world.clock.now)
    expect(head).toMatchObject({ size: last.size, root: last.root })
    const balances = (db: typeof empty) =>
      db.ledgerAccount.findMany({
        orderBy: { id: 'asc' },
        select: { id: true, postedMilliPoints: true, pendingMilliPoints: true, seq: true, closedAt: true },
      })
    expect(await balances(empty)).toEqual(await balances(world.db))
    const tables = (db: typeof empty) =>
      Promise.all([
        db.ledgerRequest.findMany({ orderBy: { id: 'asc' } }),
        db.ledgerDecision.findMany({ orderBy: { requestId: 'asc' } }),
        db.ledgerTransaction.findMany({ orderBy: { id: 'asc' } }),
        db.ledgerEntry.findMany({ orderBy: [{ transactionId: 'asc' }, { no: 'asc' }] }),
        db.ledgerLotUse.findMany({ orderBy: [{ transactionId: 'asc' }, { no: 'asc' }, { lotTransactionId: 'asc' }] }),
        db.personAccount.findMany({ orderBy: { accountId: 'asc' } }),
        db.logSalt.findMany({ orderBy: [{ refId: 'asc' }, { revision: 'asc' }] }),
        db.logCheckpoint.findMany({ orderBy: { size: 'asc' } }),
      ])
    expect(await tables(empty)).toEqual(await tables(world.db))
    const [owner] = await empty.personAccount.findMany()
    const names = await openPersons(empty, world.keys, [owner?.personId ?? ''])
    expect(names.get(owner?.personId ?? '')?.name).toBe('张兰')
    expect((await auditAll(empty, config)).problem).toBeNull()
    const [log] = await findLogs(empty)
    if (log === undefined) throw new Error('no log')
    expect(await whyNotExtends(empty, config, log)).toBeNull()
    await signCheckpoint(empty, config, log, world.later(60))
    expect((await auditAll(empty, config)).problem).toBeNull()
    await expect(importArchive(empty, config, folder, world.clock.now)).rejects.toThrow('has books already')
  },
)

const digest = (of: string) => createHash('sha256').update(of, 'utf8').digest('hex')

/** Changes one file of an archive, and the manifest with it. */
function rewrite(folder: string, name: string, change: (text: string) => string) {
  const [file, manifest] = [join(folder, name), join(folder, 'manifest.json')]
  const before = readFileSync(file, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(file, after)
  const said = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest
  const files = said.files.map((one) =>
    one.name === name ? { ...one, sha256: digest(after), lines: after.split('\n').length - 1 } : one,
  )
  writeFileSync(manifest, JSON.stringify({ ...said, files }))
  return () => {
    writeFileSync(file, before)
    writeFileSync(manifest, `${JSON.stringify(said, null, 2)}\n`)
  }
}

test('an archive in which one letter was changed is refused, whichever file it is in, and nothing is written', async () => {
  const { world, folder, empty, config } = await archived()
  const refusal = () =>
    importArchive(empty, config, folder, world.clock.now).then(
      () => 'taken',
      (error: Error) => error.message,
    )
  const file = join(folder, 'leaves.ndjson')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('13000', '13001'))
  expect(await refusal()).toContain('is not what the manifest says')
  writeFileSync(file, text)
  // and with a manifest that was changed along
  const changes: [name: string, change: (text: string) => string, why: RegExp][] = [
    ['leaves.ndjson', (one) => one.replace('13000', '13001'), /is not what it commits to|not those that were signed/],
    [
      'leaves.ndjson',
      (one) => one.replace('"state\\":\\"confirmed', '"state\\":\\"approved'),
      /not those that were signed/,
    ],
    ['leaves.ndjson', (one) => one.split('\n').slice(1).join('\n'), /leaf 0 is missing/],
    ['leaves.ndjson', (one) => `${one.trimEnd().split('\n').slice(0, -1).join('\n')}\n`, /ends before its checkpoint/],
    ['accounts.ndjson', (one) => one.replace('"kind":"member"', '"kind":"pool"'), /account .* is not what it says/],
    ['openings.ndjson', (one) => one.replace('"by":"', '"by":"x'), /is not what it commits to/],
    ['openings.ndjson', (one) => `${one}{"id":"x","salt":null,"by":"x","explanation":"{}"}\n`, /belongs to no leaf/],
    [
      'uses.ndjson',
      (one) => one.replace('"useNo":1', '"useNo":2').replace('"useNo":"1"', '"useNo":"2"'),
      /is not what it commits to/,
    ],
    ['records.ndjson', (one) => one.replace('"elders":"', '"elders":"x'), /is not what it commits to/],
    ['requests.ndjson', (one) => one.replace('搬走了', '搬走'), /request:.* is not what it says/],
    [
      'checkpoints.ndjson',
      (one) => one.replace('"note":"', '"note":"x'),
      /signed by no key|not those that were signed/,
    ],
  ]
  for (const [name, change, why] of changes) {
    const restore = rewrite(folder, name, change)
    expect([name, await refusal()]).toEqual([name, expect.stringMatching(why)])
    restore()
  }
  expect(await empty.ledgerAccount.count()).toBe(0)
  expect(await refusal()).toBe('taken')
})
