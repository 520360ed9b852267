import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import type { Identity } from '../../../shared/session/view'
import { BigButton, Button } from '../components/button'
import { List, ListRow, Section } from '../components/card'
import { Page } from '../components/page'
import { FailureLine } from '../components/states'
import { WeChatButton } from '../components/wechat-button'
import { Dotted, Heading } from '../components/words'
import type { Failure } from '../core/call'
import { useSession } from '../core/session'
import { type Action, useAction } from '../core/use-action'
import { type Query, useQuery } from '../core/use-query'
import { arrive, leave, loginAs, loginByPhone, loginByWeChat, readIdentities } from './enter'

/** Logs in: by WeChat on a phone, by an identity of the demonstration where there is one. */
export default function LoginPage() {
  const { next } = useRouter().params
  const session = useSession()
  const identities = useQuery('identities', readIdentities)
  const enter = useAction(async (_id, identityId: string) => {
    await loginAs(identityId)
    await arrive(next)
  })
  if (session !== null) return <LoggedIn name={session.me?.name ?? ''} />
  return (
    <Page title="登录">
      <Heading level={1}>睦邻</Heading>
      <View className="t2">邻里互相帮忙，每一次都记得住</View>
      {process.env.TARO_ENV === 'weapp' && <WeChatLogin next={next} />}
      <FailureLine failure={enter.failure} />
      <Identities query={identities} enter={enter} />
    </Page>
  )
}

/** Already logged in: the page is left, or the phone given to somebody else. */
function LoggedIn({ name }: { name: string }) {
  const quit = useAction(leave)
  return (
    <Page
      title="登录"
      foot={
        <BigButton busy={quit.busy} onTap={() => quit.run()}>
          换一个人登录
        </BigButton>
      }
    >
      <Heading level={1}>{name === '' ? '您已经登录' : `${name}，您好`}</Heading>
      <FailureLine failure={quit.failure} />
    </Page>
  )
}

function Identities({ query, enter }: { query: Query<Identity[]>; enter: Action<[string]> }) {
  if (query.failure !== null) return <NoIdentities failure={query.failure} again={query.again} />
  const groups = groupsOf((query.data ?? []).filter((one) => one.app === 'phone'))
  return (
    <>
      {groups.map(([kindWord, identities]) => (
        <Section key={kindWord} title={kindWord} note="演示身份">
          <List>
            {identities.map((one) => (
              <ListRow
                key={one.id}
                title={one.name}
                note={<Dotted words={[one.regionName, enter.busy && '请稍等']} />}
                label={`用${one.name}登录，${kindWord}，${one.regionName}`}
                onTap={() => enter.run(one.id)}
              />
            ))}
          </List>
        </Section>
      ))}
    </>
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

/** Identities under the word for what they are, in the order of the server. */
function groupsOf(identities: readonly Identity[]): [string, Identity[]][] {
  const groups = new Map<string, Identity[]>()
  for (const one of identities) groups.set(one.kindWord, [...(groups.get(one.kindWord) ?? []), one])
  return [...groups]
}

/** One tap where the phone number is bound already; else WeChat's own button hands it over. */
function WeChatLogin({ next }: { next?: string }) {
  const [ticket, setTicket] = useState<string | null>(null)
  const enter = useAction(async () => {
    const bound = await loginByWeChat()
    if (bound.ticket !== null) return setTicket(bound.ticket)
    await arrive(next)
  })
  const bind = useAction(async (_id, phoneCode: string) => {
    await loginByPhone(ticket ?? '', phoneCode)
    await arrive(next)
  })
  return (
    <View className="stack login-wechat">
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
