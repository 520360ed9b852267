import { View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { REFUSALS } from '../../../shared/core/refusals'
import { BigButton, Button } from '../components/button'
import { Mark } from '../components/card'
import { Page } from '../components/page'
import { EmptyState, ErrorState, Loaded } from '../components/states'
import { PhoneNumber } from '../components/words'
import { dial } from '../core/dial'
import { goFresh } from '../core/go'
import { homeOf } from '../core/home'
import { useHotline } from '../core/hotline'
import { useSession } from '../core/session'
import { useFreshMe } from '../session/me'
import { type Cared, useCared } from './cared'

export const ELDER_HOME = '/elder/home'
const NOT_LOGGED_IN = { code: 'NOT_LOGGED_IN', sentence: REFUSALS.NOT_LOGGED_IN[1] }

interface ForElderProps {
  title: string
  /** What the page does: a proxy needs to be allowed just this. */
  scope?: 'confirm' | 'ask' | 'redeem'
  children: (cared: Cared) => ReactNode
}

/** A page about the elder one sees to. Who sees to none, or may not do this for the elder, is told so. */
export function ForElder({ title, scope, children }: ForElderProps) {
  const session = useSession()
  const { cared } = useCared()
  if (session === null)
    return (
      <Page title={title}>
        <ErrorState failure={NOT_LOGGED_IN} title={NOT_LOGGED_IN.sentence} />
      </Page>
    )
  if (session.me === null) return <WhoAmI title={title} />
  if (cared === null) return <NobodyCaredFor title={title} home={homeOf(session.me)} />
  if (scope !== undefined && !cared.scopes.includes(scope)) return <NotMine title={title} cared={cared} />
  return <>{children(cared)}</>
}

/** The answer of the login may have been lost: then it is asked for once more. */
function WhoAmI({ title }: { title: string }) {
  const { query } = useFreshMe()
  return (
    <Page title={title}>
      <Loaded query={query} failed="没能打开这一页">
        {() => null}
      </Loaded>
    </Page>
  )
}

function NobodyCaredFor({ title, home }: { title: string; home: string }) {
  return (
    <Page title={title}>
      <EmptyState title="这里是给老人和家人的" note="您没有替老人办事的登记">
        <BigButton onTap={() => goFresh(home)}>回首页</BigButton>
      </EmptyState>
    </Page>
  )
}

function NotMine({ title, cared }: { title: string; cared: Cared }) {
  const hotline = useHotline()
  return (
    <Page title={title} back={ELDER_HOME} foot={<BigButton onTap={() => goFresh(ELDER_HOME)}>回首页</BigButton>}>
      <Mark icon="family" tone="warn" title="这件事您还不能代办" note={`${cared.name}没有请您办这件事`} />
      <View className="stack">
        <View className="t2 center">想请您办，给社区打个电话</View>
        <Button kind="line" icon="phone" className="btn-wide" onTap={() => dial(hotline)}>
          打电话 <PhoneNumber number={hotline} />
        </Button>
      </View>
    </Page>
  )
}
