import Taro from '@tarojs/taro'
import { useSyncExternalStore } from 'react'

export interface Store<T> {
  get(): T
  set(value: T): void
  subscribe(listener: () => void): () => void
}

/** One value that the phone remembers and components follow. What was stored by an older version is dropped by `read`. */
export function createStore<T>(key: string, initial: T, read: (stored: unknown) => T | null): Store<T> {
  const listeners = new Set<() => void>()
  let value: T | undefined
  return {
    get() {
      value ??= read(Taro.getStorageSync(key)) ?? initial
      return value
    },
    set(next) {
      value = next
      Taro.setStorageSync(key, next)
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get, store.get)
}
