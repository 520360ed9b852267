import { createPrivateKey } from 'node:crypto'
import { fromBase64 } from '../../shared/proof/bytes'
import {
  type Checkpoint,
  cosignedMessage,
  keyIdOf,
  packCosignature,
  readCheckpoint,
  readNote,
  signatureLine,
  signersOf,
  type VerifierKey,
  verifierKeyText,
} from '../../shared/proof/note'
import { isConsistent } from '../../shared/proof/tree'
import type { LogConfig } from '../core/config'
import type { Db } from '../core/db'
import { witnessKeys } from './audit'
import { rawPublicKey, sha256, signEd25519, verifyEd25519 } from './crypto'
import { findLogs } from './logs'

export type Cosigned = { line: string; checkpoint: Checkpoint; vkey: string }

/**
 * What a witness does with a log's request (C2SP tlog-witness add-checkpoint): it signs a checkpoint only when the log
 * signed it and it goes on from the last one the witness saw.
 *
 * @param seen the last checkpoint this witness signed of the log, or null
 * @returns the line for the note, or why not
 */
export async function cosign(
  request: string,
  seen: Checkpoint | null,
  logKeys: readonly VerifierKey[],
  witness: { name: string; keyPem: string },
  at: Date,
): Promise<Cosigned | string> {
  const end = request.indexOf('\n\n')
  const [first = '', ...hashes] = request.slice(0, Math.max(end, 0)).split('\n')
  const [, old] = /^old (0|[1-9]\d{0,15})$/.exec(first) ?? []
  const note = readNote(request.slice(end + 2))
  const checkpoint = note === null ? null : readCheckpoint(note.body)
  const path = hashes.map(fromBase64)
  if (old === undefined || note === null || checkpoint === null || path.some((one) => one === null))
    return 'this is no request of a log'
  const signers = await signersOf(note, logKeys, verifyEd25519)
  if (signers === null || !signers.some(({ key }) => key.name === checkpoint.origin && key.type === 1))
    return 'the log did not sign this checkpoint'
  if (Number(old) !== (seen?.size ?? 0)) return `this witness has seen ${seen?.size ?? 0} leaves, not ${old}`
  const given = { old: seen ?? checkpoint, now: checkpoint, path: path as Uint8Array[] }
  const goesOn = seen === null ? path.length === 0 : await isConsistent(given, sha256)
  if (!goesOn) return 'this checkpoint does not go on from the one this witness has seen'
  const key = createPrivateKey(witness.keyPem)
  const publicKey = rawPublicKey(key)
  const keyId = await keyIdOf(witness.name, 4, publicKey, sha256)
  const seconds = Math.floor(at.getTime() / 1000)
  const bytes = packCosignature(seconds, signEd25519(key, cosignedMessage(seconds, note.body)))
  return {
    line: signatureLine({ name: witness.name, keyId, bytes }),
    checkpoint,
    vkey: verifierKeyText({ name: witness.name, keyId, type: 4, publicKey }),
  }
}

/** Keeps what a witness signed, with the checkpoint it is of. Answers why not, or null. */
export async function keepCosignature(db: Db, config: LogConfig, line: string): Promise<string | null> {
  const witnesses = await witnessKeys(config)
  for (const log of await findLogs(db)) {
    const checkpoints = await db.logCheckpoint.findMany({
      where: { regionId: log.regionId },
      orderBy: { size: 'desc' },
      take: 100,
    })
    for (const { note, size } of checkpoints) {
      const cosigned = readNote(`${readNote(note)?.body ?? ''}\n${line}`)
      const [signer] = cosigned === null ? [] : ((await signersOf(cosigned, witnesses, verifyEd25519)) ?? [])
      if (signer === undefined) continue
      const row = { regionId: log.regionId, size, witness: signer.key.name }
      const known = await db.logCosignature.findUnique({ where: { regionId_size_witness: row } })
      if (known === null) await db.logCosignature.create({ data: { ...row, line } })
      return null
    }
  }
  return 'no witness in MULIN_LOG_WITNESSES signed one of the last hundred checkpoints with this'
}
