import pg from 'pg'
import { type Driver, postgresDriver } from './driver'
import { openSqliteReader } from './sqlite-client'

/** A page is a new piece of a table each time: a plan made without looking at it may walk through all of it. */
const WALKING = '-c jit=off -c plan_cache_mode=force_custom_plan -c default_transaction_read_only=on'

/** One connection that only reads, without Prisma: for threads that walk through all there is. */
export async function openReading(url: string): Promise<Driver & { close: () => Promise<void> }> {
  if (!/^postgres(ql)?:/.test(url)) return openSqliteReader(url)
  const client = new pg.Client({ connectionString: url, options: WALKING })
  await client.connect()
  return { ...postgresDriver(client), close: () => client.end() }
}
