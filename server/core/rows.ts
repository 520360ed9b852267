import { driverOf, Prisma, type Reader } from './db'
import { timeText } from './sqlite-client'

type Kind = 'text' | 'integer' | 'bigint' | 'boolean' | 'instant'
type Value<K extends Kind> =
  | (K extends 'text'
      ? string
      : K extends 'integer'
        ? number
        : K extends 'bigint'
          ? bigint
          : K extends 'boolean'
            ? boolean
            : Date)
  | null
type Columns = Record<string, Kind>
export type RowOf<C extends Columns> = { [K in keyof C]: Value<C[K]> }

const POSTGRESQL: Record<Kind, string> = {
  text: 'text',
  integer: 'integer',
  bigint: 'bigint',
  boolean: 'boolean',
  instant: 'timestamptz(3)',
}
const SQLITE: Record<Kind, string> = {
  text: 'TEXT',
  integer: 'INTEGER',
  bigint: 'INTEGER',
  boolean: 'INTEGER',
  instant: 'TEXT',
}

/**
 * Rows as a table a statement can read, on both databases. All of them are one JSON parameter: a thousand rows cost one
 * parameter, and the text of the statement doesn't change with their number.
 */
export function rowsAs<C extends Columns>(
  db: Reader,
  name: string,
  columns: C,
  rows: readonly RowOf<NoInfer<C>>[],
): Prisma.Sql {
  const kinds = Object.entries(columns)
  const alias = Prisma.raw(`"${name}"`)
  if (isPostgres(db)) {
    const objects = rows.map((row) => Object.fromEntries(kinds.map(([key]) => [key, plain(row[key])])))
    const types = Prisma.raw(kinds.map(([key, kind]) => `"${key}" ${POSTGRESQL[kind]}`).join(', '))
    return Prisma.sql`json_to_recordset(CAST(${JSON.stringify(objects)} AS json)) AS ${alias}(${types})`
  }
  const lists = rows.map((row) => kinds.map(([key]) => plain(row[key])))
  const shown = kinds.map(([key, kind], place) => `CAST(value->>${place} AS ${SQLITE[kind]}) AS "${key}"`).join(', ')
  return Prisma.sql`(SELECT ${Prisma.raw(shown)} FROM json_each(${JSON.stringify(lists)})) AS ${alias}`
}

/** Writes rows with one statement, none with none. Answers how many; with `skipTaken` those whose key is taken are left out. */
export function insertRowsOf<C extends Columns>(
  db: Reader,
  table: string,
  columns: C,
  rows: readonly RowOf<NoInfer<C>>[],
  { skipTaken = false } = {},
): Promise<number> {
  if (rows.length === 0) return Promise.resolve(0)
  const names = Prisma.raw(
    Object.keys(columns)
      .map((one) => `"${one}"`)
      .join(', '),
  )
  // SQLite takes ON for a join without the WHERE.
  const skip = Prisma.raw(skipTaken ? 'ON CONFLICT DO NOTHING' : '')
  return db.$executeRaw`
    INSERT INTO ${Prisma.raw(`"${table}"`)} (${names}) SELECT ${names} FROM ${rowsAs(db, 'given', columns, rows)} WHERE true ${skip}`
}

/** Which of the two a client or a transaction is on: raw statements differ where rows are locked or made of JSON. */
export function isPostgres(db: Reader): boolean {
  return driverOf(db).provider === 'postgresql'
}

/** As JSON carries it exactly: a bigint in digits, an instant as Prisma writes it on SQLite. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Date) return timeText(value)
  return value
}
