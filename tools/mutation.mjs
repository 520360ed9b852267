#!/usr/bin/env node
// `npm run test:mutation [-- <file> …]`: changes the ledger a little here and there, and sees whether a test notices
// (test/MUTATION.md keeps the counts of each file's last run). Without files: shared/ledger, in minutes. Of server/ledger each
// file is tried by itself, with the tests that keep books on SQLite and reach it: so that what is finished is kept. `--static` also changes what is read once when a file is loaded (tables, schemas), for which
// all tests begin anew each time. Stryker is fetched when it is first asked for; nothing else needs it.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap, cache, root } from './bootstrap.mjs'
import { commitOf } from './long-results.mjs'
import { keepMutations } from './mutation-results.mjs'

const VERSION = '9.6.1' // the last that runs on Node 20
const home = join(cache, 'stryker')
const binary = join(home, 'node_modules/@stryker-mutator/core/bin/stryker.js')

bootstrap()
if (!existsSync(binary)) {
  const packages = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@${VERSION}`)
  // without peers: the vitest is ours
  const args = ['install', '--prefix', home, '--no-save', '--ignore-scripts', '--legacy-peer-deps', ...packages]
  const done = spawnSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' })
  if (done.status !== 0) throw new Error(`npm has no Stryker ${VERSION}`)
}
const files = process.argv.slice(2).filter((word) => word !== '--static')
const fixed = process.argv.includes('--static') ? [] : ['--ignoreStatic']
const runs = files.length === 0 ? [[]] : files.map((file) => [file])
const failed = runs.filter((run) => !mutate(run))
process.exit(failed.length === 0 ? 0 : 1)

/** Tries one file, or those of the settings; answers whether it came to an end. */
function mutate(run) {
  const onBooks = run.some((file) => file.startsWith('server/'))
  const only = run.length === 0 ? [] : ['--mutate', run.join(',')]
  const [from, commit] = [performance.now(), commitOf(root)]
  const { status } = spawnSync(process.execPath, [binary, 'run', 'config/stryker.config.mjs', ...only, ...fixed], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, MULIN_MUTATION: onBooks ? 'books' : 'plain', MULIN_MUTATION_FILE: run[0] ?? '' },
  })
  if (status !== 0) return false
  const report = JSON.parse(readFileSync(join(cache, 'mutation.json'), 'utf8'))
  keepMutations(root, report, (performance.now() - from) / 60_000, commit)
  return true
}
