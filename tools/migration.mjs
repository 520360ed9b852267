#!/usr/bin/env node
// `node tools/migration.mjs 0001_init` writes prisma/{sqlite,postgresql}/migrations/0001_init/migration.sql from the
// models: what differs between the earlier migrations and the models, then the hand-written SQL Prisma has no word for.
// Asked again, it writes the same migration anew, as long as it is the last one. (Once released, a migration is final.)
//
// Two annotations in the models' doc comments become part of the tables on both databases:
//   /// @check <name>: <SQL expression over column names>   a CHECK constraint on the table
//   /// @deferrable                                         before a relation: its foreign key waits for the commit
// Triggers, partial indexes and the like are written by hand: prisma/guards/<provider>.sql is all there is of them and
// goes into the first migration; a later migration <name> takes what it adds from prisma/guards/<name>.<provider>.sql.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { register } from 'tsx/esm/api'
import { annotate, readAnnotations } from './annotations.mjs'
import { PROVIDERS } from './build-schema.mjs'
import { prisma } from './prisma.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
register()
const { startPostgres } = await import('../test/support/postgres.ts')

const name = process.argv[2]
if (!/^\d{4}_[a-z0-9_]+$/.test(name ?? '')) fail('Name the migration, e.g. `node tools/migration.mjs 0001_init`')

const server = await startPostgres({ fsync: false })
try {
  for (const provider of PROVIDERS) write(provider, provider === 'sqlite' ? 'file::memory:' : server.url)
} finally {
  await server.stop()
}

function write(provider, databaseUrl) {
  const folder = join(root, 'prisma', provider, 'migrations')
  const earlier = existsSync(folder) ? readdirSync(folder).filter((one) => /^\d{4}_/.test(one) && one !== name) : []
  if (earlier.some((one) => one > name)) fail(`${name} is not the last migration`)
  rmSync(join(folder, name), { recursive: true, force: true })
  const from = earlier.length > 0 ? ['--from-migrations', `prisma/${provider}/migrations`] : ['--from-empty']
  const to = ['--to-schema', `prisma/${provider}/schema`]
  const diff = prisma(['migrate', 'diff', ...from, ...to, '--script'], { quiet: true, databaseUrl })
  if (diff.status !== 0 || !diff.stdout.includes('-- ')) fail(diff.stderr || diff.stdout)

  const models = readModels(provider)
  const guards = join(root, 'prisma/guards', earlier.length > 0 ? `${name}.${provider}.sql` : `${provider}.sql`)
  const byHand = existsSync(guards) ? `\n${readFileSync(guards, 'utf8').trim()}\n` : ''
  const sql = `${annotate(diff.stdout, readAnnotations(models)).trim()}\n${byHand}`
  mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, 'migration_lock.toml'), `# written by tools/migration.mjs\nprovider = "${provider}"\n`)
  writeFileSync(join(folder, name, 'migration.sql'), sql)
  console.log(`prisma/${provider}/migrations/${name}/migration.sql  ${sql.split('\n').length} lines`)
  if (provider === 'sqlite' && /^DROP TABLE/m.test(diff.stdout)) {
    console.log(
      'It rebuilds a table, and SQLite drops the triggers with the old one: create them again in its guards file.',
    )
  }
}

function readModels(provider) {
  const folder = join(root, 'prisma', provider, 'schema')
  return readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
