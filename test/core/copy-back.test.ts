// SQLite's log is copied back beside the work: what was committed comes to stand in the file itself, and nobody waited for it.
import { copyFileSync } from 'node:fs'
import { createClient } from '@libsql/client'
import { expect, onTestFinished, test, vi } from 'vitest'
import { insertAll } from '../../server/core/bulk'
import { type Db, FOR_SERVING, openDb, transact } from '../../server/core/db'
import { dropDatabaseAt, freshDatabase, provider } from '../support/database'

const onFile = test.runIf(provider() === 'sqlite')
const at = new Date('2026-11-22T01:02:03.004Z')
const row = (id: string) => ({ id, kind: 'test', key: id, dueAt: at, leasedUntil: null, tries: 0 })
/** Less than what SQLite copies back by itself (16 MB), and more than the thread waits for. */
const ROWS = 3000

async function writeMany(db: Db, name: string): Promise<void> {
  const rows = Array.from({ length: ROWS }, (_, at) => row(`${name} ${at}`))
  await transact(db, (tx) => insertAll(tx, 'job', rows))
}

/** How many rows stand in the file alone, without its log. */
async function rowsInFile(url: string): Promise<number> {
  const alone = `${url.slice('file:'.length)}.alone`
  copyFileSync(url.slice('file:'.length), alone)
  onTestFinished(() => dropDatabaseAt(`file:${alone}`))
  return rowsAt(`file:${alone}`)
}

async function rowsAt(url: string): Promise<number> {
  const client = createClient({ url })
  const { rows } = await client.execute('SELECT COUNT(*) AS "rows" FROM job').finally(() => client.close())
  return Number(rows[0]?.rows)
}

onFile('what a server has committed is copied into the file by its thread, as often as it is needed', async () => {
  const url = await freshDatabase()
  const db = openDb(url, FOR_SERVING)
  await db.$connect()
  for (const [times, name] of ['first', 'second', 'third'].entries()) {
    await writeMany(db, name)
    await vi.waitFor(async () => expect(await rowsInFile(url)).toBe((times + 1) * ROWS), 20_000)
  }
  await db.$disconnect()
})

onFile('who isn’t a server has no thread: what it wrote stays in the log until there is more of it', async () => {
  const url = await freshDatabase()
  const db = openDb(url)
  await db.$connect()
  await writeMany(db, 'first')
  expect([await rowsInFile(url), await rowsAt(url)]).toEqual([0, ROWS])
  await db.$disconnect()
})

onFile('who disconnects while it is being copied waits for the thread, and leaves everything behind', async () => {
  const url = await freshDatabase()
  const db = openDb(url, FOR_SERVING)
  await db.$connect()
  await writeMany(db, 'first')
  await db.$disconnect()
  expect([await rowsInFile(url), await rowsAt(url)]).toEqual([ROWS, ROWS])
})
