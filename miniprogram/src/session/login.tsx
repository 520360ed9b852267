import { Text, View } from '@tarojs/components'

export default function LoginPage() {
  return (
    <View className="page" aria-role="main">
      <Text>睦邻</Text>
    </View>
  )
}
