// A database of a test's own. Which of the two it is on is the suite's business: `sqlite` or `postgresql`.
import { randomUUID } from 'node:crypto'
import { copyFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inject } from 'vitest'
import { copyDatabase } from './postgres'

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

/** Makes a migrated, empty database; it goes away with the suite. Answers its URL. */
export async function freshDatabase(): Promise<string> {
  const prepared = inject('database')
  if (prepared.provider === 'postgresql') return copyDatabase(prepared.serverUrl, prepared.template)
  const copy = join(dirname(prepared.file), `${randomUUID()}.db`)
  copyFileSync(prepared.file, copy)
  return `file:${copy}`
}
