// What every measurement works with: databases of its own, where the numbers go, and which aims they meet.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Config, readConfig } from '../server/core/config'
import { type Db, FOR_SERVING, isPostgresUrl, openDb, query } from '../server/core/db'
import { migrate } from '../server/core/migrate'
import type { Postgres } from '../test/support/postgres'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
export const config: Config = readConfig({ NODE_ENV: 'test' })

export type Options = {
  /** how long each row is measured, of what is usual; 0.2 gives a first look */
  size: number
  elders: number
  /** of the books; where a section measures several sizes one after the other, the last of them */
  entries: number
  sizes: readonly number[]
  visits: number
  /** `sqlite` or `postgresql`: that one alone, where a section can; '' for both */
  only: string
  /** minutes that a section with much to write waits, once it is written, until nobody else is at work */
  quiet: number
}
export type Database = { name: 'SQLite' | 'PostgreSQL'; url: string; db: Db }
export type Context = Options & {
  folder: string
  postgres: Postgres
  say: (line: string) => void
  /** Something that was asked for: what was measured, and whether that is enough. */
  aim: (what: string, measured: string, isMet: boolean) => void
}

/** A new database of each kind, with all tables and guards. */
export async function newDatabases({ folder, postgres, only }: Context, name: string): Promise<Database[]> {
  const urls = [
    ['SQLite', 'sqlite', `file:${join(folder, `${name}.db`)}`],
    ['PostgreSQL', 'postgresql', await postgres.emptyDatabase()],
  ] as const
  const databases: Database[] = []
  for (const [kind, provider, url] of urls) {
    if (only !== '' && only !== provider) continue
    await migrate(url, join(ROOT, 'prisma', provider, 'migrations'), () => {})
    databases.push({ name: kind, url, db: openDb(url, FOR_SERVING) })
  }
  return databases
}

/** The same of PostgreSQL alone. */
export async function newPostgres({ postgres }: Context): Promise<Database> {
  const url = await postgres.emptyDatabase()
  await migrate(url, join(ROOT, 'prisma', 'postgresql', 'migrations'), () => {})
  return { name: 'PostgreSQL', url, db: openDb(url) }
}

export async function closeAll(databases: readonly Database[]): Promise<void> {
  for (const { db } of databases) await db.$disconnect()
}

/**
 * Fresh statistics for the planner and pages known to be all visible, as PostgreSQL makes them by itself sooner or later. SQLite
 * has none in real life either.
 */
export async function analyze({ db, name }: Database): Promise<void> {
  if (name === 'PostgreSQL') await db.$executeRawUnsafe('VACUUM ANALYZE')
}

/** Milliseconds of processor time that PostgreSQL spent for a database so far; SQLite's is in the process that asks. */
export async function databaseCpu({ url, db }: Pick<Database, 'url' | 'db'>): Promise<number> {
  if (!isPostgresUrl(url) || !existsSync('/proc/self/stat')) return 0
  const rows = await query<{ pid: number }>(
    db,
    'SELECT "pid" FROM pg_stat_activity WHERE "datname" = current_database()',
  )
  const backends = rows.map(({ pid }) => processOf(pid))
  // What a connection spent that was closed meanwhile, its parent has counted.
  const ended = processOf(backends.find(({ parent }) => parent > 0)?.parent ?? 0).ofChildren
  return backends.reduce((sum, { own }) => sum + own, ended)
}

const MS_PER_TICK = 10

/** Milliseconds of processor time of a process and of its children that have ended: man 5 proc_pid_stat. */
function processOf(pid: number): { parent: number; own: number; ofChildren: number } {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').map(Number) ?? []
    const ticks = (...places: number[]) => places.reduce((sum, place) => sum + (fields[place] ?? 0), 0) * MS_PER_TICK
    return { parent: fields[1] ?? 0, own: ticks(11, 12), ofChildren: ticks(13, 14) }
  } catch {
    return { parent: 0, own: 0, ofChildren: 0 } // it has ended meanwhile
  }
}

/** Milliseconds of processor time this process spent so far. */
export function ownCpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Transactions a second by pgbench; null where it is not on this machine. */
export function newPgbench(url: string, seconds: number): ((clients: number, ...more: string[]) => number) | null {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : []
  const binary = versions.map((version) => `/usr/lib/postgresql/${version}/bin/pgbench`).find(existsSync)
  if (binary === undefined) return null
  const run = (...args: string[]) =>
    execFileSync(binary, [...args, url], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  run('-i', '-s', '10', '-q')
  return (clients, ...more) => {
    const said = run('-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(seconds), ...more)
    return Math.round(Number(/tps = ([\d.]+)/.exec(said)?.[1] ?? 0))
  }
}

const LOOK_MS = 5000
const IDLE_SHARE = 0.85

/** Waits until the processors had nothing to do for a while, or the minutes are over; says which. */
export async function waitForQuiet({ quiet, say }: Pick<Context, 'quiet' | 'say'>): Promise<void> {
  if (quiet === 0) return
  const until = Date.now() + quiet * 60_000
  for (let calm = 0; calm < 3; ) {
    if (Date.now() > until) return say(`\nOthers were at work all the ${quiet} minutes it waited.`)
    const before = processorTimes()
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    const after = processorTimes()
    calm = (after.idle - before.idle) / (after.all - before.all) > IDLE_SHARE ? calm + 1 : 0
  }
  say('\nWritten beside whoever was at work; measured from here on with nobody else.')
}

function processorTimes(): { idle: number; all: number } {
  const times = cpus().map((one) => one.times)
  const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0)
  return { idle: sum(times.map((one) => one.idle)), all: sum(times.flatMap((one) => Object.values(one))) }
}

/** The milliseconds that half of some turns took. */
export async function medianOf(turns: number, work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let turn = 0; turn < turns; turn++) {
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  return times.sort((a, b) => a - b)[Math.floor(turns / 2)] as number
}

export const TURNS = 9
export type Timed = { ms: number; cpu: number }
export const wordsOf = ({ ms, cpu }: Timed) => `${ms.toFixed(0)} (${cpu.toFixed(0)})`

/** By the clock, and by the processor: the clock of a busy machine says more about the others. */
export async function timed(database: Database, work: () => unknown): Promise<Timed> {
  const cpuOf = async () => ownCpu() + (await databaseCpu(database))
  await work()
  const before = await cpuOf()
  const ms = await medianOf(TURNS, work)
  return { ms, cpu: ((await cpuOf()) - before) / TURNS }
}

export const thousands = (count: number): string => Math.round(count).toLocaleString('en')
