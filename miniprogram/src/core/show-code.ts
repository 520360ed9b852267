import Taro, { useDidHide, useDidShow, useUnload } from '@tarojs/taro'
import { useBrightScreen } from './bright'

/** For a page that shows a code which must not be copied: bright, awake, and hidden from screenshots where the phone can. */
export function useShownCode(): boolean {
  const bright = useBrightScreen()
  useDidShow(() => hold(true))
  useDidHide(() => hold(false))
  useUnload(() => hold(false))
  return bright
}

/** An older WeChat has no way to hide it: there the call doesn't exist. */
function hold(on: boolean): void {
  Taro.setKeepScreenOn({ keepScreenOn: on }).catch(() => undefined)
  Taro.setVisualEffectOnCapture?.({ visualEffect: on ? 'hidden' : 'none' }).catch(() => undefined)
}
