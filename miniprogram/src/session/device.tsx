import { View } from '@tarojs/components'
import { dayOf } from '../../../shared/core/time'
import type { Me, OwnDevice } from '../../../shared/session/view'
import { BigButton, Button } from '../components/button'
import { Card, Fact, Mark } from '../components/card'
import { Page } from '../components/page'
import { FailureLine, Loaded } from '../components/states'
import { PhoneNumber } from '../components/words'
import { get, post } from '../core/call'
import { dial } from '../core/dial'
import { useHotline } from '../core/hotline'
import { changeSession } from '../core/session'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { useQuery } from '../core/use-query'
import { clockText, dayWords } from '../core/words'
import { ChangeButton } from './change-button'

const TITLES = {
  bound: '就用这部手机签到',
  other: '现在登记的是另一部手机',
  none: '这里不是手机，不能签到',
} as const

/** 签到用的手机: one phone proves a helper's visits. Another one works too, but proves less, until it is the one. */
export default function DevicePage() {
  const device = useQuery('device', () => get<OwnDevice>('/me/device'))
  return (
    <Page title="签到用的手机" back="/person/me">
      <Loaded query={device} failed="没能看出是哪部手机">
        {(own) => <Own own={own} again={device.again} />}
      </Loaded>
    </Page>
  )
}

function Own({ own, again }: { own: OwnDevice; again: () => Promise<void> }) {
  const today = dayOf(useNow(60))
  const moment = (instant: string) => {
    const at = new Date(instant)
    return `${dayWords(dayOf(at), today)} ${clockText(at)}`
  }
  const isOther = own.state === 'other'
  return (
    <>
      <Mark
        icon={own.state === 'bound' ? 'check-circle' : 'phone'}
        tone={own.state === 'bound' ? 'ok' : 'wait'}
        title={TITLES[own.state]}
        note={own.boundAt === null ? '还没有登记过手机' : `${moment(own.boundAt)}登记的`}
      />
      <View className="stack">
        {isOther && (
          <Card>
            <Fact label="没换以前">照样能签到，一次也不会少</Fact>
            <Fact label="凭证">扫门牌只算“只有门牌码”；扫动态码不受影响</Fact>
          </Card>
        )}
        <Card>
          <Fact label="换手机">
            {own.changeFrom === null
              ? `要再验一次手机号；换了以后，${hoursWords(own.coolDownHours)}内不能再换`
              : `刚换过，${moment(own.changeFrom)}以后才能再换`}
          </Fact>
        </Card>
        {isOther && <Change own={own} again={again} />}
      </View>
    </>
  )
}

function Change({ own, again }: { own: OwnDevice; again: () => Promise<void> }) {
  const hotline = useHotline()
  const change = useAction(async (_id, phoneCode: string | null) => {
    changeSession({ me: await post<Me>('/me/device', phoneCode === null ? {} : { phoneCode }) })
    await again()
  })
  return (
    <>
      <FailureLine failure={change.failure} />
      {own.changeFrom === null && !own.needsPhone && (
        <BigButton busy={change.busy} onTap={() => change.run(null)}>
          换成这部手机
        </BigButton>
      )}
      {own.changeFrom === null && own.needsPhone && (
        <ChangeButton busy={change.busy} onCode={(code) => change.run(code)} />
      )}
      <Button kind="text" icon="phone" onTap={() => dial(hotline)}>
        手机丢了，打电话 <PhoneNumber number={hotline} />
      </Button>
    </>
  )
}

function hoursWords(hours: number): string {
  return hours > 0 && hours % 24 === 0 ? ` ${hours / 24} 天` : ` ${hours} 小时`
}
