import Taro from '@tarojs/taro'
import { newId } from './ids'

const KEY = 'mulin.device'

/** This phone's own number, made once: it outlives whoever logs in. A visit from the phone its helper is bound to proves more. */
export async function deviceId(): Promise<string> {
  const known = Taro.getStorageSync<string>(KEY)
  if (known) return known
  const made = await newId()
  Taro.setStorageSync(KEY, made)
  return made
}
