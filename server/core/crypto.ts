import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

/** Keys by generation. The first one seals; the others still open what they once sealed. */
export type KeyRing = readonly [Key, ...Key[]]
export type Key = { id: string; key: Uint8Array }

/** Where a sealed value lives. It opens nowhere else: a value copied to another person, column or version is refused. */
export type FieldPlace = { table: string; column: string; personId: string; version: number }

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16

/** The key one person's fields are sealed with. Destroying it erases the person from every backup too. */
export function newDataKey(): Buffer {
  return randomBytes(KEY_BYTES)
}

/** Seals a person's data key with the ring's first key: `k1.<key id>.<base64url of iv, tag and cipher text>`. */
export function wrapKey(ring: KeyRing, dataKey: Uint8Array, personId: string): string {
  const [{ id, key }] = ring
  return `k1.${id}.${seal(key, dataKey, wrapAad(id, personId))}`
}

/** Opens a wrapped data key; throws for another person's, a key that left the ring, or a changed byte. */
export function unwrapKey(ring: KeyRing, wrapped: string, personId: string): Buffer {
  const [version, id, sealed] = wrapped.split('.')
  const key = ring.find((one) => one.id === id)?.key
  if (version !== 'k1' || id === undefined || sealed === undefined) throw new Error('not a wrapped key')
  if (key === undefined) throw new Error(`the key ring has no key "${id}"`)
  return open(key, sealed, wrapAad(id, personId))
}

/** Whether a key rotation still has to wrap this one again. */
export function isWrappedByOldKey(ring: KeyRing, wrapped: string): boolean {
  return wrapped.split('.')[1] !== ring[0].id
}

/** Seals one value for one place: `v1.<base64url of iv, tag and cipher text>`. */
export function sealField(dataKey: Uint8Array, plaintext: string, place: FieldPlace): string {
  return `v1.${seal(dataKey, Buffer.from(plaintext, 'utf8'), fieldAad(place))}`
}

/** Opens a sealed value; throws when the key, the place or a single bit is not the one it was sealed with. */
export function openField(dataKey: Uint8Array, sealed: string, place: FieldPlace): string {
  if (!sealed.startsWith('v1.')) throw new Error(`not a sealed field: ${place.table}.${place.column}`)
  return open(dataKey, sealed.slice(3), fieldAad(place)).toString('utf8')
}

/**
 * What an encrypted value is found by: equal values of a kind have equal indexes, which tell nothing without the key.
 * 128 bits as hex: among a billion values two meet by chance once in 10^20, and half a digest is half an index.
 *
 * @param normalised the value in the one spelling it is looked up by
 */
export function blindIndex(indexKey: Uint8Array, kind: string, normalised: string): string {
  const digest = createHmac('sha256', indexKey)
    .update(JSON.stringify([kind, normalised]))
    .digest()
  return digest.subarray(0, 16).toString('hex')
}

/** JSON, so that no two places have the same bytes: ('a', 'bc') and ('ab', 'c') would, if they were joined. */
function fieldAad({ table, column, personId, version }: FieldPlace): Buffer {
  return Buffer.from(JSON.stringify(['v1', table, column, personId, version]))
}

function wrapAad(keyId: string, personId: string): Buffer {
  return Buffer.from(JSON.stringify(['k1', keyId, personId]))
}

function seal(key: Uint8Array, plain: Uint8Array, aad: Uint8Array): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES })
  cipher.setAAD(aad)
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')
}

function open(key: Uint8Array, sealed: string, aad: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < IV_BYTES + TAG_BYTES) throw new Error('sealed value is cut short')
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(aad)
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
}
