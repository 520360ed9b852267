import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { pointsText } from '../../../shared/core/amounts'
import { dayOf } from '../../../shared/core/time'
import type { Page as PageOf } from '../../../shared/core/view'
import type { OrderDetail, OrderView } from '../../../shared/order/view'
import { BigButton, Button } from '../components/button'
import { Card, Fact, List, ListRow, Mark } from '../components/card'
import { catalogueIcon, Icon } from '../components/icon'
import { MorePages } from '../components/more-pages'
import { Page } from '../components/page'
import { EmptyState, FailureLine, Loaded } from '../components/states'
import { StatusLine } from '../components/words'
import { get, post } from '../core/call'
import { go, goBack, goInstead } from '../core/go'
import { homeOf } from '../core/home'
import { useSession } from '../core/session'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { usePages } from '../core/use-pages'
import { useQuery } from '../core/use-query'
import { ELDER_HOME, ForElder } from '../elder/for-elder'
import { RemindMe } from '../message/remind-me'
import { ORDER_STATES, wantedWords } from './words'

/** 要过的帮忙: one that was asked for, just now or before; without an id all of them. */
export default function AskedPage() {
  const { id, fresh, elderId } = useRouter().params
  if (id !== undefined) return <One id={id} isFresh={fresh !== undefined} />
  if (elderId !== undefined) return <All elderId={elderId} back="/order/apart/desk" />
  return <ForElder title="要过的帮忙">{(cared) => <All elderId={cared.elderId} back={ELDER_HOME} />}</ForElder>
}

function useHome(): string {
  const me = useSession()?.me ?? null
  return me === null ? '/session/login' : homeOf(me)
}

function All({ elderId, back }: { elderId: string; back: string }) {
  const today = dayOf(useNow(60))
  const orders = usePages(
    `orders.of.${elderId}`,
    (cursor) => get<PageOf<OrderView>>('/orders', { elderId, limit: 20, cursor }),
    { keptAs: `orders.all.${elderId}` },
  )
  return (
    <Page title="要过的帮忙" back={back}>
      <Loaded query={orders.first} failed="没能打开要过的帮忙">
        {() =>
          orders.items.length === 0 ? (
            <EmptyState title="还没有请人帮过忙" note="要人帮忙，点一下就行">
              <BigButton onTap={() => goBack(back)}>回去看看</BigButton>
            </EmptyState>
          ) : (
            <View className="stack">
              <List>
                {orders.items.map((order) => (
                  <OrderRow key={order.id} order={order} today={today} />
                ))}
              </List>
              <MorePages pages={orders} />
            </View>
          )
        }
      </Loaded>
    </Page>
  )
}

function OrderRow({ order, today }: { order: OrderView; today: string }) {
  const when = wantedWords(order.wantedDay, order.wantedTime, today)
  const state = ORDER_STATES[order.state]
  return (
    <ListRow
      lead={<Icon name={catalogueIcon(order.serviceIcon)} size={32} />}
      title={order.serviceName}
      note={order.memberName === null ? when : `${when}，${order.memberName}`}
      status={<StatusLine kind={state.kind}>{state.words}</StatusLine>}
      onTap={() => go('/order/asked', { id: order.id })}
    />
  )
}

function One({ id, isFresh }: { id: string; isFresh: boolean }) {
  const home = useHome()
  const order = useQuery(`order.${id}`, () => get<OrderDetail>(`/orders/${id}`), { keptAs: `order.${id}` })
  const back = () => (isFresh ? goInstead(home) : goBack(home))
  return (
    <Page title="要过的帮忙" back={back} foot={<BigButton onTap={back}>好的</BigButton>}>
      <Loaded query={order} failed="没能打开这件事">
        {(one) => <Asked order={one} isFresh={isFresh} again={order.again} />}
      </Loaded>
    </Page>
  )
}

function Asked({ order, isFresh, again }: { order: OrderDetail; isFresh: boolean; again: () => Promise<void> }) {
  const today = dayOf(useNow(60))
  const state = ORDER_STATES[order.state]
  const waits = order.state === 'open' || order.state === 'accepted'
  return (
    <View className="stack">
      {isFresh && order.state === 'open' ? (
        <Mark icon="check-circle" title="记下了" note="有人接了，这里看得到" />
      ) : (
        <StatusLine kind={state.kind} pill>
          {state.words}
        </StatusLine>
      )}
      <List>
        <Fact label="帮什么" strong>
          {order.serviceName}
        </Fact>
        <Fact label="哪天" strong>
          {wantedWords(order.wantedDay, order.wantedTime, today)}
        </Fact>
        <Fact label="谁来">
          {order.marketProvider ?? order.memberName ?? (order.state === 'open' ? '还在找人' : '没有人')}
        </Fact>
        {order.payment !== null && <Fact label="积分">{paymentWords(order.payment)}</Fact>}
        <Fact label="给谁">{order.elderName}</Fact>
      </List>
      {order.state === 'open' && <RemindMe about="help" words="有人接了，微信告诉我" />}
      {waits && <Cancel order={order} again={again} />}
    </View>
  )
}

function paymentWords({ state, heldMilliPoints, paidMilliPoints }: NonNullable<OrderView['payment']>): string {
  if (state === 'held') return `先留出 ${pointsText(heldMilliPoints)} 分`
  return state === 'paid' ? `付了 ${pointsText(paidMilliPoints)} 分` : '没有用，已退回'
}

/** Taken back in two taps, and as easily kept. */
function Cancel({ order, again }: { order: OrderDetail; again: () => Promise<void> }) {
  const [sure, setSure] = useState(false)
  const cancel = useAction(async () => {
    await post(`/orders/${order.id}/cancellation`, { reason: 'notNeeded' })
    await again()
  })
  if (!sure)
    return (
      <Button kind="quiet" className="btn-wide" onTap={() => setSure(true)}>
        不要了
      </Button>
    )
  return (
    <Card className="stack">
      <View className="h2">真的不要了吗？</View>
      <FailureLine failure={cancel.failure} />
      <View className="two">
        <Button kind="quiet" busy={cancel.busy} onTap={() => cancel.run()}>
          {cancel.busy ? '请稍等…' : '不要了'}
        </Button>
        <Button kind="quiet" onTap={() => setSure(false)}>
          还是要
        </Button>
      </View>
    </Card>
  )
}
