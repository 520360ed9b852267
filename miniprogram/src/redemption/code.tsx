import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { pointsText } from '../../../shared/core/amounts'
import { dayOf } from '../../../shared/core/time'
import type { MyRedemption } from '../../../shared/redemption/view'
import { BigButton, Button } from '../components/button'
import { Card, Fact, Mark } from '../components/card'
import { Page } from '../components/page'
import { QrCard } from '../components/qr-card'
import { FailureLine, Loaded } from '../components/states'
import { StatusLine } from '../components/words'
import { useBrightScreen } from '../core/bright'
import { get, post } from '../core/call'
import { dial } from '../core/dial'
import { goFresh } from '../core/go'
import { homeOf } from '../core/home'
import { useSession } from '../core/session'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { useQuery } from '../core/use-query'
import { clockText, dayWords } from '../core/words'
import { REDEMPTION_STATES } from './words'

/** 兑换码: bright, white in the dark too, eight digits for whoever can't scan. */
export default function RedemptionCodePage() {
  const { id = '' } = useRouter().params
  const redemption = useQuery(`redemption.${id}`, () => get<MyRedemption>(`/redemptions/${id}`), {
    keptAs: `redemption.${id}`,
  })
  useBrightScreen()
  const held = redemption.data?.state === 'held'
  return (
    <Page title="兑换码" back="/redemption/mine" inverse={held}>
      <Loaded query={redemption} failed="没能打开兑换码">
        {(one) =>
          one.code !== null && one.qr !== null ? (
            <Held redemption={one} code={one.code} qr={one.qr} again={redemption.again} />
          ) : (
            <Over redemption={one} />
          )
        }
      </Loaded>
    </Page>
  )
}

function Held({
  redemption,
  code,
  qr,
  again,
}: {
  redemption: MyRedemption
  code: string
  qr: string
  again: () => Promise<void>
}) {
  const now = useNow(60)
  const [sure, setSure] = useState(false)
  const expires = new Date(redemption.expiresAt)
  const cancel = useAction(async () => {
    await post(`/redemptions/${redemption.id}/cancellation`)
    await again()
  })
  return (
    <>
      <QrCard title={redemption.productName} text={qr} digits={code} digitsNote="扫不了就念这 8 个数字">
        <Fact label="在哪领">{redemption.pointName}</Fact>
        <Fact label="地址">{redemption.pointAddress}</Fact>
        <Fact label="时间">{redemption.openingHours}</Fact>
        <Fact label="最晚">{`${dayWords(dayOf(expires), dayOf(now))} ${clockText(expires)}`}</Fact>
      </QrCard>
      <FailureLine failure={cancel.failure} />
      {sure ? (
        <View className="two">
          <Button kind="card" busy={cancel.busy} onTap={() => cancel.run()}>
            不换了，退回 {pointsText(redemption.priceMilliPoints)} 分
          </Button>
          <Button kind="card" onTap={() => setSure(false)}>
            还是要换
          </Button>
        </View>
      ) : (
        <View className="two">
          <Button kind="card" icon="phone" onTap={() => dial(redemption.pointPhone)}>
            打电话
          </Button>
          <Button kind="card" onTap={() => setSure(true)}>
            不换了
          </Button>
        </View>
      )}
    </>
  )
}

function Over({ redemption }: { redemption: MyRedemption }) {
  const now = useNow(60)
  const me = useSession()?.me ?? null
  const state = REDEMPTION_STATES[redemption.state]
  const at = redemption.resolvedAt === null ? null : new Date(redemption.resolvedAt)
  return (
    <>
      <Mark
        icon={redemption.state === 'fulfilled' ? 'check-circle' : 'minus'}
        tone={redemption.state === 'fulfilled' ? 'ok' : 'wait'}
        title={state.words}
        note={redemption.productName}
      />
      <Card>
        {at !== null && <Fact label="什么时候">{`${dayWords(dayOf(at), dayOf(now))} ${clockText(at)}`}</Fact>}
        <Fact label="在哪">{redemption.pointName}</Fact>
        <Fact label="积分">{pointsText(redemption.priceMilliPoints)} 分</Fact>
        <StatusLine kind={state.kind}>{state.words}</StatusLine>
      </Card>
      <BigButton onTap={() => goFresh(me === null ? '/session/login' : homeOf(me))}>回首页</BigButton>
    </>
  )
}
