import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
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
  return signatureLine({ name: origin, keyId: keyIdOf(origin, key.publicKey), bytes: signSm2(key, utf8(body)) })
}

/** Whether an SM2 key of the log, by its public half, signed the note: 'none' where it bears no such line. */
export function sm2VerdictOf(
  note: Note,
  origin: string,
  publicKeys: readonly Uint8Array[],
): 'right' | 'wrong' | 'none' {
  for (const publicKey of publicKeys) {
    const keyId = Buffer.from(keyIdOf(origin, publicKey))
    const line = note.signatures.find((one) => one.name === origin && keyId.equals(one.keyId))
    if (line !== undefined) return verifySm2(publicKey, utf8(note.body), line.bytes) ? 'right' : 'wrong'
  }
  return 'none'
}

/** The SM2 keys a log's notes may be signed by: our own, and those of a system whose books came here. */
export function sm2KnownOf(keyFile: string): Uint8Array[] {
  const own = sm2KeyOf(keyFile).publicKey
  const old = knownFileOf(keyFile)
  const others = existsSync(old) ? readFileSync(old, 'utf8').split('\n').filter(Boolean) : []
  return [own, ...others.map((text) => Buffer.from(text, 'base64'))]
}

/** As those who verify know it, in the form of c2sp.org/signed-note. */
export function sm2VerifierText(origin: string, publicKey: Uint8Array): string {
  const keyId = Buffer.from(keyIdOf(origin, publicKey)).toString('hex')
  return `${origin}+${keyId}+${Buffer.from(joined(TYPE, publicKey)).toString('base64')}`
}

/** The public half, or null where the text is of another kind of key. */
export function readSm2Verifier(text: string): Uint8Array | null {
  const [origin = '', , ...rest] = text.trim().split('+')
  const bytes = Buffer.from(rest.join('+'), 'base64')
  const publicKey = bytes.subarray(TYPE.length)
  return publicKey.length > 0 && sm2VerifierText(origin, publicKey) === text.trim() ? publicKey : null
}

/** What another system signed stays verifiable here. */
export function keepSm2Keys(keyFile: string, publicKeys: readonly Uint8Array[]): void {
  const known = new Set(sm2KnownOf(keyFile).map((one) => Buffer.from(one).toString('base64')))
  const others = new Set(publicKeys.map((one) => Buffer.from(one).toString('base64')))
  for (const one of others) if (!known.has(one)) appendFileSync(knownFileOf(keyFile), `${one}\n`)
}

const knownFileOf = (keyFile: string) => `${keyFile}.sm2.known`

function keyIdOf(origin: string, publicKey: Uint8Array): Uint8Array {
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
