import Taro from '@tarojs/taro'
import { useSyncExternalStore } from 'react'

/** WeChat waits for the person's consent before it gives a phone number, a place or a photo. */
type Resolve = Parameters<Taro.onNeedPrivacyAuthorization.Listener>[0]

let waiting: Resolve | null = null
const listeners = new Set<() => void>()

function set(next: Resolve | null): void {
  waiting = next
  for (const listener of listeners) listener()
}

/** Called once, when the app starts: from then on consent is asked in our own words. */
export function listenForPrivacy(): void {
  if (process.env.TARO_ENV === 'h5' || !Taro.canIUse('onNeedPrivacyAuthorization')) return
  Taro.onNeedPrivacyAuthorization((resolve) => set(resolve))
}

/** Answers WeChat; `buttonId` is the button of WeChat's own kind that was pressed to agree. */
export function answerPrivacy(answer: { event: 'agree'; buttonId: string } | { event: 'disagree' }): void {
  waiting?.(answer)
  set(null)
}

/** Whether WeChat waits for an answer just now. */
export function usePrivacyQuestion(): boolean {
  return useSyncExternalStore(subscribe, () => waiting !== null)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
