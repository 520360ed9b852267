import { View } from '@tarojs/components'
import { pointsText } from '../../../shared/core/amounts'
import type { IconName } from '../../../shared/core/pictures'
import { dayOf } from '../../../shared/core/time'
import type { Page as PageOf } from '../../../shared/core/view'
import type { OrderView } from '../../../shared/order/view'
import { BigButton, Button } from '../components/button'
import { Card, Section } from '../components/card'
import { Icon } from '../components/icon'
import { Page } from '../components/page'
import { EmptyState, FailureLine, Loaded } from '../components/states'
import { Dotted } from '../components/words'
import { get, post } from '../core/call'
import { go, goFresh } from '../core/go'
import { useSession } from '../core/session'
import { Tabs } from '../core/tabs'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { useQuery } from '../core/use-query'
import { lengthWords } from '../core/words'
import { wantedWords } from './words'

/** 服务: who needs help nearby. One tap takes it; of two who tap, one is told that it is taken. */
export default function OpenOrdersPage() {
  const me = useSession()?.me ?? null
  const orders = useQuery('orders.open', () => get<PageOf<OrderView>>('/orders/open', { limit: 50 }), {
    keptAs: 'orders.open',
  })
  return (
    <Page title={me?.member?.regionName ?? '服务'} icon="place" tabBar={<Tabs current="/order/open" />}>
      <Section
        title="谁需要帮忙"
        action={
          <Button kind="text" onTap={() => go('/visit/mine')}>
            我帮过的
          </Button>
        }
      >
        <Loaded query={orders} failed="没能打开需求">
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title="现在没有人等着帮忙" note="有新的需求会出现在这里">
                <BigButton onTap={() => goFresh('/order/today')}>回首页</BigButton>
              </EmptyState>
            ) : (
              <View className="stack">
                {items.map((order) => (
                  <OpenOrder key={order.id} order={order} again={orders.again} />
                ))}
              </View>
            )
          }
        </Loaded>
      </Section>
    </Page>
  )
}

function OpenOrder({ order, again }: { order: OrderView; again: () => Promise<void> }) {
  const today = dayOf(useNow(60))
  const accept = useAction(async () => {
    await post(`/orders/${order.id}/acceptance`)
    await goFresh('/order/today')
  })
  const taken = accept.failure?.code === 'ORDER_NOT_OPEN'
  return (
    <Card className="stack">
      <View className="row">
        <Icon name={order.serviceIcon as IconName} size={36} />
        <View className="grow">
          <View className="h3">
            <Dotted words={[order.serviceName, wantedWords(order.wantedDay, order.wantedTime, today)]} />
          </View>
          <View className="t2">
            <Dotted words={[order.elderName, order.regionName, `约 ${lengthWords(order.plannedSeconds)}`]} />
          </View>
          {order.payment !== null && (
            <View className="t2">{`对方用积分请人：帮完得 ${pointsText(order.payment.heldMilliPoints)} 分`}</View>
          )}
        </View>
      </View>
      {taken ? (
        <Button kind="quiet" className="btn-wide" onTap={again}>
          已经有人接了，看看别的
        </Button>
      ) : (
        <Button
          className="btn-wide"
          busy={accept.busy}
          label={`我去帮${order.elderName}，${order.serviceName}`}
          onTap={() => accept.run()}
        >
          我去
        </Button>
      )}
      {!taken && <FailureLine failure={accept.failure} />}
    </Card>
  )
}
