// Somebody with the file, or with a superuser's rights, changes one value of one row. The audit names the row, whichever
// column of whichever table of the books and the log it is.
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type Db, Prisma } from '../../server/core/db'
import { openAccount } from '../../server/ledger/accounts'
import { auditLedger } from '../../server/ledger/audit'
import { commitmentsOf, leafOf } from '../../server/ledger/leaf'
import { askFor, decideOn, type LedgerRequest } from '../../server/ledger/request'
import { auditAll } from '../../server/proof/audit'
import { leafHash } from '../../server/proof/crypto'
import { signCheckpoints } from '../../server/proof/keep'
import { openLogs } from '../../server/proof/logs'
import { auditNightly } from '../../server/proof/nightly'
import { consistencyFile, publicLogs } from '../../server/proof/prove'
import { append } from '../../server/proof/seal'
import { cosign, keepCosignature } from '../../server/proof/witness'
import { toHex } from '../../shared/proof/bytes'
import { atDoor, HOME } from '../support/door'
import { unguard } from '../support/forge'
import { newWorld, type World } from '../support/world'

type Column = { name: string; type: string; isKey: boolean; isOptional: boolean }
type Table = { model: string; table: string; columns: Column[] }
type Row = Record<string, unknown>

/** The tables of the books and the log with their columns, as the models have them. */
function tablesIn(file: string): Table[] {
  const models = readFileSync(fileURLToPath(new URL(`../../prisma/models/${file}`, import.meta.url)), 'utf8')
  return [...models.matchAll(/^model (\w+) \{\n(.*?)^\}/gms)].map(([, model = '', body = '']) => {
    const together = /@@id\(\[([^\]]+)\]\)/.exec(body)?.[1]?.split(', ') ?? []
    const columns = [...body.matchAll(/^ {2}(\w+)\s+(String|Int|BigInt|Boolean|DateTime|Bytes)(\??)(.*)$/gm)].map(
      ([, name = '', type = '', optional = '', rest = '']) => ({
        ...{ name, type, isKey: rest.includes('@id') || together.includes(name), isOptional: optional === '?' },
      }),
    )
    return {
      model: `${model.charAt(0).toLowerCase()}${model.slice(1)}`,
      table: /@@map\("(\w+)"\)/.exec(body)?.[1] ?? '',
      columns,
    }
  })
}
const TABLES = [...tablesIn('11-ledger.prisma'), ...tablesIn('13-proof.prisma')].filter(
  ({ table }) => table !== 'certificate',
)

const NAMES = TABLES.map(({ table }) => table)

/** A bit of everything, sealed, signed, audited and full of tiles. */
async function busyWorld(): Promise<World> {
  const world = await newWorld()
  const door = await atDoor(world, { homePoint: HOME })
  const first = await door.served(65)
  await door.answer(first, 'yes')
  const second = await door.served(30)
  await door.answer(second, 'yes')
  world.later(60)
  await door.answer(second, 'no')
  const [log] = await openLogs(world.db, world.config.log)
  if (log === undefined) throw new Error('no log')
  await asked(world)
  await closed(world)
  await signCheckpoints(world.parts, world.clock.now)
  await auditNightly(world.parts, world.clock.now)
  await world.db.$transaction(async (tx) =>
    append(
      tx,
      log,
      Array.from({ length: 260 }, (_, at) => ({
        type: 'reportHash' as const,
        refId: `earlier ${at}`,
        revision: 0,
        text: `{"n":"${at}","type":"reportHash"}`,
        data: `{"n":"${at}","type":"reportHash"}`,
      })),
    ),
  )
  world.later(3600)
  await signCheckpoints(world.parts, world.clock.now)
  await cosigned(world, log.regionId)
  return world
}

/** Somebody asked for a manual entry, and somebody else said no. */
async function asked({ db, programmeId, clock, places }: World): Promise<void> {
  const { id: accountId } = await db.ledgerAccount.findFirstOrThrow({ where: { kind: 'member' } })
  const { id: transactionId } = await db.ledgerTransaction.findFirstOrThrow()
  await db.ledgerRequest.create({
    data: {
      id: randomUUID(),
      ...{ programmeId, accountId, transactionId, kind: 'MANUAL', milliPoints: 1000n, reason: '补记' },
      ...{ otherAccountId: accountId, evidenceHash: 'a'.repeat(64), beneficiaryId: randomUUID() },
      ...{ regionPath: places.village.path, askedById: randomUUID(), askedAt: clock.now },
      decision: { create: { decision: 'reject', reason: '没有凭据', byId: randomUUID(), at: clock.now } },
    },
  })
}

/** Somebody who never had a point leaves: nothing moves, two persons agreed. */
async function closed({ db, programmeId, clock, places }: World): Promise<void> {
  const accountId = await db.$transaction((tx) => openAccount(tx, programmeId, 'member', clock.now))
  const request: LedgerRequest = {
    ...{ id: randomUUID(), programmeId, kind: 'CLOSE', accountId, milliPoints: null, transactionId: null },
    ...{ otherAccountId: null, detail: null, reason: '搬走了', evidenceHash: null, beneficiaryId: randomUUID() },
    ...{ regionPath: places.village.path, askedById: randomUUID() },
  }
  await db.$transaction((tx) => askFor(tx, request, clock.now))
  const decision = { requestId: request.id, decision: 'approve' as const, reason: '', byId: randomUUID() }
  await db.$transaction((tx) => decideOn(tx, decision, clock.now))
}

/** A witness signs the last checkpoint. */
async function cosigned(world: World, regionId: string): Promise<void> {
  const { db, config } = world
  const [log] = await publicLogs(db, config.log)
  const { size } = await db.logCheckpoint.findFirstOrThrow({ orderBy: { size: 'desc' } })
  const request = await consistencyFile(db, regionId, 0, size)
  const keyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const witness = { name: 'witness.example/w1', keyPem }
  const done = await cosign(request ?? '', null, log?.keys ?? [], witness, world.clock.now)
  if (typeof done === 'string') throw new Error(done)
  config.log.witnesses.push(done.vkey)
  expect(await keepCosignature(db, config.log, done.line)).toBeNull()
}

function flipped(type: string, value: unknown): unknown {
  if (type === 'String')
    return typeof value === 'string' && value.length > 0
      ? `${value.slice(0, -1)}${value.endsWith('7') ? '8' : '7'}`
      : 'x'
  if (type === 'Int') return Number(value ?? 0) + 1000
  if (type === 'BigInt') return BigInt((value as bigint | null) ?? 0) + 1n
  if (type === 'Boolean') return value !== true
  if (type === 'DateTime') return new Date(((value as Date | null) ?? new Date(0)).getTime() + 1)
  const bytes = Buffer.from(value as Uint8Array)
  bytes[5] = (bytes[5] as number) ^ 1
  return bytes
}

const same = (column: Column, value: unknown) =>
  value === null
    ? Prisma.sql`${Prisma.raw(`"${column.name}"`)} IS NULL`
    : Prisma.sql`${Prisma.raw(`"${column.name}"`)} = ${value}`

async function change(db: Db, { table, columns }: Table, column: Column, row: Row, from: unknown, to: unknown) {
  const where = columns
    .filter((one) => one.isKey)
    .map((one) => same(one, one.name === column.name ? from : row[one.name]))
  return db.$executeRaw`UPDATE ${Prisma.raw(table)} SET ${Prisma.raw(`"${column.name}"`)} = ${to} WHERE ${Prisma.join(where, ' AND ')}`
}

type Delegate = { findFirst(ask: object): Promise<Row | null> }

/** Rows whose column is changed, each from what to what: one that says something, and one that says nothing. */
async function changesOf(db: Db, { model }: Table, column: Column): Promise<{ row: Row; to: unknown }[]> {
  const delegate = (db as unknown as Record<string, Delegate>)[model]
  const filled = await delegate?.findFirst(column.isOptional ? { where: { NOT: { [column.name]: null } } } : {})
  const mute = column.isOptional ? await delegate?.findFirst({ where: { [column.name]: null } }) : null
  return [
    ...(filled == null ? [] : [{ row: filled, to: flipped(column.type, filled[column.name]) }]),
    ...(filled == null || !column.isOptional ? [] : [{ row: filled, to: null }]),
    ...(mute == null ? [] : [{ row: mute, to: flipped(column.type, null) }]),
  ]
}

const said = async (world: World) =>
  (
    await auditAll(world.db, world.config.log).catch((error: Error) => ({
      problem: { invariant: 'broken', row: error.message, sentence: '' },
    }))
  ).problem

test('whatever single value is changed, the audit names the row', { timeout: 900_000 }, async () => {
  const world = await busyWorld()
  const { db } = world
  expect(await said(world)).toBeNull()
  await unguard(db, NAMES)
  const unseen: string[] = []
  const empty: string[] = []
  for (const table of TABLES) {
    for (const column of table.columns) {
      const changes = await changesOf(db, table, column)
      if (changes.length === 0) empty.push(`${table.table}.${column.name}`)
      for (const { row, to } of changes) {
        const from = row[column.name]
        expect(await change(db, table, column, row, from, to), `${table.table}.${column.name}`).toBe(1)
        const problem = await said(world)
        const keys = table.columns.filter((one) => one.isKey).map((one) => row[one.name])
        const names = [...keys, row.transactionId, from, to].map(String)
        const isNamed = problem !== null && names.some((name) => name.length > 3 && problem.row.includes(name))
        if (!isNamed) unseen.push(`${table.table}.${column.name} ${from} → ${to}: ${JSON.stringify(problem)}`)
        await change(db, table, column, row, to, from)
      }
    }
  }
  expect(unseen).toEqual([])
  expect(empty).toEqual([])
  expect(await said(world)).toBeNull()
})

test('a salt that is gone is named: without it author and reason could be changed unseen', async () => {
  const world = await busyWorld()
  const { db } = world
  await unguard(db, NAMES)
  const { transactionId } = await db.ledgerSalt.findFirstOrThrow({ where: {} })
  const salt = await db.ledgerSalt.delete({ where: { transactionId } })
  expect(await said(world)).toMatchObject({ invariant: 'I5', row: `ledger_salt ${transactionId}` })
  await db.ledgerSalt.create({ data: salt })
  const leaves = await db.logLeaf.findMany({ where: { type: 'serviceRecord' }, orderBy: { revision: 'desc' } })
  const { refId = '', revision = 0 } = leaves[0] ?? {}
  await db.logSalt.delete({ where: { refId_revision: { refId, revision } } })
  expect(await said(world)).toMatchObject({ invariant: 'I5', row: `log_salt ${refId}/${revision}` })
})

test('who says in the log that all before it came with an archive does not hide what was changed', async () => {
  const world = await busyWorld()
  const { db } = world
  const [log] = await openLogs(db, world.config.log)
  if (log === undefined) throw new Error('no log')
  const text = `{"type":"reportHash"}`
  const leaf = { type: 'reportHash' as const, refId: `import ${log.regionId}`, revision: 0, text, data: text }
  await db.$transaction(async (tx) => append(tx, log, [leaf]))
  await unguard(db, [...NAMES, 'visit', 'operation_log'])
  const { id, servedSeconds } = await db.visit.findFirstOrThrow()
  await db.visit.update({ where: { id }, data: { servedSeconds: (servedSeconds ?? 0) + 3600 } })
  expect(await said(world)).toMatchObject({ invariant: 'I5', row: `visit ${id}` })
  await db.visit.update({ where: { id }, data: { servedSeconds } })
  expect(await said(world)).toBeNull()
  await db.ledgerRequest.updateMany({ data: { reason: '别的理由' } })
  expect((await said(world))?.row).toMatch(/^ledger_request /)
})

test('whoever takes the end off the books, the log or both is named', { timeout: 300_000 }, async () => {
  const world = await busyWorld()
  const { db } = world
  const last = await db.ledgerTransaction.findFirstOrThrow({ orderBy: [{ recordedAt: 'desc' }, { id: 'desc' }] })
  const { logIndex } = await db.logLeaf.findFirstOrThrow({ where: { type: 'transaction', refId: last.id } })
  await unguard(db, NAMES)
  const size = await db.logLeaf.count()
  const books = [
    `DELETE FROM ledger_entry WHERE "transactionId" = '${last.id}'`,
    `DELETE FROM ledger_lot_use WHERE "transactionId" = '${last.id}'`,
    `DELETE FROM ledger_salt WHERE "transactionId" = '${last.id}'`,
    `DELETE FROM ledger_transaction WHERE "id" = '${last.id}'`,
  ]
  const checkpoints = await db.logCheckpoint.findMany({ orderBy: { size: 'asc' } })
  await db.$executeRawUnsafe(`DELETE FROM log_leaf WHERE "logIndex" >= ${size - 1}`)
  expect(await said(world)).toMatchObject({
    invariant: 'I13',
    row: `log_checkpoint ${checkpoints[0]?.regionId}/${size}`,
  })
  for (const sql of books) await db.$executeRawUnsafe(sql)
  expect(await said(world)).toMatchObject({ invariant: 'I5', row: `ledger_transaction ${last.id}` })
  await db.$executeRawUnsafe(`DELETE FROM log_leaf WHERE "logIndex" >= ${logIndex}`)
  expect((await said(world))?.invariant).toMatch(/^I5|I13$/)
  for (const table of ['log_checkpoint', 'log_cosignature'])
    await db.$executeRawUnsafe(`DELETE FROM ${table} WHERE "size" > ${logIndex}`)
  await db.$executeRawUnsafe(`DELETE FROM log_tile WHERE ("tileNo" + 1) * 256 > ${logIndex}`)
  // books and log agree with each other now; what was signed lies beside the key
  expect(await said(world)).toMatchObject({ invariant: 'I13', row: `log ${checkpoints[0]?.regionId}` })
})

test('whoever writes an entry anew and rebuilds chain, leaves and tree after it is named by what was signed', {
  timeout: 300_000,
}, async () => {
  const world = await busyWorld()
  const { db } = world
  const { transactionId, accountId } = await db.ledgerEntry.findFirstOrThrow({
    where: { accountSeq: 1, transaction: { kind: 'EARN' } },
  })
  const { regionId, logIndex } = await db.logLeaf.findFirstOrThrow({ where: { refId: transactionId } })
  await unguard(db, NAMES)
  await db.$executeRaw`
    UPDATE ledger_entry SET "amountMilliPoints" = "amountMilliPoints" + CASE WHEN "amountMilliPoints" > 0 THEN 1000 ELSE -1000 END,
      "lotMilliPoints" = "lotMilliPoints" + 1000 WHERE "transactionId" = ${transactionId}`
  await db.$executeRaw`
    UPDATE ledger_entry SET "balanceAfterMilliPoints" = "balanceAfterMilliPoints" + 1000 WHERE "accountId" = ${accountId}`
  await db.$executeRaw`
    UPDATE ledger_account SET "postedMilliPoints" = "postedMilliPoints" + 1000 WHERE "id" = ${accountId}`
  const headers = await db.ledgerTransaction.findMany({ include: { entries: { orderBy: { no: 'asc' } } } })
  for (const header of headers) {
    const { salt } = await db.ledgerSalt.findUniqueOrThrow({ where: { transactionId: header.id } })
    const uses = await db.ledgerLotUse.findMany({ where: { transactionId: header.id } })
    const leaf = leafOf(header, uses, commitmentsOf(header, salt))
    await db.$executeRaw`UPDATE ledger_transaction SET "leaf" = ${leaf} WHERE "id" = ${header.id}`
    await db.$executeRaw`UPDATE log_leaf SET "hash" = ${toHex(leafHash(leaf))} WHERE "refId" = ${header.id}`
  }
  expect((await auditLedger(db)).problem).not.toMatchObject({ row: expect.stringContaining(transactionId) })
  const { size } = await db.logCheckpoint.findFirstOrThrow({
    where: { size: { gt: logIndex } },
    orderBy: { size: 'asc' },
  })
  expect(await said(world)).toMatchObject({ invariant: 'I13', row: `log_checkpoint ${regionId}/${size}` })
})
