import { PrismaLibSql } from '@prisma/adapter-libsql'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient as PostgresClient } from '../generated/postgresql/client'
import { Prisma, PrismaClient } from '../generated/sqlite/client'
import {
  type Connection,
  type Driver,
  dialect,
  postgresConnection,
  postgresDriver,
  type Row,
  type Value,
} from './driver'
import { PATHS_SETTING, readingRoleOf } from './roles'
import { openSqlite, type Serving, type Sqlite, timeText } from './sqlite-client'

export { Prisma }

/** The database. SQLite's generated type is the narrower one, so it names both; PostgreSQL is cast once, here. */
export type Db = PrismaClient
/** One open transaction. A `Db` is not a `Tx`: to post points outside a transaction does not compile. */
export type Tx = Prisma.TransactionClient & { $disconnect?: never }
/** What a query that may run either way takes. */
export type Reader = Db | Tx

const TRANSACTIONS = { maxWait: 15_000, timeout: 60_000 }

/** One connection for one transaction, and Prisma on that connection. */
type Writer = { tx: Tx; connection: Connection; release: (broken?: Error) => void }
type Opened = {
  url: string
  reads: () => Driver
  takeWriter: () => Promise<Writer>
  /** what a transaction reads as that sees some regions only; null where there is no such role */
  readingRole: () => Promise<string | null>
}
const opened = new WeakMap<Reader, Opened>()
const drivers = new WeakMap<Reader, Driver>()
const homes = new WeakMap<Reader, Db>()

export function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:/.test(url)
}

/**
 * What a server opens its database with. On SQLite up to 256 MB of pages, as they are used: whoever posts comes to the end of
 * some account's entries, another page for each of ten thousand accounts; with 32 MB a posting on a million entries cost half
 * as much again as on few (docs/SPEED.md).
 */
export const FOR_SERVING = { connections: 20, file: { cacheMegabytes: 256 } } as const

/** Opens the database behind a `file:` or `postgresql:` URL; connects on the first query. */
export function openDb(url: string, options: { connections?: number; file?: Serving } = {}): Db {
  return isPostgresUrl(url) ? openPostgres(url, options.connections ?? 20) : openFile(url, options.file)
}

/**
 * Does work in one transaction, on a connection that is prepared for the thin way of `query` and `execute`: what
 * `$transaction` does in a fifth of the time. Verbs that take a list begin here.
 */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  const found = opened.get(db)
  if (found === undefined) throw new Error('not a database of openDb')
  const { tx, connection, release } = await found.takeWriter()
  let broken: Error | undefined
  try {
    await connection.begin()
    const done = await work(tx)
    await connection.commit()
    return done
  } catch (error) {
    await connection.rollback().catch((lost: Error) => {
      broken = lost
    })
    throw error
  } finally {
    release(broken)
  }
}

/**
 * Reads in one transaction as the role that sees people of these paths only, whatever the query forgot: the second net.
 * Where no such role was made (SQLite, one role for everything) it reads as always.
 */
export async function readWithin<T>(
  db: Db,
  paths: readonly string[],
  work: (reader: Reader) => Promise<T>,
): Promise<T> {
  const role = (await opened.get(db)?.readingRole()) ?? null
  if (role === null) return work(db)
  return transact(db, async (tx) => {
    await query(
      tx,
      `SELECT set_config('${PATHS_SETTING}', $1, true), set_config('role', $2, true)`,
      paths.join(' '),
      role,
    )
    return work(tx)
  })
}

/**
 * Reads on one connection: what is asked side by side is sent together, and answered in the order asked. For lists that ask for
 * much; each question alone would take a connection of its own.
 */
export async function readTogether<T>(db: Db, work: (reader: Reader) => Promise<T>): Promise<T> {
  if (!isPostgresUrl(urlOf(db))) return work(db)
  const { tx, release } = await (opened.get(db) as Opened).takeWriter()
  try {
    return await work(tx)
  } finally {
    release()
  }
}

type Steps = readonly (() => Promise<unknown>)[]
type Answers<S extends Steps> = { -readonly [Place in keyof S]: Awaited<ReturnType<S[Place]>> }

/**
 * Does steps of a transaction in this order, none of which needs another's answer. On PostgreSQL they are sent together. A step
 * that writes is one statement: a second one would come after the end of a transaction that another step had broken.
 */
export async function inOrder<const S extends Steps>(tx: Tx, ...steps: S): Promise<Answers<S>> {
  if (drivers.get(tx)?.provider === 'postgresql')
    return (await Promise.all(steps.map((step) => step()))) as unknown as Answers<S>
  const answers: unknown[] = []
  for (const step of steps) answers.push(await step())
  return answers as unknown as Answers<S>
}

/** Rows of one statement, with `$1 …` and `IN LIST($1)`; `T` is what its columns are. */
export async function query<T>(reader: Reader, sql: string, ...values: Value[]): Promise<T[]> {
  const driver = driverOf(reader)
  return (await driver.query(dialect(driver.provider, sql), values)) as T[]
}

/** @returns how many rows it changed */
export async function execute(tx: Tx, sql: string, ...values: Value[]): Promise<number> {
  const driver = driverOf(tx)
  return driver.execute(dialect(driver.provider, sql), values)
}

export function driverOf(reader: Reader): Driver {
  return drivers.get(reader) ?? opened.get(reader)?.reads() ?? throughPrisma(reader)
}

/** The database a transaction of `transact` is of: what is remembered of it holds for all its transactions. */
export function databaseOf(reader: Reader): Reader {
  return homes.get(reader) ?? reader
}

/** Where a database is, for a thread that opens it too. */
export function urlOf(db: Db): string {
  const found = opened.get(db)
  if (found === undefined) throw new Error('not a database of openDb')
  return found.url
}

/** Whether this is a transaction that Prisma holds: what is read there may be taken back. */
export function isTransaction(reader: Reader): boolean {
  return !opened.has(reader) && !drivers.has(reader)
}

/** The same statements where Prisma itself holds the transaction. */
function throughPrisma(reader: Reader): Driver {
  const { _activeProvider } = reader as unknown as { _activeProvider: string }
  const provider = _activeProvider === 'postgresql' ? 'postgresql' : 'sqlite'
  const given = (values: readonly Value[]) =>
    values.map((value) => {
      if (provider === 'sqlite' && Array.isArray(value)) return JSON.stringify(value)
      return provider === 'sqlite' && value instanceof Date ? timeText(value) : (value ?? null)
    })
  return {
    provider,
    query: (sql, values) => reader.$queryRawUnsafe<Row[]>(sql, ...given(values)),
    execute: (sql, values) => reader.$executeRawUnsafe(sql, ...given(values)),
  }
}

type PgAdapter = Awaited<ReturnType<PrismaPg['connect']>>

class File extends PrismaLibSql {
  private sqlite: Sqlite | undefined
  constructor(
    private readonly url: string,
    private readonly serving?: Serving,
  ) {
    super({ url })
  }
  open(): Sqlite {
    this.sqlite ??= openSqlite(this.url, this.serving)
    return this.sqlite
  }
  override createClient() {
    return this.open().client
  }
  /** Who disconnects waits for the thread that copies the log back; Prisma's own adapter would not. */
  override async connect() {
    const adapter = await super.connect()
    const dispose = async () => {
      const { sqlite } = this
      this.sqlite = undefined
      await sqlite?.close()
    }
    return Object.assign(adapter, { dispose })
  }
}

class InTurn extends PrismaLibSql {
  constructor(private readonly sqlite: Sqlite) {
    super({ url: 'file:' })
  }
  override createClient() {
    return this.sqlite.inTurn
  }
}

function openFile(url: string, serving?: Serving): Db {
  const file = new File(url, serving)
  const db = new PrismaClient({ adapter: file, transactionOptions: TRANSACTIONS })
  const writers = new WeakMap<Sqlite, Tx>()
  const txOn = (sqlite: Sqlite): Tx => {
    const known = writers.get(sqlite)
    if (known !== undefined) return known
    const made = txOf(db, new PrismaClient({ adapter: new InTurn(sqlite) }), sqlite.writer)
    writers.set(sqlite, made)
    return made
  }
  opened.set(db, {
    url,
    reads: () => file.open().reader,
    readingRole: async () => null,
    takeWriter: async () => {
      const sqlite = file.open()
      const release = await sqlite.turn()
      return { tx: txOn(sqlite), connection: sqlite.writer, release }
    },
  })
  return db
}

/**
 * What is asked while an answer is still on its way is sent at once; PostgreSQL does one after the other, in order. Prisma
 * reads what is included side by side on the one connection of a transaction, and so do lists that are hot.
 */
const SIDE_BY_SIDE = { pipeline: true } as pg.PoolConfig

function openPostgres(url: string, connections: number): Db {
  // compiling a statement takes longer than any of ours runs; a city's month (133,000 elders) is added up in memory and not
  // on disk; the persons' keys stand in a schema of their own
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    ...SIDE_BY_SIDE,
    options: '-c jit=off -c work_mem=16MB -c search_path=public,keystore',
  })
  // A connection that is cut fails the statement it was busy with; unheard, its event would end the process as well.
  const heard = () => {}
  pool.on('error', heard).on('connect', (client) => void client.on('error', heard))
  const adapter = new PrismaPg(pool, { disposeExternalPool: true })
  const made: unknown = new PostgresClient({ adapter, transactionOptions: TRANSACTIONS })
  let model: Promise<PgAdapter> | undefined
  const db = made as Db
  const writers = new WeakMap<pg.PoolClient, { tx: Tx; connection: Connection }>()
  const writerOn = (client: pg.PoolClient) => {
    const known = writers.get(client)
    if (known !== undefined) return known
    const connection = postgresConnection(client)
    model ??= adapter.connect()
    const bound: unknown = new PostgresClient({ adapter: onOneConnection(adapter, model, client) })
    const writer = { tx: txOf(db, bound as Db, connection), connection }
    writers.set(client, writer)
    return writer
  }
  const reads = postgresDriver(pool)
  let readingRole: Promise<string | null> | undefined
  opened.set(db, {
    url,
    reads: () => reads,
    readingRole: () => {
      readingRole ??= findReadingRole(reads)
      return readingRole
    },
    takeWriter: async () => {
      const client = await pool.connect()
      return { ...writerOn(client), release: (broken) => client.release(broken) }
    },
  })
  return db
}

async function findReadingRole(driver: Driver): Promise<string | null> {
  const [who] = await driver.query('SELECT current_user::text AS name', [])
  const role = readingRoleOf(String(who?.name))
  const found = await driver.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role])
  return found.length === 0 ? null : role
}

/** Prisma on the connection that holds the transaction: what it would begin or end by itself is part of that one. */
function onOneConnection(adapter: PrismaPg, model: Promise<PgAdapter>, client: pg.PoolClient) {
  const connect = async () => {
    const shared = await model
    const own = Object.assign(Object.create(Object.getPrototypeOf(shared)), shared, { client }) as PgAdapter
    const { provider, adapterName } = own
    const inside = {
      provider,
      adapterName,
      options: { usePhantomQuery: true },
      queryRaw: own.queryRaw.bind(own),
      executeRaw: own.executeRaw.bind(own),
      commit: async () => {},
      rollback: async () => {},
    }
    return Object.assign(own, { startTransaction: async () => inside, dispose: async () => {} })
  }
  return { provider: adapter.provider, adapterName: adapter.adapterName, connect } as unknown as PrismaPg
}

/** Prisma's own raw statements, by the thin way: they give the same. */
function thinly(connection: Connection) {
  const read = (strings: TemplateStringsArray | Prisma.Sql, values: unknown[]) =>
    Array.isArray(strings) ? Prisma.sql(strings as never, ...(values as [])) : (strings as Prisma.Sql)
  const textOf = (statement: Prisma.Sql) => (connection.provider === 'sqlite' ? statement.sql : statement.text)
  return {
    $queryRaw: (strings: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) => {
      const statement = read(strings, values)
      return connection.query(textOf(statement), statement.values as Value[])
    },
    $executeRaw: (strings: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) => {
      const statement = read(strings, values)
      return connection.execute(textOf(statement), statement.values as Value[])
    },
  }
}

function txOf(db: Db, client: Db, connection: Connection): Tx {
  const tx = Object.assign(client, thinly(connection)) as unknown as Tx
  homes.set(tx, db)
  drivers.set(tx, connection)
  return tx
}

/** Whether an error says that a unique key is already there; `P2002` on both databases, or as the driver says it. */
export function isTaken(error: unknown): boolean {
  const { code, rawCode } = (error ?? {}) as { code?: unknown; rawCode?: unknown }
  return error instanceof Error && (code === 'P2002' || code === '23505' || rawCode === 2067 || rawCode === 1555)
}

/** All paths at or below one, as a range that an index answers: "/1/4/" … "/1/40". */
export function underPath(path: string): { gte: string; lt: string } {
  return { gte: path, lt: `${path.slice(0, -1)}0` }
}
