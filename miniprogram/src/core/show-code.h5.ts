import { useDidHide, useDidShow, useUnload } from '@tarojs/taro'
import { useRef } from 'react'

/** A browser can keep the screen on; it can neither turn it bright nor hide it from a screenshot. */
export function useShownCode(): boolean {
  const lock = useRef<Promise<WakeLockSentinel | null> | null>(null)
  const release = () => {
    void lock.current?.then((held) => held?.release())
    lock.current = null
  }
  useDidShow(() => {
    release()
    lock.current = navigator.wakeLock?.request('screen').catch(() => null) ?? null
  })
  useDidHide(release)
  useUnload(release)
  return false
}
