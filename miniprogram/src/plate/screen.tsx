import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { Button } from '../components/button'
import { Fact } from '../components/card'
import { Choices } from '../components/field'
import { Icon } from '../components/icon'
import { Page } from '../components/page'
import { QrCard } from '../components/qr-card'
import { ErrorState, Loading } from '../components/states'
import { isOffline } from '../core/call'
import { useFace } from '../core/face'
import { go, goBack } from '../core/go'
import { useShownCode } from '../core/show-code'
import { ELDER_HOME, ForElder } from '../elder/for-elder'
import { ForStaff } from '../session/for-staff'
import { keepsRegisters } from '../session/powers'
import { type Phase, type Screen, useScreen } from './use-screen'

const TITLE = '动态码'

/** 动态码: the elder, who acts for the elder, or staff beside holds it out; whoever comes to help scans it. */
export default function ScreenPage() {
  const { elderId } = useRouter().params
  if (elderId === undefined)
    return (
      <ForElder title={TITLE} scope="confirm">
        {(cared) => <Opened key={cared.elderId} elderId={cared.elderId} back={ELDER_HOME} hasCard />}
      </ForElder>
    )
  return (
    <ForStaff title={TITLE} may={keepsRegisters}>
      {() => <Opened elderId={elderId} back="/elder/list" />}
    </ForStaff>
  )
}

interface OpenedProps {
  elderId: string
  back: string
  /** There is a card that works without network too. */
  hasCard?: boolean
}

function Opened({ elderId, back, hasCard = false }: OpenedProps) {
  const bright = useShownCode()
  const screen = useScreen(elderId)
  const { view, isFresh, failure, again } = screen
  const isShown = view !== null && view.token !== null && isFresh
  return (
    <Page title={TITLE} back={back} inverse={isShown}>
      {isShown ? (
        <Code screen={screen} bright={bright} back={back} />
      ) : failure === null ? (
        <Loading />
      ) : (
        <ErrorState
          failure={failure}
          title={isOffline(failure) ? '没有网络，动态码出不来' : '没能打开动态码'}
          again={again}
        />
      )}
      {!isShown && failure !== null && hasCard && (
        <Button kind="line" className="btn-wide" onTap={() => go('/elder/card')}>
          改给他扫我的码
        </Button>
      )}
    </Page>
  )
}

const PHASES: readonly { value: Phase; words: string }[] = [
  { value: 'in', words: '来的时候扫' },
  { value: 'out', words: '走的时候扫' },
]

function Code({ screen, bright, back }: { screen: Screen; bright: boolean; back: string }) {
  const isElderFace = useFace().elder
  const { view, secondsLeft, failure, show } = screen
  if (view === null || view.token === null) return null
  const trouble = failure === null ? null : isOffline(failure) ? '网络断了' : failure.sentence
  return (
    <View className="stack">
      <View className="tip">
        <Icon name={trouble === null ? 'sun' : 'offline'} />
        {trouble !== null ? `${trouble}，这个码快过时了` : bright ? '屏幕亮了，给来的人扫' : '给来帮忙的人扫'}
      </View>
      <QrCard
        title={view.phase === 'in' ? '来的时候扫' : '走的时候扫'}
        text={addressOf(view.token)}
        // Nothing hurries an elder: the code changes by itself.
        digitsNote={isElderFace ? '码会自己换新的' : secondsLeft > 0 ? `${secondsLeft} 秒后换新的` : '正在换新的'}
      >
        <Fact label="扫过的">{view.lastName === null ? '还没有人' : `${view.scanned} 人，刚才是${view.lastName}`}</Fact>
      </QrCard>
      <Choices label="什么时候扫" layout="even" options={PHASES} value={view.phase} onChange={show} />
      <Button kind="text" onTap={() => goBack(back)}>
        好了，收起来
      </Button>
    </View>
  )
}

/** A browser's own host, or the one the mini-program talks to: readers only look at the token. */
function addressOf(token: string): string {
  return `${API_BASE === '' ? window.location.origin : API_BASE}/r/${token}`
}
