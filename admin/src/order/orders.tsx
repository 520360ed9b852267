import { useQueryClient } from '@tanstack/react-query'
import { Button, Drawer, Form, Input, InputNumber, Radio } from 'antd'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import type { ElderDetail } from '../../../shared/elder/view'
import type { OrderDetail, OrderView } from '../../../shared/order/view'
import type { ServiceView } from '../../../shared/service/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { ExportButton } from '../components/export-button'
import { Field, FilterBar } from '../components/filter-bar'
import { FormDialog } from '../components/form'
import { Icon } from '../components/icon'
import { Fact, Facts, Page } from '../components/page'
import { PersonPicker } from '../components/person-picker'
import { Empty, Failed, Loading } from '../components/states'
import { Status, type Tone } from '../components/status'
import { Timeline } from '../components/timeline'
import { post } from '../core/call'
import { dayClock, fullTime, points } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { daysFromNow, today } from '../core/today'
import { useTell } from '../core/use-action'
import { useFilters } from '../core/use-filters'
import { useList, useOne } from '../core/use-list'
import {
  ORDER_EVENT_WORDS,
  ORDER_ORIGIN_WORDS,
  ORDER_REASON_WORDS,
  ORDER_STATE_WORDS,
  optionsOf,
  WANTED_TIME_WORDS,
  wordOf,
} from '../core/words'

const FILTERS = ['state', 'unattended', 'elderId'] as const
const TONES: Record<string, Tone> = { open: 'warn', accepted: 'wait', done: 'ok', cancelled: 'none' }

export function OrderState({ order }: { order: Pick<OrderView, 'state' | 'unattended'> }) {
  if (order.state === 'open' && order.unattended) return <Status tone="bad">没人接，请派单</Status>
  return <Status tone={TONES[order.state] ?? 'none'}>{wordOf(ORDER_STATE_WORDS, order.state)}</Status>
}

const when = (order: OrderView) => `${order.wantedDay} ${wordOf(WANTED_TIME_WORDS, order.wantedTime)}`

export default function OrdersPage() {
  const me = useMe()
  const { state, set, applied, draft, change, submit, reset } = useFilters(FILTERS)
  const { regionId } = useScope()
  const query = { ...applied, regionId }
  const list = useList<OrderView>('/orders', { ...query, cursor: state.cursor, limit: 50 })
  const open = (id: string | null) => set({ open: id }, { keepPage: true })

  const columns: Column<OrderView>[] = [
    {
      key: 'when',
      title: '什么时候',
      fixed: true,
      render: (order) => (
        <button type="button" className="txt" onClick={() => open(order.id)}>
          {when(order)}
        </button>
      ),
    },
    { key: 'elder', title: '老人', render: (order) => <span className="strong nb">{order.elderName}</span> },
    { key: 'place', title: '村', render: (order) => <span className="nb">{order.regionName}</span> },
    { key: 'service', title: '服务', render: (order) => <span className="nb">{order.serviceName}</span> },
    { key: 'origin', title: '谁提的', render: (order) => wordOf(ORDER_ORIGIN_WORDS, order.origin) },
    { key: 'member', title: '谁去', render: (order) => order.memberName ?? <span className="t3">还没有人</span> },
    { key: 'created', title: '提出', render: (order) => <span className="nb">{dayClock(order.createdAt)}</span> },
    { key: 'state', title: '状态', render: (order) => <OrderState order={order} /> },
  ]

  return (
    <Page
      title="需求单"
      note={applied.elderId ? '只看一位老人的' : undefined}
      actions={
        may(me, 'order.keep') && (
          <Button
            type="primary"
            icon={<Icon name="plus" size={18} />}
            onClick={() => set({ new: '1' }, { keepPage: true })}
          >
            替老人提需求
          </Button>
        )
      }
    >
      <FilterBar onSubmit={submit} onReset={reset}>
        <Field label="状态">
          <Choice
            label="状态"
            all="全部状态"
            value={draft.state}
            onChange={(value) => change('state', value)}
            options={optionsOf(ORDER_STATE_WORDS)}
          />
        </Field>
        <Field label="有没有人接">
          <Choice
            label="有没有人接"
            all="全部"
            width={160}
            value={draft.unattended}
            onChange={(value) => change('unattended', value)}
            options={[{ value: '1', label: '超时没人接的' }]}
          />
        </Field>
      </FilterBar>
      <DataTable
        name="orders"
        label="需求单"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <Empty icon="calendar" title="没有这样的需求单">
            <p className="t3">老人可以自己提，家人和社区也可以替老人提。</p>
          </Empty>
        }
        exits={<ExportButton path="/exports/orders" query={query} name="需求单" />}
      />
      <AskDialog
        open={state.new === '1'}
        elderId={applied.elderId}
        onClose={() => set({ new: null }, { replace: true, keepPage: true })}
      />
      <OrderDrawer id={state.open} onClose={() => open(null)} />
    </Page>
  )
}

interface AskValues {
  elderId: string
  serviceId: string
  wantedDay: string
  wantedTime: string
}

/** Staff ask on behalf of an elder: who, what, when. The elder's own age tier is offered first. */
function AskDialog({ open, elderId, onClose }: { open: boolean; elderId: string | undefined; onClose: () => void }) {
  const cache = useQueryClient()
  const tell = useTell()
  const key = useRef(newId())
  return (
    <FormDialog<AskValues, OrderDetail>
      title="替老人提需求"
      open={open}
      onClose={onClose}
      okText="提交需求"
      initial={{ elderId, wantedDay: daysFromNow(1), wantedTime: 'any' }}
      submit={(values) => post<OrderDetail>('/orders', { id: key.current, ...values })}
      done={() => {
        key.current = newId()
        tell('需求已发出，本村的志愿者能看到')
        cache.invalidateQueries({ queryKey: ['/orders'] })
      }}
    >
      <AskFields elderId={elderId} />
    </FormDialog>
  )
}

function AskFields({ elderId }: { elderId: string | undefined }) {
  const { regionId } = useScope()
  const form = Form.useFormInstance<AskValues>()
  const chosen = Form.useWatch('elderId', form) ?? elderId
  const elder = useOne<ElderDetail>(elderId ? `/elders/${elderId}` : null)
  const services = useOne<ServiceView[]>('/services', chosen ? { elderId: chosen } : undefined)
  return (
    <>
      {elderId ? (
        <>
          <p style={{ marginBottom: 12 }}>
            老人：<b className="strong">{elder.data?.maskedName ?? '…'}</b> {elder.data?.regionName}
          </p>
          <Form.Item name="elderId" hidden noStyle />
        </>
      ) : (
        <Form.Item name="elderId" label="老人" rules={REQUIRED}>
          <PersonPicker path="/elders" narrow={{ regionId, state: 'active' }} />
        </Form.Item>
      )}
      <Form.Item name="serviceId" label="要做什么" rules={REQUIRED}>
        <Choice
          options={services.data?.map(({ id, name, forTier }) => ({
            value: id,
            label: forTier ? `${name}（适合这位老人）` : name,
          }))}
        />
      </Form.Item>
      <Form.Item name="wantedDay" label="哪一天" rules={REQUIRED}>
        <DayInput min={today()} max={daysFromNow(30)} />
      </Form.Item>
      <Form.Item name="wantedTime" label="什么时候">
        <Radio.Group options={optionsOf(WANTED_TIME_WORDS)} />
      </Form.Item>
    </>
  )
}

function OrderDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const order = useOne<OrderDetail>(id ? `/orders/${id}` : null)
  return (
    <Drawer open={Boolean(id)} onClose={onClose} size={460} title="需求单">
      <div className="panel-paper">
        {order.data ? (
          <Order order={order.data} />
        ) : order.isError ? (
          <Failed error={order.error} retry={() => order.refetch()} />
        ) : (
          <Loading />
        )}
      </div>
    </Drawer>
  )
}

function paymentWords({ state, heldMilliPoints, paidMilliPoints }: NonNullable<OrderView['payment']>): string {
  if (state === 'held') return `预留 ${points(heldMilliPoints)} 分，老人确认后付给志愿者`
  return state === 'paid' ? `付了 ${points(paidMilliPoints)} 分` : '没有用，已退回'
}

function Order({ order }: { order: OrderDetail }) {
  const me = useMe()
  const scoped = useScoped()
  const cache = useQueryClient()
  const tell = useTell()
  const [asking, setAsking] = useState<'assign' | 'cancel' | 'noShow' | 'market' | null>(null)
  const live = order.state === 'open' || order.state === 'accepted'
  const mayChange = may(me, 'order.keep') && live
  const done = (words: string) => () => {
    tell(words)
    cache.invalidateQueries()
  }
  return (
    <div className="stack">
      <div className="row">
        <h2 style={{ fontSize: 18 }}>{order.serviceName}</h2>
        <OrderState order={order} />
      </div>
      <Facts>
        <Fact label="老人">
          <Link to={scoped(`/elders/${order.elderId}`)}>{order.elderName}</Link>
        </Fact>
        <Fact label="村">{order.regionName}</Fact>
        <Fact label="什么时候">{when(order)}</Fact>
        <Fact label="大约">{`${Math.floor(order.plannedSeconds / 60)} 分钟`}</Fact>
        <Fact label="谁提的">{wordOf(ORDER_ORIGIN_WORDS, order.origin)}</Fact>
        <Fact label="谁去">
          {order.memberId ? (
            <Link to={scoped(`/members/${order.memberId}`)}>{order.memberName}</Link>
          ) : (
            (order.marketProvider ?? '还没有人')
          )}
        </Fact>
        {order.payment && <Fact label="积分">{paymentWords(order.payment)}</Fact>}
      </Facts>
      <Timeline
        items={order.events.map(({ at, kind, byName, memberName, reason }) => ({
          at: dayClock(at),
          tone: kind === 'cancelled' ? 'none' : ['givenBack', 'unattended', 'noShow'].includes(kind) ? 'warn' : 'ok',
          title: `${wordOf(ORDER_EVENT_WORDS, kind)}${memberName ? `：${memberName}` : ''}`,
          note: [byName, reason && wordOf(ORDER_REASON_WORDS, reason), fullTime(at)].filter(Boolean).join('，'),
        }))}
      />
      {mayChange && (
        <div className="row">
          <Button type="primary" onClick={() => setAsking('assign')}>
            {order.state === 'accepted' ? '改派别人' : '派给志愿者'}
          </Button>
          {order.state === 'accepted' && order.wantedDay <= today() && (
            <Button onClick={() => setAsking('noShow')}>志愿者没去</Button>
          )}
          {order.unattended && <Button onClick={() => setAsking('market')}>请市场服务</Button>}
          <Button danger onClick={() => setAsking('cancel')}>
            取消需求
          </Button>
        </div>
      )}
      <FormDialog<{ memberId: string }, OrderDetail>
        title="派给志愿者"
        open={asking === 'assign'}
        onClose={() => setAsking(null)}
        okText="派单"
        submit={(values) => post<OrderDetail>(`/orders/${order.id}/assignment`, values)}
        done={done('派好了')}
      >
        <Form.Item name="memberId" label="志愿者" rules={REQUIRED}>
          <PersonPicker path="/members" narrow={{ state: 'active' }} />
        </Form.Item>
      </FormDialog>
      <FormDialog<object, OrderDetail>
        title="志愿者没去"
        open={asking === 'noShow'}
        onClose={() => setAsking(null)}
        okText="记失约"
        note={<p>{order.memberName}接了没有去。需求重新找人；积分规则里写了扣分的，会列到“申请与发放”等人同意。</p>}
        submit={() => post<OrderDetail>(`/orders/${order.id}/no-show`, {})}
        done={done('记下了，重新找人')}
      >
        {null}
      </FormDialog>
      <FormDialog<{ provider: string; costYuan: number }, OrderDetail>
        title="请市场服务"
        open={asking === 'market'}
        onClose={() => setAsking(null)}
        okText="记下"
        note={<p>没有人接单时，照规则请市场服务。对方留出来的积分归到商家应结的账上。</p>}
        submit={({ provider, costYuan }) =>
          post<OrderDetail>(`/orders/${order.id}/market-service`, {
            provider,
            costFen: Math.round(costYuan * 100),
          })
        }
        done={done('记下了')}
      >
        <Form.Item name="provider" label="谁去做" rules={REQUIRED}>
          <Input maxLength={60} placeholder="家政公司的名称" />
        </Form.Item>
        <Form.Item name="costYuan" label="花多少钱（元）" rules={REQUIRED}>
          <InputNumber min={0} max={100000} precision={2} style={{ width: 160 }} />
        </Form.Item>
      </FormDialog>
      <FormDialog<{ reason: string }, OrderDetail>
        title="取消需求"
        open={asking === 'cancel'}
        onClose={() => setAsking(null)}
        okText="取消需求"
        danger
        initial={{ reason: 'notNeeded' }}
        submit={(values) => post<OrderDetail>(`/orders/${order.id}/cancellation`, values)}
        done={done('需求取消了')}
      >
        <Form.Item name="reason" label="为什么">
          <Radio.Group
            options={['notNeeded', 'mistake', 'elderAway', 'noHelper', 'other'].map((value) => ({
              value,
              label: wordOf(ORDER_REASON_WORDS, value),
            }))}
          />
        </Form.Item>
      </FormDialog>
    </div>
  )
}
