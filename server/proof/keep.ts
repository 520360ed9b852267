import type { Parts } from '../core/route'
import { signCheckpoint, whyNotExtends } from './checkpoint'
import { findLogs, openLogs } from './logs'
import { sealLog } from './seal'

/** Seals what was committed in every county. */
export async function sealLogs({ db, config }: Parts, at: Date): Promise<number> {
  let added = 0
  for (const log of await openLogs(db, config.log)) added += await sealLog(db, log, at)
  return added
}

/** Signs every log as it stands; a log that was not continued stops here, loudly. */
export async function signCheckpoints({ db, config }: Parts, at: Date): Promise<number> {
  const logs = await openLogs(db, config.log)
  for (const log of logs) await signCheckpoint(db, config.log, log, at)
  return logs.length
}

/** Why the server must not start on this database, or null: a log in it is not what was signed. */
export async function whyNotProved({ db, config }: Pick<Parts, 'db' | 'config'>): Promise<string | null> {
  for (const log of await findLogs(db)) {
    const why = await whyNotExtends(db, config.log, log)
    if (why !== null) return why
  }
  return null
}
