import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { keyIdOf, type VerifierKey } from '../../shared/proof/note'
import { rawPublicKey, sha256 } from './crypto'

/** Newest first. Every private key in the file signs; a retired one is kept by its public half, to verify what it signed. */
export type LogKeys = { signing: KeyObject[]; known: Uint8Array[] }

const PEM = /-----BEGIN (PRIVATE|PUBLIC) KEY-----[\s\S]+?-----END \1 KEY-----\n?/g

/** @throws Error when there is no such file, or no key in it that signs */
export function readLogKeys(file: string): LogKeys {
  const blocks = [...readFileSync(file, 'utf8').matchAll(PEM)]
  const keys = blocks.map(([pem, kind]) => (kind === 'PRIVATE' ? createPrivateKey(pem) : createPublicKey(pem)))
  const odd = keys.find((one) => one.asymmetricKeyType !== 'ed25519')
  const signing = keys.filter((one) => one.type === 'private')
  if (odd !== undefined || signing.length === 0) throw new Error(`${file}: Ed25519 keys in PEM, one of them private`)
  return { signing, known: keys.map(rawPublicKey) }
}

/** Makes the file with a first key, unless it is there: of two who make it at once one wins, and both read his. */
export function makeLogKeys(file: string): LogKeys {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true })
    const own = `${file}.${process.pid}.new`
    write(own, newKeyPem())
    try {
      linkSync(own, file) // whole, or not at all: a process that is killed here leaves no key of half a line
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      unlinkSync(own)
    }
  }
  return readLogKeys(file)
}

/** A new key in front. The old ones go on signing beside it, until everybody who verifies knows the new one. */
export function rotateLogKeys(file: string): LogKeys {
  const pem = readFileSync(file, 'utf8')
  replace(file, newKeyPem() + pem)
  return readLogKeys(file)
}

/** Only the newest key signs from here on; of the others nothing stays that could. */
export function retireLogKeys(file: string): LogKeys {
  const [newest, ...others] = [...readFileSync(file, 'utf8').matchAll(PEM)].map(([pem]) => pem)
  const retired = others.map((pem) => createPublicKey(pem).export({ type: 'spki', format: 'pem' }) as string)
  replace(file, [newest, ...retired].join(''))
  return readLogKeys(file)
}

/** The keys of a log as those who verify know them: a key is named by the log it signs for. */
export function verifierKeys(origin: string, publicKeys: readonly Uint8Array[]): Promise<VerifierKey[]> {
  return Promise.all(
    publicKeys.map(async (publicKey) => ({
      name: origin,
      type: 1 as const,
      publicKey,
      keyId: await keyIdOf(origin, 1, publicKey, sha256),
    })),
  )
}

/**
 * The last checkpoint of each log as this machine saw it signed. It lies beside the keys, not in the database: who changes
 * the database alone can't make the server forget.
 */
export function readRemembered(keyFile: string): Map<string, string> {
  const file = `${keyFile}.signed.json`
  return new Map(
    existsSync(file) ? Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : [],
  )
}

export function remember(keyFile: string, origin: string, note: string): void {
  const all = readRemembered(keyFile).set(origin, note)
  replace(`${keyFile}.signed.json`, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`)
}

const newKeyPem = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string

/** All or nothing, also when the power goes. */
function replace(file: string, text: string): void {
  write(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}

function write(file: string, text: string): void {
  const handle = openSync(file, 'w', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
