import { Button as NativeButton } from '@tarojs/components'
import type { PropsWithChildren } from 'react'

interface WeChatButtonProps {
  /** Agreeing to the privacy terms, or handing over the phone number: WeChat gives both only to a button of its own. */
  kind: 'agreePrivacyAuthorization' | 'getPhoneNumber'
  id: string
  busy?: boolean
  /** Gets the one-time code of the phone number, or null when the person declined; for privacy always null. */
  onAnswer: (code: string | null) => unknown
}

/** Looks like a BigButton, but is WeChat's. Doesn't exist in a browser. */
export function WeChatButton({ kind, id, busy = false, onAnswer, children }: PropsWithChildren<WeChatButtonProps>) {
  return (
    <NativeButton
      id={id}
      className={`big big-native ${busy ? 'is-busy' : ''}`}
      hoverClass="tap-down"
      openType={kind}
      disabled={busy}
      onGetPhoneNumber={({ detail }) => onAnswer(typeof detail.code === 'string' ? detail.code : null)}
      onAgreePrivacyAuthorization={() => onAnswer(null)}
    >
      {busy ? '请稍等…' : children}
    </NativeButton>
  )
}
