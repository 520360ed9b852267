import { ask, type Driver, dialect } from '../core/driver'
import type { Problem } from '../ledger/books'

/** Rows of the logs' own tables that belong to no log, or to no leaf or checkpoint of one. */
export async function findStrayLog(driver: Driver, regionIds: readonly string[]): Promise<Problem | null> {
  for (const table of ['log_leaf', 'log_tile', 'log_checkpoint', 'log_cosignature']) {
    const sql = `SELECT "regionId" FROM "${table}" WHERE NOT ("regionId" IN LIST($1)) LIMIT 1`
    const [stray] = (await driver.query(dialect(driver.provider, sql), [regionIds])) as { regionId: string }[]
    if (stray !== undefined) return bad('I5', `${table} ${stray.regionId}`, 'there is no such log')
  }
  const [cosignature] = await ask<{ regionId: string; size: number | bigint }>(driver)`
    SELECT c."regionId", c."size" FROM log_cosignature AS c WHERE NOT EXISTS (
      SELECT 1 FROM log_checkpoint AS p WHERE p."regionId" = c."regionId" AND p."size" = c."size") LIMIT 1`
  if (cosignature !== undefined)
    return bad('I13', `log_cosignature ${cosignature.regionId}/${cosignature.size}`, 'there is no such checkpoint')
  const [opening] = await ask<{ refId: string; revision: number | bigint }>(driver)`
    SELECT s."refId", s."revision" FROM log_salt AS s WHERE NOT EXISTS (
      SELECT 1 FROM log_leaf AS l WHERE l."refId" = s."refId" AND l."revision" = s."revision") LIMIT 1`
  return opening === undefined
    ? null
    : bad('I5', `log_salt ${opening.refId}/${opening.revision}`, 'there is no such leaf')
}

const bad = (invariant: string, row: string, sentence: string): Problem => ({ invariant, row, sentence })
