import { View } from '@tarojs/components'
import { useEffect, useState } from 'react'
import type { Identity, Me } from '../../../shared/session/view'
import { BigButton, Button } from '../components/button'
import { List, ListRow, Section } from '../components/card'
import { Page } from '../components/page'
import { ErrorState, FailureLine, Loading } from '../components/states'
import { WeChatButton } from '../components/wechat-button'
import { Dotted, Heading } from '../components/words'
import type { Failure } from '../core/call'
import { useParams } from '../core/params'
import { useSession } from '../core/session'
import { type Action, useAction } from '../core/use-action'
import { type Query, useQuery } from '../core/use-query'
import { arrive, leave, loginAs, loginByPhone, loginByWeChat, meet, readIdentities } from './enter'

/** Logs in: by WeChat on a phone, by an identity of the demonstration where there is one. */
export default function LoginPage() {
  const { next } = useParams()
  const session = useSession()
  if (session !== null) return <Arriving known={session.me} next={next} />
  return <LoggingIn />
}

/** Logged in, now or before: on to where one wanted to go. */
function Arriving({ known, next }: { known: Me | null; next: string | undefined }) {
  const met = useQuery(known === null ? 'me' : null, meet)
  const quit = useAction(leave)
  const me = known ?? met.data
  useEffect(() => {
    if (me !== null) void arrive(me, next)
  }, [me, next])
  return (
    <Page title="睦邻">
      {met.failure === null ? <Loading /> : <ErrorState failure={met.failure} title="没能打开" again={met.again} />}
      {met.failure !== null && (
        <Button kind="quiet" className="btn-wide" busy={quit.busy} onTap={() => quit.run()}>
          换一个人登录
        </Button>
      )}
    </Page>
  )
}

function LoggingIn() {
  const identities = useQuery('identities', readIdentities)
  const enter = useAction((_id, identityId: string) => loginAs(identityId))
  return (
    <Page title="登录">
      <Heading level={1}>睦邻</Heading>
      <View className="t2">邻里互相帮忙，每一次都记得住</View>
      {process.env.TARO_ENV === 'weapp' && <WeChatLogin />}
      <FailureLine failure={enter.failure} />
      <Identities query={identities} enter={enter} />
    </Page>
  )
}

function Identities({ query, enter }: { query: Query<Identity[]>; enter: Action<[string]> }) {
  if (query.failure !== null) return <NoIdentities failure={query.failure} again={query.again} />
  if (query.data === null) return <Loading />
  return (
    <Section title="用演示身份登录">
      <List>
        {query.data
          .filter((one) => one.app === 'phone')
          .map((one) => (
            <ListRow
              key={one.id}
              title={one.kindWord}
              note={<Dotted words={[one.name, one.regionName]} />}
              onTap={() => enter.run(one.id)}
            />
          ))}
      </List>
    </Section>
  )
}

/** A live system has no demonstration: in a browser one is then sent to WeChat. */
function NoIdentities({ failure, again }: { failure: Failure; again: () => unknown }) {
  if (failure.code !== 'DEMO_ONLY')
    return (
      <View className="stack">
        <FailureLine failure={failure} />
        <Button kind="line" className="btn-wide" onTap={again}>
          再试一次
        </Button>
      </View>
    )
  return process.env.TARO_ENV === 'h5' ? <View className="h2">请在微信里打开“睦邻”小程序登录</View> : null
}

/** One tap where the phone number is bound already; else WeChat's own button hands it over. */
function WeChatLogin() {
  const [ticket, setTicket] = useState<string | null>(null)
  const enter = useAction(async () => setTicket((await loginByWeChat()).ticket))
  const bind = useAction((_id, phoneCode: string) => loginByPhone(ticket ?? '', phoneCode))
  return (
    <View className="stack" style={{ marginTop: '20px' }}>
      <FailureLine failure={enter.failure ?? bind.failure} />
      {ticket === null ? (
        <BigButton busy={enter.busy} onTap={() => enter.run()}>
          微信登录
        </BigButton>
      ) : (
        <WeChatButton
          kind="getPhoneNumber"
          id="hand-over-phone"
          busy={bind.busy}
          onAnswer={(code) => code !== null && bind.run(code)}
        >
          用手机号找到我的登记
        </WeChatButton>
      )}
    </View>
  )
}
