import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { pointsText } from '../../../shared/core/amounts'
import { addDays, clockOf, type Day, dayOf } from '../../../shared/core/time'
import type { OrderDetail, OrderPrices } from '../../../shared/order/view'
import type { ServiceView } from '../../../shared/service/view'
import { ActionCard, BigButton, Button } from '../components/button'
import { Section } from '../components/card'
import { catalogueIcon, Icon } from '../components/icon'
import { Page } from '../components/page'
import { EmptyState, FailureLine, Loaded } from '../components/states'
import { Tappable } from '../components/tappable'
import { PhoneNumber } from '../components/words'
import { get, post } from '../core/call'
import { dial } from '../core/dial'
import { go, goBack, goInstead } from '../core/go'
import { useHotline } from '../core/hotline'
import { useSession } from '../core/session'
import { type Action, useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { type Query, useQuery } from '../core/use-query'
import { dateWords, weekdayWords } from '../core/words'
import type { Cared } from '../elder/cared'
import { ELDER_HOME, ForElder } from '../elder/for-elder'
import './ask.css'

const DAYS_AHEAD = 7

/** 我要人帮忙: a picture, then when, and where help is sold for points how; that asks it. Staff ask for an elder they name. */
export default function AskPage() {
  const { elderId, name } = useRouter().params
  const me = useSession()?.me ?? null
  const isStaff = me !== null && me.roles.length > 0
  if (isStaff && elderId !== undefined)
    return (
      <Ask
        elder={{ elderId, name: decodeURIComponent(name ?? '老人'), isSelf: false, scopes: [] }}
        back="/order/apart/desk"
      />
    )
  return (
    <ForElder title="我要人帮忙" scope="ask">
      {(cared) => <Ask elder={cared} back={ELDER_HOME} />}
    </ForElder>
  )
}

function Ask({ elder, back }: { elder: Cared; back: string }) {
  const services = useQuery(
    `services.${elder.elderId}`,
    () => get<ServiceView[]>('/services', { elderId: elder.elderId }),
    { keptAs: `services.${elder.elderId}` },
  )
  // Staff ask for a favour: they don't spend anybody's points.
  const prices = useQuery(elder.scopes.length === 0 ? null : `prices.${elder.elderId}`, () =>
    get<OrderPrices>('/order-prices', { elderId: elder.elderId }),
  )
  const [chosen, setChosen] = useState<ServiceView | null>(null)
  const [when, setWhen] = useState<Time | null>(null)
  const ask = useAction(
    async (id, serviceId: string, wantedDay: Day, wantedTime: string, payer?: Payer) => {
      const asked = { id, elderId: elder.elderId, serviceId, wantedDay, wantedTime }
      const order = await post<OrderDetail>('/orders', payer === undefined ? asked : { ...asked, payer })
      await goInstead('/order/asked', { id: order.id, fresh: 1 })
    },
    { keptAs: `ask.${elder.elderId}` },
  )
  const title = elder.isSelf ? '我要人帮忙' : `替${elder.name}请人`
  if (chosen === null)
    return (
      <Page title={title} back={back}>
        <View className="stack">
          <Pictures elder={elder} services={services} back={back} onChoose={setChosen} />
        </View>
      </Page>
    )
  const price = prices.data?.prices.find(({ serviceId }) => serviceId === chosen.id)?.milliPoints
  if (when !== null && price !== undefined)
    return (
      <Page
        title={title}
        back={() => {
          ask.clear()
          setWhen(null)
        }}
      >
        <View className="stack">
          <Thanks service={chosen} when={when} price={price} payers={prices.data?.payers ?? []} ask={ask} />
        </View>
      </Page>
    )
  return (
    <Page
      title={title}
      back={() => {
        ask.clear()
        setChosen(null)
      }}
    >
      <View className="stack">
        <When
          service={chosen}
          ask={ask}
          onChoose={(time) => (price === undefined ? ask.run(chosen.id, time.day, time.time) : setWhen(time))}
        />
      </View>
    </Page>
  )
}

type Payer = 'elder' | 'me'
type Asking = Action<[string, Day, string, Payer?]>

/** 怎么谢他: as a favour, or with points where the rules of the place sell help. Both are equally near. */
function Thanks({
  service,
  when,
  price,
  payers,
  ask,
}: {
  service: ServiceView
  when: Time
  price: string
  payers: OrderPrices['payers']
  ask: Asking
}) {
  const hotline = useHotline()
  return (
    <>
      <View className="row">
        <Icon name={catalogueIcon(service.icon)} size={44} />
        <View className="h2">{`${service.name}，${when.words}`}</View>
      </View>
      <View className="h1">怎么谢他？</View>
      <FailureLine failure={ask.failure} />
      {ask.failure !== null && ask.failure.code !== 'NO_ANSWER' && (
        <Button kind="line" icon="phone" className="btn-wide" onTap={() => dial(hotline)}>
          打电话 <PhoneNumber number={hotline} />
        </Button>
      )}
      <ActionCard
        icon="heart"
        title="请志愿者来"
        note="不用积分"
        onTap={() => ask.run(service.id, when.day, when.time)}
      />
      {payers.map(({ payer, availableMilliPoints, whyNotSentence }) => {
        const missing = BigInt(price) - BigInt(availableMilliPoints)
        const whyNot = whyNotSentence ?? (missing > 0n ? `还差 ${pointsText(missing)} 分` : null)
        const title = payer === 'me' ? '用我的积分请' : '用积分请人来'
        if (whyNot !== null)
          return (
            <View key={payer} className="card t2">
              {`${title}：要 ${pointsText(price)} 分，${whyNot}`}
            </View>
          )
        return (
          <ActionCard
            key={payer}
            icon="points"
            title={title}
            note={`要 ${pointsText(price)} 分，帮完才付`}
            onTap={() => ask.run(service.id, when.day, when.time, payer)}
          />
        )
      })}
    </>
  )
}

interface PicturesProps {
  elder: Cared
  services: Query<ServiceView[]>
  back: string
  onChoose: (service: ServiceView) => void
}

/** What help there is; what people of this age ask for most comes first. */
function Pictures({ elder, services, back, onChoose }: PicturesProps) {
  return (
    <>
      <View className="row between">
        <View className="h1">要帮什么？</View>
        <Button
          kind="line"
          onTap={() => go('/order/asked', elder.scopes.length === 0 ? { elderId: elder.elderId } : {})}
        >
          要过的
        </Button>
      </View>
      <Loaded query={services} failed="没能打开能帮的事" rows={4}>
        {(all) => {
          const offered = all.filter((one) => one.active)
          const [first, others] = [offered.filter((one) => one.forTier), offered.filter((one) => !one.forTier)]
          if (offered.length === 0)
            return (
              <EmptyState title="这里还没有能帮的事" note="请打社区电话">
                <BigButton onTap={() => goBack(back)}>回首页</BigButton>
              </EmptyState>
            )
          if (first.length === 0) return <PictureGrid services={others} onChoose={onChoose} />
          return (
            <>
              <PictureGrid services={first} onChoose={onChoose} />
              {others.length > 0 && (
                <Section title="还能帮这些">
                  <PictureGrid services={others} onChoose={onChoose} />
                </Section>
              )}
            </>
          )
        }}
      </Loaded>
    </>
  )
}

function PictureGrid({ services, onChoose }: { services: ServiceView[]; onChoose: (service: ServiceView) => void }) {
  return (
    <View className="ask-pictures">
      {services.map((service) => (
        <Tappable key={service.id} className="ask-picture" label={service.name} onTap={() => onChoose(service)}>
          <Icon name={catalogueIcon(service.icon)} size={56} />
          <Text>{service.name}</Text>
        </Tappable>
      ))}
    </View>
  )
}

/** When somebody should come. A tap asks for it; what was asked can be taken back on the page that follows. */
function When({ service, ask, onChoose }: { service: ServiceView; ask: Asking; onChoose: (time: Time) => unknown }) {
  const hotline = useHotline()
  const now = useNow(60)
  const [otherDay, setOtherDay] = useState(false)
  const times = otherDay ? laterDays(dayOf(now)) : nextTimes(now)
  return (
    <>
      <View className="row">
        <Icon name={catalogueIcon(service.icon)} size={44} />
        <View className="h2">{service.name}</View>
      </View>
      <View className="h1">什么时候来？</View>
      <FailureLine failure={ask.failure} />
      {ask.failure !== null && ask.failure.code !== 'NO_ANSWER' && (
        <Button kind="line" icon="phone" className="btn-wide" onTap={() => dial(hotline)}>
          打电话 <PhoneNumber number={hotline} />
        </Button>
      )}
      {times.map((time) => (
        <Tappable
          key={time.words}
          className={`ask-when ${ask.busy ? 'is-busy' : ''}`}
          disabled={ask.busy}
          onTap={() => onChoose(time)}
        >
          <Text>{time.words}</Text>
        </Tappable>
      ))}
      <Button kind="text" onTap={() => setOtherDay(!otherDay)}>
        {otherDay ? '近几天' : '别的日子'}
      </Button>
    </>
  )
}

interface Time {
  day: Day
  time: 'morning' | 'afternoon' | 'any'
  words: string
}

/** The half days that are still ahead, today and tomorrow, and the day after. */
function nextTimes(now: Date): Time[] {
  const today = dayOf(now)
  const clock = clockOf(now)
  const tomorrow = addDays(today, 1)
  const all: Time[] = [
    { day: today, time: 'morning', words: '今天上午' },
    { day: today, time: 'afternoon', words: '今天下午' },
    { day: tomorrow, time: 'morning', words: '明天上午' },
    { day: tomorrow, time: 'afternoon', words: '明天下午' },
    { day: addDays(today, 2), time: 'any', words: '后天' },
  ]
  return all.filter(({ day, time }) => day !== today || (time === 'morning' ? clock < '10:30' : clock < '16:30'))
}

function laterDays(today: Day): Time[] {
  return Array.from({ length: DAYS_AHEAD - 2 }, (_, index) => {
    const day = addDays(today, index + 3)
    return { day, time: 'any', words: `${dateWords(day, today)} ${weekdayWords(day)}` } as const
  })
}
