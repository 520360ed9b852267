import { WeChatButton } from '../components/wechat-button'

/** WeChat hands over the number of whoever holds the phone: that is the proof. */
export function ChangeButton({ busy, onCode }: { busy: boolean; onCode: (code: string) => unknown }) {
  return (
    <WeChatButton kind="getPhoneNumber" id="prove-phone" busy={busy} onAnswer={(code) => code !== null && onCode(code)}>
      验手机号，换成这部
    </WeChatButton>
  )
}
