import Taro from '@tarojs/taro'
import { phoneTime } from './clock'

/** Bytes nobody can guess: from the browser, or from WeChat, which has no WebCrypto. */
export async function randomBytes(length: number): Promise<Uint8Array> {
  if (process.env.TARO_ENV === 'h5') return crypto.getRandomValues(new Uint8Array(length))
  // Taro doesn't turn this one into a promise.
  return new Promise((resolve, fail) =>
    Taro.getRandomValues({ length, success: ({ randomValues }) => resolve(new Uint8Array(randomValues)), fail }),
  )
}

/** A UUID of version 7. The phone makes the id of what it creates: asked twice, the server answers the same. */
export async function newId(): Promise<string> {
  const bytes = await randomBytes(16)
  const time = phoneTime()
  const hex = [...bytes].map((byte, index) => {
    if (index < 6) return Math.floor(time / 256 ** (5 - index)) % 256
    if (index === 6) return (byte & 0x0f) | 0x70
    return index === 8 ? (byte & 0x3f) | 0x80 : byte
  })
  const text = hex.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-')
}
