import { View } from '@tarojs/components'
import { useState } from 'react'
import { dayOf } from '../../../shared/core/time'
import type { MyElder } from '../../../shared/elder/view'
import { BigButton, Button } from '../components/button'
import { Card, Fact, Section } from '../components/card'
import { Page } from '../components/page'
import { EmptyState, FailureLine, Loaded } from '../components/states'
import { Heading, PhoneNumber } from '../components/words'
import { post } from '../core/call'
import { dial } from '../core/dial'
import { goBack } from '../core/go'
import { useHotline } from '../core/hotline'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { dateWords } from '../core/words'
import type { Cared } from './cared'
import { ELDER_HOME, ForElder } from './for-elder'
import { useMyElder } from './mine'

type Proxy = MyElder['proxies'][number]
const SCOPES: Record<string, string> = { confirm: '说谁来过', ask: '请人帮忙', redeem: '换东西' }

/** 家人代办: who may act for the elder, and for what. The elder stops it in two taps; proxies only see it. */
export default function ProxiesPage() {
  return <ForElder title="家人代办">{(cared) => <Proxies cared={cared} />}</ForElder>
}

function Proxies({ cared }: { cared: Cared }) {
  const elder = useMyElder(cared)
  return (
    <Page
      title={cared.isSelf ? '家人代办' : '谁在代办'}
      back={ELDER_HOME}
      foot={<BigButton onTap={() => goBack(ELDER_HOME)}>好的</BigButton>}
    >
      <Loaded query={elder} failed="没能打开家人代办">
        {({ proxies }) => (
          <>
            {proxies.length === 0 ? (
              <EmptyState title="还没有家人代办" note="想请家人办，找社区登记" />
            ) : (
              <View className="stack">
                <View className="t2">{cared.isSelf ? '您同意他们替您办事' : `${cared.name}同意，社区登记`}</View>
                {proxies.map((proxy) => (
                  <ProxyCard key={proxy.id} proxy={proxy} cared={cared} again={elder.again} />
                ))}
              </View>
            )}
            <Change isSelf={cared.isSelf} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

/** Only the community writes down who may act: somebody has to see both persons. */
function Change({ isSelf }: { isSelf: boolean }) {
  const hotline = useHotline()
  return (
    <Section title={isSelf ? '要加人，要改' : '要改，要停'}>
      <Button kind="line" icon="phone" className="btn-wide" onTap={() => dial(hotline)}>
        打电话 <PhoneNumber number={hotline} />
      </Button>
    </Section>
  )
}

function ProxyCard({ proxy, cared, again }: { proxy: Proxy; cared: Cared; again: () => Promise<void> }) {
  const today = dayOf(useNow(60))
  return (
    <Card className="stack">
      <View>
        <Heading>{proxy.name}</Heading>
        <View className="t2">{proxy.relation}</View>
      </View>
      <View>
        <Fact label="能办">{proxy.scopes.map((scope) => SCOPES[scope] ?? scope).join('、')}</Fact>
        <Fact label="从哪天">{dateWords(proxy.validFrom, today)}</Fact>
        <Fact label="到哪天">{proxy.validTo === null ? '一直到停' : dateWords(proxy.validTo, today)}</Fact>
      </View>
      {cared.isSelf && <Stop proxy={proxy} again={again} />}
    </Card>
  )
}

function Stop({ proxy, again }: { proxy: Proxy; again: () => Promise<void> }) {
  const [sure, setSure] = useState(false)
  const stop = useAction(async () => {
    await post(`/proxies/${proxy.id}/revocation`)
    await again()
  })
  if (!sure)
    return (
      <Button kind="quiet" className="btn-wide" label={`不让${proxy.name}代办了`} onTap={() => setSure(true)}>
        不让代办了
      </Button>
    )
  return (
    <>
      <View className="h2">不让{proxy.name}代办了？</View>
      <FailureLine failure={stop.failure} />
      <View className="two">
        <Button kind="quiet" busy={stop.busy} onTap={() => stop.run()}>
          {stop.busy ? '请稍等…' : '不让办了'}
        </Button>
        <Button kind="quiet" onTap={() => setSure(false)}>
          还让办
        </Button>
      </View>
    </>
  )
}
