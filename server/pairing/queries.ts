import { findBy, type RowOf } from '../core/bulk'
import type { Reader } from '../core/db'

export type Pairing = RowOf<'Pairing'>

/** Who is paired with these elders and still is. */
export function openPairs(db: Reader, elderIds: readonly string[]): Promise<Pairing[]> {
  return findBy(db, 'Pairing', 'elderId', elderIds, ' AND "endedDay" IS NULL')
}

/** Whom these helpers are paired with. */
export function openPairsOf(db: Reader, memberIds: readonly string[]): Promise<Pairing[]> {
  return findBy(db, 'Pairing', 'memberId', memberIds, ' AND "endedDay" IS NULL')
}
