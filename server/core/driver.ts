import pg from 'pg'

/** Of what is remembered of statements. */
const NAMES_MAX = 400

/** One value as the application has it; an array is a list of texts for `LIST($1)`. */
export type Value = string | number | bigint | boolean | Date | null | undefined | readonly string[]
export type Row = Record<string, unknown>

/**
 * The thin way to a database, beside Prisma and inside the same transaction: a prepared statement, its rows with the types
 * Prisma would give them, a tenth of the processor time. For the verbs whose lists are hot.
 */
export type Driver = {
  provider: 'sqlite' | 'postgresql'
  query: (sql: string, values: readonly Value[]) => Promise<Row[]>
  execute: (sql: string, values: readonly Value[]) => Promise<number>
}
/** A driver on one connection that can hold a transaction. */
export type Connection = Driver & {
  begin: () => Promise<void>
  commit: () => Promise<void>
  rollback: () => Promise<void>
}

/**
 * `IN LIST($1)` and `EACH($1) AS name` (rows with one column `value`) in the words of each database. `INDEXED BY name` is
 * for SQLite, which without it may prefer an index under which half the table stands.
 */
export function dialect(provider: Driver['provider'], sql: string): string {
  const known = spoken[provider].get(sql)
  if (known !== undefined) return known
  const said = translate(provider, sql)
  if (spoken[provider].size < NAMES_MAX) spoken[provider].set(sql, said)
  return said
}

/** A statement as a template: what stands in it travels beside it. `T` is what its columns are. */
export function ask<T>(driver: Driver): (strings: TemplateStringsArray, ...values: Value[]) => Promise<T[]> {
  return async (strings, ...values) => {
    const sql = strings.reduce((text, piece, place) => `${text}$${place}${piece}`)
    return (await driver.query(dialect(driver.provider, sql), values)) as T[]
  }
}

/** Translated once: the texts of the thin way are few. */
const spoken = { sqlite: new Map<string, string>(), postgresql: new Map<string, string>() }

function translate(provider: Driver['provider'], sql: string): string {
  return provider === 'postgresql'
    ? sql
        .replace(/ INDEXED BY \w+/g, '')
        .replace(/IN LIST\((\$\d+)\)/g, '= ANY($1)')
        .replace(/EACH\((\$\d+)\) AS (\w+)/g, 'unnest($1::text[]) AS $2("value")')
    : sql
        .replace(/IN LIST\((\$\d+)\)/g, 'IN (SELECT value FROM json_each($1))')
        .replace(/EACH\((\$\d+)\) AS/g, 'json_each($1) AS')
        .replace(/\$(\d+)/g, '?$1') // SQLite numbers a $2 that comes first as the first
}

type Client = pg.Pool | pg.ClientBase

/**
 * What makes the rows of a statement: a function of its own, in which every column is named. Naming columns one by one makes a
 * row of forty-four in 4.8 µs, this one in 0.1 to 0.7. The names are texts in it, whatever they say.
 *
 * @param reads what makes a value of what the driver gives; null where it is one already
 */
export function rowMaker(
  columns: readonly string[],
  reads: readonly (((value: unknown) => unknown) | null)[],
): (row: readonly unknown[]) => Row {
  const named = columns.map((name, at) => {
    const value = reads[at] ? `row[${at}] === null ? null : reads[${at}](row[${at}])` : `row[${at}]`
    return `${JSON.stringify(name)}: ${value}`
  })
  return new Function('reads', `return (row) => ({ ${named.join(', ')} })`)(reads) as (row: readonly unknown[]) => Row
}

/** The names of prepared statements: short texts come again and again, the endless ones of Prisma's lists don't. */
const names = new Map<string, string>()

type Made = { columns: readonly string[]; rowOf: ReturnType<typeof rowMaker> }

/** Another connection may answer other columns: one that was opened after the tables had changed. */
function isOf({ columns }: Made, fields: readonly pg.FieldDef[]): boolean {
  return columns.length === fields.length && fields.every(({ name }, at) => name === columns[at])
}

export function postgresDriver(client: Client): Driver {
  const makers = new Map<string, Made>()
  const makerOf = (sql: string, fields: readonly pg.FieldDef[]) => {
    const known = makers.get(sql)
    if (known !== undefined && isOf(known, fields)) return known.rowOf
    const columns = fields.map(({ name }) => name)
    const made = { columns, rowOf: rowMaker(columns, []) }
    if (makers.size < NAMES_MAX || known !== undefined) makers.set(sql, made)
    return made.rowOf
  }
  const ask = (sql: string, values: readonly Value[]) =>
    client.query({ name: nameOf(sql), text: sql, values: [...values], rowMode: 'array', types: TYPES })
  return {
    provider: 'postgresql',
    query: async (sql, values) => {
      const { fields, rows } = await ask(sql, values)
      return rows.length === 0 ? [] : (rows as unknown[][]).map(makerOf(sql, fields))
    },
    execute: async (sql, values) => (await ask(sql, values)).rowCount ?? 0,
  }
}

export function postgresConnection(client: pg.ClientBase): Connection {
  return {
    ...postgresDriver(client),
    begin: async () => void (await client.query(BEGIN)),
    commit: async () => {
      // A transaction that had failed answers ROLLBACK to COMMIT, and no error.
      const { command } = await client.query('COMMIT')
      if (command !== 'COMMIT') throw new Error('the transaction was rolled back')
    },
    rollback: async () => void (await client.query('ROLLBACK')),
  }
}

/**
 * Statements of the thin way come again and again and find their rows by keys: planned once a connection, not once a list.
 * Planning was most of what PostgreSQL did for a list of one.
 */
const BEGIN = 'BEGIN; SET LOCAL plan_cache_mode = force_generic_plan'

function nameOf(sql: string): string | undefined {
  const known = names.get(sql)
  if (known !== undefined) return known
  if (names.size >= NAMES_MAX) return undefined
  const name = `m${names.size}`
  names.set(sql, name)
  return name
}

const INT8 = 20
const TYPES = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? BigInt : pg.types.getTypeParser(oid, format as 'text'),
} as pg.CustomTypesConfig

/** First come, first served: resolves to the function that passes the turn on. */
export function newTurn(): () => Promise<() => void> {
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
