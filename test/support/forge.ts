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
