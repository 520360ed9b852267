import type { Db } from '../../server/core/db'
import { provider } from './database'

/** Forges rows the way only somebody could who took the guards off first. */
export async function forge(db: Db, tables: readonly string[], ...statements: string[]): Promise<void> {
  for (const table of tables) {
    if (provider() === 'postgresql') await db.$executeRawUnsafe(`ALTER TABLE ${table} DISABLE TRIGGER ALL`)
    else {
      const triggers = await db.$queryRawUnsafe<{ name: string }[]>(
        `SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '${table}'`,
      )
      for (const { name } of triggers) await db.$executeRawUnsafe(`DROP TRIGGER "${name}"`)
    }
  }
  for (const sql of statements) await db.$executeRawUnsafe(sql)
}

/** Takes off what would stop anybody but the owner of the database: triggers, foreign keys, checks. */
export async function unguard(db: Db, tables: readonly string[]): Promise<void> {
  await forge(db, tables)
  if (provider() === 'sqlite') {
    await db.$executeRawUnsafe('PRAGMA foreign_keys = OFF')
    await db.$executeRawUnsafe('PRAGMA ignore_check_constraints = ON')
    return
  }
  const checks = await db.$queryRawUnsafe<{ relation: string; name: string }[]>(
    `SELECT conrelid::regclass::text AS relation, conname AS name FROM pg_constraint WHERE contype = 'c'`,
  )
  for (const { relation, name } of checks.filter((one) => tables.includes(one.relation)))
    await db.$executeRawUnsafe(`ALTER TABLE ${relation} DROP CONSTRAINT "${name}"`)
}
