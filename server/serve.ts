import type { Config } from './core/config'
import type { Db } from './core/db'

/** Why this database must not be served in this mode, or null: it is born demo or live and stays so. */
export async function whyNotServe(db: Db, config: Config): Promise<string | null> {
  const kind = (await db.meta.findUnique({ where: { key: 'kind' } }))?.value
  if (config.production && kind === 'demo')
    return 'DATABASE_URL: this database was made for a demonstration and is never served in production'
  if (!config.production && kind === 'live')
    return 'NODE_ENV: this database holds live data; serve it with NODE_ENV=production'
  if (config.production && kind === undefined) await db.meta.create({ data: { key: 'kind', value: 'live' } })
  return null
}
