import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useEffect, useRef, useState } from 'react'
import { pointsText } from '../../../shared/core/amounts'
import { addDays, dayOf } from '../../../shared/core/time'
import type { Page as PageOf } from '../../../shared/core/view'
import type { LookUpView, RedemptionView } from '../../../shared/redemption/view'
import type { Me } from '../../../shared/session/view'
import { BigButton, Button } from '../components/button'
import { Card, Fact, List, ListRow, Mark, Section } from '../components/card'
import { DigitsInput, errorOf } from '../components/field'
import { MorePages } from '../components/more-pages'
import { Page } from '../components/page'
import { FailureLine, Loaded } from '../components/states'
import { Dotted, Heading, StatusLine } from '../components/words'
import { get, post } from '../core/call'
import { dial } from '../core/dial'
import { go } from '../core/go'
import { scanCode } from '../core/scan-code'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { usePages } from '../core/use-pages'
import { clockText, dayWords } from '../core/words'
import { enqueue } from '../queue/queue'
import { WaitingBanner } from '../queue/waiting-banner'
import { ForStaff } from '../session/for-staff'
import { useFreshMe } from '../session/me'
import { pointOf } from './own-point'

const DIGITS = 8
/** A code is kept for at most this long, so what was handed over today was ordered since then. */
const KEPT_DAYS = 30

/** 兑换点: a code is scanned or typed, what it is for is read, and it is handed over. */
export default function FulfilPage() {
  return (
    <ForStaff title="兑换点" may={(me) => pointOf(me) !== null}>
      {(me) => <Counter me={me} pointId={pointOf(me) ?? ''} />}
    </ForStaff>
  )
}

/** WeChat hands the address over encoded once more than the browser does. */
function decoded(q: string): string {
  try {
    return decodeURIComponent(q)
  } catch {
    return q
  }
}

function Counter({ me, pointId }: { me: Me; pointId: string }) {
  useFreshMe()
  const { q } = useRouter().params
  const [found, setFound] = useState<LookUpView | null>(null)
  const [given, setGiven] = useState<RedemptionView | null>(null)
  const lookUp = useAction(async (_id, code: string) => {
    setFound(await post<LookUpView>('/redemptions/look-ups', { code }))
  })
  const opened = useRef(false)
  useEffect(() => {
    // Opened by a scan outside the app: the code is looked up once, not on every render.
    if (q === undefined || opened.current) return
    opened.current = true
    void lookUp.run(decoded(q))
  }, [q, lookUp.run])
  const next = () => {
    setFound(null)
    setGiven(null)
    lookUp.clear()
  }
  if (given !== null) return <Given redemption={given} onNext={next} />
  if (found !== null) return <Found found={found} pointId={pointId} onGiven={setGiven} onNext={next} />
  return <Ready me={me} pointId={pointId} lookUp={lookUp} />
}

interface ReadyProps {
  me: Me
  pointId: string
  lookUp: ReturnType<typeof useAction<[string]>>
}

/** Before a code: the camera, the eight digits, and what was given today. */
function Ready({ me, pointId, lookUp }: ReadyProps) {
  const [digits, setDigits] = useState('')
  const [isShort, setIsShort] = useState(false)
  const [tried, setTried] = useState('')
  const ask = (code: string) => {
    setTried(code)
    return lookUp.run(code)
  }
  const scan = async () => {
    const code = await scanCode()
    if (code !== null) await ask(code)
  }
  const use = () => {
    setIsShort(digits.length < DIGITS)
    return digits.length < DIGITS ? undefined : ask(digits)
  }
  // Nobody can tell without a network whether the code still counts: it is kept, and what became of it is shown later.
  const keepIt = async () => {
    await enqueue('fulfil', { pointId, code: tried }, `兑换码 ${tried.slice(-8)}`)
    setTried('')
    setDigits('')
    lookUp.clear()
  }
  const wrong = errorOf(lookUp.failure, 'code')
  return (
    <Page title={me.roles[0]?.regionName ?? '兑换点'} icon="gift">
      <WaitingBanner />
      <View className="stack">
        <View className="row between">
          <View className="h1">给人兑换</View>
          <Button kind="line" onTap={() => go('/person/me')}>
            我的
          </Button>
        </View>
        <BigButton icon="scan" busy={lookUp.busy} onTap={scan}>
          扫兑换码
        </BigButton>
        <Card className="stack">
          <DigitsInput
            name="code"
            label="扫不了，填 8 个数字"
            length={DIGITS}
            value={digits}
            error={isShort ? '要填满 8 个数字' : wrong}
            onDone={use}
            onChange={(text) => {
              setDigits(text)
              setIsShort(false)
              lookUp.clear()
            }}
          />
          <Button kind="line" className="btn-wide" busy={lookUp.busy} onTap={use}>
            {lookUp.busy ? '请稍等…' : '查这个码'}
          </Button>
          {wrong === null && <FailureLine failure={lookUp.failure} />}
          {lookUp.failure?.code === 'NO_ANSWER' && tried !== '' && (
            <Button kind="line" className="btn-wide" icon="offline" onTap={keepIt}>
              先记下，东西交给他
            </Button>
          )}
        </Card>
        <View className="two">
          <Button kind="card" icon="meal" onTap={() => go('/redemption/meals')}>
            今天的饭
          </Button>
          <Button kind="card" icon="table" onTap={() => go('/redemption/closing')}>
            日结
          </Button>
        </View>
      </View>
      <GivenToday pointId={pointId} />
    </Page>
  )
}

interface FoundProps {
  found: LookUpView
  pointId: string
  onGiven: (redemption: RedemptionView) => void
  onNext: () => void
}

/** What it is, for whom, and one tap to hand it over; or in one sentence why not. */
function Found({ found, pointId, onGiven, onNext }: FoundProps) {
  const { redemption, whyNot, whyNotSentence } = found
  const give = useAction(
    async (id) => onGiven(await post<RedemptionView>(`/redemptions/${redemption.id}/fulfilment`, { id, pointId })),
    { keptAs: `give.${redemption.id}` },
  )
  if (whyNot !== null)
    return <NotHere redemption={redemption} code={whyNot} sentence={whyNotSentence ?? whyNot} onNext={onNext} />
  return (
    <Page
      title="交给他"
      back={onNext}
      foot={
        <View className="stack">
          <FailureLine failure={give.failure} />
          <BigButton icon="check" busy={give.busy} onTap={() => give.run()}>
            交给他了
          </BigButton>
        </View>
      }
    >
      <View className="stack">
        <View className="t2">请把这个交给</View>
        <View className="h1">{redemption.personMaskedName}</View>
        <Card>
          <Heading>{redemption.productName}</Heading>
          <Facts redemption={redemption} />
        </Card>
      </View>
    </Page>
  )
}

function Facts({ redemption }: { redemption: RedemptionView }) {
  const now = useNow(60)
  return (
    <>
      <Fact label="花了" strong>
        {pointsText(redemption.priceMilliPoints)} 分
      </Fact>
      {redemption.quantity > 1 && (
        <Fact label="几份" strong>
          {redemption.quantity}
        </Fact>
      )}
      <Fact label="在哪领">{redemption.pointName}</Fact>
      <Fact label="换的时间">{momentWords(redemption.heldAt, now)}</Fact>
      {redemption.state === 'held' && <Fact label="最晚">{momentWords(redemption.expiresAt, now)}</Fact>}
    </>
  )
}

/** "今天 9:05" */
function momentWords(instant: string, now: Date): string {
  const at = new Date(instant)
  return `${dayWords(dayOf(at), dayOf(now))} ${clockText(at)}`
}

const NOT_HERE: Record<string, { title: string; tone: 'ok' | 'warn' | 'bad' }> = {
  REDEMPTION_FULFILLED: { title: '这个码领过了', tone: 'warn' },
  REDEMPTION_EXPIRED: { title: '这个码过期了', tone: 'warn' },
  REDEMPTION_CANCELLED: { title: '这个兑换取消了', tone: 'warn' },
  REDEMPTION_OTHER_POINT: { title: '要到另一个点领', tone: 'warn' },
}

interface NotHereProps {
  redemption: RedemptionView
  code: string
  sentence: string
  onNext: () => void
}

function NotHere({ redemption, code, sentence, onNext }: NotHereProps) {
  const { title, tone } = NOT_HERE[code] ?? { title: '这个码不能用', tone: 'bad' as const }
  const isElsewhere = code === 'REDEMPTION_OTHER_POINT'
  return (
    <Page title="不能兑换" back={onNext} foot={<BigButton onTap={onNext}>好，下一位</BigButton>}>
      <Mark icon="alert" tone={tone} title={title} note={sentence} />
      <View className="stack">
        <Card>
          <Heading>{redemption.productName}</Heading>
          <Fact label="给谁">{redemption.personMaskedName}</Fact>
          {isElsewhere && <Fact label="地址">{redemption.pointAddress}</Fact>}
          {isElsewhere && <Fact label="时间">{redemption.openingHours}</Fact>}
          <Facts redemption={redemption} />
        </Card>
        {isElsewhere && redemption.pointPhone !== '' && (
          <Button kind="line" icon="phone" className="btn-wide" onTap={() => dial(redemption.pointPhone)}>
            打那边的电话 {redemption.pointPhone}
          </Button>
        )}
      </View>
    </Page>
  )
}

/** It stays until it is tapped away. */
function Given({ redemption, onNext }: { redemption: RedemptionView; onNext: () => void }) {
  const now = useNow(60)
  return (
    <Page title="交给他了" back={onNext} foot={<BigButton onTap={onNext}>好，下一位</BigButton>}>
      <Mark
        icon="check-circle"
        title="记下了，交给他了"
        note={redemption.resolvedAt === null ? undefined : momentWords(redemption.resolvedAt, now)}
      />
      <Card>
        <Heading>{redemption.productName}</Heading>
        <Fact label="给谁">{redemption.personMaskedName}</Fact>
        <Fact label="花了">{pointsText(redemption.priceMilliPoints)} 分</Fact>
      </Card>
    </Page>
  )
}

function GivenToday({ pointId }: { pointId: string }) {
  const now = useNow(60)
  const today = dayOf(now)
  const given = usePages(
    `given.${pointId}`,
    (cursor) =>
      get<PageOf<RedemptionView>>('/redemptions', {
        pointId,
        state: 'fulfilled',
        from: addDays(today, -KEPT_DAYS),
        limit: 50,
        cursor,
      }),
    { keptAs: 'given' },
  )
  const todays = given.items.filter(({ resolvedAt }) => resolvedAt !== null && dayOf(new Date(resolvedAt)) === today)
  return (
    <Section title="今天交出去的" note={given.first.data === null ? undefined : `${todays.length} 份`}>
      <Loaded query={given.first} failed="没能打开今天的名单" rows={2}>
        {() =>
          todays.length === 0 ? (
            <View className="t2">今天还没有人来领</View>
          ) : (
            <View className="stack">
              <List>
                {todays.map((one) => (
                  <ListRow
                    key={one.id}
                    title={<Dotted words={[one.productName, one.personMaskedName]} />}
                    note={one.resolvedAt === null ? undefined : clockText(new Date(one.resolvedAt))}
                    amount={`${pointsText(one.priceMilliPoints)} 分`}
                    status={<StatusLine kind="ok">交了</StatusLine>}
                  />
                ))}
              </List>
              <MorePages pages={given} words="再看一些" />
            </View>
          )
        }
      </Loaded>
    </Section>
  )
}
