import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { joined, utf8 } from '../../shared/proof/bytes'
import { type Note, signatureLine } from '../../shared/proof/note'
import { newSm2Pem, readSm2Pem, type Sm2Key, signSm2, verifySm2 } from '../core/sm2'
import { sha256 } from './crypto'

/** Of signatures that c2sp.org/signed-note has no number for: 0xff and their name. Who doesn't know them passes over the line. */
const TYPE = joined(Uint8Array.of(0xff), utf8('sm2-sm3'))

/** Beside the log's own keys; made where there is none yet. */
export function sm2KeyOf(keyFile: string): Sm2Key {
  const file = `${keyFile}.sm2`
  if (!existsSync(file)) writeOnce(file, newSm2Pem())
  return readSm2Pem(readFileSync(file, 'utf8'))
}

/** A second signature of the log on a checkpoint, for who must have it by SM2 with SM3. */
export function sm2SignatureLine(origin: string, body: string, key: Sm2Key): string {
  return signatureLine({ name: origin, keyId: keyIdOf(origin, key), bytes: signSm2(key, utf8(body)) })
}

/** Whether the log's SM2 key signed the note: 'none' where it bears no such line. */
export function sm2VerdictOf(note: Note, origin: string, key: Sm2Key): 'right' | 'wrong' | 'none' {
  const keyId = Buffer.from(keyIdOf(origin, key))
  const line = note.signatures.find((one) => one.name === origin && keyId.equals(one.keyId))
  if (line === undefined) return 'none'
  return verifySm2(key.publicKey, utf8(note.body), line.bytes) ? 'right' : 'wrong'
}

function keyIdOf(origin: string, { publicKey }: Sm2Key): Uint8Array {
  return sha256(joined(utf8(`${origin}\n`), TYPE, publicKey)).slice(0, 4)
}

/** Of two who make it at once one wins, and both read his. */
function writeOnce(file: string, text: string): void {
  try {
    const handle = openSync(file, 'wx', 0o600)
    writeSync(handle, text)
    fsyncSync(handle)
    closeSync(handle)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
