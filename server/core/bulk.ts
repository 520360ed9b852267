import { Refusal, type RefusalCode, type RefusalDetail } from '../../shared/core/refusals'
import { driverOf, execute, type Prisma, query, type Reader, type Tx } from './db'
import { timeText } from './sqlite-client'

type Value = string | number | bigint | boolean | Date | null | undefined

/** The rows of a table, as Prisma names them. */
type Models = Prisma.TypeMap['model']
export type Model = keyof Models
export type RowOf<M extends Model> = Models[M]['payload']['scalars']

/**
 * Inserts rows by the hundred: the whole list travels as one JSON text, so that the statement is always the same and is
 * prepared once. A row whose key is taken is left out, also when somebody else takes it at this moment.
 *
 * @param rows all with the same columns; undefined is null
 * @returns how many were written
 */
export async function insertRows<Row extends Record<keyof Row, Value>>(
  tx: Tx,
  table: string,
  rows: readonly Row[],
): Promise<number> {
  const [first] = rows
  if (first === undefined) return 0
  const columns = Object.keys(first)
  return execute(tx, `${insertion(tx, table, columns)} ON CONFLICT DO NOTHING`, jsonOf(tx, columns, rows))
}

/**
 * The same, all or nothing.
 * @throws Refusal `taken` when one of the keys is there already
 */
export async function insertAll<Row extends Record<keyof Row, Value>>(
  tx: Tx,
  table: string,
  rows: readonly Row[],
  taken: RefusalCode = 'IDEMPOTENCY_CONFLICT',
  detail: RefusalDetail = {},
): Promise<void> {
  if ((await insertRows(tx, table, rows)) < rows.length) throw new Refusal(taken, detail)
}

/**
 * Inserts the rows whose key is free and answers those keys. Waits for somebody who writes the same one at this moment.
 * In the order given.
 */
export async function insertNew<Row extends Record<keyof Row, Value>>(
  tx: Tx,
  table: string,
  rows: readonly Row[],
  key: keyof Row & string,
): Promise<string[]> {
  const [first] = rows
  if (first === undefined) return []
  const columns = Object.keys(first)
  const sql = `${insertion(tx, table, columns)} ON CONFLICT DO NOTHING RETURNING "${key}" AS "id"`
  return (await query<{ id: string }>(tx, sql, jsonOf(tx, columns, rows))).map(({ id }) => id)
}

function insertion(tx: Tx, table: string, columns: readonly string[]): string {
  const names = columns.map((one) => `"${one}"`).join(', ')
  return `INSERT INTO "${table}" (${names}) SELECT ${names} FROM ${rowsIn(tx, table, columns)} AS r WHERE true`
}

/**
 * Changes rows of a list with one statement, each to its own values.
 *
 * @param by the columns a row is found by; the others are set
 * @param inState the state each must still be in. Asked of an expression, so that rows are found by `by` and never through
 *   an index over states, which is as long as the table
 * @returns how many were changed
 */
export async function updateRows<Row extends Record<keyof Row, Value>>(
  tx: Tx,
  table: string,
  by: readonly (keyof Row & string)[],
  rows: readonly Row[],
  inState?: string,
): Promise<number> {
  const [first] = rows
  if (first === undefined) return 0
  const columns = Object.keys(first)
  const set = columns.filter((one) => !(by as readonly string[]).includes(one)).map((one) => `"${one}" = r."${one}"`)
  const found = by.map((one) => `t."${one}" = r."${one}"`)
  const still = inState === undefined ? '' : ` AND (t."state" || '') = $2`
  const sql = `UPDATE "${table}" AS t SET ${set.join(', ')} FROM ${rowsIn(tx, table, columns)} AS r WHERE ${found.join(' AND ')}${still}`
  return execute(tx, sql, jsonOf(tx, columns, rows), ...(inState === undefined ? [] : [inState]))
}

/** The rows of a JSON list with the types of a table's columns, as a source of `FROM`: objects for PostgreSQL, lists for SQLite. */
function rowsIn(tx: Tx, table: string, columns: readonly string[]): string {
  if (driverOf(tx).provider === 'postgresql') return `json_populate_recordset(NULL::"${table}", $1::json)`
  return `(SELECT ${columns.map((one, at) => `value ->> ${at} AS "${one}"`).join(', ')} FROM json_each($1))`
}

function jsonOf<Row extends Record<keyof Row, Value>>(
  tx: Tx,
  columns: readonly string[],
  rows: readonly Row[],
): string {
  const names = columns as readonly (keyof Row)[]
  if (driverOf(tx).provider === 'sqlite')
    return JSON.stringify(rows.map((row) => names.map((name) => plain(row[name]))))
  return JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}

/** A bigint as its digits, of which the column makes a number again; an instant as Prisma writes it on SQLite. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return timeText(value)
  return typeof value === 'bigint' ? String(value) : (value ?? null)
}

/** All rows of a table whose column has one of these values: what findMany does, for lists that are hot. */
export async function findBy<M extends Model>(
  reader: Reader,
  model: M,
  column: keyof RowOf<M> & string,
  values: readonly (string | null | undefined)[],
  more = '',
): Promise<RowOf<M>[]> {
  const wanted = [...new Set(values)].filter((one) => typeof one === 'string')
  if (wanted.length === 0) return []
  return query<RowOf<M>>(reader, `SELECT * FROM "${tableOf(model)}" WHERE "${column}" IN LIST($1)${more}`, wanted)
}

/**
 * The same for tables of which most hold nothing under these values: one question says which do, and only those are read.
 *
 * @returns what `findBy` would, of one of the tables
 */
export async function findWhereAny<M extends Model>(
  reader: Reader,
  column: keyof RowOf<M> & string,
  values: readonly string[],
  models: readonly M[],
): Promise<<One extends M>(model: One, more?: string) => Promise<RowOf<One>[]>> {
  const asked = models.map(
    (model) =>
      `SELECT '${model}' AS "model" WHERE EXISTS (SELECT 1 FROM "${tableOf(model)}" WHERE "${column}" IN LIST($1))`,
  )
  const found = values.length === 0 ? [] : await query<{ model: M }>(reader, asked.join(' UNION ALL '), [...values])
  const holding = new Set(found.map(({ model }) => model))
  return async <One extends M>(model: One, more = '') =>
    holding.has(model) ? findBy(reader, model, column as never, values, more) : []
}

const tables = new Map<string, string>([['Order', 'help_order']])

/** "VisitElder" → visit_elder */
function tableOf(model: string): string {
  const known = tables.get(model)
  if (known !== undefined) return known
  const made = model.replace(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
  tables.set(model, made)
  return made
}

/** Rows by one of their columns. */
export function groupBy<T, K>(rows: readonly T[], keyOf: (row: T) => K): (key: K) => T[] {
  const groups = new Map<K, T[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return (key) => groups.get(key) ?? []
}
