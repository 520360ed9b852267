import { utf8 } from '../../shared/proof/bytes'
import { proofFileText, type VerifierKey, verifierKeyText } from '../../shared/proof/note'
import type { LogConfig } from '../core/config'
import type { Reader } from '../core/db'
import { readLogKeys, verifierKeys } from './keys'
import { type CountyLog, findLogs, lastCheckpoint } from './logs'
import { readTree } from './tree'

/** A log as everybody may know it. */
export type PublicLog = CountyLog & { keys: VerifierKey[] }

/**
 * The proof that a leaf is in its county's log, against the last checkpoint; null before one was signed over it.
 *
 * @param extra what goes with it, the leaf on its first line
 */
export async function proveLeaf(
  db: Reader,
  leaf: { regionId: string; logIndex: number },
  extra: string,
): Promise<string | null> {
  const last = await lastCheckpoint(db, leaf.regionId)
  if (last === null || last.size <= leaf.logIndex) return null
  const path = await readTree(db, leaf.regionId, last.size).inclusion(leaf.logIndex)
  return proofFileText({ extra: utf8(extra), index: leaf.logIndex, path, note: await cosignedNote(db, last) })
}

/** A checkpoint with the lines of those who saw it. */
export async function cosignedNote(
  db: Reader,
  { regionId, size, note }: { regionId: string; size: number; note: string },
): Promise<string> {
  const cosigned = await db.logCosignature.findMany({ where: { regionId, size }, orderBy: { witness: 'asc' } })
  return `${note}${cosigned.map((one) => one.line).join('')}`
}

/** The logs with the keys that verify their checkpoints; none before the first was signed. */
export async function publicLogs(db: Reader, config: LogConfig): Promise<PublicLog[]> {
  const logs = await findLogs(db)
  if ((await db.logCheckpoint.count()) === 0) return []
  const { known } = readLogKeys(config.keyFile)
  return Promise.all(logs.map(async (log) => ({ ...log, keys: await verifierKeys(log.origin, known) })))
}

export const keyTexts = ({ keys }: PublicLog): string[] => keys.map(verifierKeyText)

/** The request a witness takes (C2SP tlog-witness): from which size on, the proof, and the new checkpoint. */
export async function consistencyFile(db: Reader, regionId: string, old: number, now: number): Promise<string | null> {
  const next = await db.logCheckpoint.findUnique({ where: { regionId_size: { regionId, size: now } } })
  if (next === null || old < 0 || old > now) return null
  const path = old === 0 || old === now ? [] : await readTree(db, regionId, now).consistency(old)
  return [
    `old ${old}`,
    ...path.map((hash) => Buffer.from(hash).toString('base64')),
    '',
    await cosignedNote(db, next),
  ].join('\n')
}
