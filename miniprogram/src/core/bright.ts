import Taro, { useDidHide, useDidShow, useUnload } from '@tarojs/taro'
import { useState } from 'react'

/** Turns the screen bright while the page is shown. True once it really is: a browser can't. */
export function useBrightScreen(): boolean {
  const [bright, setBright] = useState(false)
  const set = (value: number) => Taro.setScreenBrightness({ value })
  useDidShow(() => {
    if (process.env.TARO_ENV !== 'h5')
      set(1).then(
        () => setBright(true),
        () => setBright(false),
      )
  })
  const restore = () => {
    // −1 gives the brightness back to the phone.
    if (process.env.TARO_ENV !== 'h5') set(-1).catch(() => undefined)
  }
  useDidHide(restore)
  useUnload(restore)
  return bright
}
