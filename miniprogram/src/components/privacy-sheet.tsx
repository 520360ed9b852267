import { View } from '@tarojs/components'
import Taro from '@tarojs/taro'
import { answerPrivacy, usePrivacyQuestion } from '../core/privacy'
import { Button } from './button'
import { Sheet } from './sheet'
import { WeChatButton } from './wechat-button'

const AGREE = 'agree-privacy'

/** Asks for consent when WeChat is about to give out something personal. Refusing is as easy: what needs it just isn't done. */
export function PrivacySheet() {
  const asked = usePrivacyQuestion()
  if (!asked) return null
  const refuse = () => answerPrivacy({ event: 'disagree' })
  return (
    <Sheet title="用之前，先问您一声" onClose={refuse}>
      <View className="t2">只用来登录、记下帮忙的地方和照片。不同意，也能用别的功能。</View>
      <Button kind="text" onTap={() => Taro.openPrivacyContract()}>
        看看隐私说明
      </Button>
      <WeChatButton
        kind="agreePrivacyAuthorization"
        id={AGREE}
        onAnswer={() => answerPrivacy({ event: 'agree', buttonId: AGREE })}
      >
        同意
      </WeChatButton>
      <Button kind="quiet" className="btn-wide" onTap={refuse}>
        不同意
      </Button>
    </Sheet>
  )
}
