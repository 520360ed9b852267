// What it costs that the database itself keeps a list of the desk inside its regions: the same list, read plainly and as the
// reading role in turns.
import { randomUUID } from 'node:crypto'
import type { Actor } from '../server/core/actor'
import { openDb, readWithin } from '../server/core/db'
import { grantServing } from '../server/core/roles'
import { listElders } from '../server/elder/list'
import { analyze, type Context, closeAll, config, databaseCpu, newPostgres, ownCpu } from './context'
import { addCounty, addPairs } from './village'

const PAIRS = 2000
const TURNS = 20
const LISTS_A_TURN = 50

export async function measureWithin(context: Context): Promise<void> {
  const { say, size } = context
  const owner = await newPostgres(context)
  const { villages, serviceId } = await addCounty(owner.db, 2, 2)
  const [village] = villages as [(typeof villages)[number]]
  const pairs = await addPairs(owner.db, config.keys, PAIRS, village, serviceId)
  await analyze(owner)
  const serving = new URL(owner.url)
  serving.username = `serving_${randomUUID().slice(0, 8)}`
  serving.password = 'bench'
  await grantServing(owner.url, serving.toString())
  const db = openDb(serving.toString())
  const { id: regionId, path } = village
  const clerk: Actor = {
    ...{ personId: pairs[0]?.helperPersonId ?? '', sessionId: '', deviceId: null, how: 'password', provedAt: null },
    ...{ member: null, elder: null, proxyOf: [], requestId: '' },
    roles: [{ role: 'villageStaff', regionId, regionPath: path, redemptionPointId: null, duty: '' }],
  }
  const list = (reader: Parameters<typeof listElders>[0]) =>
    listElders(reader, config.keys, clerk, { limit: 50 }, new Date())
  const ways = { plainly: () => list(db), 'as the reading role': () => readWithin(db, [path], list) }
  const spent = new Map(Object.keys(ways).map((name) => [name, { server: 0, database: 0 }]))
  for (const way of Object.values(ways)) await way()
  const turns = Math.max(2, Math.round(TURNS * size))
  for (let turn = 0; turn < turns; turn++)
    for (const [name, way] of Object.entries(ways)) {
      const before = { server: ownCpu(), database: await databaseCpu(owner) }
      for (let times = 0; times < LISTS_A_TURN; times++) await way()
      const sum = spent.get(name) as { server: number; database: number }
      sum.server += ownCpu() - before.server
      sum.database += (await databaseCpu(owner)) - before.database
    }
  say('| a page of 50 elders of a village | processor ms, server | processor ms, PostgreSQL |\n|---|---|---|')
  for (const [name, { server, database }] of spent) {
    const each = (ms: number) => (ms / turns / LISTS_A_TURN).toFixed(2)
    say(`| ${name} | ${each(server)} | ${each(database)} |`)
  }
  await closeAll([owner, { ...owner, db }])
}
