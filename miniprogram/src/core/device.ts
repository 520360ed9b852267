import { getPublicKey, hashes, sign } from '@noble/ed25519'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import Taro from '@tarojs/taro'
import { newId, randomBytes } from './ids'

// WeChat has no WebCrypto: the curve gets its hash from here.
hashes.sha512 = sha512

const KEY = 'mulin.device'

/** This phone: its own number, and the key it signs with what it does without a network. */
interface Device {
  deviceId: string
  secret: string
  publicKey: string
}

let made: Promise<Device> | null = null

/** Made once, by the platform's random source; it outlives whoever logs in. */
function thisDevice(): Promise<Device> {
  made ??= makeOrFind()
  return made
}

async function makeOrFind(): Promise<Device> {
  const known = Taro.getStorageSync<Device | string>(KEY)
  if (typeof known === 'object' && known !== null && 'secret' in known) return known
  const secret = await randomBytes(32)
  const device = { deviceId: await newId(), secret: hexOf(secret), publicKey: hexOf(getPublicKey(secret)) }
  Taro.setStorageSync(KEY, device)
  return device
}

/** What a login says of the phone: a visit from the one its helper is bound to proves more. */
export async function phoneOfLogin(): Promise<{ deviceId: string; deviceKey: string }> {
  const { deviceId, publicKey } = await thisDevice()
  return { deviceId, deviceKey: publicKey }
}

/** Signs a text: its SHA-256, and this phone's signature over that. */
export async function signText(text: string): Promise<{ hash: string; signature: string }> {
  const { secret } = await thisDevice()
  const hash = sha256(utf8Of(text))
  return { hash: hexOf(hash), signature: hexOf(sign(hash, bytesOf(secret))) }
}

export async function deviceId(): Promise<string> {
  return (await thisDevice()).deviceId
}

/** SHA-256 of a text, hexadecimal. */
export function hashOf(text: string): string {
  return hexOf(sha256(utf8Of(text)))
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** Mini-programs have no TextEncoder. */
function utf8Of(text: string): Uint8Array {
  const escaped = encodeURIComponent(text)
  const bytes: number[] = []
  for (let place = 0; place < escaped.length; place++) {
    if (escaped[place] === '%') {
      bytes.push(Number.parseInt(escaped.slice(place + 1, place + 3), 16))
      place += 2
    } else bytes.push(escaped.charCodeAt(place))
  }
  return Uint8Array.from(bytes)
}
