import { PrismaLibSql } from '@prisma/adapter-libsql'
import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient as PostgresClient } from '../generated/postgresql/client'
import { Prisma, PrismaClient } from '../generated/sqlite/client'
import { openSqlite } from './sqlite-client'

export { Prisma }

/** The database. SQLite's generated type is the narrower one, so it names both; PostgreSQL is cast once, here. */
export type Db = PrismaClient
/** One open transaction. A `Db` is not a `Tx`: to post points outside a transaction does not compile. */
export type Tx = Prisma.TransactionClient & { $disconnect?: never }
/** What a query that may run either way takes. */
export type Reader = Db | Tx

const TRANSACTIONS = { maxWait: 15_000, timeout: 60_000 }

class Sqlite extends PrismaLibSql {
  override createClient() {
    return openSqlite(this.url)
  }
  constructor(private readonly url: string) {
    super({ url })
  }
}

export function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:/.test(url)
}

/** Opens the database behind a `file:` or `postgresql:` URL; connects on the first query. */
export function openDb(url: string, options: { connections?: number } = {}): Db {
  if (!isPostgresUrl(url)) return new PrismaClient({ adapter: new Sqlite(url), transactionOptions: TRANSACTIONS })
  // compiling a statement takes longer than any of ours runs
  const adapter = new PrismaPg({ connectionString: url, max: options.connections ?? 20, options: '-c jit=off' })
  const client: unknown = new PostgresClient({ adapter, transactionOptions: TRANSACTIONS })
  return client as Db
}

/** Whether an error says that a unique key is already there; `P2002` on both databases. */
export function isTaken(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 'P2002'
}

/** All paths at or below one, as a range that an index answers: "/1/4/" … "/1/40". */
export function underPath(path: string): { gte: string; lt: string } {
  return { gte: path, lt: `${path.slice(0, -1)}0` }
}
