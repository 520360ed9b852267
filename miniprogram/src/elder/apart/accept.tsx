import { View } from '@tarojs/components'
import { useState } from 'react'
import { dayOf } from '../../../../shared/core/time'
import type { ProxyOffer } from '../../../../shared/elder/view'
import type { Me } from '../../../../shared/session/view'
import { BigButton, Button } from '../../components/button'
import { Card, Fact, Mark } from '../../components/card'
import { CodeEntry } from '../../components/code-entry'
import { errorOf, TextInput } from '../../components/field'
import { Page } from '../../components/page'
import { FailureLine, Loaded } from '../../components/states'
import { WeChatButton } from '../../components/wechat-button'
import { Heading } from '../../components/words'
import { get, post } from '../../core/call'
import { dial } from '../../core/dial'
import { goFresh, goInstead, goLogin } from '../../core/go'
import { homeOf } from '../../core/home'
import { useHotline } from '../../core/hotline'
import { useParams } from '../../core/params'
import { scanCode } from '../../core/scan-code'
import { changeSession, useSession } from '../../core/session'
import { useAction } from '../../core/use-action'
import { useNow } from '../../core/use-now'
import { useQuery } from '../../core/use-query'
import { dateWords } from '../../core/words'
import { loginByWeChat, loginInvited } from '../../session/enter'
import { chooseCared } from '../cared'
import { phrases } from '../words'

const TITLE = '替老人办事'

/** What a relative sees who scanned an elder's invitation: whom, what for, until when; and says yes or no. */
export default function AcceptPage() {
  const { q = '' } = useParams()
  const session = useSession()
  if (q === '') return <NoCode />
  return session === null ? <Guest code={q} /> : <Offer code={q} />
}

function NoCode() {
  return (
    <Page title={TITLE} back="/person/me">
      <View className="stack">
        <View className="h1">请扫老人手机上的码</View>
        <BigButton icon="scan" onTap={async () => open(await scanCode())}>
          扫邀请码
        </BigButton>
        <CodeEntry label="邀请编号" help="在老人手机的二维码下面" onCode={open} />
      </View>
    </Page>
  )
}

function open(code: string | null): unknown {
  return code === null ? null : goInstead('/elder/apart/accept', { q: code })
}

/** Nobody yet: one logs in first, in WeChat also who was never written down. */
function Guest({ code }: { code: string }) {
  return (
    <Page title={TITLE}>
      <Mark icon="family" tone="wait" title="有老人请您代办" note="先登录，再看是哪位老人" />
      {process.env.TARO_ENV === 'weapp' ? <WeChatGuest code={code} /> : <BigButton onTap={goLogin}>去登录</BigButton>}
    </Page>
  )
}

function WeChatGuest({ code }: { code: string }) {
  const [ticket, setTicket] = useState<string | null>(null)
  const [name, setName] = useState('')
  const enter = useAction(async () => setTicket((await loginByWeChat()).ticket))
  const bind = useAction((_id, phoneCode: string) => loginInvited({ ticket: ticket ?? '', phoneCode, code, name }))
  if (ticket === null)
    return (
      <View className="stack">
        <FailureLine failure={enter.failure} />
        <BigButton busy={enter.busy} onTap={() => enter.run()}>
          微信登录
        </BigButton>
      </View>
    )
  return (
    <View className="stack">
      <TextInput
        name="name"
        label="您的姓名"
        help="老人和社区会看到"
        value={name}
        maxLength={30}
        error={errorOf(bind.failure, 'name')}
        onChange={setName}
      />
      <FailureLine failure={bind.failure} />
      {name.trim() === '' ? (
        <BigButton whyNot="先填姓名" onTap={() => null} />
      ) : (
        <WeChatButton
          kind="getPhoneNumber"
          id="invited-phone"
          busy={bind.busy}
          onAnswer={(phoneCode) => phoneCode !== null && bind.run(phoneCode)}
        >
          用手机号登录
        </WeChatButton>
      )}
    </View>
  )
}

function Offer({ code }: { code: string }) {
  const me = useSession()?.me ?? null
  const home = me === null ? '/person/me' : homeOf(me)
  const offer = useQuery(`offer.${code}`, () => post<ProxyOffer>('/proxy-invitations/offers', { code }))
  const [taken, setTaken] = useState<string | null>(null)
  const take = useAction(async (id) => {
    const { id: elderId } = await post<{ id: string }>('/proxy-invitations/acceptances', { id, code })
    changeSession({ me: await get<Me>('/me') })
    chooseCared(elderId)
    setTaken(offer.data?.elderName ?? '')
  })
  if (taken !== null) return <Taken name={taken} />
  return (
    <Page title={TITLE} back={home}>
      <Loaded query={offer} failed="没能打开这个邀请">
        {(one) =>
          one.whyNotSentence !== null ? (
            <NotNow sentence={one.whyNotSentence} home={home} />
          ) : (
            <>
              <Asked offer={one} />
              <FailureLine failure={take.failure} />
              <View className="stack">
                <BigButton icon="check" busy={take.busy} onTap={() => take.run()}>
                  好，我来办
                </BigButton>
                <Button kind="line" className="btn-wide" onTap={() => goFresh(home)}>
                  不办
                </Button>
              </View>
            </>
          )
        }
      </Loaded>
    </Page>
  )
}

function Asked({ offer }: { offer: ProxyOffer }) {
  const today = dayOf(useNow(60))
  return (
    <View className="stack">
      <Heading level={1}>替{offer.elderName}办事？</Heading>
      <Card>
        <Fact label="住在">{offer.regionName}</Fact>
        <Fact label="您是">{offer.relation}</Fact>
        <Fact label="能办" strong>
          {phrases(offer.scopes)}
        </Fact>
        <Fact label="到哪天">{dateWords(offer.validTo, today)}</Fact>
        <Fact label="谁请的">{offer.how === 'app' ? '老人自己' : offer.agencyName}</Fact>
      </Card>
      <View className="t2">办的每件事都记您的名字，老人随时能停</View>
    </View>
  )
}

function Taken({ name }: { name: string }) {
  return (
    <Page title={TITLE}>
      <Mark icon="check-circle" title={`您可以替${name}办事了`} note="以后在首页办" />
      <BigButton onTap={() => goFresh('/elder/home')}>去办事</BigButton>
    </Page>
  )
}

function NotNow({ sentence, home }: { sentence: string; home: string }) {
  const hotline = useHotline()
  return (
    <>
      <Mark icon="alert" tone="warn" title={sentence} />
      <View className="stack">
        <BigButton onTap={() => goFresh(home)}>回首页</BigButton>
        <Button kind="line" icon="phone" className="btn-wide" onTap={() => dial(hotline)}>
          打电话
        </Button>
      </View>
    </>
  )
}
