import type { Device } from './device'
import { WxFailure } from './wx-call'

type Answer = { event: 'exposureAuthorization' | 'agree' | 'disagree'; buttonId?: string }
type Listener = (resolve: (answer: Answer) => void, info: { referrer: string }) => void
export type Privacy = ReturnType<typeof newPrivacy>

/** WeChat's gate before what is personal: the app asks in its own words, but only a button of WeChat's can agree. */
export function newPrivacy(device: Device) {
  let ask: Listener | null = null
  let pressed: string | null = null

  return {
    listen(listener: Listener): void {
      ask = listener
    },
    /** The person has pressed a button of the kind `agreePrivacyAuthorization`. */
    press(buttonId: string): void {
      pressed = buttonId
    },
    /** Waits until the person has agreed; fails when not. */
    async consent(referrer: string): Promise<void> {
      if (device.privacyAgreed) return
      const listener = ask
      if (listener === null) throw new Error('nobody listens when WeChat asks for consent')
      const answer = await new Promise<Answer>((resolve) => listener(resolve, { referrer }))
      if (answer.event !== 'agree') throw new WxFailure('privacy permission is not authorized', 104)
      if (pressed === null || answer.buttonId !== pressed) throw new WxFailure('no agree button was pressed', 104)
      device.privacyAgreed = true
    },
  }
}
