import { View } from '@tarojs/components'
import { useState } from 'react'
import { dayOf } from '../../../shared/core/time'
import type { Page as PageOf } from '../../../shared/core/view'
import type { OrderView } from '../../../shared/order/view'
import { Banner } from '../components/banner'
import { ActionCard, Button } from '../components/button'
import { List } from '../components/card'
import { FailureBanner } from '../components/failure-banner'
import { CheckRow, Choices } from '../components/field'
import { Page } from '../components/page'
import { ReadAloud } from '../components/read-aloud'
import { Sheet } from '../components/sheet'
import { get } from '../core/call'
import { dial } from '../core/dial'
import { type Scale, setScale, useFace, wearElderFace } from '../core/face'
import { go } from '../core/go'
import { useHotline } from '../core/hotline'
import { lunarWords } from '../core/lunar'
import { useNow } from '../core/use-now'
import { type Query, useQuery } from '../core/use-query'
import { weekdayWords } from '../core/words'
import { useGiving, waitingOf } from '../ledger/giving'
import { NewNotices } from '../notice/new-notices'
import { wantedWords } from '../order/words'
import { WaitingBanner } from '../queue/waiting-banner'
import { useFreshMe } from '../session/me'
import { type Confirmations, useConfirmations, waitingFor } from '../visit/confirmations'
import { type Cared, chooseCared, useCared } from './cared'
import { ForElder } from './for-elder'
import { useMyElder } from './mine'

/** 长辈首页: what waits for a word, help, the telephone. A proxy has the same page for each elder, with what is allowed. */
export default function ElderHomePage() {
  return <ForElder title="睦邻">{(cared) => <Home key={cared.elderId} cared={cared} />}</ForElder>
}

function Home({ cared }: { cared: Cared }) {
  const { me } = useFreshMe()
  const elder = useMyElder(cared)
  const confirmations = useConfirmations()
  const orders = useQuery(
    `orders.of.${cared.elderId}`,
    () => get<PageOf<OrderView>>('/orders', { elderId: cared.elderId, limit: 10 }),
    { keptAs: `orders.of.${cared.elderId}` },
  )
  const today = dayOf(useNow(60))
  const coming = orders.data?.items.find((one) => one.state === 'open' || one.state === 'accepted') ?? null
  const place = (cared.isSelf ? me?.elder?.regionName : elder.data?.regionName) ?? elder.data?.regionName
  return (
    <Page title={place ?? '睦邻'}>
      <View className="stack">
        <Today cared={cared} confirmations={confirmations} today={today} />
        <WhoseAffairs cared={cared} confirmations={confirmations} />
        <FailureBanner query={confirmations} />
        <WaitingBanner />
        {cared.isSelf && <Offered />}
        <NewNotices />
        {coming !== null && <Coming order={coming} today={today} />}
        <Cards cared={cared} confirmations={confirmations} />
        <View className="two">
          <Button kind="card" onTap={() => go('/visit/came')}>
            来过的人
          </Button>
          {cared.scopes.includes('redeem') && (
            <Button kind="card" onTap={() => go('/ledger/elder-points')}>
              {`${cared.isSelf ? '我的' : ''}${me?.pointsWord ?? '爱心分'}`}
            </Button>
          )}
          <Button kind="card" onTap={() => go('/elder/card')}>
            {cared.isSelf ? '我的码' : '老人的码'}
          </Button>
          <Button kind="card" onTap={() => go('/elder/apart/proxies')}>
            {cared.isSelf ? '家人代办' : '谁在代办'}
          </Button>
        </View>
      </View>
      <View className="push">
        <Settings />
      </View>
    </Page>
  )
}

/** Somebody wants to give points, or says to be a relative: one tap leads to the question, a second answers it. */
function Offered() {
  const { data } = useGiving()
  const waiting = data === null ? 0 : waitingOf(data)
  if (waiting === 0) return null
  return (
    <Banner
      tone="info"
      icon="gift"
      title="家人有事等您说一声"
      note="点这里看一看"
      onTap={() => go('/ledger/apart/give')}
    />
  )
}

/** "今天星期日, 农历十月十四", and a voice that reads the page. */
function Today({ cared, confirmations, today }: { cared: Cared; confirmations: Query<Confirmations>; today: string }) {
  const lunar = lunarWords(today)
  const waiting = countOf(confirmations, cared)
  const read = [
    `今天${weekdayWords(today)}。`,
    lunar === null ? '' : `农历${lunar}。`,
    waiting === null ? '' : waiting === 0 ? '现在没有要确认的。' : `有 ${waiting} 件事，等您说一声。`,
    '要人帮忙，点第二个。打电话，点第三个。',
  ].join('')
  return (
    <View className="row between">
      <View>
        <View className="h1 nb">今天{weekdayWords(today)}</View>
        {lunar !== null && <View className="t2">农历{lunar}</View>}
      </View>
      <ReadAloud text={read} />
    </View>
  )
}

function countOf({ data }: Query<Confirmations>, cared: Cared): number | null {
  return data === null ? null : waitingFor(cared, data).length
}

function Cards({ cared, confirmations }: { cared: Cared; confirmations: Query<Confirmations> }) {
  const hotline = useHotline()
  const waiting = countOf(confirmations, cared)
  const note =
    waiting === null
      ? '看看谁来帮过忙'
      : waiting === 0
        ? '现在没有要确认的'
        : cared.isSelf
          ? `有 ${waiting} 件事等您说一声`
          : `有 ${waiting} 件事等您确认`
  return (
    <>
      {cared.scopes.includes('confirm') && (
        <ActionCard
          icon="check-circle"
          tone={waiting !== null && waiting > 0 ? 'primary' : 'plain'}
          title="请确认"
          note={note}
          onTap={() => go('/visit/confirm')}
        />
      )}
      {cared.scopes.includes('ask') && (
        <ActionCard
          icon="visits"
          title={cared.isSelf ? '我要人帮忙' : '请人帮忙'}
          note="打扫、买东西、陪说话"
          onTap={() => go('/order/ask')}
        />
      )}
      <ActionCard icon="phone" tone="apricot" title="打电话" note={`${hotline}，有人接`} onTap={() => dial(hotline)} />
    </>
  )
}

/** The next help that was asked for: who comes, or that nobody has taken it yet. */
function Coming({ order, today }: { order: OrderView; today: string }) {
  const when = wantedWords(order.wantedDay, order.wantedTime, today)
  return (
    <Banner
      tone={order.state === 'accepted' ? 'ok' : 'info'}
      icon={order.state === 'accepted' ? 'calendar' : 'clock'}
      title={when}
      note={
        order.memberName === null ? `${order.serviceName}，正在找人` : `${order.serviceName}，${order.memberName}来`
      }
      onTap={() => go('/order/asked')}
    />
  )
}

/** For whom things are done here; who sees to several chooses. An elder alone sees nothing of it. */
function WhoseAffairs({ cared, confirmations }: { cared: Cared; confirmations: Query<Confirmations> }) {
  const { all } = useCared()
  const [choosing, setChoosing] = useState(false)
  if (all.length === 1 && cared.isSelf) return null
  const choose = (elderId: string) => {
    chooseCared(elderId)
    setChoosing(false)
  }
  const others = all.filter((one) => one.elderId !== cared.elderId && (countOf(confirmations, one) ?? 0) > 0)
  return (
    <View className="row between">
      <View className="grow">
        <View className="h2">{cared.isSelf ? '办自己的事' : `替${cared.name}办事`}</View>
        {others.map((one) => (
          <View key={one.elderId} className="t2">
            {one.name}有 {countOf(confirmations, one)} 件要确认
          </View>
        ))}
      </View>
      {all.length > 1 && (
        <Button kind="line" onTap={() => setChoosing(true)}>
          换一位
        </Button>
      )}
      {choosing && (
        <Sheet title="替谁办事" onClose={() => setChoosing(false)}>
          <List>
            {all.map((one) => (
              <CheckRow
                key={one.elderId}
                role="radio"
                words={one.isSelf ? `${one.name}（自己）` : one.name}
                checked={one.elderId === cared.elderId}
                onTap={() => choose(one.elderId)}
              />
            ))}
          </List>
        </Sheet>
      )}
    </View>
  )
}

const SIZES: readonly { value: `${Scale}`; words: string }[] = [
  { value: '1', words: '大字' },
  { value: '1.25', words: '更大' },
  { value: '1.5', words: '最大' },
]

/** Which face and how large; and one's own page. */
function Settings() {
  const face = useFace()
  const [sizing, setSizing] = useState(false)
  return (
    <View className="row between">
      {face.elder && (
        <Button kind="text" onTap={() => setSizing(true)}>
          字的大小
        </Button>
      )}
      <Button kind="text" onTap={() => wearElderFace(!face.elder)}>
        {face.elder ? '换回标准版' : '长辈版'}
      </Button>
      <Button kind="text" onTap={() => go('/person/me')}>
        我的
      </Button>
      {sizing && (
        <Sheet title="字多大看得清？" onClose={() => setSizing(false)}>
          <Choices
            label="字的大小"
            layout="even"
            options={SIZES}
            value={`${face.scale}`}
            onChange={(size) => setScale(Number(size) as Scale)}
          />
        </Sheet>
      )}
    </View>
  )
}
