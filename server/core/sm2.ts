import { createECDH, createHash, generateKeyPairSync, randomBytes } from 'node:crypto'

/**
 * SM2 signatures with SM3 (GM/T 0003.2, GB/T 32918.2), for what must be signed with them. Node's OpenSSL has the curve and SM3, but
 * its `sign` knows no way to name who signs, so the few steps of the signature are here: what multiplies a point by a secret is
 * OpenSSL's, what only verifies is plain arithmetic.
 */
export type Sm2Key = { privateKey: Buffer; publicKey: Buffer }

const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn
const A = P - 3n
const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n
const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
const GX = 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n
const GY = 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n
/** Who signs, where nobody said: what GM/T 0009 tells all to take. */
const SIGNER = Buffer.from('1234567812345678')
const BYTES = 32

/** A fresh key as PKCS #8 in PEM, as openssl writes it. */
export function newSm2Pem(): string {
  return generateKeyPairSync('ec', { namedCurve: 'SM2' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
}

/** version 1, then the scalar: how an EC private key begins (RFC 5915) */
const SCALAR_FOLLOWS = Buffer.from('0201010420', 'hex')

/** @throws Error for anything but the PKCS #8 of an EC key of 256 bits */
export function readSm2Pem(pem: string): Sm2Key {
  const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')
  const place = der.indexOf(SCALAR_FOLLOWS)
  if (place < 0) throw new Error('no SM2 key in PEM')
  const from = place + SCALAR_FOLLOWS.length
  const privateKey = Buffer.from(der.subarray(from, from + BYTES))
  return { privateKey, publicKey: timesBase(privateKey) }
}

/** r and s, 32 bytes each. */
export function signSm2({ privateKey, publicKey }: Sm2Key, message: Uint8Array): Buffer {
  const d = numberOf(privateKey)
  const e = digestOf(publicKey, message)
  for (;;) {
    const secret = randomBytes(BYTES)
    const k = numberOf(secret)
    if (k === 0n || k >= N) continue
    const r = mod(e + numberOf(timesBase(secret).subarray(1, 1 + BYTES)), N)
    if (r === 0n || r + k === N) continue
    const s = mod(inverse(1n + d, N) * (k - r * d), N)
    if (s !== 0n) return Buffer.concat([bytesOf(r), bytesOf(s)])
  }
}

export function verifySm2(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 2 * BYTES || publicKey.length !== 1 + 2 * BYTES || publicKey[0] !== 4) return false
  const r = numberOf(signature.subarray(0, BYTES))
  const s = numberOf(signature.subarray(BYTES))
  const t = mod(r + s, N)
  if (r === 0n || s === 0n || r >= N || s >= N || t === 0n) return false
  const point: Point = { x: numberOf(publicKey.subarray(1, 1 + BYTES)), y: numberOf(publicKey.subarray(1 + BYTES)) }
  if (!isOnCurve(point)) return false
  const sum = add(times({ x: GX, y: GY }, s), times(point, t))
  return sum !== null && mod(digestOf(publicKey, message) + sum.x, N) === r
}

/** SM3 over who signs, with the curve and the key, and then over the message. */
function digestOf(publicKey: Uint8Array, message: Uint8Array): bigint {
  const who = createHash('sm3')
    .update(Uint8Array.of((SIGNER.length * 8) >> 8, (SIGNER.length * 8) & 0xff))
    .update(SIGNER)
  for (const one of [A, B, GX, GY]) who.update(bytesOf(one))
  return numberOf(
    createHash('sm3')
      .update(who.update(publicKey.subarray(1)).digest())
      .update(message)
      .digest(),
  )
}

/** OpenSSL's own multiplication: how long it takes says nothing of the scalar. */
function timesBase(scalar: Buffer): Buffer {
  const curve = createECDH('SM2')
  curve.setPrivateKey(scalar)
  return curve.getPublicKey()
}

/** null is the point at infinity */
type Point = { x: bigint; y: bigint }

function isOnCurve({ x, y }: Point): boolean {
  return x < P && y < P && mod(y * y - (x * x * x + A * x + B), P) === 0n
}

function add(one: Point | null, other: Point | null): Point | null {
  if (one === null || other === null) return one ?? other
  if (one.x === other.x && mod(one.y + other.y, P) === 0n) return null
  const slope =
    one.x === other.x
      ? mod((3n * one.x * one.x + A) * inverse(2n * one.y, P), P)
      : mod((other.y - one.y) * inverse(other.x - one.x, P), P)
  const x = mod(slope * slope - one.x - other.x, P)
  return { x, y: mod(slope * (one.x - x) - one.y, P) }
}

function times(point: Point, scalar: bigint): Point | null {
  let sum: Point | null = null
  let power: Point | null = point
  for (let left = scalar; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) sum = add(sum, power)
    power = add(power, power)
  }
  return sum
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [mod(value, modulus), modulus, 1n, 0n]
  while (b > 0n) {
    const quotient = a / b
    ;[a, b] = [b, a % b]
    ;[x, y] = [y, x - quotient * y]
  }
  return mod(x, modulus)
}

const mod = (value: bigint, modulus: bigint) => ((value % modulus) + modulus) % modulus
const numberOf = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
const bytesOf = (value: bigint) => Buffer.from(value.toString(16).padStart(2 * BYTES, '0'), 'hex')
