import { driverOf, query, type Tx } from '../core/db'

/**
 * Lets one writer at a time touch the visits of a helper: that two counted visits don't overlap, that a visit moves one
 * step once and that a day's cap is measured once all hang on it. In the order of ids, so that no two lists wait for each
 * other; accounts are locked after members, everywhere.
 */
export async function lockMembers(tx: Tx, memberIds: readonly string[]): Promise<void> {
  if (isAlone(tx) || memberIds.length === 0) return
  await query(tx, `SELECT "id" FROM member WHERE "id" IN LIST($1) ORDER BY "id" FOR NO KEY UPDATE`, [...memberIds])
}

/** The same by what they served, for verbs that name visits. */
export async function lockHelpersOf(tx: Tx, visitIds: readonly string[]): Promise<void> {
  if (isAlone(tx) || visitIds.length === 0) return
  await query(
    tx,
    `SELECT "id" FROM member WHERE "id" IN (SELECT "memberId" FROM visit WHERE "id" IN LIST($1))
     ORDER BY "id" FOR NO KEY UPDATE`,
    [...visitIds],
  )
}

/** SQLite has one writer at a time: who is in a transaction holds everything. */
function isAlone(tx: Tx): boolean {
  return driverOf(tx).provider === 'sqlite'
}
