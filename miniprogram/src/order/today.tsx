import { View } from '@tarojs/components'
import { useState } from 'react'
import { hoursText, pointsText } from '../../../shared/core/amounts'
import { dayOf } from '../../../shared/core/time'
import type { TodayView } from '../../../shared/order/view'
import { Banner } from '../components/banner'
import { ActionCard, BigButton, Button } from '../components/button'
import { Card, List, ListRow, Section, Stats } from '../components/card'
import { Page } from '../components/page'
import { EmptyState, FailureLine, Loaded } from '../components/states'
import { Dotted, StatusLine } from '../components/words'
import { get, post } from '../core/call'
import { dial } from '../core/dial'
import { useFace, wearElderFace } from '../core/face'
import { go, goFresh } from '../core/go'
import { lunarWords } from '../core/lunar'
import { useSession } from '../core/session'
import { scanPlate, Tabs } from '../core/tabs'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { useQuery } from '../core/use-query'
import { dateWords, greeting, weekdayWords } from '../core/words'
import { NewNotices } from '../notice/new-notices'
import { keptDoors, takeDoors } from '../queue/doors'
import { useKeptVisits } from '../queue/visits'
import { WaitingBanner } from '../queue/waiting-banner'
import { wantedTimeWords } from './words'

type Order = TodayView['orders'][number]
type Due = TodayView['due'][number]

/** 首页: the giant scan button, and whom one goes to today. */
export default function TodayPage() {
  const me = useSession()?.me ?? null
  const face = useFace()
  const now = useNow(60)
  const today = useQuery(me === null ? null : 'today', () => get<TodayView>('/orders/today'), { keptAs: 'today' })
  const { running: keptVisit, hasEnd } = useKeptVisits()
  const place = me?.member ? `${me.member.townName} · ${me.member.regionName}` : '睦邻'
  return (
    <Page title={place} icon="place" tabBar={<Tabs current="/order/today" />}>
      <View className="row between">
        <View>
          <View className="h1">{greeting(now)}</View>
          <View className="t2">
            <Dotted words={[lunarWords(dayOf(now)), weekdayWords(dayOf(now))]} />
          </View>
        </View>
        <Button kind="line" onTap={() => wearElderFace(!face.elder)}>
          {face.elder ? '标准版' : '长辈版'}
        </Button>
      </View>
      <WaitingBanner />
      {(keptVisit !== null || (today.data?.current != null && !hasEnd(today.data.current.visitId))) && (
        <Banner
          tone="ok"
          icon="clock"
          title="您正在帮忙"
          note="点这里看时间，帮完了在里面结束"
          onTap={() => go('/visit/current')}
        />
      )}
      <NewNotices asks={me !== null} />
      <ActionCard icon="scan" tone="primary" title="扫一扫，开始帮忙" note="对准老人家门口的牌子" onTap={scanPlate} />
      <Loaded query={today} failed="没能打开今天的安排">
        {(view) => <TodayList view={view} day={dayOf(now)} again={today.again} />}
      </Loaded>
    </Page>
  )
}

function TodayList({ view, day, again }: { view: TodayView; day: string; again: () => Promise<void> }) {
  const { orders, due } = view
  return (
    <>
      {orders.length === 0 && due.length === 0 ? (
        <NothingToday openNearby={view.openNearby} />
      ) : (
        <>
          {orders.length > 0 && (
            <Section title={`今天要去 ${new Set(orders.map((one) => one.elderId)).size} 家`}>
              <View className="stack">
                {orders.map((order) => (
                  <OrderCard key={order.id} order={order} today={day} again={again} />
                ))}
              </View>
            </Section>
          )}
          {due.length > 0 && (
            <Section title="该去看看的老人">
              <List>
                {due.map((one) => (
                  <DueRow key={one.elderId} due={one} today={day} />
                ))}
              </List>
            </Section>
          )}
        </>
      )}
      {view.paired > 0 && (
        <List>
          <ListRow
            title="我结对的老人"
            note={`${view.paired} 位，看看谁该去了`}
            onTap={() => go('/elder/apart/paired')}
          />
        </List>
      )}
      <TakeDoors />
      <Stats
        onTap={() => goFresh('/ledger/points')}
        items={[
          { value: hoursText(view.monthSeconds), unit: '小时', name: '本月' },
          { value: pointsText(view.availableMilliPoints), unit: '分', name: '可用' },
          { value: pointsText(view.waitingMilliPoints), unit: '分', name: '审核中' },
        ]}
      />
    </>
  )
}

/** Before going where there is no network: today's doors come along. */
function TakeDoors() {
  const [doors, setDoors] = useState(keptDoors)
  const take = useAction(async () => setDoors(await takeDoors()))
  const many = doors?.doors.length ?? 0
  return (
    <View className="stack">
      <Button kind="line" icon="offline" className="btn-wide" busy={take.busy} onTap={() => take.run()}>
        {doors === null ? '进村没网？先下载今天的几户' : `今天的 ${many} 户已在手机里，再下载`}
      </Button>
      <FailureLine failure={take.failure} />
    </View>
  )
}

function NothingToday({ openNearby }: { openNearby: number }) {
  if (openNearby === 0) return <EmptyState title="今天没有安排" note="有人需要帮忙时，会出现在这里" />
  return (
    <EmptyState title="今天没有安排" note={`附近有 ${openNearby} 位老人需要帮忙`}>
      <BigButton onTap={() => goFresh('/order/open')}>去看看</BigButton>
    </EmptyState>
  )
}

function OrderCard({ order, today, again }: { order: Order; today: string; again: () => Promise<void> }) {
  const [leaving, setLeaving] = useState(false)
  const { phone } = order
  const giveBack = useAction(async (_id, reason: string) => {
    await post(`/orders/${order.id}/giving-back`, { reason })
    await again()
  })
  return (
    <Card className="stack">
      <View>
        <View className="row between">
          <View className="h2">{wantedTimeWords(order.wantedTime)}</View>
          {order.owedSentence !== null && <StatusLine kind="warn">{order.owedSentence}</StatusLine>}
        </View>
        <View className="h3">
          <Dotted words={[`${order.elderName}家`, order.serviceName]} />
        </View>
        <View className="t2">
          <Dotted
            words={[order.address, order.lastVisitDay !== null && `上次 ${dateWords(order.lastVisitDay, today)}`]}
          />
        </View>
      </View>
      {leaving ? (
        <View className="stack">
          <View className="t2">为什么去不了？选一个，需求会还给大家</View>
          <View className="three">
            <Button kind="quiet" onTap={() => giveBack.run('busy')}>
              有事
            </Button>
            <Button kind="quiet" onTap={() => giveBack.run('sick')}>
              不舒服
            </Button>
            <Button kind="quiet" onTap={() => giveBack.run('weather')}>
              天气不好
            </Button>
          </View>
          <Button kind="text" onTap={() => setLeaving(false)}>
            还是去
          </Button>
        </View>
      ) : (
        <View className="two">
          {phone !== null && (
            <Button icon="phone" onTap={() => dial(phone)}>
              打电话
            </Button>
          )}
          <Button kind="quiet" onTap={() => setLeaving(true)}>
            去不了
          </Button>
        </View>
      )}
      <FailureLine failure={giveBack.failure} />
    </Card>
  )
}

function DueRow({ due, today }: { due: Due; today: string }) {
  return (
    <ListRow
      title={<Dotted words={[`${due.elderName}家`, due.regionName]} />}
      note={
        <Dotted
          words={[
            due.lastVisitDay === null ? '还没有人去过' : `上次 ${dateWords(due.lastVisitDay, today)}`,
            due.paired ? '和您结对' : due.usualHelper && '您常去',
          ]}
        />
      }
      status={<StatusLine kind="warn">{due.owedSentence}</StatusLine>}
    />
  )
}
