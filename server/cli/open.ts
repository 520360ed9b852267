import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Config, readConfig } from '../core/config'
import { type Db, isPostgresUrl, openDb } from '../core/db'
import { lockFile } from '../core/lock'
import { newLog } from '../core/log'
import { migrate } from '../core/migrate'
import { grantServing } from '../core/roles'
import type { Parts } from '../core/route'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** The time, for commands that open no database. */
export const clock = (): Date => new Date()

/**
 * Opens the database a command works on, brought up to date.
 *
 * @param writes takes the SQLite file's lock: a server that runs on it must be stopped first
 */
export async function withDatabase<T>(writes: boolean, work: (parts: Parts) => Promise<T>): Promise<T> {
  const config = readConfig()
  const release = writes && !isPostgresUrl(config.databaseUrl) ? await lockOf(config) : () => {}
  let db: Db | null = null
  try {
    if (writes) await migrateTo(config)
    db = openDb(config.databaseUrl)
    return await work({ db, config, now: clock, log: newLog('silent'), wechat: null, sms: null })
  } finally {
    await db?.$disconnect()
    release()
  }
}

/** With an owner of its own the database is migrated by it, and the role that serves gets its rights again. */
export async function migrateTo(config: Config, log: (line: string) => void = () => {}): Promise<number> {
  const { databaseUrl, ownerUrl } = config
  const migrations = join(ROOT, 'prisma', isPostgresUrl(databaseUrl) ? 'postgresql' : 'sqlite', 'migrations')
  const applied = await migrate(ownerUrl ?? databaseUrl, migrations, log)
  if (ownerUrl !== null) await grantServing(ownerUrl, databaseUrl)
  return applied
}

async function lockOf(config: Config): Promise<() => void> {
  const file = config.databaseUrl.replace(/^file:/, '').split('?')[0] as string
  mkdirSync(dirname(file), { recursive: true })
  return lockFile(file)
}
