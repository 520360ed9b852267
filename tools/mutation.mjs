#!/usr/bin/env node
// `npm run test:mutation [-- <file> …]`: changes the ledger a little here and there, and sees whether a test notices
// (test/MUTATION.md). Without files: shared/ledger, in minutes. With files of server/ledger the tests that keep books are
// tried on each change: hours. `--static` also changes what is read once when a file is loaded (tables, schemas), for which
// all tests begin anew each time. Stryker is fetched when it is first asked for; nothing else needs it.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap, cache, root } from './bootstrap.mjs'

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
const onBooks = files.some((file) => file.startsWith('server/'))
const mutate = files.length === 0 ? [] : ['--mutate', files.join(',')]
const { status } = spawnSync(process.execPath, [binary, 'run', 'config/stryker.json', ...mutate, ...fixed], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, MULIN_MUTATION: onBooks ? 'books' : 'plain' },
})
process.exit(status ?? 1)
