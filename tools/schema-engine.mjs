#!/usr/bin/env node
// Drop-in replacement for Prisma's Rust schema-engine binary (PRISMA_SCHEMA_ENGINE_BINARY):
// same argv + line-delimited JSON-RPC over stdio, backed by @prisma/schema-engine-wasm + a JS driver adapter.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import path from 'node:path'
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils'
const require = createRequire(import.meta.url)
const wasmDir = path.dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'))
const bgVersion = () => JSON.parse(readFileSync(path.join(wasmDir, 'package.json'), 'utf8')).version
const argv = process.argv.slice(2)
const opt = { datamodels: [], cli: null, datasource: null }
for (let i = 0; i < argv.length; i++) {
  if (argv[i] === '--datamodels') opt.datamodels.push(argv[++i])
  else if (argv[i] === '--datasource') opt.datasource = JSON.parse(argv[++i])
  else if (argv[i] === 'cli') opt.cli = argv[++i]
  else if (argv[i] === '--version') { console.log(`schema-engine-cli (wasm) ${bgVersion()}`); process.exit(0) }
  else i++ // --enabled-preview-features X, --extension-types X
}
const log = (level, message, extra = {}) => process.stderr.write(JSON.stringify({ level, timestamp: new Date().toISOString(), target: 'schema_engine::logger', fields: { message, ...extra } }) + '\n')
const ds = opt.datasource ?? {}
async function makeFactory() {
  const url = ds.url ?? ''
  if (/^postgres(ql)?:/.test(url)) {
    const { PrismaPg } = await import('@prisma/adapter-pg')
    const { default: pg } = await import('pg')
    const schema = new URL(url).searchParams.get('schema') ?? undefined
    const main = new PrismaPg({ connectionString: url, max: 1 }, schema ? { schema } : undefined)
    return {
      provider: main.provider, adapterName: main.adapterName,
      connect: async () => patchPg(await main.connect()),
      // Own shadow database: adapter-pg ignores `database` when it has a connection string (it would use the real one!)
      connectToShadowDb: async () => {
        const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`
        const u = new URL(ds.shadowDatabaseUrl ?? url); u.search = ''
        if (!ds.shadowDatabaseUrl) await admin(url, (c) => c.query(`CREATE DATABASE "${name}"`)).then(() => { u.pathname = '/' + name })
        else await admin(u.toString(), (c) => c.query('DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public'), true)
        const pool = new pg.Pool({ connectionString: u.toString(), max: 1 })
        const a = patchPg(await new PrismaPg(pool).connect())
        a.dispose = async () => { await pool.end(); if (!ds.shadowDatabaseUrl) await admin(url, (c) => c.query(`DROP DATABASE "${name}"`)) }
        return a
      },
    }
  }
  if (url.startsWith('file:')) {
    const { PrismaLibSql } = await import('@prisma/adapter-libsql')
    return patchSqlite(new PrismaLibSql({ url }, { shadowDatabaseUrl: ':memory:' }))
  }
  throw Object.assign(new Error(`Unsupported datasource url: ${url.split(':')[0]}`), { code: 'P1013' })
}
// adapter-pg knows no column type for PostgreSQL's catalogue-only types ("char", int2vector, ...), which the
// schema describer selects: report them as text (prisma/orm#27403).
// Of these, "char" (18) must then be marked as one character: the describer of CHECK constraints dies on a text.
const CATALOGUE = new Set([18, 22, 24, 30, 194, 1003, 2202, 2203, 2204, 2205, 2206])
function patchPg(q) {
  const io = q.performIO.bind(q); const ask = q.queryRaw.bind(q); const chars = new WeakMap()
  q.queryRaw = async (query) => {
    const r = await ask(query)
    for (const i of chars.get(query) ?? []) r.columnTypes[i] = ColumnTypeEnum.Character
    return r
  }
  q.performIO = async (query) => { const r = await io(query); chars.set(query, (r.fields ?? []).flatMap((f, i) => (f.dataTypeID === 18 ? [i] : []))); for (const f of r.fields ?? []) if (CATALOGUE.has(f.dataTypeID)) f.dataTypeID = f.dataTypeID === 1003 ? 1009 : 25; return r }
  if (q.startTransaction) { const st = q.startTransaction.bind(q); q.startTransaction = async (i) => patchPg(await st(i)) }
  // adapter-pg splits scripts at every ';', which breaks function bodies: send them whole (simple query protocol)
  if (q.executeScript) q.executeScript = async (script) => { try { await q.client.query(script) } catch (e) { q.onError(e) } }
  return q
}
async function admin(url, fn, same) {
  const { default: pg } = await import('pg')
  const u = new URL(url); u.search = ''; if (!same) u.pathname = '/postgres'
  const c = new pg.Client({ connectionString: u.toString() }); await c.connect()
  try { return await fn(c) } finally { await c.end() }
}
// With a JS SQLite driver the WASM engine reports P1014 instead of "not yet initialised" when _prisma_migrations is
// missing: answer that one query with no rows, after creating the table as the engine itself would.
const MIGRATIONS_DDL = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`
function patchSqlite(factory) {
  for (const m of ['connect', 'connectToShadowDb']) {
    const orig = factory[m].bind(factory)
    factory[m] = async () => {
      const a = await orig(); const er = a.executeRaw.bind(a)
      // the describer asks for the definition of a partial index by a "string" in double quotes, which libsql takes for a column
      const ask = a.queryRaw.bind(a); const qr = (q) => ask({ ...q, sql: q.sql.replace(/(type = 'index' AND name = )"([^"]*)"/, "$1'$2'") })
      a.client?.unsafeMode?.(true) // `migrate reset` clears sqlite_master, which better-sqlite3 forbids by default
      // the engine sends whole migration scripts here; better-sqlite3's prepare() takes one statement only
      a.executeRaw = async (q) => (q.args.length ? er(q) : (await a.executeScript(q.sql), 0))
      a.queryRaw = async (q) => {
        try { return await qr(q) } catch (e) {
          if (e?.cause?.kind !== 'TableDoesNotExist' || !/_prisma_migrations/.test(e.cause.table ?? '')) throw e
          await a.executeScript(MIGRATIONS_DDL); return qr(q)
        }
      }
      return a
    }
  }
  return factory
}
const KNOWN = { '3D000': 'P1003', ECONNREFUSED: 'P1001', '28P01': 'P1000' }
async function canConnect() {
  const url = ds.url
  if (url.startsWith('file:')) {
    const { existsSync } = await import('node:fs')
    const f = url.slice(5).split('?')[0]
    if (!existsSync(f)) throw Object.assign(new Error(`Database \`${f}\` does not exist`), { code: 'P1003' })
    return
  }
  const { default: pg } = await import('pg')
  const c = new pg.Client({ connectionString: url })
  try { await c.connect() } catch (e) { throw Object.assign(new Error(e.message || String(e)), { code: KNOWN[e.code] ?? 'P1001' }) }
  await c.end()
}
async function createDb() {
  const url = ds.url
  if (url.startsWith('file:')) {
    const { mkdirSync, closeSync, openSync } = await import('node:fs')
    const f = url.slice(5).split('?')[0]; mkdirSync(path.dirname(f), { recursive: true }); closeSync(openSync(f, 'a')); return
  }
  const { default: pg } = await import('pg')
  const u = new URL(url); const name = decodeURIComponent(u.pathname.slice(1)); u.pathname = '/postgres'; u.search = ''
  const c = new pg.Client({ connectionString: u.toString() })
  await c.connect(); await c.query(`CREATE DATABASE ${c.escapeIdentifier(name)}`); await c.end()
}
if (opt.cli) {
  process.stderr.write('\n') // the CLI drops the first line
  try {
    if (opt.cli === 'can-connect-to-database') await canConnect()
    else if (opt.cli === 'create-database') await createDb()
    else throw new Error(`unknown cli command ${opt.cli}`)
    process.exit(0)
  } catch (e) { process.stderr.write(JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields: { error_code: e.code ?? 'P1001', message: e.message } })); process.exit(1) }
}
// the engine tells its last words here before it dies
globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => log('ERROR', message, { error_code: 'PANIC' }) }
const { bindMigrationAwareSqlAdapterFactory } = await import('@prisma/driver-adapter-utils')
const bg = await import('@prisma/schema-engine-wasm/schema_engine_bg')
const wasmPath = path.join(wasmDir, 'schema_engine_bg.wasm')
const { instance } = await WebAssembly.instantiate(readFileSync(wasmPath), { './schema_engine_bg.js': bg })
bg.__wbg_set_wasm(instance.exports); instance.exports.__wbindgen_start()
// A fresh engine for each call: its shadow-database state does not survive applyMigrations
const open = new Set()
const engine = async () => {
  const dm = opt.datamodels.length ? opt.datamodels.map((p) => [p, readFileSync(p, 'utf8')]) : undefined
  const f = await makeFactory()
  for (const m of ['connect', 'connectToShadowDb']) {
    const orig = f[m].bind(f)
    f[m] = async () => { const a = await orig(); const d = a.dispose.bind(a); a.dispose = async () => { if (open.delete(a)) await d() }; open.add(a); return a }
  }
  const factory = bindMigrationAwareSqlAdapterFactory(f)
  return bg.SchemaEngine.new({ datamodels: dm }, (l) => { if (process.env.DEBUG) log('INFO', String(l)) }, factory)
}
let nextId = 1e6
const send = (o) => process.stdout.write(JSON.stringify(o) + '\n')
const handlers = {
  getDatabaseVersion: async (p) => (await engine()).version(p),
  createDatabase: async () => (await createDb(), { databaseName: '' }),
  diff: async (p) => {
    const e = await engine(); const r = await e.diff({ exitCode: null, ...p })
    if (r.stdout !== null && r.stdout !== undefined) { send({ jsonrpc: '2.0', id: nextId++, method: 'print', params: { content: r.stdout } }); r.stdout = null }
    return r
  },
  // SQLite over a JS driver: the engine edits sqlite_master, which leaves the open connection's tables in place
  ...(ds.url?.startsWith('file:') ? { reset: async () => {
    const a = await (await makeFactory()).connect()
    const { rows } = await a.queryRaw({ sql: `SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY CASE type WHEN 'trigger' THEN 0 WHEN 'view' THEN 1 WHEN 'table' THEN 2 ELSE 3 END`, args: [], argTypes: [] })
    await a.executeScript('PRAGMA foreign_keys=OFF;' + rows.filter((r) => r[0] !== 'index').map(([t, n]) => `DROP ${t} IF EXISTS "${n}";`).join('\n') + 'VACUUM;')
    await a.dispose()
  } } : {}),
  // These two find a shadow database only on an engine that has just run devDiagnostic
  ...Object.fromEntries(['evaluateDataLoss', 'createMigration'].map((m) => [m, async (p) => {
    const e = await engine(); await e.devDiagnostic({ migrationsList: p.migrationsList, filters: p.filters }); return e[m](p)
  }])),
  ensureConnectionValidity: async () => { await canConnect(); return {} },
}
// release locks (SQLite: locking_mode=EXCLUSIVE; PostgreSQL: advisory lock, shadow databases) between calls
const closeAll = async () => { for (const a of [...open]) await a.dispose() }
async function dispatch(req) {
  try {
    const h = handlers[req.method] ?? (async (p) => (await engine())[req.method](p))
    const result = await h(req.params)
    await closeAll()
    send({ jsonrpc: '2.0', id: req.id, result: result ?? {} })
  } catch (e) {
    await closeAll().catch(() => {})
    if (process.env.SE_DEBUG) console.error(e)
    const message = e?.message ?? String(e)
    send({ jsonrpc: '2.0', id: req.id, error: { code: 4466, message: 'An error happened. Check the data field for details.', data: { is_panic: false, message, error_code: e?.code ?? null, meta: e?.meta ?? null } } })
  }
}
const rl = createInterface({ input: process.stdin })
let q = Promise.resolve()
rl.on('line', (l) => { if (!l.trim()) return; const m = JSON.parse(l); if (m.method) q = q.then(() => dispatch(m)) })
rl.on('close', () => q.then(() => process.exit(0)))
