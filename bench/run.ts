// npm run bench: the main job over HTTP on both databases beside pgbench, the reports of a county of 171,000 elders, start-up and
// bundle sizes, in one run; the table goes to bench/RESULTS.md.
import { execFileSync, fork, spawnSync } from 'node:child_process'
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
import { type Measured, runMainJob } from './load'
import { addCounty, addElders, addPairs } from './village'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const SECONDS = Number(process.argv[2] ?? 6)
const CLIENTS = [1, 8, 32]
const ELDERS = Number(process.argv[3] ?? 171_000)
const MONTH = '2026-10'
const config = readConfig({ NODE_ENV: 'test' })
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
  say('## Main job over HTTP (check-in, check-out, confirmation with posting: all guards, fsync and idempotency on)\n')
  say('| database | clients | requests/s | p50 ms | p99 ms | refused |\n|---|---|---|---|---|---|')
  for (const [name, url] of [
    ['SQLite', `file:${join(folder, 'main.db')}`],
    ['PostgreSQL', await postgres.emptyDatabase()],
  ] as const)
    await measureMainJob(name, url)
  measurePgbench()
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

async function opened(url: string): Promise<Db> {
  await migrate(url, join(ROOT, 'prisma', url.startsWith('file:') ? 'sqlite' : 'postgresql', 'migrations'), () => {})
  return openDb(url)
}

async function measureMainJob(name: string, url: string): Promise<void> {
  const db = await opened(url)
  const { villages, serviceId } = await addCounty(db, 1, 1)
  const pairs = await addPairs(db, config.keys, 64, villages[0] as (typeof villages)[number], serviceId)
  await db.$disconnect()
  const server = fork(join(ROOT, 'bench/server.ts'), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_ENV: 'test', DATABASE_URL: url },
  })
  const { port } = await new Promise<{ port: number }>((resolve) =>
    server.once('message', (message) => resolve(message as { port: number })),
  )
  await runMainJob(port, config.keys, pairs.slice(32), 8, 2, '2026-02-01')
  for (const [turn, clients] of CLIENTS.entries()) {
    const one: Measured = await runMainJob(port, config.keys, pairs, clients, SECONDS, `20${30 + turn * 10}-01-01`)
    say(
      `| ${name} | ${clients} | ${Math.round(one.requestsPerSecond)} | ${one.p50.toFixed(1)} | ${one.p99.toFixed(1)} | ${one.refused} |`,
    )
  }
  server.disconnect()
}

/** TPC-B of the same PostgreSQL in the same run: what the machine can do. */
function measurePgbench(): void {
  const binary = [
    ...(existsSync('/usr/lib/postgresql')
      ? readdirSync('/usr/lib/postgresql').map((version) => `/usr/lib/postgresql/${version}/bin/pgbench`)
      : []),
  ].find(existsSync)
  if (binary === undefined) {
    say('\npgbench is not on this machine: no TPC-B to compare with.')
    return
  }
  const run = (...args: string[]) =>
    execFileSync(binary, [...args, postgres.url], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  run('-i', '-s', '10', '-q')
  say('\n| pgbench TPC-B, clients | transactions/s |\n|---|---|')
  for (const clients of CLIENTS)
    say(
      `| ${clients} | ${Math.round(Number(/tps = ([\d.]+)/.exec(run('-c', String(clients), '-j', '2', '-T', String(SECONDS)))?.[1] ?? 0))} |`,
    )
}

async function measureReports(name: string, url: string): Promise<void> {
  const db = await opened(url)
  const { county, villages, serviceId } = await addCounty(db, 16, 45)
  await addElders(db, villages, serviceId, ELDERS, MONTH)
  if (!url.startsWith('file:')) await db.$executeRawUnsafe('ANALYZE')
  else await db.$executeRawUnsafe('ANALYZE')
  const region = { id: county.id, path: county.path, name: '县', kind: 'county' }
  const [village] = villages as [(typeof villages)[number]]
  const board = await median(() => coverage(db, region, MONTH))
  const hours = await median(() =>
    hoursOfVillage(db, config.keys, { id: village.id, path: village.path, name: '村' }, MONTH),
  )
  say(`| ${name} | ${board.toFixed(1)} | ${hours.toFixed(1)} |`)
  await db.$disconnect()
}

async function median(work: () => Promise<unknown>): Promise<number> {
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
