import { findBy } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Reader } from '../core/db'
import { openForPersons } from './vault'

/** The WeChat accounts of persons, opened for one call; who has none, was erased or turned off is left out. */
export async function readOpenids(db: Reader, keys: Keys, personIds: readonly string[]): Promise<Map<string, string>> {
  const bound = (await findBy(db, 'Person', 'id', [...new Set(personIds)])).filter(
    (one) => one.openidSealed !== null && one.disabledAt === null && one.erasedAt === null,
  )
  const openids = await openForPersons(
    db,
    keys,
    bound.map(({ id, openidSealed }) => ({
      ...{ personId: id, table: 'person', column: 'openid' },
      sealed: openidSealed ?? '',
    })),
  )
  return new Map(bound.flatMap(({ id }, place) => (openids[place] ? [[id, openids[place]]] : [])))
}
