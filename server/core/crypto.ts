import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Keys by generation. The first one seals; the others still open what they once sealed. */
export type KeyRing = readonly [Key, ...Key[]]
export type Key = { id: string; key: Uint8Array }

/** aes: AES-256-GCM and HMAC-SHA-256. sm: SM4-CTR with HMAC-SM3 over the same associated data, and HMAC-SM3 (GM/T 0002, 0004). */
export const SUITES = ['aes', 'sm'] as const
export type Suite = (typeof SUITES)[number]
/** A key knows what it is used with, and a sealed value by its first letters: a database holds values of one suite. */
export type SuiteKey = { suite: Suite; key: Uint8Array }

/** Where a sealed value lives. It opens nowhere else: a value copied to another person, column or version is refused. */
export type FieldPlace = { table: string; column: string; personId: string; version: number }

const KEY_BYTES = 32
const WRAPPED = { aes: 'k1', sm: 'k2' } as const
const SEALED = { aes: 'v1', sm: 'v2' } as const
const MAC = { aes: 'sha256', sm: 'sm3' } as const

/** The key one person's fields are sealed with. Destroying it erases the person from every backup too. */
export function newDataKey(suite: Suite): SuiteKey {
  return { suite, key: randomBytes(KEY_BYTES) }
}

/** Seals a person's data key with the ring's first key: `k1.<key id>.<base64url of iv, tag and cipher text>`; `k2` for sm. */
export function wrapKey(ring: KeyRing, { suite, key: dataKey }: SuiteKey, personId: string): string {
  const [{ id, key }] = ring
  return `${WRAPPED[suite]}.${id}.${CIPHERS[suite].seal(key, dataKey, wrapAad(WRAPPED[suite], id, personId))}`
}

/** Opens a wrapped data key; throws for another person's, a key that left the ring, or a changed byte. */
export function unwrapKey(ring: KeyRing, wrapped: string, personId: string): SuiteKey {
  const [version, id, sealed] = wrapped.split('.')
  const suite = SUITES.find((one) => WRAPPED[one] === version)
  if (suite === undefined || id === undefined || sealed === undefined) throw new Error('not a wrapped key')
  const key = ring.find((one) => one.id === id)?.key
  if (key === undefined) throw new Error(`the key ring has no key "${id}"`)
  return { suite, key: CIPHERS[suite].open(key, sealed, wrapAad(WRAPPED[suite], id, personId)) }
}

/** Whether a key rotation still has to wrap this one again. */
export function isWrappedByOldKey(ring: KeyRing, wrapped: string): boolean {
  return wrapped.split('.')[1] !== ring[0].id
}

/** Seals one value for one place: `v1.<base64url of iv, tag and cipher text>`; `v2` for sm. */
export function sealField({ suite, key }: SuiteKey, plaintext: string, place: FieldPlace): string {
  return `${SEALED[suite]}.${CIPHERS[suite].seal(key, Buffer.from(plaintext, 'utf8'), fieldAad(suite, place))}`
}

/** Opens a sealed value; throws when the key, the place or a single bit is not the one it was sealed with. */
export function openField({ suite, key }: SuiteKey, sealed: string, place: FieldPlace): string {
  if (!sealed.startsWith(`${SEALED[suite]}.`)) throw new Error(`not a sealed field: ${place.table}.${place.column}`)
  return CIPHERS[suite].open(key, sealed.slice(3), fieldAad(suite, place)).toString('utf8')
}

/**
 * What an encrypted value is found by: equal values of a kind have equal indexes, which tell nothing without the key.
 * 128 bits as hex: among a billion values two meet by chance once in 10^20, and half a digest is half an index.
 *
 * @param normalised the value in the one spelling it is looked up by
 */
export function blindIndex({ suite, key }: SuiteKey, kind: string, normalised: string): string {
  const digest = createHmac(MAC[suite], key)
    .update(JSON.stringify([kind, normalised]))
    .digest()
  return digest.subarray(0, 16).toString('hex')
}

/** JSON, so that no two places have the same bytes: ('a', 'bc') and ('ab', 'c') would, if they were joined. */
function fieldAad(suite: Suite, { table, column, personId, version }: FieldPlace): Buffer {
  return Buffer.from(JSON.stringify([SEALED[suite], table, column, personId, version]))
}

function wrapAad(version: string, keyId: string, personId: string): Buffer {
  return Buffer.from(JSON.stringify([version, keyId, personId]))
}

type Cipher = {
  /** base64url of iv, tag and cipher text */
  seal(key: Uint8Array, plain: Uint8Array, aad: Uint8Array): string
  open(key: Uint8Array, sealed: string, aad: Uint8Array): Buffer
}

const GCM = { name: 'aes-256-gcm', ivBytes: 12, tagBytes: 16 } as const
const aes: Cipher = {
  seal(key, plain, aad) {
    const iv = randomBytes(GCM.ivBytes)
    const cipher = createCipheriv(GCM.name, key, iv, { authTagLength: GCM.tagBytes })
    cipher.setAAD(aad)
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')
  },
  open(key, text, aad) {
    const { iv, tag, sealed } = partsOf(text, GCM)
    const decipher = createDecipheriv(GCM.name, key, iv, { authTagLength: GCM.tagBytes })
    decipher.setAAD(aad)
    decipher.setAuthTag(tag)
    return Buffer.concat([decipher.update(sealed), decipher.final()])
  },
}

const CTR = { name: 'sm4-ctr', ivBytes: 16, tagBytes: 32 } as const
/** Encrypt, then authenticate: what isn't ours is refused before a byte of it is deciphered. */
const sm: Cipher = {
  seal(key, plain, aad) {
    const iv = randomBytes(CTR.ivBytes)
    const cipher = createCipheriv(CTR.name, derived(key, 'encrypt').subarray(0, 16), iv)
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
    return Buffer.concat([iv, sm3Tag(key, aad, iv, sealed), sealed]).toString('base64url')
  },
  open(key, text, aad) {
    const { iv, tag, sealed } = partsOf(text, CTR)
    if (!timingSafeEqual(tag, sm3Tag(key, aad, iv, sealed))) throw new Error('sealed value was changed or moved')
    const decipher = createDecipheriv(CTR.name, derived(key, 'encrypt').subarray(0, 16), iv)
    return Buffer.concat([decipher.update(sealed), decipher.final()])
  },
}

const CIPHERS: Record<Suite, Cipher> = { aes, sm }

/** Over the length of the associated data too, so that none of its bytes can become one of the iv's. */
function sm3Tag(key: Uint8Array, aad: Uint8Array, iv: Buffer, sealed: Buffer): Buffer {
  const length = Buffer.alloc(8)
  length.writeBigUInt64BE(BigInt(aad.length))
  return createHmac('sm3', derived(key, 'authenticate')).update(length).update(aad).update(iv).update(sealed).digest()
}

/** One key for one use. */
function derived(key: Uint8Array, use: 'encrypt' | 'authenticate'): Buffer {
  return createHmac('sm3', key).update(use).digest()
}

function partsOf(text: string, { ivBytes, tagBytes }: { ivBytes: number; tagBytes: number }) {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length < ivBytes + tagBytes) throw new Error('sealed value is cut short')
  return {
    iv: bytes.subarray(0, ivBytes),
    tag: bytes.subarray(ivBytes, ivBytes + tagBytes),
    sealed: bytes.subarray(ivBytes + tagBytes),
  }
}
