import { View } from '@tarojs/components'
import { useState } from 'react'
import { REFUSALS } from '../../../../shared/core/refusals'
import { whyNotPin } from '../../../../shared/elder/rules'
import type { PinView } from '../../../../shared/elder/view'
import { BigButton } from '../../components/button'
import { Mark } from '../../components/card'
import { DigitsInput, errorOf } from '../../components/field'
import { Page } from '../../components/page'
import { FailureLine, Loaded } from '../../components/states'
import { StatusLine } from '../../components/words'
import { get, put } from '../../core/call'
import { goBack } from '../../core/go'
import { useAction } from '../../core/use-action'
import { useQuery } from '../../core/use-query'
import type { Cared } from '../cared'
import { ELDER_HOME, ForElder } from '../for-elder'

/** 我的密码: four digits the elder types on a helper's phone when there is no phone of one's own at hand. */
export default function ElderPinPage() {
  return (
    <ForElder title="我的密码" scope="confirm">
      {(cared) => <Pin cared={cared} />}
    </ForElder>
  )
}

function Pin({ cared }: { cared: Cared }) {
  const known = useQuery(`elder.pin.${cared.elderId}`, () => get<PinView>(`/elders/${cared.elderId}/pin`))
  const [pin, setPin] = useState('')
  const [done, setDone] = useState(false)
  const set = useAction(async (id, digits: string) => {
    await put(`/elders/${cared.elderId}/pin`, { id, pin: digits })
    setDone(true)
  })
  const weak = pin.length === 4 ? whyNotPin(pin) : null
  const title = cared.isSelf ? '我的密码' : `${cared.name}的密码`
  if (done)
    return (
      <Page title={title} back={ELDER_HOME} foot={<BigButton onTap={() => goBack(ELDER_HOME)}>好的</BigButton>}>
        <View className="push" />
        <Mark icon="check-circle" title="密码设好了" note="别告诉来帮忙的人" />
        <View className="push" />
      </Page>
    )
  return (
    <Page title={title} back={ELDER_HOME}>
      <Loaded query={known} failed="没能打开密码">
        {({ isSet, lockedUntil }) => (
          <View className="stack">
            <View className="h1">{isSet ? '换一个新密码' : '选 4 个数字'}</View>
            <View className="t2">有人来帮忙，在他手机上输</View>
            {lockedUntil !== null && <StatusLine kind="warn">密码锁着，设新的就好</StatusLine>}
            <DigitsInput
              name="pin"
              label="4 位密码"
              length={4}
              value={pin}
              error={errorOf(set.failure, 'pin') ?? (weak === null ? null : REFUSALS[weak][1])}
              onChange={(next) => {
                set.clear()
                setPin(next)
              }}
            />
            <FailureLine failure={set.failure} />
            <BigButton
              busy={set.busy}
              whyNot={pin.length < 4 || weak !== null ? '先选 4 个数字' : null}
              onTap={() => set.run(pin)}
            >
              就用这个
            </BigButton>
          </View>
        )}
      </Loaded>
    </Page>
  )
}
