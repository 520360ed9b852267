import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { addSeconds } from '../../shared/core/time'
import { toBase64, utf8 } from '../../shared/proof/bytes'
import { operationLogLeaf } from '../../shared/proof/leaf'
import { checkpointBody, readCheckpoint, readNote, signatureLine, signersOf } from '../../shared/proof/note'
import type { RowOf } from '../core/bulk'
import type { LogConfig } from '../core/config'
import { type Db, query, type Reader, type Tx } from '../core/db'
import { pathsAbove } from '../region/queries'
import { signEd25519, verifyEd25519 } from './crypto'
import { type LogKeys, makeLogKeys, readLogKeys, readRemembered, remember, verifierKeys } from './keys'
import { type CountyLog, lastCheckpoint, lockLog } from './logs'
import { append, SLOWEST_WRITER_SECONDS, sealLog } from './seal'
import { sm2KeyOf, sm2KnownOf, sm2SignatureLine, sm2VerdictOf } from './sm2'
import { readTree, sizeOf } from './tree'

/** The log does not go on from what was signed. Nothing is signed on it, and it is not served. */
export class BrokenLog extends Error {}

/**
 * Seals what is committed and signs the log as it stands then. Nothing new, nothing signed.
 *
 * @throws BrokenLog when the log is not the continuation of the last checkpoint, here or beside the key
 */
export async function signCheckpoint(db: Db, config: LogConfig, log: CountyLog, at: Date): Promise<string | null> {
  const why = await whyNotExtends(db, config, log)
  if (why !== null) throw new BrokenLog(why)
  await sealLog(db, log, at, 'signing')
  const keys = await keysFor(db, config)
  const note = await db.$transaction(async (tx) => {
    await lockLog(tx, log.regionId)
    const last = await lastCheckpoint(tx, log.regionId)
    const operations = await operationsSince(tx, log, at)
    const before = await sizeOf(tx, log.regionId)
    if (operations.count === 0 && before === (last?.size ?? 0)) return null
    await append(tx, log, [operations.leaf])
    const size = before + 1
    const root = await readTree(tx, log.regionId, size).root()
    const body = checkpointBody({ origin: log.origin, size, root })
    const own = await signedNote(log.origin, body, keys)
    const signed = config.sm2 ? own + sm2SignatureLine(log.origin, body, sm2KeyOf(config.keyFile)) : own
    await tx.logCheckpoint.create({
      data: { regionId: log.regionId, size, root: toBase64(root), note: signed, signedAt: at },
    })
    return signed
  })
  if (note !== null) remember(config.keyFile, log.origin, note)
  return note ?? (await lastCheckpoint(db, log.regionId))?.note ?? null
}

/**
 * Why this log is not the continuation of what was signed, or null: the last checkpoint here, and the last one this machine
 * remembers.
 */
export async function whyNotExtends(db: Reader, config: LogConfig, log: CountyLog): Promise<string | null> {
  const last = await lastCheckpoint(db, log.regionId)
  const remembered = readRemembered(config.keyFile).get(log.origin)
  const notes = [last?.note, remembered].filter((note): note is string => note !== undefined)
  if (notes.length === 0) return null
  if (!existsSync(config.keyFile)) return `${config.keyFile}: the key that signed the log ${log.name} is not there`
  const keys = await verifierKeys(log.origin, readLogKeys(config.keyFile).known)
  const size = await sizeOf(db, log.regionId)
  for (const text of notes) {
    const note = readNote(text)
    const signed = note === null ? null : readCheckpoint(note.body)
    if (note === null || signed === null) return `log ${log.name}: its last checkpoint can't be read`
    if (((await signersOf(note, keys, verifyEd25519)) ?? []).length === 0)
      return `log ${log.name}: its checkpoint of ${signed.size} leaves is not signed by a key of ${config.keyFile}`
    if (config.sm2 && sm2VerdictOf(note, log.origin, sm2KnownOf(config.keyFile)) !== 'right')
      return `log ${log.name}: its checkpoint of ${signed.size} leaves is not signed by the SM2 key of ${config.keyFile}.sm2`
    if (signed.size > size)
      return `log ${log.name}: it has ${size} leaves, and a checkpoint of ${signed.size} was signed`
    const root = await readTree(db, log.regionId, signed.size)
      .root()
      .then(toBase64, () => 'none')
    if (signed.origin !== log.origin || root !== toBase64(signed.root))
      return `log ${log.name}: its first ${signed.size} leaves are not those that were signed`
  }
  return null
}

export async function signedNote(origin: string, body: string, keys: LogKeys): Promise<string> {
  const named = await verifierKeys(origin, keys.known)
  const lines = keys.signing.map((key, place) => {
    // private keys come first in the file, so the places agree
    const { name, keyId } = named[place] as (typeof named)[number]
    return signatureLine({ name, keyId, bytes: signEd25519(key, utf8(body)) })
  })
  return `${body}\n${lines.join('')}`
}

/** The first key is made when nothing was signed yet; later a missing file is a loss somebody must hear of. */
async function keysFor(db: Db, config: LogConfig): Promise<LogKeys> {
  return (await db.logCheckpoint.count()) === 0 ? makeLogKeys(config.keyFile) : readLogKeys(config.keyFile)
}

/** What the operations log of the county has since the last head, except what slow writers may still add. */
async function operationsSince(tx: Tx, { regionId, path }: CountyLog, at: Date) {
  const last = await tx.logLeaf.findFirst({
    where: { type: 'operationLogHead', refId: regionId },
    orderBy: { revision: 'desc' },
  })
  const before = last?.data == null ? null : (JSON.parse(last.data) as { to: string })
  const from = before === null ? null : new Date(before.to)
  const slow = addSeconds(at, -SLOWEST_WRITER_SECONDS)
  const to = from !== null && from > slow ? from : slow
  const { count, digest } = await digestOperations(tx, path, from, to)
  const text = operationLogLeaf({ path, from, to, count, digest, at })
  const revision = last === null ? 0 : last.revision + 1
  return { count, leaf: { type: 'operationLogHead' as const, refId: regionId, revision, text, data: text } }
}

const PAGE = 500

/** Rows of [from, to) that are of the county or above it, in the order of their times: one JSON line each, hashed. */
export async function digestOperations(
  db: Reader,
  path: string,
  from: Date | null,
  to: Date,
): Promise<{ count: number; digest: string }> {
  const hash = createHash('sha256')
  let count = 0
  let after: { at: Date; id: string } | null = null
  while (true) {
    const rows: RowOf<'OperationLog'>[] = await query<RowOf<'OperationLog'>>(
      db,
      `SELECT * FROM operation_log
       WHERE "at" < $1 AND ("at", "id") > ($2, $3)
         AND (("regionPath" >= $4 AND "regionPath" < $5) OR "regionPath" IN LIST($6))
       ORDER BY "at", "id" LIMIT $7`,
      ...[to, after?.at ?? from ?? new Date(0), after?.id ?? ''],
      ...[path, `${path.slice(0, -1)}0`, ['', '/', ...pathsAbove(path)], PAGE],
    )
    for (const row of rows) hash.update(`${JSON.stringify(Object.entries(row).sort())}\n`, 'utf8')
    count += rows.length
    after = rows.at(-1) ?? null
    if (rows.length < PAGE) return { count, digest: hash.digest('hex') }
  }
}
