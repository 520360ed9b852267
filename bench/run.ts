// npm run bench: the main job over HTTP on both databases beside pgbench, the reports of a county of 171,000 elders, start-up and
// bundle sizes, in one run; the table goes to bench/RESULTS.md.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { readConfig } from '../server/core/config'
import { type Db, openDb } from '../server/core/db'
import { migrate } from '../server/core/migrate'
import { coverage } from '../server/requirement/coverage'
import { hoursOfVillage } from '../server/requirement/hours'
import { startPostgres } from '../test/support/postgres'
import { type Bench, type MeasuredVerb, openBench, VERBS } from './hot'
import { measureLedger } from './ledger'
import { median, quantile } from './load'
import { addCounty, addElders } from './village'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
/** of everything: 0.2 gives a first look */
const SIZE = Number(process.argv[2] ?? 1)
const ROUNDS = SIZE < 1 ? 1 : 3
const TPCB_SECONDS = Math.max(1, Math.round(4 * SIZE))
const CLIENTS = [1, 8, 32]
/** 0: the hot path alone, and the results stay as they are */
const ELDERS = Number(process.argv[3] ?? 171_000)
/** how far the books of the ledger's measurement grow; 10000000 takes hours */
const ENTRIES = Number(process.argv[4] ?? 200_000)
const MONTH = '2026-10'
const config = readConfig({ NODE_ENV: 'test' })
type Found = { rates: number[]; times: number[]; cpu: number[]; refused: number }
const NOTHING: Found = { rates: [], times: [], cpu: [], refused: 0 }
const lines: string[] = []
const say = (line: string) => {
  lines.push(line)
  console.log(line)
}

const folder = mkdtempSync(join(tmpdir(), 'mulin-bench-'))
const postgres = await startPostgres({ fsync: true, maxConnections: 200 })
try {
  await measure()
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function measure(): Promise<void> {
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).stdout.trim()
  say(
    `# Measured by \`npm run bench\`\n\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, commit ${commit}. Load and server share the machine; read the ratios.\n`,
  )
  await measureHotPath()
  if (ELDERS === 0) return
  await measurePosting()
  say(
    `\n## A county with ${ELDERS.toLocaleString('en')} elders and a month of visits (median of 5)\n\n| database | coverage of the county ms | hours against requirement of a village ms |\n|---|---|---|`,
  )
  for (const [name, url] of [
    ['SQLite', `file:${join(folder, 'county.db')}`],
    ['PostgreSQL', await postgres.emptyDatabase()],
  ] as const)
    await measureReports(name, url)
  measureStart()
  measureBundles()
  writeFileSync(join(ROOT, 'bench/RESULTS.md'), `${lines.join('\n')}\n`)
}

async function measurePosting(): Promise<void> {
  const urls = [
    ['PostgreSQL', await postgres.emptyDatabase()],
    ['SQLite', `file:${join(folder, 'books.db')}`],
  ] as const
  const databases = []
  for (const [name, url] of urls) databases.push([name, await opened(url), url] as const)
  await measureLedger(say, databases, TPCB_SECONDS, ENTRIES)
  for (const [, db] of databases) await db.$disconnect()
}

async function opened(url: string): Promise<Db> {
  await migrate(url, join(ROOT, 'prisma', url.startsWith('file:') ? 'sqlite' : 'postgresql', 'migrations'), () => {})
  return openDb(url)
}

/** Every verb on both databases and TPC-B, in turns, so that what else the machine does falls on all alike. */
async function measureHotPath(): Promise<void> {
  const urls = [
    ['SQLite', `file:${join(folder, 'main.db')}`],
    ['PostgreSQL', await postgres.emptyDatabase()],
  ] as const
  const people = Math.max(...CLIENTS.map(requestsOf))
  const benches: Bench[] = []
  for (const [name, url] of urls) benches.push(await openBench(name, await opened(url), url, config.keys, people))
  const tpcb = newPgbench()
  const found = new Map<string, Found>()
  const note = (key: string, { requestsPerSecond, times, refused, cpuMs }: MeasuredVerb) => {
    const old = found.get(key) ?? NOTHING
    found.set(key, {
      rates: [...old.rates, requestsPerSecond],
      times: [...old.times, ...times],
      cpu: [...old.cpu, cpuMs],
      refused: old.refused + refused,
    })
  }
  for (const bench of benches) await bench.round(32, 64) // what is compiled and cached at first is not measured
  for (let turn = 0; turn < ROUNDS; turn++) {
    for (const clients of CLIENTS) {
      const rate = tpcb(clients)
      if (rate !== null) note(`TPC-B ${clients}`, { requestsPerSecond: rate, times: [], refused: 0, cpuMs: 0 })
      for (const bench of benches) {
        const round = await bench.round(clients, requestsOf(clients))
        for (const verb of VERBS) note(`${bench.name} ${verb} ${clients}`, round[verb])
      }
    }
  }
  for (const bench of benches) await bench.stop()
  say(
    `## The verbs of the main job over HTTP (median of ${ROUNDS} rounds; all guards, fsync, idempotency, log, evidence and encryption on)\n`,
  )
  say(
    '| database | verb | clients | requests/s | of TPC-B | p50 ms | p99 ms | server CPU ms each | refused |\n|---|---|---|---|---|---|---|---|---|',
  )
  for (const { name } of benches)
    for (const verb of VERBS)
      for (const clients of CLIENTS) {
        const one = found.get(`${name} ${verb} ${clients}`) ?? NOTHING
        const rate = median(one.rates)
        const beside = median(found.get(`TPC-B ${clients}`)?.rates ?? [])
        const share = beside === 0 ? '–' : (rate / beside).toFixed(2)
        say(
          `| ${name} | ${verb} | ${clients} | ${Math.round(rate)} | ${share} | ${quantile(one.times, 0.5).toFixed(1)} | ${quantile(one.times, 0.99).toFixed(1)} | ${median(one.cpu).toFixed(2)} | ${one.refused} |`,
        )
      }
  say('\n| pgbench TPC-B, clients | transactions/s |\n|---|---|')
  for (const clients of CLIENTS)
    say(`| ${clients} | ${Math.round(median(found.get(`TPC-B ${clients}`)?.rates ?? []))} |`)
}

function requestsOf(clients: number): number {
  return Math.round((clients === 1 ? 60 : clients * 20) * SIZE)
}

/** TPC-B of the same PostgreSQL: what the machine can do. null where pgbench is not there. */
function newPgbench(): (clients: number) => number | null {
  const binary = [
    ...(existsSync('/usr/lib/postgresql')
      ? readdirSync('/usr/lib/postgresql').map((version) => `/usr/lib/postgresql/${version}/bin/pgbench`)
      : []),
  ].find(existsSync)
  if (binary === undefined) {
    say('pgbench is not on this machine: no TPC-B to compare with.\n')
    return () => null
  }
  const run = (...args: string[]) =>
    execFileSync(binary, [...args, postgres.url], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  run('-i', '-s', '10', '-q')
  return (clients) =>
    Number(/tps = ([\d.]+)/.exec(run('-c', String(clients), '-j', '2', '-T', String(TPCB_SECONDS)))?.[1] ?? 0)
}

async function measureReports(name: string, url: string): Promise<void> {
  const db = await opened(url)
  const { county, villages, serviceId } = await addCounty(db, 16, 45)
  await addElders(db, villages, serviceId, ELDERS, MONTH)
  if (!url.startsWith('file:')) await db.$executeRawUnsafe('ANALYZE')
  else await db.$executeRawUnsafe('ANALYZE')
  const region = { id: county.id, path: county.path, name: '县', kind: 'county' }
  const [village] = villages as [(typeof villages)[number]]
  const board = await medianOf(() => coverage(db, region, MONTH))
  const hours = await medianOf(() =>
    hoursOfVillage(db, config.keys, { id: village.id, path: village.path, name: '村' }, MONTH),
  )
  say(`| ${name} | ${board.toFixed(1)} | ${hours.toFixed(1)} |`)
  await db.$disconnect()
}

async function medianOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let turn = 0; turn < 5; turn++) {
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  return times.sort((a, b) => a - b)[2] as number
}

/** From the command to the first answer of /readyz, on a database that is already there. */
function measureStart(): void {
  const script = `const { spawn } = require('node:child_process'); const began = Date.now()
    const server = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], { env: { ...process.env, PORT: '34571', DATABASE_URL: 'file:${join(folder, 'main.db')}' }, stdio: 'ignore' })
    const ask = () => fetch('http://127.0.0.1:34571/readyz').then(() => { console.log(Date.now() - began); server.kill() }, () => setTimeout(ask, 20)); ask()`
  const { stdout } = spawnSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8', timeout: 60_000 })
  say(`\n## Start-up\n\nSecond start until /readyz answers: ${stdout.trim()} ms (SQLite).`)
}

function measureBundles(): void {
  say('\n## Bundles\n\n| what | KB |\n|---|---|')
  const weapp = join(ROOT, 'dist/weapp')
  if (existsSync(weapp)) say(`| weapp main package | ${Math.round(sizeOf(weapp) / 1024)} |`)
  for (const app of ['h5', 'admin']) {
    const folder = join(ROOT, 'dist', app)
    if (existsSync(folder)) say(`| ${app} first load, gz | ${Math.round(firstLoad(folder) / 1024)} |`)
  }
}

function sizeOf(path: string): number {
  return statSync(path).isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
    : statSync(path).size
}

/** What index.html names itself: scripts and styles, gzipped. */
function firstLoad(folder: string): number {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const files = [...html.matchAll(/(?:src|href)="\/?(?:admin\/)?([^"]+\.(?:js|css))"/g)].map(([, name]) =>
    join(folder, name as string),
  )
  return (
    gzipSync(html).length + files.filter(existsSync).reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0)
  )
}
