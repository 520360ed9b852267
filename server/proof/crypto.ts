import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { leafInput, nodeInput } from '../../shared/proof/tree'

/** The DER of an Ed25519 public key is these bytes and then the key itself (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex')

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()
export const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
export const leafHash = (leaf: string): Uint8Array => sha256(leafInput(Buffer.from(leaf, 'utf8')))
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(nodeInput(left, right))

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
