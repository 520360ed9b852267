#!/usr/bin/env node
// Stands in for Prisma's schema engine (PRISMA_SCHEMA_ENGINE_BINARY), which the command line would download: the same
// arguments and the same line-delimited JSON-RPC on stdin and stdout, answered by @prisma/schema-engine-wasm over a
// driver adapter. The WASM package is undocumented: every upgrade of Prisma has to pass the whole drift gate.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import pg from 'pg'

const wasmFolder = path.dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg'))
const options = readArguments(process.argv.slice(2))
const datasource = options.datasource ?? {}
const url = datasource.url ?? ''
const isSqlite = url.startsWith('file:')
const isPostgres = /^postgres(ql)?:/.test(url)

function readArguments(args) {
  const read = { datamodels: [], cli: null, datasource: null, version: false }
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--datamodels') read.datamodels.push(args[++i])
    else if (args[i] === '--datasource') read.datasource = JSON.parse(args[++i])
    else if (args[i] === 'cli') read.cli = args[++i]
    else if (args[i] === '--version') read.version = true
    else i++ // --enabled-preview-features X, --extension-types X
  }
  return read
}

async function printVersion() {
  const { version } = JSON.parse(readFileSync(path.join(wasmFolder, 'package.json'), 'utf8'))
  console.log(`schema-engine-cli (wasm) ${version}`)
}

// ── The two questions of `schema-engine cli` ────────────────────────────────────────────────────────────────────────

async function answerCli(question) {
  process.stderr.write('\n') // the command line drops the first line
  try {
    if (question === 'can-connect-to-database') await assertConnects()
    else if (question === 'create-database') await createDatabase()
    else throw new Error(`unknown question ${question}`)
  } catch (error) {
    const fields = { error_code: error.code ?? 'P1001', message: error.message }
    process.stderr.write(JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields }))
    process.exit(1)
  }
}

const PRISMA_CODES = { '3D000': 'P1003', ECONNREFUSED: 'P1001', '28P01': 'P1000' }
const fileOf = (sqliteUrl) => sqliteUrl.slice('file:'.length).split('?')[0]

async function assertConnects() {
  if (isSqlite) {
    if (existsSync(fileOf(url))) return
    throw Object.assign(new Error(`Database \`${fileOf(url)}\` does not exist`), { code: 'P1003' })
  }
  try {
    await asPostgres(url, () => {})
  } catch (error) {
    throw Object.assign(new Error(error.message), { code: PRISMA_CODES[error.code] ?? 'P1001' })
  }
}

async function createDatabase() {
  if (isSqlite) {
    mkdirSync(path.dirname(fileOf(url)), { recursive: true })
    closeSync(openSync(fileOf(url), 'a'))
    return
  }
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  await asPostgres(besides(url, 'postgres'), (client) =>
    client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`),
  )
}

async function asPostgres(connectionString, work) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Another database of the same server. */
function besides(postgresUrl, database) {
  const other = new URL(postgresUrl)
  other.pathname = `/${database}`
  other.search = ''
  return other.toString()
}

// ── Driver adapters, and what the engine needs of them beyond what they give ────────────────────────────────────────

function newFactory() {
  if (isPostgres) return postgresFactory()
  if (isSqlite) return sqliteFactory()
  throw Object.assign(new Error(`Unsupported datasource url: ${url.split(':')[0]}`), { code: 'P1013' })
}

async function postgresFactory() {
  const { PrismaPg } = await import('@prisma/adapter-pg')
  const schema = new URL(url).searchParams.get('schema') ?? undefined
  const main = new PrismaPg({ connectionString: url, max: 1 }, schema ? { schema } : undefined)
  return {
    provider: main.provider,
    adapterName: main.adapterName,
    connect: async () => fitPostgres(await main.connect()),
    // The adapter would take the real database for its shadow: it ignores a name beside a connection string.
    connectToShadowDb: async () => {
      const shadow = datasource.shadowDatabaseUrl ? await emptied(datasource.shadowDatabaseUrl) : await newShadow()
      const pool = new pg.Pool({ connectionString: shadow.url, max: 1 })
      const adapter = fitPostgres(await new PrismaPg(pool).connect())
      adapter.dispose = async () => {
        await pool.end()
        await shadow.drop()
      }
      return adapter
    },
  }
}

async function emptied(shadowUrl) {
  await asPostgres(shadowUrl, (client) => client.query('DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public'))
  return { url: shadowUrl, drop: async () => {} }
}

async function newShadow() {
  const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`
  const ask = (sql) => asPostgres(besides(url, 'postgres'), (client) => client.query(sql))
  await ask(`CREATE DATABASE "${name}"`)
  return { url: besides(url, name), drop: () => ask(`DROP DATABASE "${name}"`) }
}

// PostgreSQL's catalogue has types the adapter knows nothing of ("char", int2vector …) and the describer selects: they are
// given as text (prisma/orm#27403), and "char" as one character, or the describer of CHECK constraints dies.
const CATALOGUE_TYPES = new Set([18, 22, 24, 30, 194, 1003, 2202, 2203, 2204, 2205, 2206])
const CHAR = 18
const NAMES = 1003
const TEXT = 25
const TEXTS = 1009

function fitPostgres(adapter) {
  const performIO = adapter.performIO.bind(adapter)
  const queryRaw = adapter.queryRaw.bind(adapter)
  const charColumns = new WeakMap()
  adapter.performIO = async (query) => {
    const result = await performIO(query)
    const fields = result.fields ?? []
    charColumns.set(
      query,
      fields.flatMap(({ dataTypeID }, column) => (dataTypeID === CHAR ? [column] : [])),
    )
    for (const field of fields) {
      if (CATALOGUE_TYPES.has(field.dataTypeID)) field.dataTypeID = field.dataTypeID === NAMES ? TEXTS : TEXT
    }
    return result
  }
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query)
    for (const column of charColumns.get(query) ?? []) result.columnTypes[column] = ColumnTypeEnum.Character
    return result
  }
  if (adapter.startTransaction) {
    const startTransaction = adapter.startTransaction.bind(adapter)
    adapter.startTransaction = async (isolation) => fitPostgres(await startTransaction(isolation))
  }
  if (adapter.executeScript) {
    // the adapter splits a script at every ';', also within the body of a function: sent whole
    adapter.executeScript = async (script) => {
      try {
        await adapter.client.query(script)
      } catch (error) {
        adapter.onError(error)
      }
    }
  }
  return adapter
}

async function sqliteFactory() {
  const { PrismaLibSql } = await import('@prisma/adapter-libsql')
  const factory = new PrismaLibSql({ url }, { shadowDatabaseUrl: ':memory:' })
  for (const method of ['connect', 'connectToShadowDb']) {
    const connect = factory[method].bind(factory)
    factory[method] = async () => fitSqlite(await connect())
  }
  return factory
}

const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`

function fitSqlite(adapter) {
  const queryRaw = adapter.queryRaw.bind(adapter)
  const executeRaw = adapter.executeRaw.bind(adapter)
  // The describer asks for a partial index by a string in double quotes, which libsql takes for a column.
  const quoted = (query) => ({ ...query, sql: query.sql.replace(/(type = 'index' AND name = )"([^"]*)"/, "$1'$2'") })
  adapter.queryRaw = async (query) => {
    try {
      return await queryRaw(quoted(query))
    } catch (error) {
      // Over a driver adapter the engine takes a missing migrations table for a missing database: it is made here.
      if (error?.cause?.kind !== 'TableDoesNotExist' || !/_prisma_migrations/.test(error.cause.table ?? '')) throw error
      await adapter.executeScript(MIGRATIONS_TABLE)
      return queryRaw(query)
    }
  }
  // The engine sends whole migrations here; the adapter would run the first statement only.
  adapter.executeRaw = async (query) => {
    if (query.args.length > 0) return executeRaw(query)
    await adapter.executeScript(query.sql)
    return 0
  }
  return adapter
}

// ── JSON-RPC ────────────────────────────────────────────────────────────────────────────────────────────────────────

async function serve() {
  const wasm = await loadEngine()
  const open = new Set()
  const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)

  /** A fresh engine for each call: what it knows of a shadow database does not survive applying migrations. */
  async function newEngine() {
    const factory = await newFactory()
    for (const method of ['connect', 'connectToShadowDb']) {
      const connect = factory[method].bind(factory)
      factory[method] = async () => remember(await connect())
    }
    const datamodels = options.datamodels.map((file) => [file, readFileSync(file, 'utf8')])
    const log = (line) => process.env.DEBUG && say('INFO', String(line))
    const models = { datamodels: datamodels.length > 0 ? datamodels : undefined }
    return wasm.SchemaEngine.new(models, log, bindMigrationAwareSqlAdapterFactory(factory))
  }

  function remember(adapter) {
    const dispose = adapter.dispose.bind(adapter)
    adapter.dispose = async () => {
      if (open.delete(adapter)) await dispose()
    }
    open.add(adapter)
    return adapter
  }

  /** Locks and shadow databases are given up between calls. */
  async function closeAll() {
    for (const adapter of [...open]) await adapter.dispose()
  }

  /** These find a shadow database only on an engine that has just diagnosed. */
  const afterDiagnosis = (method) => async (params) => {
    const engine = await newEngine()
    await engine.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters })
    return engine[method](params)
  }

  let printed = 1_000_000
  const methods = {
    getDatabaseVersion: async (params) => (await newEngine()).version(params),
    createDatabase: async () => {
      await createDatabase()
      return { databaseName: '' }
    },
    ensureConnectionValidity: async () => {
      await assertConnects()
      return {}
    },
    diff: async (params) => {
      const result = await (await newEngine()).diff({ exitCode: null, ...params })
      if (typeof result.stdout !== 'string') return result
      send({ jsonrpc: '2.0', id: printed++, method: 'print', params: { content: result.stdout } })
      return { ...result, stdout: null }
    },
    evaluateDataLoss: afterDiagnosis('evaluateDataLoss'),
    createMigration: afterDiagnosis('createMigration'),
  }

  async function answer({ id, method, params }) {
    try {
      const call = methods[method] ?? (async () => (await newEngine())[method](params))
      const result = await call(params)
      await closeAll()
      send({ jsonrpc: '2.0', id, result: result ?? {} })
    } catch (error) {
      await closeAll().catch(() => {})
      const message = error?.message ?? String(error)
      const data = { is_panic: false, message, error_code: error?.code ?? null, meta: error?.meta ?? null }
      send({ jsonrpc: '2.0', id, error: { code: 4466, message: 'An error happened.', data } })
    }
  }

  let queue = Promise.resolve()
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    const message = line.trim() ? JSON.parse(line) : {}
    if (message.method) queue = queue.then(() => answer(message))
  })
  lines.on('close', () => queue.then(() => process.exit(0)))
}

async function loadEngine() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => say('ERROR', message, { error_code: 'PANIC' }) }
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const binary = readFileSync(path.join(wasmFolder, 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(binary, { './schema_engine_bg.js': glue })
  glue.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return glue
}

function say(level, message, more = {}) {
  const timestamp = new Date().toISOString()
  const line = { level, timestamp, target: 'schema_engine::logger', fields: { message, ...more } }
  process.stderr.write(`${JSON.stringify(line)}\n`)
}

if (options.version) await printVersion()
else if (options.cli) await answerCli(options.cli)
else await serve()
