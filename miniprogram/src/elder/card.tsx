import { View } from '@tarojs/components'
import { BigButton, Button } from '../components/button'
import { Fact } from '../components/card'
import { FailureBanner } from '../components/failure-banner'
import { Icon } from '../components/icon'
import { Page } from '../components/page'
import { QrCard } from '../components/qr-card'
import { EmptyState, Loaded } from '../components/states'
import { PhoneNumber } from '../components/words'
import { useBrightScreen } from '../core/bright'
import { dial } from '../core/dial'
import { go, goBack } from '../core/go'
import { useHotline } from '../core/hotline'
import type { Query } from '../core/use-query'
import type { Cared } from './cared'
import { ELDER_HOME, ForElder } from './for-elder'
import { useMyElder } from './mine'

/** 我的码: the elder's card, for a helper to scan where there is no plate at a door. */
export default function CardPage() {
  return <ForElder title="我的码">{(cared) => <CardOf cared={cared} />}</ForElder>
}

function CardOf({ cared }: { cared: Cared }) {
  const elder = useMyElder(cared)
  const card = elder.data?.card ?? null
  const hotline = useHotline()
  const title = cared.isSelf ? '我的码' : `${cared.name}的码`
  const mayShow = cared.scopes.includes('confirm')
  if (card !== null)
    return <Shown title={title} name={elder.data?.name ?? cared.name} card={card} query={elder} mayShow={mayShow} />
  return (
    <Page title={title} back={ELDER_HOME}>
      <Loaded query={elder} failed="没能打开码">
        {() => (
          <EmptyState title="还没有办随身码" note="打个电话，请社区办">
            <BigButton icon="phone" onTap={() => dial(hotline)}>
              打电话 <PhoneNumber number={hotline} />
            </BigButton>
            {mayShow && (
              <Button kind="line" className="btn-wide" onTap={() => go('/plate/screen')}>
                打开动态码
              </Button>
            )}
          </EmptyState>
        )}
      </Loaded>
    </Page>
  )
}

/** A browser's own host, or the one the mini-program talks to: readers only look at the token. */
function addressOf(token: string): string {
  return `${API_BASE === '' ? window.location.origin : API_BASE}/e/${token}`
}

interface ShownProps {
  title: string
  name: string
  card: { serial: string; token: string }
  query: Query<unknown>
  /** Who may confirm for the elder may show a code that changes, too. */
  mayShow: boolean
}

function Shown({ title, name, card, query, mayShow }: ShownProps) {
  const bright = useBrightScreen()
  return (
    <Page title={title} back={ELDER_HOME} inverse>
      <View className="stack">
        <FailureBanner query={query} />
        <View className="tip">
          <Icon name="sun" />
          {bright ? '屏幕亮了，给来的人扫' : '给来帮忙的人扫'}
        </View>
        <QrCard title={name} text={addressOf(card.token)} digitsNote="扫不了，就念编号">
          <Fact label="编号" strong>
            {card.serial}
          </Fact>
        </QrCard>
        {mayShow && (
          <Button kind="line" className="btn-wide" onTap={() => go('/plate/screen')}>
            打开动态码
          </Button>
        )}
        <Button kind="line" className="btn-wide" onTap={() => go('/elder/apart/pin')}>
          设一个密码
        </Button>
        <Button kind="text" onTap={() => goBack(ELDER_HOME)}>
          好了，收起来
        </Button>
      </View>
    </Page>
  )
}
