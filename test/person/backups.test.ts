import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, inject, test, vi } from 'vitest'
import { backupCommands } from '../../server/cli/backup-command'
import { keyCommands } from '../../server/cli/key-commands'
import { openDb } from '../../server/core/db'
import { countKeys } from '../../server/core/key-store'
import { destroyKeyOf, erase } from '../../server/person/erase'
import { addPersons, openPersons } from '../../server/person/vault'
import { addSeconds } from '../../shared/core/time'
import { dropDatabaseAt } from '../support/database'
import { copyDatabase } from '../support/postgres'
import { newWorld, type World } from '../support/world'

const folder = mkdtempSync(join(tmpdir(), 'mulin-backups-'))
const [databases, keys] = [join(folder, 'databases'), join(folder, 'keys')]
for (const one of [databases, keys]) mkdirSync(one)
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** As an operator types it, on a day of the operator's clock. */
async function mulin(url: string, at: Date, name: string, place: string): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date'], now: at })
  vi.stubEnv('DATABASE_URL', url)
  const command = [...backupCommands, ...keyCommands].find((one) => one.name === name)
  const said = vi.spyOn(console, 'log').mockImplementation(() => {})
  try {
    expect([name, await command?.run({ positionals: [place], values: {}, json: true })]).toEqual([name, 0])
  } finally {
    said.mockRestore()
    vi.unstubAllEnvs()
    vi.useRealTimers()
  }
}

let restored = 0
/** A backup of the database in the place of an empty one. */
async function restoredFrom(backup: string): Promise<string> {
  const prepared = inject('database')
  if (prepared.provider === 'sqlite') {
    const file = join(folder, `restored-${++restored}.db`)
    copyFileSync(backup, file)
    return `file:${file}`
  }
  const url = await copyDatabase(prepared.serverUrl, 'template1')
  const { status, stderr } = spawnSync('pg_restore', ['--dbname', url, backup], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
  return url
}

/** Who is read from a backup of the database with all the backups of keys there still are. */
async function readFrom(
  backup: string,
  world: World,
  at: Date,
  ids: readonly string[],
): Promise<(string | undefined)[]> {
  const url = await restoredFrom(backup)
  const empty = openDb(url)
  expect(await countKeys(empty)).toEqual([])
  await empty.$disconnect()
  for (const name of readdirSync(keys)) await mulin(url, at, 'person-keys restore', join(keys, name))
  const db = openDb(url)
  const persons = await openPersons(db, world.keys, ids)
  await db.$disconnect()
  await dropDatabaseAt(url)
  return ids.map((id) => persons.get(id)?.name)
}

const isHere = inject('database').provider === 'sqlite' || spawnSync('pg_dump', ['--version']).status === 0
if (!isHere) console.warn('no pg_dump on this machine: backups of PostgreSQL are not tried')

test.runIf(isHere)(
  'from no backup of the database is somebody read who was erased, once the keys’ own backups are over; everybody else is',
  async () => {
    const world = await newWorld()
    const { db, databaseUrl, clock } = world
    const people = ['欧阳璨翾', '司马甪霂'].map((name) => ({ name, identityKind: 'none' as const }))
    const ids = await db.$transaction((tx) => addPersons(tx, world.keys, people, clock.now))
    const [gone = '', stays = ''] = ids
    const day = (days: number) => addSeconds(clock.now, days * 86_400)

    await mulin(databaseUrl, day(0), 'backup', databases)
    await mulin(databaseUrl, day(0), 'person-keys backup', keys)
    await db.$transaction((tx) => erase(tx, gone, day(1)))
    await destroyKeyOf(db, gone)
    await mulin(databaseUrl, day(2), 'person-keys backup', keys)
    const backup = join(databases, readdirSync(databases)[0] as string)

    await mulin(databaseUrl, day(35), 'person-keys backup', keys)
    expect(await readFrom(backup, world, day(35), [gone, stays])).toEqual(['欧阳璨翾', '司马甪霂'])
    await mulin(databaseUrl, day(36), 'person-keys backup', keys)
    expect(await readFrom(backup, world, day(36), [gone, stays])).toEqual(['', '司马甪霂'])
  },
  120_000,
)
