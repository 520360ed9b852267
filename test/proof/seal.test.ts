import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { transact } from '../../server/core/db'
import { issuanceAccount, openAccount } from '../../server/ledger/accounts'
import { post as postAll } from '../../server/ledger/post'
import { signCheckpoint, whyNotExtends } from '../../server/proof/checkpoint'
import { leafHash, sha256, verifyEd25519 } from '../../server/proof/crypto'
import { readLogKeys, retireLogKeys, rotateLogKeys, verifierKeys } from '../../server/proof/keys'
import { openLogs } from '../../server/proof/logs'
import { append, type Leaf, sealLog } from '../../server/proof/seal'
import { sm2KnownOf, sm2VerdictOf } from '../../server/proof/sm2'
import { readTree, sizeOf, tileRoot } from '../../server/proof/tree'
import { addSeconds } from '../../shared/core/time'
import { toBase64 } from '../../shared/proof/bytes'
import { readCheckpoint, readNote, signersOf } from '../../shared/proof/note'
import { foldSubtrees, isConsistent, isIncluded, subtreesOf } from '../../shared/proof/tree'
import { atDoor, HOME } from '../support/door'
import { forge } from '../support/forge'
import { newWorld, type World } from '../support/world'

vi.setConfig({ testTimeout: 120_000 })

const logOf = async ({ db, config }: World) => {
  const [log] = await openLogs(db, config.log)
  if (log === undefined) throw new Error('a county with a programme has a log')
  return log
}
const leavesOf = ({ db }: World) => db.logLeaf.findMany({ orderBy: { logIndex: 'asc' } })
const sign = async (world: World) => signCheckpoint(world.db, world.config.log, await logOf(world), world.clock.now)

/** A helper has served and the elder has said so: one transaction, one service record. */
async function servedWorld() {
  const world = await newWorld()
  const door = await atDoor(world, { homePoint: HOME })
  const visitId = await door.served(65)
  await door.answer(visitId, 'yes')
  return { world, door, visitId }
}

test('what was committed is sealed once: the accounts, the transaction, the hours', async () => {
  const { world, visitId } = await servedWorld()
  const log = await logOf(world)
  expect(await sealLog(world.db, log, world.clock.now)).toBe(4)
  expect(await sealLog(world.db, log, world.clock.now)).toBe(0)
  const leaves = await leavesOf(world)
  expect(leaves.map((one) => one.type)).toEqual(['account', 'account', 'transaction', 'serviceRecord'])
  expect(leaves.map((one) => one.logIndex)).toEqual([0, 1, 2, 3])
  const transaction = await world.db.ledgerTransaction.findFirstOrThrow()
  expect(JSON.parse(transaction.leaf)).toMatchObject({
    type: 'transaction',
    kind: 'EARN',
    ref: ['visit', visitId],
    scheme: { version: '1' },
    entries: [{ milliPoints: '-13000' }, { milliPoints: '13000', seq: '1', balance: '13000' }],
  })
  expect(leaves[2]?.hash).toBe(Buffer.from(leafHash(transaction.leaf)).toString('hex'))
  expect(JSON.parse(leaves[3]?.data ?? '')).toMatchObject({ visit: visitId, seconds: '3900', state: 'confirmed' })
  for (const one of [transaction.leaf, leaves[3]?.data ?? '']) expect(one).not.toContain('王')
})

test('a correction is the next revision of the hours, and the reversal another leaf', async () => {
  const { world, door, visitId } = await servedWorld()
  const log = await logOf(world)
  await sealLog(world.db, log, world.clock.now)
  world.later(60)
  await door.answer(visitId, 'no')
  await sealLog(world.db, log, world.clock.now)
  const later = (await leavesOf(world)).slice(4)
  expect(later.map((one) => [one.type, one.revision])).toEqual([
    ['transaction', 0],
    ['serviceRecord', 1],
  ])
  expect(JSON.parse(later[1]?.data ?? '')).toMatchObject({ state: 'disputed', counted: 'no', milliPoints: null })
})

test('of many sealers at once one seals and the others find nothing to do', async () => {
  const { world } = await servedWorld()
  const log = await logOf(world)
  const added = await Promise.all([1, 2, 3, 4].map(() => sealLog(world.db, log, world.clock.now)))
  expect(added.reduce((sum, one) => sum + one, 0)).toBe(4)
  expect((await leavesOf(world)).map((one) => one.logIndex)).toEqual([0, 1, 2, 3])
})

test('what is older than anybody looks for is found at night, behind pages of what is sealed and in each programme', async () => {
  const { db, clock, config } = await newWorld()
  const [county] = await openLogs(db, config.log)
  const [own] = county?.programmeIds ?? []
  const other = randomUUID()
  if (county === undefined || own === undefined) throw new Error('a county with a programme has a log')
  const log = { ...county, programmeIds: [own, other] }
  const post = async (programmeId: string, count: number, hoursAgo: number) => {
    const at = addSeconds(clock.now, -hoursAgo * 3600)
    await transact(db, async (tx) => {
      const issuance = await issuanceAccount(tx, programmeId)
      const accountId = await openAccount(tx, programmeId, 'member', at)
      const postings = [
        { accountId: issuance, milliPoints: -1000n },
        { accountId, milliPoints: 1000n },
      ]
      const drafts = Array.from({ length: count }, () => ({
        ...{ id: randomUUID(), programmeId, kind: 'EARN', refType: 'visit', refId: randomUUID(), revision: 0 },
        ...{ happenedAt: at, byId: 'test', explanation: {}, postings },
      }))
      await postAll(tx, drafts, at)
    })
  }
  const sealed = () => db.logLeaf.count({ where: { type: 'transaction' } })
  for (const [count, hoursAgo] of [
    [2000, 2],
    [10, 0],
  ] as const)
    await post(own, count, hoursAgo)
  await sealLog(db, log, clock.now)
  expect(await sealed()).toBe(2010)
  await post(own, 1, 1)
  await post(other, 1, 1)
  await sealLog(db, log, clock.now)
  expect(await sealed()).toBe(2010)
  await sealLog(db, log, clock.now, 'everything')
  expect(await sealed()).toBe(2012)
  expect(await sealLog(db, log, clock.now, 'everything')).toBe(0)
})

test('a checkpoint names log, size and root, is signed, and is followed by none until something happens', async () => {
  const { world, door } = await servedWorld()
  const first = await sign(world)
  const note = readNote(first ?? '')
  const log = await logOf(world)
  if (note === null) throw new Error('not read')
  const checkpoint = readCheckpoint(note.body)
  expect(checkpoint).toMatchObject({ origin: log.origin, size: 5 })
  const keys = await verifierKeys(log.origin, readLogKeys(world.config.log.keyFile).known)
  expect(await signersOf(note, keys, verifyEd25519)).toHaveLength(1)
  expect(await sign(world)).toBe(first)
  await door.answer(await door.served(30), 'yes')
  expect(readCheckpoint(readNote((await sign(world)) ?? '')?.body ?? '')?.size).toBeGreaterThan(5)
})

test('after a rotation both keys sign, after the old one is retired the new one alone; old checkpoints stay valid', async () => {
  const { world, door } = await servedWorld()
  const { keyFile } = world.config.log
  const signers = async (text: string | null) => {
    const { origin } = await logOf(world)
    const note = readNote(text ?? '')
    return note === null ? null : signersOf(note, await verifierKeys(origin, readLogKeys(keyFile).known), verifyEd25519)
  }
  const first = await sign(world)
  rotateLogKeys(keyFile)
  await door.answer(await door.served(30), 'yes')
  const second = await sign(world)
  retireLogKeys(keyFile)
  await door.answer(await door.served(30), 'yes')
  const third = await sign(world)
  expect([await signers(first), await signers(second), await signers(third)].map((one) => one?.length)).toEqual([
    1, 2, 1,
  ])
  expect(readLogKeys(keyFile)).toMatchObject({ signing: { length: 1 }, known: { length: 2 } })
})

test('nothing is signed on a log that lost its end, was rewritten, or whose key is gone', async () => {
  const { world, door } = await servedWorld()
  await sign(world)
  const { db, config } = world
  const log = await logOf(world)
  expect(await whyNotExtends(db, config.log, log)).toBeNull()
  await door.answer(await door.served(30), 'yes')
  await forge(db, ['log_leaf'], `UPDATE log_leaf SET "hash" = '${'0'.repeat(64)}' WHERE "logIndex" = 1`)
  expect(await whyNotExtends(db, config.log, log)).toContain('are not those that were signed')
  await expect(sign(world)).rejects.toThrow('are not those that were signed')
  await forge(db, ['log_leaf'], `DELETE FROM log_leaf WHERE "logIndex" >= 3`)
  await expect(sign(world)).rejects.toThrow('was signed')
})

test('whoever rewrites the whole log and its checkpoints is betrayed by what lies beside the key', async () => {
  const { world } = await servedWorld()
  await sign(world)
  const { db, config } = world
  const log = await logOf(world)
  await forge(
    db,
    ['log_leaf', 'log_checkpoint'],
    `DELETE FROM log_checkpoint`,
    `DELETE FROM log_leaf`,
    `DELETE FROM log_salt`,
  )
  expect(await sealLog(db, log, world.clock.now, 'everything')).toBe(4)
  expect(await whyNotExtends(db, config.log, log)).toContain('was signed')
  rmSync(config.log.keyFile)
  expect(await whyNotExtends(db, config.log, log)).toContain('is not there')
})

test('a log of three tiles proves each leaf and each of its beginnings, and keeps its full tiles', async () => {
  const world = await newWorld()
  const { db } = world
  const log = await logOf(world)
  const leaf = (number: number): Leaf => {
    const text = `{"n":"${number}"}`
    return { type: 'reportHash', refId: `report ${number}`, revision: 0, text, data: text }
  }
  for (const [from, to] of [
    [0, 100],
    [100, 256],
    [256, 300],
    [300, 700],
  ] as const)
    await db.$transaction((tx) =>
      append(
        tx,
        log,
        Array.from({ length: to - from }, (_, at) => leaf(from + at)),
      ),
    )
  expect(await sizeOf(db, log.regionId)).toBe(700)
  const hashes = Array.from({ length: 700 }, (_, at) => leafHash(leaf(at).text))
  const rootAt = (size: number) =>
    foldSubtrees(
      subtreesOf({ from: 0, to: size }).map(({ level, index }) =>
        tileRoot(hashes.slice(index * 2 ** level, (index + 1) * 2 ** level)),
      ),
      sha256,
    )
  const root = await rootAt(700)
  expect(toBase64(await readTree(db, log.regionId, 700).root())).toBe(toBase64(root))
  for (const index of [0, 1, 255, 256, 511, 512, 699]) {
    const path = await readTree(db, log.regionId, 700).inclusion(index)
    expect(await isIncluded({ leafHash: hashes[index] as Uint8Array, index, size: 700, root, path }, sha256)).toBe(true)
  }
  for (const size of [1, 2, 255, 256, 257, 512, 700]) {
    const path = await readTree(db, log.regionId, 700).consistency(size)
    const old = { size, root: await rootAt(size) }
    expect(await isConsistent({ old, now: { size: 700, root }, path }, sha256)).toBe(true)
  }
  expect((await db.logTile.findMany()).map((one) => [one.level, one.tileNo, one.hashes.length])).toEqual([
    [0, 0, 8192],
    [0, 1, 8192],
  ])
})

test('with the suite of the country a checkpoint bears a signature by SM2 as well, and without it nothing is signed on', async () => {
  const world = await newWorld({ suite: 'sm' })
  const door = await atDoor(world, { homePoint: HOME })
  await door.answer(await door.served(65), 'yes')
  const { origin } = await logOf(world)
  const { keyFile } = world.config.log
  const note = readNote((await sign(world)) ?? '')
  if (note === null) throw new Error('a signed note')

  expect(note.signatures).toHaveLength(2)
  expect(sm2VerdictOf(note, origin, sm2KnownOf(keyFile))).toBe('right')
  expect(sm2VerdictOf({ ...note, body: note.body.replace('\n', '1\n') }, origin, sm2KnownOf(keyFile))).toBe('wrong')
  const own = await verifierKeys(origin, readLogKeys(keyFile).known)
  expect(await signersOf(note, own, verifyEd25519)).toHaveLength(1)
  expect(await whyNotExtends(world.db, world.config.log, await logOf(world))).toBeNull()
  rmSync(`${keyFile}.sm2`)
  expect(await whyNotExtends(world.db, world.config.log, await logOf(world))).toContain('SM2')
})
