import { addSeconds } from '../shared/core/time'
import type { Config } from './core/config'
import type { Db } from './core/db'
import { whyNotKeys } from './person/keys'
import { whyNotProved } from './proof/keep'

/** Machines tell the time a little differently; so much later the books may have been written by another. */
const APART_SECONDS = 600

/**
 * Why this database must not be served in this mode, or null: born demo or live it stays so, its log goes on from what was
 * signed, its persons open with the keys given, and nothing in its books is from a time that this machine's clock has not reached.
 */
export async function whyNotServe(db: Db, config: Config, at: Date): Promise<string | null> {
  const kind = (await db.meta.findUnique({ where: { key: 'kind' } }))?.value
  if (config.production && kind === 'demo')
    return 'DATABASE_URL: this database was made for a demonstration and is never served in production'
  if (!config.production && kind === 'live')
    return 'NODE_ENV: this database holds live data; serve it with NODE_ENV=production'
  if (config.production && kind === undefined) await db.meta.create({ data: { key: 'kind', value: 'live' } })
  for (const { id } of await db.programme.findMany({ select: { id: true } })) {
    const last = await db.ledgerTransaction.findFirst({ where: { programmeId: id }, orderBy: { recordedAt: 'desc' } })
    if (last !== null && last.recordedAt > addSeconds(at, APART_SECONDS))
      return `the clock of this machine says ${at.toISOString()}, and the books go on to ${last.recordedAt.toISOString()}`
  }
  return (await whyNotKeys(db, config.keys)) ?? whyNotProved({ db, config })
}
