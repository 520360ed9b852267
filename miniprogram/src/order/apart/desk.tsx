import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { hoursText } from '../../../../shared/core/amounts'
import { dayOf } from '../../../../shared/core/time'
import type { Page as PageOf } from '../../../../shared/core/view'
import type { MemberView } from '../../../../shared/member/view'
import type { OrderDetail, OrderView } from '../../../../shared/order/view'
import { BigButton, Button } from '../../components/button'
import { Card, List, ListRow } from '../../components/card'
import { Choices, TextInput } from '../../components/field'
import { catalogueIcon, Icon } from '../../components/icon'
import { MorePages } from '../../components/more-pages'
import { Page } from '../../components/page'
import { Sheet } from '../../components/sheet'
import { EmptyState, FailureLine, Loaded } from '../../components/states'
import { Dotted, StatusLine } from '../../components/words'
import { get, post } from '../../core/call'
import { go, goFresh } from '../../core/go'
import { useAction } from '../../core/use-action'
import { useNow } from '../../core/use-now'
import { usePages } from '../../core/use-pages'
import { useQuery } from '../../core/use-query'
import { ForStaff } from '../../session/for-staff'
import { isDesk, keepsRegisters } from '../../session/powers'
import { wantedWords } from '../words'

type Shown = 'unattended' | 'open'

/** 派单: what elders asked for and nobody took; staff ask a helper of the village. */
export default function DeskPage() {
  return (
    <ForStaff title="派单" may={isDesk}>
      {(me) => <Desk mayAssign={keepsRegisters(me)} />}
    </ForStaff>
  )
}

function Desk({ mayAssign }: { mayAssign: boolean }) {
  const { id } = useRouter().params
  const [shown, setShown] = useState<Shown>('unattended')
  const unattended = shown === 'unattended' ? '1' : undefined
  const orders = usePages(
    `orders.${shown}`,
    (cursor) => get<PageOf<OrderView>>('/orders', { state: 'open', unattended, limit: 20, cursor }),
    { keptAs: `orders.${shown}` },
  )
  // The one that was tapped stands first.
  const items = [...orders.items].sort((a, b) => Number(b.id === id) - Number(a.id === id))
  return (
    <Page
      title="派单"
      back="/report/field"
      foot={
        mayAssign ? (
          <BigButton icon="elder" onTap={() => goFresh('/elder/list')}>
            选一位老人，替他请人
          </BigButton>
        ) : undefined
      }
    >
      <View className="stack">
        <Choices
          label="看哪些需求"
          role="tab"
          options={[
            { value: 'unattended', words: '没人接的' },
            { value: 'open', words: '所有等人的' },
          ]}
          value={shown}
          onChange={setShown}
        />
        <Loaded query={orders.first} failed="没能打开需求">
          {() =>
            items.length === 0 ? (
              <EmptyState
                title={shown === 'unattended' ? '都有人接了' : '现在没有人等着'}
                note="老人要人帮忙，没人接时会出现在这里"
              />
            ) : (
              <>
                {items.map((order) => (
                  <Open key={order.id} order={order} mayAssign={mayAssign} again={orders.first.again} />
                ))}
                <MorePages pages={orders} words="再看一些" />
              </>
            )
          }
        </Loaded>
      </View>
    </Page>
  )
}

function Open({ order, mayAssign, again }: { order: OrderView; mayAssign: boolean; again: () => Promise<void> }) {
  const today = dayOf(useNow(60))
  const [choosing, setChoosing] = useState(false)
  return (
    <Card className="stack">
      <View className="row">
        <Icon name={catalogueIcon(order.serviceIcon)} size={36} />
        <View className="grow">
          <View className="h3">
            <Dotted words={[order.serviceName, wantedWords(order.wantedDay, order.wantedTime, today)]} />
          </View>
          <View className="t2">
            <Dotted words={[order.elderName, order.regionName]} />
          </View>
        </View>
        <StatusLine kind={order.unattended ? 'warn' : 'wait'}>{order.unattended ? '没人接' : '等人接'}</StatusLine>
      </View>
      {mayAssign && (
        <View className="two">
          <Button
            icon="family"
            label={`把${order.elderName}的${order.serviceName}派给谁`}
            onTap={() => setChoosing(true)}
          >
            派给谁
          </Button>
          <Button
            kind="quiet"
            label={`看一看${order.elderName}的这件事`}
            onTap={() => go('/order/asked', { id: order.id })}
          >
            看一看
          </Button>
        </View>
      )}
      {choosing && (
        <Helpers
          order={order}
          onClose={() => setChoosing(false)}
          onDone={async () => {
            setChoosing(false)
            await again()
          }}
        />
      )}
    </Card>
  )
}

interface HelpersProps {
  order: OrderView
  onClose: () => void
  onDone: () => Promise<void>
}

/** Helpers of the order's village; by initials those of the whole scope. */
function Helpers({ order, onClose, onDone }: HelpersProps) {
  const [typed, setTyped] = useState('')
  const [q, setQ] = useState('')
  const where = q === '' ? { regionId: order.regionId } : { q }
  const helpers = useQuery(`helpers.${order.regionId}.${q}`, () =>
    get<PageOf<MemberView>>('/members', { ...where, state: 'active', limit: 30 }),
  )
  const assign = useAction(
    async (_id, memberId: string) => {
      await post<OrderDetail>(`/orders/${order.id}/assignment`, { memberId })
      await onDone()
    },
    { keptAs: `assign.${order.id}` },
  )
  return (
    <Sheet title={`${order.serviceName}，请谁去？`} onClose={onClose}>
      <TextInput name="helper" label="别的村的人，填姓名首字母" value={typed} maxLength={30} onChange={setTyped} />
      <Button kind="line" className="btn-wide" onTap={() => setQ(typed.trim())}>
        {q === '' || typed.trim() !== '' ? '找这个人' : '看本村的人'}
      </Button>
      <FailureLine failure={assign.failure} />
      <Loaded query={helpers} failed="没能打开志愿者名单" rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <View className="t2">{q === '' ? '本村还没有志愿者，请找邻村的人' : '没有找到这个人'}</View>
          ) : (
            <List>
              {items.map((member) => (
                <ListRow
                  key={member.id}
                  title={`派给${member.maskedName}`}
                  note={
                    <Dotted
                      words={[
                        member.kind === 'volunteer' ? '志愿者' : '睦邻互助员',
                        member.regionName,
                        `本月 ${hoursText(member.monthSeconds)} 小时`,
                      ]}
                    />
                  }
                  onTap={() => assign.run(member.id)}
                />
              ))}
            </List>
          )
        }
      </Loaded>
    </Sheet>
  )
}
