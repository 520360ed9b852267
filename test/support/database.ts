// A database of a test's own. Which of the two it is on is the suite's business: `sqlite` or `postgresql`.
import { randomUUID } from 'node:crypto'
import { copyFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inject } from 'vitest'
import { copyDatabase, dropDatabase } from './postgres'

/** What a suite's set-up prepared: a migrated database to copy, and on PostgreSQL the server that holds it. */
export type Prepared =
  | { provider: 'sqlite'; file: string }
  | { provider: 'postgresql'; serverUrl: string; template: string }

declare module 'vitest' {
  export interface ProvidedContext {
    database: Prepared
  }
}

/** The database this run is on. */
export const provider = () => inject('database').provider

/** Makes a migrated, empty database; it goes away with the suite, or with `dropDatabaseAt`. Answers its URL. */
export async function freshDatabase(): Promise<string> {
  const prepared = inject('database')
  if (prepared.provider === 'postgresql') return copyDatabase(prepared.serverUrl, prepared.template)
  const copy = join(dirname(prepared.file), `${randomUUID()}.db`)
  copyFileSync(prepared.file, copy)
  return `file:${copy}`
}

/** Frees what a database of `freshDatabase` takes, once nobody is connected: thousands of them don't fit on a disk. */
export async function dropDatabaseAt(url: string): Promise<void> {
  const prepared = inject('database')
  if (prepared.provider === 'postgresql' && url.startsWith('postgresql:'))
    return dropDatabase(prepared.serverUrl, new URL(url).pathname.slice(1))
  for (const end of ['', '-wal', '-shm']) rmSync(url.slice('file:'.length) + end, { force: true })
}
