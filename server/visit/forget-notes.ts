import { type Db, execute, underPath } from '../core/db'
import { AT_ONCE, forgetByCounty } from '../region/keep'

const VISIT = 'JOIN visit AS o ON o."id" = r."visitId"'
const ELDER = 'JOIN elder AS o ON o."id" = r."elderId"'

type Note = { table: string; column: string; since: string; gone: 'NULL' | `''`; of?: string }
/** What people and staff wrote in own words beside a record. Codes, answers and decisions stay. */
const NOTES: readonly Note[] = [
  { table: 'call_back', column: 'note', since: 'at', gone: 'NULL' },
  { table: 'helper_note', column: 'note', since: 'at', gone: 'NULL', of: VISIT },
  { table: 'appeal', column: 'note', since: 'decidedAt', gone: 'NULL' },
  { table: 'gift', column: 'note', since: 'decidedAt', gone: `''` },
  { table: 'elder_event', column: 'note', since: 'recordedAt', gone: `''`, of: ELDER },
  { table: 'alarm', column: 'words', since: 'closedAt', gone: `''` },
  { table: 'alarm', column: 'outcome', since: 'closedAt', gone: 'NULL' },
]

/**
 * What was written in own words goes when the county's time is over; it was never sealed, so that all else still verifies.
 * @returns how many went
 */
export async function forgetNotes(db: Db, at: Date): Promise<number> {
  let forgotten = 0
  for (const note of NOTES)
    forgotten += await forgetByCounty(db, 'noteKeepDays', at, (path, before) => forgetSome(db, note, path, before))
  return forgotten
}

async function forgetSome(db: Db, { table, column, since, gone, of }: Note, path: string, before: Date) {
  const { gte, lt } = underPath(path)
  const place = `${of === undefined ? 'r' : 'o'}."regionPath"`
  return db.$transaction((tx) =>
    execute(
      tx,
      `UPDATE ${table} SET "${column}" = ${gone} WHERE "id" IN (
         SELECT r."id" FROM ${table} AS r ${of ?? ''}
         WHERE r."${column}" <> '' AND r."${since}" < $1 AND ${place} >= $2 AND ${place} < $3 LIMIT ${AT_ONCE})`,
      before,
      gte,
      lt,
    ),
  )
}
