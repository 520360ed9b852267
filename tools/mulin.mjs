#!/usr/bin/env node
// `npm run -s mulin -- <command>`: the operator's commands, with the packages and clients they need.
import { spawnSync } from 'node:child_process'
import { bootstrap, runTypeScript } from './bootstrap.mjs'

/** Commands that walk through all there is. What they hold is small; V8 and malloc are told so, or they take what the machine has. */
const WALKS = ['ledger audit', 'export archive', 'import archive']
const SMALL = ['--max-semi-space-size=4', '--max-old-space-size=128']
if (process.execArgv.length === 0 && WALKS.includes(process.argv.slice(2, 4).join(' '))) {
  const env = { ...process.env, MALLOC_ARENA_MAX: '2' }
  const { status } = spawnSync(process.execPath, [...SMALL, ...process.argv.slice(1)], { stdio: 'inherit', env })
  process.exit(status ?? 1)
}

bootstrap()
await runTypeScript('server/cli.ts')
