import Taro from '@tarojs/taro'

/** Small things the phone keeps: answers to show without a network, ids not yet answered. Never an ID number. */
const PREFIX = 'mulin.keep.'

export function kept<T>(name: string): T | null {
  const value = Taro.getStorageSync<T | ''>(PREFIX + name)
  return value === '' || value === undefined ? null : (value as T)
}

/** A full storage loses the copy, never the page. */
export function keep(name: string, value: unknown): void {
  try {
    Taro.setStorageSync(PREFIX + name, value)
  } catch (error) {
    console.error(error)
  }
}

export function forget(name: string): void {
  Taro.removeStorageSync(PREFIX + name)
}

/** Everything kept for the person who leaves: the next one must not see it. */
export function forgetAll(): void {
  for (const key of Taro.getStorageInfoSync().keys) if (key.startsWith(PREFIX)) Taro.removeStorageSync(key)
}
