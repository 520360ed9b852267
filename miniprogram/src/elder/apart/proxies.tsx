import { View } from '@tarojs/components'
import { useState } from 'react'
import { dayOf } from '../../../../shared/core/time'
import type { Page as Listed } from '../../../../shared/core/view'
import { PROXIES_MAX } from '../../../../shared/elder/rules'
import type { MyElder, ProxyAct } from '../../../../shared/elder/view'
import { PROXY_SCOPE_PHRASES } from '../../../../shared/elder/words'
import { BigButton, Button } from '../../components/button'
import { Card, Fact, List, ListRow, Section } from '../../components/card'
import { Page } from '../../components/page'
import { EmptyState, FailureLine, Loaded } from '../../components/states'
import { Heading, PhoneNumber } from '../../components/words'
import { get, post } from '../../core/call'
import { dial } from '../../core/dial'
import { go, goBack } from '../../core/go'
import { useHotline } from '../../core/hotline'
import { useAction } from '../../core/use-action'
import { useNow } from '../../core/use-now'
import { useQuery } from '../../core/use-query'
import { dateWords, dayWords, timeWords } from '../../core/words'
import type { Cared } from '../cared'
import { ELDER_HOME, ForElder } from '../for-elder'
import { useMyElder } from '../mine'
import { phrases } from '../words'

type Proxy = MyElder['proxies'][number]
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
              <EmptyState title="还没有家人代办" note={cared.isSelf ? '让家人扫个码就能办' : '要老人自己请'} />
            ) : (
              <View className="stack">
                <View className="t2">{cared.isSelf ? '您同意他们替您办事' : `${cared.name}同意的`}</View>
                {proxies.map((proxy) => (
                  <ProxyCard key={proxy.id} proxy={proxy} cared={cared} again={elder.again} />
                ))}
              </View>
            )}
            {cared.isSelf && proxies.length < PROXIES_MAX && (
              <Button kind="line" icon="family" className="btn-wide" onTap={() => go('/elder/apart/invite')}>
                请家人代办
              </Button>
            )}
            <Acts cared={cared} />
            <Change isSelf={cared.isSelf} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

/** What was done for the elder, with both names. */
function Acts({ cared }: { cared: Cared }) {
  const now = useNow(60)
  const acts = useQuery(`acts.${cared.elderId}`, () =>
    get<Listed<ProxyAct>>(`/elders/${cared.elderId}/proxy-acts`, { limit: 10 }),
  )
  const items = acts.data?.items ?? []
  if (items.length === 0) return null
  return (
    <Section title={cared.isSelf ? '他们替您办过' : '替老人办过'}>
      <List>
        {items.map((act) => (
          <ListRow
            key={act.id}
            title={`${act.proxyName}替${act.elderName}`}
            note={`${PROXY_SCOPE_PHRASES[act.kind]} · ${dayWords(dayOf(new Date(act.at)), dayOf(now))}${timeWords(new Date(act.at))}`}
          />
        ))}
      </List>
    </Section>
  )
}

/** Who can't do it on a phone asks the community, which needs a signed paper. */
function Change({ isSelf }: { isSelf: boolean }) {
  const hotline = useHotline()
  return (
    <Section title={isSelf ? '不会弄，打电话' : '要改，要停'}>
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
        <Fact label="能办">{phrases(proxy.scopes)}</Fact>
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
