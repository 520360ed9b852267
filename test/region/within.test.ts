// On PostgreSQL the database itself keeps a reading transaction inside its regions, whatever a query forgot.
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { readWithin } from '../../server/core/db'
import { PATHS_SETTING, readingRoleOf, WITHIN_REGION } from '../../server/core/roles'
import { listElders } from '../../server/elder/list'
import { provider } from '../support/database'
import { servingDatabase } from '../support/serving'
import { newWorld } from '../support/world'

async function newCounty() {
  const { url } = await servingDatabase()
  const world = await newWorld({ databaseUrl: url })
  const own = await world.elder()
  const other = await world.elder({ place: world.places.otherVillage, name: '刘桂兰' })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  onTestFinished(() => client.end())
  const role = client.escapeIdentifier(readingRoleOf(new URL(url).username))
  /** Ids the reading role sees in one transaction with these paths. */
  const seen = async (paths: string | null, sql = 'SELECT "id" FROM elder') => {
    await client.query('BEGIN')
    try {
      if (paths !== null) await client.query(`SELECT set_config('${PATHS_SETTING}', $1, true)`, [paths])
      await client.query(`SET LOCAL ROLE ${role}`)
      return (await client.query(sql)).rows.map((row) => row.id as string)
    } finally {
      await client.query('ROLLBACK')
    }
  }
  return { world, own, other, client, seen }
}

test('the reading role sees nobody without a region, and with one only those below it', async () => {
  if (provider() !== 'postgresql') return
  const { world, own, other, client, seen } = await newCounty()
  const { village, otherCounty, city } = world.places
  expect(await seen(null)).toEqual([])
  expect(await seen('')).toEqual([])
  expect(await seen(village.path)).toEqual([own.id])
  expect(await seen(otherCounty.path)).toEqual([other.id])
  expect((await seen(`${village.path} ${otherCounty.path}`)).sort()).toEqual([own.id, other.id].sort())
  expect(await seen(city.path)).toHaveLength(2)
  expect(await seen(village.path, `SELECT "id" FROM elder WHERE "id" = '${other.id}'`)).toEqual([])
  // what one transaction was told the next one on the same connection knows nothing of
  expect(await seen(null)).toEqual([])
  expect((await client.query('SELECT "id" FROM elder')).rows).toHaveLength(2)
})

test('it writes nothing, and every table of people in a region is guarded', async () => {
  if (provider() !== 'postgresql') return
  const { world, seen, client } = await newCounty()
  await expect(seen(world.places.village.path, 'UPDATE elder SET "ownPhone" = false')).rejects.toThrow(
    'permission denied',
  )
  await expect(seen(world.places.village.path, 'INSERT INTO meta VALUES (1, 2)')).rejects.toThrow('permission denied')
  const { rows } = await client.query('SELECT relname AS name FROM pg_class WHERE relrowsecurity ORDER BY 1')
  expect(rows.map((row) => row.name)).toEqual([...WITHIN_REGION].sort())
})

test('a list that forgot its region shows no more than the transaction may read', async () => {
  if (provider() !== 'postgresql') return
  const { world, own } = await newCounty()
  const { db, keys, clock, places } = world
  // somebody who by the query alone would see both
  const city = await world.staff('cityAdmin', places.city)
  const all = await listElders(db, keys, city, { limit: 50 }, clock.now)
  expect(all.items).toHaveLength(2)
  const read = await readWithin(db, [places.village.path], (reader) =>
    listElders(reader, keys, city, { limit: 50 }, clock.now),
  )
  expect(read.items.map((one) => one.id)).toEqual([own.id])
  expect(await readWithin(db, [], (reader) => reader.elder.count())).toBe(0)
  expect(await db.elder.count()).toBe(2)
})

test('many transactions of different regions on one pool never see each other’s', async () => {
  if (provider() !== 'postgresql') return
  const { world, own, other } = await newCounty()
  const { db, places } = world
  const outcomes = await Promise.all(
    Array.from({ length: 60 }, async (_, turn) => {
      if (turn % 3 === 2) return (await db.elder.count()) === 2
      const [path, id] = turn % 3 === 0 ? [places.village.path, own.id] : [places.otherVillage.path, other.id]
      const rows = await readWithin(db, [path], (reader) => reader.elder.findMany({ select: { id: true } }))
      return rows.length === 1 && rows[0]?.id === id
    }),
  )
  expect(outcomes.filter((one) => !one)).toEqual([])
})

test('a database with one role for everything reads as always', async () => {
  const world = await newWorld()
  const elder = await world.elder()
  const rows = await readWithin(world.db, [], (reader) => reader.elder.findMany())
  expect(rows.map((one) => one.id)).toEqual([elder.id])
})
