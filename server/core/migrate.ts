import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createClient, type InValue } from '@libsql/client'
import pg from 'pg'

/** What a migration needs of a database: one transaction, and in it rows of a query and a whole script. */
interface Connection {
  provider: 'sqlite' | 'postgresql'
  /** Commits what `work` did, or leaves nothing of it. */
  transaction(work: (open: Script) => Promise<void>): Promise<void>
  close(): Promise<void>
}
interface Script {
  rows(sql: string, args: string[]): Promise<Record<string, unknown>[]>
  run(script: string): Promise<void>
}

/** The lock Prisma's own engine takes, so that the command line and a starting server wait for each other. */
const PRISMA_LOCK = 72707369

// The table is Prisma's own, column by column: `prisma migrate` and this runner read each other's rows.
const MIGRATIONS_TABLE = {
  sqlite: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL,
    "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`,
  // A role that only serves may not even ask to make a table that is there.
  postgresql: `DO $$ BEGIN IF to_regclass('_prisma_migrations') IS NULL THEN CREATE TABLE "_prisma_migrations" (
    "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
    "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
    "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0); END IF; END $$`,
}
const DATABASE_NOW = {
  sqlite: `CAST(unixepoch('subsec') * 1000 AS INTEGER)`, // Prisma keeps milliseconds on SQLite
  postgresql: 'now()',
}

/**
 * Brings a database up to the migrations in a folder; the server does so as it starts, without Prisma's command line.
 * A migration and the row that says so are one transaction: one that fails leaves nothing and may be tried again.
 *
 * @param databaseUrl `file:…` or `postgresql://…`; an SQLite file and its folder are made when missing
 * @param migrationsDir holds `<name>/migration.sql`, applied in the order of the names
 * @returns how many were applied
 */
export async function migrate(
  databaseUrl: string,
  migrationsDir: string,
  log: (line: string) => void = console.log,
): Promise<number> {
  const connection = await connect(databaseUrl)
  try {
    await connection.transaction((open) => open.run(MIGRATIONS_TABLE[connection.provider]))
    let applied = 0
    for (const name of migrationsIn(migrationsDir)) {
      const sql = readFileSync(join(migrationsDir, name, 'migration.sql'), 'utf8')
      await connection.transaction(async (open) => {
        if (await isApplied(open, name, checksumOf(sql))) return
        await open.run(sql)
        await record(open, connection.provider, name, checksumOf(sql))
        applied++
        log(`applied migration ${name}`)
      })
    }
    return applied
  } finally {
    await connection.close()
  }
}

const migrationsIn = (dir: string) =>
  readdirSync(dir)
    .filter((name) => existsSync(join(dir, name, 'migration.sql')))
    .sort()

const checksumOf = (sql: string) => createHash('sha256').update(sql).digest('hex')

async function isApplied(open: Script, name: string, checksum: string): Promise<boolean> {
  const [earlier] = await open.rows(
    'SELECT checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL AND migration_name = $1',
    [name],
  )
  if (!earlier) return false
  if (earlier.finished_at === null) throw new Error(`Migration ${name} failed earlier; resolve it first`)
  if (earlier.checksum !== checksum) throw new Error(`Migration ${name} was edited after it was applied`)
  return true
}

async function record(open: Script, provider: Connection['provider'], name: string, checksum: string): Promise<void> {
  const now = DATABASE_NOW[provider]
  await open.rows(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, ${now}, ${now}, 1)`,
    [randomUUID(), checksum, name],
  )
}

function connect(databaseUrl: string): Promise<Connection> {
  return /^postgres(ql)?:/.test(databaseUrl) ? connectPostgres(databaseUrl) : connectSqlite(databaseUrl)
}

async function connectPostgres(url: string): Promise<Connection> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK])
  const open: Script = {
    rows: async (sql, args) => (await client.query(sql, args)).rows,
    run: async (script) => void (await client.query(script)),
  }
  return {
    provider: 'postgresql',
    transaction: async (work) => {
      await client.query('BEGIN')
      try {
        await work(open)
        await client.query('COMMIT')
      } catch (error) {
        await client.query('ROLLBACK')
        throw error
      }
    },
    close: () => client.end(),
  }
}

async function connectSqlite(url: string): Promise<Connection> {
  mkdirSync(dirname(resolve(url.replace(/^file:/, '').replace(/\?.*$/, ''))), { recursive: true })
  const client = createClient({ url, timeout: 10_000 })
  await client.execute('PRAGMA journal_mode=WAL')
  return {
    provider: 'sqlite',
    transaction: async (work) => {
      // A table is rebuilt by dropping the old one, which foreign keys would forbid; inside a transaction this can't be set.
      await client.execute('PRAGMA foreign_keys=OFF')
      const tx = await client.transaction('write')
      try {
        await work({
          rows: async (sql, args) =>
            (await tx.execute({ sql: sql.replace(/\$\d+/g, '?'), args: args as InValue[] })).rows,
          run: (script) => tx.executeMultiple(script),
        })
        const broken = (await tx.execute('PRAGMA foreign_key_check')).rows
        if (broken.length > 0) throw new Error(`Foreign keys broken by the migration: ${JSON.stringify(broken[0])}`)
        await tx.commit()
      } finally {
        tx.close() // rolls back what isn't committed
      }
    },
    close: async () => {
      await client.execute('PRAGMA wal_checkpoint(TRUNCATE)') // all is in the one file, which may now be copied
      client.close()
    },
  }
}
