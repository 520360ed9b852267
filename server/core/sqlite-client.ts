import { type Client, createClient, type InStatement, type Transaction } from '@libsql/client'

/**
 * The SQLite connection the server writes through, in the shape Prisma's libsql adapter asks for.
 *
 * The stock client opens a new connection after every transaction, so that pragmas are lost, and begins DEFERRED, so that
 * two writers meet in SQLITE_BUSY while the thread that would let one finish is blocked. Here one connection writes, one
 * after the other and IMMEDIATE; another reads what is committed. A commit that fails is rolled back at once.
 */
export function openSqlite(url: string): Client {
  const writer = createClient({ url, timeout: 10_000, intMode: 'bigint' } as never)
  const reader = createClient({ url, timeout: 10_000, intMode: 'bigint' } as never)
  const prepared = prepare(writer).then(() => prepare(reader))
  const turn = newTurn()

  async function execute(statement: InStatement) {
    await prepared
    if (isRead(statement)) return reader.execute(statement)
    const release = await turn()
    try {
      return await writer.execute(statement)
    } finally {
      release()
    }
  }

  async function transaction(): Promise<Transaction> {
    await prepared
    const release = await turn()
    try {
      await writer.execute('BEGIN IMMEDIATE')
    } catch (error) {
      release()
      throw error
    }
    let open = true
    const end = async (sql: 'COMMIT' | 'ROLLBACK') => {
      if (!open) return
      open = false
      try {
        await writer.execute(sql)
      } catch (error) {
        await writer.execute('ROLLBACK').catch(() => {})
        throw error
      } finally {
        release()
      }
    }
    return {
      execute: (statement: InStatement) => writer.execute(statement),
      batch: async (statements: InStatement[]) => {
        const results = []
        for (const statement of statements) results.push(await writer.execute(statement))
        return results
      },
      executeMultiple: (script: string) => writer.executeMultiple(script),
      commit: () => end('COMMIT'),
      rollback: () => end('ROLLBACK'),
      close: () => void end('ROLLBACK').catch(() => {}),
      get closed() {
        return !open
      },
    } as Transaction
  }

  const close = () => {
    writer.close()
    reader.close()
  }
  const executeMultiple = async (script: string) => {
    await prepared
    const release = await turn()
    try {
      await writer.executeMultiple(script)
    } finally {
      release()
    }
  }
  return { execute, transaction, executeMultiple, close, closed: false, protocol: 'file' } as unknown as Client
}

/** What a power cut, a deleted row and a dangling reference must never do. */
const PRAGMAS = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1, secure_delete: 1 } as const

async function prepare(client: Client): Promise<void> {
  for (const [name, value] of Object.entries(PRAGMAS)) {
    await client.execute(`PRAGMA ${name} = ${value}`)
    const answer = Object.values((await client.execute(`PRAGMA ${name}`)).rows[0] ?? {})[0]
    if (String(answer) !== String(value))
      throw new Error(`SQLite refuses ${name} = ${value}: it says ${String(answer)}`)
  }
}

function isRead(statement: InStatement): boolean {
  const sql = typeof statement === 'string' ? statement : statement.sql
  return /^\s*(SELECT|WITH(?![\s\S]*\b(INSERT|UPDATE|DELETE)\b)|PRAGMA\s+\w+\s*(\(|$))/i.test(sql)
}

/** First come, first served: resolves to the function that passes the turn on. */
function newTurn(): () => Promise<() => void> {
  let last: Promise<void> = Promise.resolve()
  return () => {
    let pass = () => {}
    const mine = last.then(() => pass)
    last = last.then(
      () =>
        new Promise<void>((resolve) => {
          pass = resolve
        }),
    )
    return mine.then(() => () => pass())
  }
}
