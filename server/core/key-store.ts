import { insertRows } from './bulk'
import { execute, query, type Reader, type Tx } from './db'

/**
 * The keys of the persons, each wrapped by the key-encryption key. They stand in a store of their own, beside the database
 * and backed up by themselves: a second SQLite file, the schema `keystore` on PostgreSQL (sqlite-client.ts and the guards
 * say where). Statements on `person_key` find their way there.
 *
 * On SQLite what is written here is kept at once, whatever becomes of the transaction around it: a key without a person
 * harms nobody and is swept away, a person without a key could not be read.
 */
export type WrappedKey = { personId: string; kekId: string; wrapped: string }

export async function findKeys(db: Reader, personIds: readonly string[]): Promise<WrappedKey[]> {
  if (personIds.length === 0) return []
  return query<WrappedKey>(db, 'SELECT * FROM person_key WHERE "personId" IN LIST($1)', [...new Set(personIds)])
}

export async function addKeys(tx: Tx, rows: readonly WrappedKey[]): Promise<void> {
  await insertRows(tx, 'person_key', rows)
}

/** After the transaction that says so is committed: what is gone here does not come back with a rollback. */
export async function destroyKeys(tx: Tx, personIds: readonly string[]): Promise<number> {
  if (personIds.length === 0) return 0
  return execute(tx, 'DELETE FROM person_key WHERE "personId" IN LIST($1)', [...personIds])
}

/** How many keys are wrapped by which key-encryption key. */
export async function countKeys(db: Reader): Promise<{ kekId: string; keys: number }[]> {
  const rows = await query<{ kekId: string; keys: bigint | number }>(
    db,
    'SELECT "kekId", COUNT(*) AS "keys" FROM person_key GROUP BY "kekId" ORDER BY "kekId"',
  )
  return rows.map(({ kekId, keys }) => ({ kekId, keys: Number(keys) }))
}

/** Keys in the order of their persons, from after one. */
export async function pageOfKeys(db: Reader, after: string, take: number): Promise<WrappedKey[]> {
  return query<WrappedKey>(
    db,
    `SELECT * FROM person_key WHERE "personId" > $1 ORDER BY "personId" LIMIT ${Math.trunc(take)}`,
    after,
  )
}

/** Those that another than this key wraps. */
export async function keysNotOf(db: Reader, kekId: string, take: number): Promise<WrappedKey[]> {
  return query<WrappedKey>(
    db,
    `SELECT * FROM person_key WHERE "kekId" <> $1 ORDER BY "personId" LIMIT ${Math.trunc(take)}`,
    kekId,
  )
}

/** Puts a key wrapped anew in the place of the old one, if it is still there as it was. */
export async function rewrap(tx: Tx, before: WrappedKey, after: WrappedKey): Promise<number> {
  return execute(
    tx,
    'UPDATE person_key SET "kekId" = $1, "wrapped" = $2 WHERE "personId" = $3 AND "wrapped" = $4',
    after.kekId,
    after.wrapped,
    before.personId,
    before.wrapped,
  )
}
