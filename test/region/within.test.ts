// On PostgreSQL the database itself keeps a reading transaction inside its regions, whatever a query forgot.
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { ROUTES } from '../../server/app'
import { openDb, readWithin } from '../../server/core/db'
import { answering, routerOf } from '../../server/core/http'
import { PATHS_SETTING, readingRoleOf, WITHIN_REGION } from '../../server/core/roles'
import { route } from '../../server/core/route'
import { listElders } from '../../server/elder/list'
import { newAuthenticate } from '../../server/session/authenticate'
import { startSession } from '../../server/session/start'
import { PERMISSIONS } from '../../shared/session/permissions'
import { provider } from '../support/database'
import { recordsIn, SCOPE } from '../support/scope-table'
import { servingDatabase } from '../support/serving'
import { newWorld, serveWorld } from '../support/world'

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

/** Reads of people by staff that are not under the net, and why. */
const OUTSIDE: Record<string, readonly string[]> = {
  'writes who looked into the log, in the same transaction': [
    '/elders/:id',
    '/proxy-invitations/:id/paper',
    '/paper-pictures/:id',
  ],
  'helpers serve, and are known, across regions: hours and credit are of everywhere': [
    ...[
      '/members',
      '/members/:id',
      '/record-corrections',
      '/exports/members',
      '/exports/volunteer-year',
      '/person-merges',
    ],
    ...[
      '/anomalies',
      '/manual-share',
      '/credit',
      '/credit/helpers/:id',
      '/credit/organisations/:id',
      '/credit-listings',
      '/exports/credit',
    ],
  ],
  'posts, which have no region’s people in them': [
    '/staff',
    '/delegations',
    '/staff/:id/stand-ins',
    '/exports/staff',
    '/reviewers',
  ],
  'counts from rollups of moved elders too; of people it tells masked names': [
    ...['/coverage', '/coverage/elders', '/hours', '/hours/helpers', '/plan', '/plan/helpers'],
  ],
  'the books know accounts and no regions': [
    ...[
      '/accounts/:id',
      '/accounts/:id/kin',
      '/accounts/:id/entries',
      '/accounts/:id/statement',
      '/accounts/:id/balance',
    ],
    ...['/transactions', '/point-requests', '/grant-rounds', '/exports/transactions', '/logs/:name/entries/:no'],
  ],
  'a counter sees what is fetched there, wherever people live': [
    ...[
      '/redemptions',
      '/meals',
      '/point-closings',
      '/settlements',
      '/settlements/:id/statement',
      '/exports/redemptions',
    ],
  ],
  'reads within by itself, piece by piece': [
    '/exports/elders',
    '/exports/visits',
    '/exports/orders',
    '/exports/plates',
    '/exports/ratings',
    '/exports/pairings',
    '/exports/member-records',
  ],
  'tells of nobody': [
    ...['/regions/:id/map', '/imports', '/imports/template', '/papers/template', '/papers/sheet', '/plates/sheet'],
    ...[
      '/audit/dictionary',
      '/audit/calendar',
      '/organisations',
      '/exports/organisations',
      '/credit-rules',
      '/requirements',
      '/programmes',
    ],
  ],
}
const OWN = ['member', 'elder', 'proxy']

test('every read of people by staff is within, or has a reason why not', () => {
  const reads = ROUTES.filter(
    ({ method, who, may }) =>
      method === 'GET' && typeof who !== 'string' && may.some((one) => PERMISSIONS[one].fields === 'people'),
  )
  // what people read of themselves too is found by their own facet, which no region holds
  const byStaff = reads.filter(({ who }) => !OWN.some((own) => (who as readonly string[]).includes(own)))
  const reasons = Object.values(OUTSIDE).flat()
  const missing = byStaff.filter(({ within, path }) => !within && !reasons.includes(path)).map(({ path }) => path)
  const gone = reasons.filter((path) => !byStaff.some((one) => one.path === path && !one.within))
  expect({ missing, gone }).toEqual({ missing: [], gone: [] })
  expect(byStaff.filter(({ within }) => within).length).toBeGreaterThan(20)
})

/** Every list of the desk that reads under the database's own rule, asked over HTTP as the server serves it. */
const LISTS = ROUTES.filter((one) => one.within)

test('every list of the desk that is read this way shows what it would show anyway, and another village nothing', async () => {
  if (provider() !== 'postgresql') return
  const { url, ownerUrl } = await servingDatabase()
  const world = await newWorld({ databaseUrl: url })
  const records = await recordsIn(world)
  const { ask } = await serveWorld(world)
  // the role that owns everything has no reading role: nothing but the queries keep it inside
  const plain = openDb(ownerUrl)
  onTestFinished(() => plain.$disconnect())
  const { ask: askPlainly } = await serveWorld({ ...world, parts: { ...world.parts, db: plain } })
  const wrong: string[] = []
  let shown = 0
  for (const one of LISTS) {
    const name = `${one.method} ${one.path}`
    const row = SCOPE[name]
    const role = (['villageStaff', 'townAuditor', 'townStaff'] as const).find((post) => one.who.includes(post as never))
    if (role === undefined) throw new Error(`${name} is for nobody of a town`)
    const [here, there] = [await world.staff(role), await world.staff(role, world.places.otherVillage)]
    const path = row?.path?.(records) ?? one.path
    const [own, other, plainly] = [
      await ask(here, 'GET', path),
      await ask(there, 'GET', path),
      await askPlainly(here, 'GET', path),
    ]
    if (own.status !== 200 || JSON.stringify(own.body) !== JSON.stringify(plainly.body))
      wrong.push(`${name}: ${own.status}`)
    const id = row?.shows?.(records)
    if (id === undefined) continue
    if (JSON.stringify(own.body).includes(id)) shown += 1
    if (JSON.stringify(other.body).includes(id)) wrong.push(`${name}: told another village`)
  }
  expect(wrong).toEqual([])
  expect(LISTS.length).toBeGreaterThan(9)
  expect(shown).toBeGreaterThan(5)
})

test('a list whose query forgot its regions altogether shows nothing of others', async () => {
  if (provider() !== 'postgresql') return
  const { world, own } = await newCounty()
  const forgetful = route(
    'GET',
    '/forgetful',
    { summary: '忘了范围', may: 'elder.read', within: true, view: z.array(z.string()) },
    async ({ db }) => (await db.elder.findMany()).map(({ id }) => id),
  )
  const authenticate = newAuthenticate(world.parts)
  const app = new Koa().use(answering(world.parts)).use(routerOf([forgetful], world.parts, authenticate).routes())
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const { personId } = await world.staff('villageStaff')
  const { accessToken } = await startSession(world.db, world.keys, personId, {}, world.clock.now)
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/forgetful`, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  expect(await answer.json()).toEqual([own.id])
})

test('what was done for who has moved away since stays on the lists of the village where it was done', async () => {
  if (provider() !== 'postgresql') return
  const { url } = await servingDatabase()
  const world = await newWorld({ databaseUrl: url })
  const { db, places } = world
  const { visit, elder } = await recordsIn(world)
  const away = places.otherVillage
  const place = { regionId: away.id, regionPath: away.path }
  await db.elder.update({ where: { id: elder.id }, data: { ...place, countyId: away.countyId as string } })
  await db.elderResidence.updateMany({ where: { elderId: elder.id }, data: { validTo: '2026-11-21' } })
  await db.elderResidence.create({
    data: { id: randomUUID(), elderId: elder.id, validFrom: '2026-11-22', validTo: null, addressSealed: '', ...place },
  })
  const { ask } = await serveWorld(world)
  const here = await world.staff('villageStaff')
  const { status, body } = await ask<{ items: { id: string }[] }>(here, 'GET', '/visits')
  expect(status).toBe(200)
  expect(body.items.map(({ id }) => id)).toContain(visit.id)
  expect((await ask(here, 'GET', '/exports/visits?from=2026-11-01&to=2026-11-30')).status).toBe(200)
  const elders = await ask<{ items: { id: string }[] }>(here, 'GET', '/elders')
  expect(elders.body.items.map(({ id }) => id)).not.toContain(elder.id)
})
