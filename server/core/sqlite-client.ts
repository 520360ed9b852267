import type { Client, InStatement, Transaction } from '@libsql/client'
import Database from 'libsql'
import { newCopier } from './copy-back'
import { type Connection, type Driver, newTurn, rowMaker, type Value } from './driver'

/**
 * The SQLite connections of the server. One writes, one after the other and IMMEDIATE; another reads what is committed while
 * the first is in a transaction. Between two transactions the writer reads too: its pages are still in memory, where a reader
 * drops all of its own with every commit of somebody else.
 *
 * The stock client opens a new connection after every transaction, so that pragmas are lost, and begins DEFERRED, so that
 * two writers meet in SQLITE_BUSY while the thread that would let one finish is blocked.
 */
export type Sqlite = {
  /** in the shape Prisma's libsql adapter asks for */
  client: Client
  /** the writer as one open transaction sees it: whoever holds the turn */
  inTurn: Client
  writer: Connection
  reader: Driver
  turn: () => Promise<() => void>
  close: () => Promise<void>
}

/** What a server asks of its file: so many megabytes of pages. Its log is copied back by a thread. */
export type Serving = { cacheMegabytes: number }

export function openSqlite(url: string, serving?: Serving): Sqlite {
  const keys = newKeyFile(url)
  const copier = serving === undefined ? null : newCopier(url)
  const file = newFile(url)
  const writer = withKeys(copier === null ? file : told(file, copier.wrote), keys)
  const reader = withKeys(newFile(url), keys)
  prepare(file)
  prepare(reader)
  if (serving !== undefined) file.execute(`PRAGMA cache_size = ${-1024 * serving.cacheMegabytes}`)
  if (copier !== null) file.execute(`PRAGMA wal_autocheckpoint = ${COPIES_BY_ITSELF}`)
  const turn = newTurn()
  const committed = { execute: (statement: InStatement) => (writer.isOpen() ? reader : writer).execute(statement) }

  async function execute(statement: InStatement) {
    if (isRead(sqlOf(statement))) return committed.execute(statement)
    const release = await turn()
    try {
      return writer.execute(statement)
    } finally {
      release()
    }
  }

  async function transaction(): Promise<Transaction> {
    const release = await turn()
    try {
      writer.execute('BEGIN IMMEDIATE')
    } catch (error) {
      release()
      throw error
    }
    let open = true
    const end = async (sql: 'COMMIT' | 'ROLLBACK') => {
      if (!open) return
      open = false
      try {
        endWith(writer, sql)
      } finally {
        release()
      }
    }
    return {
      ...calls(writer),
      commit: () => end('COMMIT'),
      rollback: () => end('ROLLBACK'),
      close: () => void end('ROLLBACK').catch(() => {}),
      get closed() {
        return !open
      },
    } as unknown as Transaction
  }

  const executeMultiple = async (script: string) => {
    const release = await turn()
    try {
      writer.run(script)
    } finally {
      release()
    }
  }
  const close = async () => {
    await copier?.close()
    writer.close()
    reader.close()
    keys.close()
  }
  const ends = { commit: async () => {}, rollback: async () => {}, close: () => {}, closed: false }
  const shape = { closed: false, protocol: 'file' }
  return {
    client: { ...shape, execute, transaction, executeMultiple, close: () => {} } as unknown as Client,
    inTurn: {
      ...shape,
      ...calls(writer),
      transaction: async () => ({ ...calls(writer), ...ends }),
      close: () => {},
    } as unknown as Client,
    writer: connectionOf(writer),
    reader: readsOf(committed),
    turn,
    close,
  }
}

/** Says after each commit how many rows were written until then. */
function told(file: File, wrote: (rows: number) => void): File {
  let rows = 0
  return {
    ...file,
    execute: (statement) => {
      const done = file.execute(statement)
      rows += done.rowsAffected
      if (rows > 0 && !file.isOpen()) {
        wrote(rows)
        rows = 0
      }
      return done
    },
  }
}

/** The connection of the thread that copies the log back. */
export function openSqliteCopier(url: string): { copyBack: () => Copied } {
  const file = newFile(url)
  return {
    copyBack: () => {
      const [[, pages, copied] = []] = file.execute('PRAGMA wal_checkpoint(PASSIVE)').rows
      return { pages: Number(pages), copied: Number(copied) }
    },
  }
}

/** Pages in the log, and how many of them stand in the file too. */
export type Copied = { pages: number; copied: number }

/** A connection that only reads, for a thread or a process of its own; the cache is small, since it walks through all there is. */
export function openSqliteReader(url: string): Driver & { close: () => Promise<void> } {
  const file = newFile(url)
  file.execute('PRAGMA query_only = 1')
  file.execute('PRAGMA cache_size = -4096')
  return { ...readsOf(file), close: async () => file.close() }
}

type File = ReturnType<typeof newFile>

/** The persons' keys stand in a file of their own (key-store.ts), so that neither file alone, nor a backup of it, tells a name. */
const KEY_TABLE = `CREATE TABLE IF NOT EXISTS person_key ("personId" TEXT NOT NULL PRIMARY KEY, "kekId" TEXT NOT NULL, "wrapped" TEXT NOT NULL)`

/** Opened by the first who asks; what is destroyed in it does not stay behind in its write-ahead log. */
function newKeyFile(url: string) {
  let opened: File | undefined
  const open = (): File => {
    if (opened !== undefined) return opened
    const file = newFile(`file:${url.replace(/^file:/, '').split('?')[0]}.keys`)
    prepare(file)
    file.run(KEY_TABLE)
    opened = file
    return file
  }
  return {
    execute(statement: InStatement) {
      const file = open()
      const done = file.execute(statement)
      if (/^\s*DELETE/i.test(sqlOf(statement))) file.run('PRAGMA wal_checkpoint(TRUNCATE)')
      return done
    },
    close: () => opened?.close(),
  }
}

/** Statements on keys go to their file and are kept there at once, also inside a transaction. */
function withKeys(file: File, keys: ReturnType<typeof newKeyFile>): File {
  return {
    ...file,
    execute: (statement) => (sqlOf(statement).includes('person_key') ? keys : file).execute(statement),
  }
}

/** A commit that fails is rolled back at once. */
function endWith(file: File, sql: 'COMMIT' | 'ROLLBACK'): void {
  try {
    file.execute(sql)
  } catch (error) {
    try {
      file.execute('ROLLBACK')
    } catch {
      // SQLite had rolled back by itself
    }
    throw error
  }
}

function calls(file: File) {
  return {
    execute: async (statement: InStatement) => file.execute(statement),
    batch: async (statements: InStatement[]) => statements.map((statement) => file.execute(statement)),
    executeMultiple: async (script: string) => file.run(script),
  }
}

function connectionOf(file: File): Connection {
  return {
    ...readsOf(file),
    begin: async () => void file.execute('BEGIN IMMEDIATE'),
    commit: async () => endWith(file, 'COMMIT'),
    rollback: async () => endWith(file, 'ROLLBACK'),
  }
}

function readsOf(file: Pick<File, 'execute'>): Driver {
  return {
    provider: 'sqlite',
    query: async (sql, values) => {
      const { rows, rowOf } = file.execute({ sql, args: values.map(argumentOf) as never })
      return rows.length === 0 ? [] : rows.map(rowOf())
    },
    execute: async (sql, values) => file.execute({ sql, args: values.map(argumentOf) as never }).rowsAffected,
  }
}

/** What a column was declared as says what its value is; a sum or a count has no column and stays a bigint. */
const READ: Record<string, (value: unknown) => unknown> = {
  DATETIME: (value) => new Date(value as string),
  BOOLEAN: (value) => value === 1n,
  INTEGER: Number,
}

/** As Prisma writes them. */
function argumentOf(value: Value): unknown {
  if (value instanceof Date) return timeText(value)
  if (Array.isArray(value)) return JSON.stringify(value)
  return value ?? null
}

export function timeText(at: Date): string {
  return at.toISOString().replace('Z', '+00:00')
}

/** Statements are prepared once: their texts are few, and preparing costs more than running. */
const PREPARED_MAX = 500

function newFile(url: string) {
  const path = url.replace(/^file:/, '').split('?')[0] as string
  const file = new Database(path, { timeout: 10_000 } as never)
  file.defaultSafeIntegers(true)
  const prepared = new Map<string, Prepared>()

  function prepareOnce(sql: string): Prepared {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    if (prepared.size >= PREPARED_MAX) prepared.clear()
    const made = preparedOf(file.prepare(sql))
    prepared.set(sql, made)
    return made
  }

  function execute(statement: InStatement) {
    const sql = sqlOf(statement)
    const args = typeof statement === 'string' ? [] : ((statement.args ?? []) as unknown[]).map(plain)
    try {
      const { statement: ready, columns, columnTypes, rowOf } = prepareOnce(sql)
      if (columns.length > 0) {
        const rows = ready.all(args) as unknown[][]
        return { columns, columnTypes, rowOf, rows, rowsAffected: 0, lastInsertRowid: 0n }
      }
      const done = ready.run(args)
      const [rowsAffected, lastInsertRowid] = [Number(done.changes), BigInt(done.lastInsertRowid)]
      return { columns, columnTypes, rowOf, rows: [], rowsAffected, lastInsertRowid }
    } catch (error) {
      prepared.delete(sql)
      throw error
    }
  }
  return {
    execute,
    run: (script: string) => void file.exec(script),
    isOpen: (): boolean => file.inTransaction,
    close: () => void file.close(),
  }
}

type Prepared = {
  statement: Database.Statement
  columns: string[]
  columnTypes: string[]
  /** what makes a row of the thin way; made when somebody asks */
  rowOf: () => ReturnType<typeof rowMaker>
}

function preparedOf(statement: Database.Statement): Prepared {
  const found = columnsOf(statement)
  const columns = found.map(({ name }) => name)
  const columnTypes = found.map(({ type }) => type ?? '')
  let maker: ReturnType<typeof rowMaker> | undefined
  const rowOf = () => {
    maker ??= rowMaker(
      columns,
      columnTypes.map((type) => READ[type.toUpperCase()] ?? null),
    )
    return maker
  }
  return { statement, columns, columnTypes, rowOf }
}

function columnsOf(statement: Database.Statement) {
  try {
    statement.raw(true)
  } catch {
    return [] // it answers no rows
  }
  return statement.columns()
}

function plain(value: unknown): unknown {
  return typeof value === 'boolean' ? (value ? 1n : 0n) : value
}

function sqlOf(statement: InStatement): string {
  return typeof statement === 'string' ? statement : statement.sql
}

/**
 * What a power cut, a deleted row and a dangling reference must never do; and 32 MB of pages, or the list of a crowd, which
 * touches thousands, would be written and read again before it commits. Each commit reaches the disk in the log; what is in
 * it is copied back every 16 MB, since the same pages are written again and again.
 */
const PRAGMAS = {
  journal_mode: 'wal',
  synchronous: 2,
  foreign_keys: 1,
  secure_delete: 1,
  cache_size: -32_768,
  wal_autocheckpoint: 4096,
} as const

function prepare(file: File): void {
  for (const [name, value] of Object.entries(PRAGMAS)) {
    file.execute(`PRAGMA ${name} = ${value}`)
    const [[answer] = []] = file.execute(`PRAGMA ${name}`).rows
    if (String(answer) !== String(value))
      throw new Error(`SQLite refuses ${name} = ${value}: it says ${String(answer)}`)
  }
}

/** Where a thread copies the log back, whoever commits does it himself from so many pages (64 MB): should the thread be gone. */
const COPIES_BY_ITSELF = 16_384

function isRead(sql: string): boolean {
  return /^\s*(SELECT|WITH(?![\s\S]*\b(INSERT|UPDATE|DELETE)\b)|PRAGMA\s+\w+\s*(\(|$))/i.test(sql)
}
