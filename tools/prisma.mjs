#!/usr/bin/env node
// `node tools/prisma.mjs <args>` is the Prisma CLI with two things arranged: the provider schemas are written from
// prisma/models first, and the schema engine is the published WASM build, so nothing is downloaded and all works offline.
import assert from 'node:assert'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSchemas } from './build-schema.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..')
const require = createRequire(import.meta.url)

const installedVersion = (name) =>
  JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version

function environment() {
  const env = { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' }
  if (process.platform === 'win32') return env // can't execute a script by its path; there the CLI fetches its own engine
  assert.equal(
    installedVersion('@prisma/schema-engine-wasm'),
    installedVersion('@prisma/engines-version'),
    'the WASM schema engine must be the one this Prisma was made with',
  )
  return { ...env, PRISMA_SCHEMA_ENGINE_BINARY: env.PRISMA_SCHEMA_ENGINE_BINARY ?? join(here, 'schema-engine.mjs') }
}

/**
 * Runs the Prisma CLI at the root.
 *
 * @param {string[]} args what follows `prisma` on the command line
 * @param {{ quiet?: boolean, databaseUrl?: string }} [how] quiet keeps the output for the caller
 * @returns {{ status: number, stdout: string, stderr: string }} the texts are empty unless quiet
 */
export function prisma(args, { quiet = false, databaseUrl } = {}) {
  buildSchemas()
  const done = spawnSync(process.execPath, [require.resolve('prisma/build/index.js'), ...args], {
    cwd: root,
    stdio: quiet ? 'pipe' : 'inherit',
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...environment(), ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) },
  })
  return { status: done.status ?? 1, stdout: done.stdout ?? '', stderr: done.stderr ?? '' }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(prisma(process.argv.slice(2)).status)
