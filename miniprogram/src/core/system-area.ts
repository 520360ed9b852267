import Taro from '@tarojs/taro'

/** The top of the screen, in px: what the phone takes, and where WeChat's capsule stands. */
export interface SystemArea {
  statusBar: number
  bar: number
  /** What the bar leaves free at the right. */
  capsule: number
}

let measured: SystemArea | null = null

/** In a browser nothing is taken. In WeChat the bar is centred on the capsule, whatever the phone. */
export function systemArea(): SystemArea {
  measured ??= process.env.TARO_ENV === 'h5' ? { statusBar: 0, bar: 52, capsule: 0 } : measure()
  return measured
}

function measure(): SystemArea {
  const { statusBarHeight = 20, windowWidth } = Taro.getWindowInfo()
  const { top, height, left } = Taro.getMenuButtonBoundingClientRect()
  return { statusBar: statusBarHeight, bar: (top - statusBarHeight) * 2 + height, capsule: windowWidth - left + 8 }
}
