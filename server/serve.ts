import type { Config } from './core/config'
import type { Db } from './core/db'
import { whyNotProved } from './proof/keep'

/** Why this database must not be served in this mode, or null: born demo or live it stays so, and its log goes on from what was signed. */
export async function whyNotServe(db: Db, config: Config): Promise<string | null> {
  const kind = (await db.meta.findUnique({ where: { key: 'kind' } }))?.value
  if (config.production && kind === 'demo')
    return 'DATABASE_URL: this database was made for a demonstration and is never served in production'
  if (!config.production && kind === 'live')
    return 'NODE_ENV: this database holds live data; serve it with NODE_ENV=production'
  if (config.production && kind === undefined) await db.meta.create({ data: { key: 'kind', value: 'live' } })
  return whyNotProved({ db, config })
}
