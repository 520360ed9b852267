import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'
import { nodeInput } from '../../shared/proof/tree'

/** The DER of an Ed25519 public key is these bytes and then the key itself (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex')

export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer')
export const sha256Hex = (text: string): string => hash('sha256', text, 'hex')
/** A zero byte and the text, as UTF-8: what `leafInput` joins. */
export const leafHash = (leaf: string): Uint8Array => hash('sha256', `\0${leaf}`, 'buffer')
/** The same in hexadecimal, which costs a third. */
export const leafHashHex = (leaf: string): string => hash('sha256', `\0${leaf}`, 'hex')
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(nodeInput(left, right))

const node = Buffer.alloc(65)
node[0] = 1

/** The root over hashes that lie side by side in one piece of bytes, as many as a power of two. Changes the bytes. */
export function foldHashes(bytes: Buffer): Buffer {
  for (let width = bytes.length; width > 32; width /= 2)
    for (let at = 0; at < width; at += 64) {
      node.set(bytes.subarray(at, at + 64), 1)
      bytes.write(hash('sha256', node, 'latin1' as 'hex'), at / 2, 'latin1')
    }
  return bytes.subarray(0, 32)
}

export function signEd25519(privateKey: KeyObject, message: Uint8Array): Uint8Array {
  return sign(null, message, privateKey)
}

export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return verify(null, message, publicKeyOf(publicKey), signature)
}

/** The 32 bytes of a key, from its private or public half. */
export function rawPublicKey(key: KeyObject): Uint8Array {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(SPKI_HEAD.length)
}

export function publicKeyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), format: 'der', type: 'spki' })
}
