#!/usr/bin/env node
// `npm test`: everything there is to check, from a fresh clone. `npm test -- <suite> …` runs some of it, `sqlite:ledger/model`
// one file of a suite;
// `npm run test:long` tries harder (MULIN_LONG), repeats the suites on Node 24, runs those on a database once more with SM4 and
// SM3 (`sqlite (sm)`), and keeps each suite's last result in test/LONG.md.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap, buildIfStale, cache, root } from './bootstrap.mjs'
import { commitOf, keepResults } from './long-results.mjs'

const APPS = ['h5', 'admin', 'weapp']
const SUITES = {
  lock: lockFile,
  lint: () => check('node_modules/@biomejs/biome/bin/biome', 'check', '.'),
  types: () => check('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'),
  drift: () => check('tools/drift.mjs'),
  builds: () => {
    for (const app of APPS) buildIfStale(app)
    return { passed: APPS.length, failed: 0 }
  },
  plain: vitest,
  sqlite: vitest,
  postgresql: vitest,
  'sqlite (sm)': withSm,
  'postgresql (sm)': withSm,
  browser: vitest,
  weapp: vitest,
  image: vitest,
}
const ALL = Object.keys(SUITES)
const NODE_24 = 24

const long = process.argv.includes('--long')
const asked = process.argv.slice(2).filter((word) => word !== '--long')
const unknown = asked.filter(
  (name) => !ALL.includes(suiteOf(name)) || (isPart(name) && SUITES[suiteOf(name)] !== vitest),
)
if (unknown.length > 0) {
  console.error(`No suite is called ${unknown.join(', ')}. There are: ${ALL.join(', ')}`)
  process.exit(2)
}
if (long) process.env.MULIN_LONG ??= '1' // a share of it shows in minutes that the long way works

bootstrap()
// Packing the image installs everything once more, and each provider of cryptography takes the suites as long as the other:
// the long run does both, and whoever asks for it. What seals and finds is tried with both in every run (core/crypto,
// person/vault, person/keys, proof/seal).
const LONG_ONLY = ['image', 'sqlite (sm)', 'postgresql (sm)']
const usual = long ? ALL : ALL.filter((name) => !LONG_ONLY.includes(name))
const names = asked.length > 0 ? asked : usual
const results = runAll(names, process.execPath)
if (long) {
  const repeated = names.filter((name) => SUITES[name] === vitest) // whole suites only
  if (repeated.length > 0) results.push(...runAll(repeated, node24(), NODE_24))
}
console.log(`\n${table(results)}\n`)
const total = { passed: sum(results, 'passed'), failed: sum(results, 'failed') }
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed === 0 ? 0 : 1)

/** @param repeatedOn the Node on which suites run once more; kept beside their first run */
function runAll(names, node, repeatedOn) {
  const on = repeatedOn ?? Number(process.versions.node.split('.')[0])
  return names.map((suite) => {
    const name = repeatedOn === undefined ? suite : `${suite} on Node ${on}`
    console.log(`\n── ${name} ──`)
    const [from, commit] = [performance.now(), long ? commitOf(root) : ''] // somebody may go on writing meanwhile
    const { passed, failed } = SUITES[suiteOf(suite)](suite, node)
    const result = { suite, node: on, passed, failed, minutes: (performance.now() - from) / 60_000 }
    if (long) keepResults(root, [result], commit) // at once: a long run may be stopped
    return { ...result, name }
  })
}

function check(script, ...args) {
  return counted(spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' }))
}

function counted({ status }) {
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 }
}

/** Whether a fresh clone can install: npm writes lock files that it doesn't accept itself when a platform's binary is missing. */
function lockFile() {
  const args = ['ci', '--dry-run', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  return counted(spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }))
}

/** `sqlite:flows/crash` is test/flows/crash.test.ts on SQLite. */
function suiteOf(name) {
  return name.split(':')[0]
}

function isPart(name) {
  return name.includes(':')
}

/** Everything on that database once more, sealed with the second provider. How often a thing is tried makes no difference to it. */
function withSm(asked, node) {
  const { MULIN_LONG: _, ...env } = process.env
  return vitest(asked.replace(' (sm)', ''), node, { ...env, MULIN_SUITE: 'sm' })
}

function vitest(asked, node = process.execPath, env = process.env) {
  const [name, file] = asked.split(':')
  if (name === 'browser') for (const app of ['h5', 'admin']) buildIfStale(app)
  if (name === 'weapp') buildIfStale('weapp')
  const output = join(cache, `vitest-${asked.replace(/\W/g, '-')}-${env.MULIN_SUITE ?? 'aes'}.json`)
  mkdirSync(cache, { recursive: true })
  rmSync(output, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`]
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    name,
    ...reporters,
    ...(file === undefined ? [] : [`test/${file}.test.ts`]),
  ]
  const { status } = spawnSync(node, args, { cwd: root, stdio: 'inherit', env })
  const counts = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')) : {}
  const failed = counts.numFailedTests ?? 0
  // a file that can't be loaded or an error outside of any test fails the run without failing a test
  return { passed: counts.numPassedTests ?? 0, failed: status === 0 ? failed : Math.max(failed, 1) }
}

/** The binary npm has of the Node the Dockerfile takes. */
function node24() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const home = join(cache, 'node24')
  const args = ['install', '--prefix', home, '--no-save', '--ignore-scripts', `${name}@${NODE_24}`]
  const done = spawnSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  if (done.status !== 0) throw new Error(`npm has no ${name}@${NODE_24}`)
  return join(home, 'node_modules', name, 'bin/node')
}

function table(rows) {
  const lines = rows.map(({ name, passed, failed, minutes }) => [
    name.padEnd(24),
    String(passed).padStart(6),
    String(failed).padStart(6),
    minutes.toFixed(1).padStart(7),
  ])
  return [['suite'.padEnd(24), 'passed', 'failed', 'minutes'], ...lines].map((line) => line.join('  ')).join('\n')
}

function sum(rows, key) {
  return rows.reduce((total, row) => total + row[key], 0)
}
