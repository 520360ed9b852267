// A database as the server finds it: on PostgreSQL through the role that serves, which owns nothing. SQLite knows no roles.
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { grantServing } from '../../server/core/roles'
import { freshDatabase, provider } from './database'

/** @returns where the server connects, and where whoever migrates does; the role goes with the test */
export async function servingDatabase(): Promise<{ url: string; ownerUrl: string }> {
  const ownerUrl = await freshDatabase()
  if (provider() === 'sqlite') return { url: ownerUrl, ownerUrl }
  const serving = new URL(ownerUrl)
  serving.username = `serving_${randomBytes(6).toString('hex')}`
  serving.password = 'p@ss:word/7'
  await grantServing(ownerUrl, serving.toString())
  onTestFinished(async () => {
    const owner = new pg.Client({ connectionString: ownerUrl })
    await owner.connect()
    await owner.query(
      `DROP OWNED BY ${serving.username}, ${serving.username}_reader; DROP ROLE ${serving.username}, ${serving.username}_reader`,
    )
    await owner.end()
  })
  return { url: serving.toString(), ownerUrl }
}
