#!/usr/bin/env node
// The drift gate: on both databases the migrations make exactly what the models and prisma/guards say.
//   1. `migrate diff` from the migrations to the models finds nothing
//   2. Prisma's own `migrate deploy` applies them to an empty database, and our start-up runner agrees that all is done
//   3. the triggers, annotated checks and deferrable keys in that database are those written down, no more and no less
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@libsql/client'
import pg from 'pg'
import { register } from 'tsx/esm/api'
import { readAnnotations } from './annotations.mjs'
import { PROVIDERS } from './build-schema.mjs'
import { prisma } from './prisma.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const OBJECTS = {
  sqlite: {
    triggers: `SELECT name FROM sqlite_master WHERE type = 'trigger'`,
    tables: `SELECT sql AS name FROM sqlite_master WHERE type = 'table'`,
  },
  postgresql: {
    triggers: 'SELECT DISTINCT tgname AS name FROM pg_trigger WHERE NOT tgisinternal',
    tables: `SELECT 'CONSTRAINT "' || conname || '" ' || pg_get_constraintdef(oid) AS name FROM pg_constraint`,
  },
}

/** @returns {Promise<string[]>} what has drifted, a sentence each */
export async function findDrift() {
  register()
  const { startPostgres } = await import('../test/support/postgres.ts')
  const { migrate } = await import('../server/core/migrate.ts')
  const folder = mkdtempSync(join(tmpdir(), 'mulin-drift-'))
  const server = await startPostgres({ fsync: false })
  const found = []
  try {
    for (const provider of PROVIDERS) {
      const url = provider === 'sqlite' ? `file:${folder}/empty.db` : await server.emptyDatabase()
      const migrations = `prisma/${provider}/migrations`
      const run = (...args) => {
        const done = prisma(args, { quiet: true, databaseUrl: url })
        if (done.status !== 0) found.push(`${provider}: prisma ${args.join(' ')}\n${done.stdout}${done.stderr}`)
      }
      run('migrate', 'diff', '--from-migrations', migrations, '--to-schema', `prisma/${provider}/schema`, '--exit-code')
      run('migrate', 'deploy')
      const again = await migrate(url, join(root, migrations), () => {})
      if (again > 0) found.push(`${provider}: the start-up runner doesn't know what \`migrate deploy\` applied`)
      found.push(...(await compareGuards(provider, url)))
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return found
}

async function compareGuards(provider, url) {
  const ask = provider === 'sqlite' ? askSqlite(url) : askPostgres(url)
  const triggers = await ask(OBJECTS[provider].triggers)
  const definitions = (await ask(OBJECTS[provider].tables)).join('\n')
  const guards = readFileSync(join(root, 'prisma/guards', `${provider}.sql`), 'utf8')
  const wanted = [...guards.matchAll(/^\s*CREATE\s+(?:CONSTRAINT\s+)?TRIGGER\s+"?(\w+)"?/gim)].map((match) => match[1])
  const { checks, deferrable } = readAnnotations(readModels())
  return [
    ...wanted.filter((one) => !triggers.includes(one)).map((one) => `trigger ${one} is missing`),
    ...triggers.filter((one) => !wanted.includes(one)).map((one) => `trigger ${one} is not in prisma/guards`),
    ...checks
      .filter(({ name }) => !definitions.includes(`"${name}" CHECK`))
      .map(({ name }) => `check ${name} is missing`),
    ...deferrable
      .filter((name) => !new RegExp(`"${name}" FOREIGN KEY[^\\n]* DEFERRABLE INITIALLY DEFERRED`).test(definitions))
      .map((name) => `foreign key ${name} is not deferrable`),
  ].map((sentence) => `${provider}: ${sentence}`)
}

function readModels() {
  const folder = join(root, 'prisma/models')
  return readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
}

const askSqlite = (url) => async (sql) => {
  const client = createClient({ url })
  try {
    return (await client.execute(sql)).rows.map((row) => row.name)
  } finally {
    client.close()
  }
}

const askPostgres = (url) => async (sql) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows.map((row) => row.name)
  } finally {
    await client.end()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = await findDrift()
  for (const one of found) console.error(one)
  console.log(
    found.length === 0
      ? 'The migrations, the models and the guards agree on both databases'
      : `${found.length} drifted`,
  )
  process.exit(found.length === 0 ? 0 : 1)
}
