// Somebody with the file, or with a superuser's rights, changes one value of one row. The audit names the row, whichever
// column of whichever table of the books and the log it is.
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type Db, Prisma } from '../../server/core/db'
import { auditAll } from '../../server/proof/audit'
import { signCheckpoints } from '../../server/proof/keep'
import { openLogs } from '../../server/proof/logs'
import { auditNightly } from '../../server/proof/nightly'
import { consistencyFile, publicLogs } from '../../server/proof/prove'
import { append } from '../../server/proof/seal'
import { cosign, keepCosignature } from '../../server/proof/witness'
import { provider } from '../support/database'
import { atDoor, HOME } from '../support/door'
import { forge } from '../support/forge'
import { newWorld, type World } from '../support/world'

type Column = { name: string; type: string; isKey: boolean }
type Table = { model: string; table: string; columns: Column[] }
type Row = Record<string, unknown>

/** The tables of the books and the log with their columns, as the models have them. */
function tablesIn(file: string): Table[] {
  const models = readFileSync(fileURLToPath(new URL(`../../prisma/models/${file}`, import.meta.url)), 'utf8')
  return [...models.matchAll(/^model (\w+) \{\n(.*?)^\}/gms)].map(([, model = '', body = '']) => {
    const together = /@@id\(\[([^\]]+)\]\)/.exec(body)?.[1]?.split(', ') ?? []
    const columns = [...body.matchAll(/^ {2}(\w+)\s+(String|Int|BigInt|Boolean|DateTime|Bytes)\??(.*)$/gm)].map(
      ([, name = '', type = '', rest = '']) => ({ name, type, isKey: rest.includes('@id') || together.includes(name) }),
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

/** Takes off what would stop anybody but the owner of the database: triggers, foreign keys, checks. */
async function unguarded(db: Db): Promise<void> {
  await forge(
    db,
    TABLES.map(({ table }) => table),
  )
  if (provider() === 'sqlite') {
    await db.$executeRawUnsafe('PRAGMA foreign_keys = OFF')
    await db.$executeRawUnsafe('PRAGMA ignore_check_constraints = ON')
    return
  }
  const checks = await db.$queryRawUnsafe<{ relation: string; name: string }[]>(
    `SELECT conrelid::regclass::text AS relation, conname AS name FROM pg_constraint WHERE contype = 'c'`,
  )
  for (const { relation, name } of checks.filter((one) => TABLES.some(({ table }) => table === one.relation)))
    await db.$executeRawUnsafe(`ALTER TABLE ${relation} DROP CONSTRAINT "${name}"`)
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

/** A row of the table; rather one in which the column says something. */
async function rowOf(db: Db, { model }: Table, column: Column): Promise<Row | null> {
  const delegate = (db as unknown as Record<string, { findFirst(ask: object): Promise<Row | null> }>)[model]
  const filled = await delegate?.findFirst({ where: { NOT: { [column.name]: null } } }).catch(() => null)
  return filled ?? (await delegate?.findFirst({})) ?? null
}

test('whatever single value is changed, the audit names the row', { timeout: 600_000 }, async () => {
  const world = await busyWorld()
  const { db, config } = world
  expect((await auditAll(db, config.log)).problem).toBeNull()
  await unguarded(db)
  const unseen: string[] = []
  const empty: string[] = []
  for (const table of TABLES) {
    for (const column of table.columns) {
      const row = await rowOf(db, table, column)
      if (row === null) {
        if (!empty.includes(table.table)) empty.push(table.table)
        continue
      }
      const [before, after] = [row[column.name], flipped(column.type, row[column.name])]
      expect(await change(db, table, column, row, before, after), `${table.table}.${column.name}`).toBe(1)
      const { problem } = await auditAll(db, config.log).catch((error: Error) => ({
        problem: { invariant: 'broken', row: error.message, sentence: '' },
      }))
      const names = [
        ...table.columns.filter((one) => one.isKey).map((one) => row[one.name]),
        row.transactionId,
        before,
        after,
      ].map(String)
      const isNamed = problem !== null && names.some((name) => name.length > 3 && problem.row.includes(name))
      if (!isNamed) unseen.push(`${table.table}.${column.name}: ${JSON.stringify(problem)}`)
      await change(db, table, column, row, after, before)
    }
  }
  expect(unseen).toEqual([])
  expect(empty).toEqual([])
  expect((await auditAll(db, config.log)).problem).toBeNull()
})
