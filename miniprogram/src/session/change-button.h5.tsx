import { View } from '@tarojs/components'

/** A browser can't prove whose telephone number it is. */
export function ChangeButton(_: { busy: boolean; onCode: (code: string) => unknown }) {
  return <View className="t2 center">请在微信里打开“睦邻”小程序换，那里能验手机号</View>
}
